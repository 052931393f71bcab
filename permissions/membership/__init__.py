"""Take a place at a centre, accept it, change what it may open, give it up. Refusals are sentences; the database is the last guard."""
