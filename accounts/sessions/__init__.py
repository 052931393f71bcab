"""Browser sessions: kept in the database, with whose they are; idle and absolute limits; ending them (P18)."""
