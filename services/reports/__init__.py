"""Reports on results: grade boundaries and item level data. They need the right to view results."""
