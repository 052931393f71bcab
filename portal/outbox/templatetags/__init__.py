"""Words of the outbox in templates."""
