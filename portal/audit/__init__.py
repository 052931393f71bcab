"""The trail: one append-only event for each change, which the database refuses to alter (AUD)."""
