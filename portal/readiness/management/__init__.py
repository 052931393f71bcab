"""Commands of readiness."""
