"""Reports: grade boundaries and item level data."""
