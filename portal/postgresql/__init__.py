"""Django's PostgreSQL with a cheaper look at a connection before a request uses it."""
