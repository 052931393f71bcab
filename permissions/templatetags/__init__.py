"""Filters of this floor for templates."""
