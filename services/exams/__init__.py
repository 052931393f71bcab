"""What all services speak of: series, qualifications, candidates, entries, and the numbers by which the field names them. Shared ground of the services."""
