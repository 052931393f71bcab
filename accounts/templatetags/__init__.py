"""Tags of this floor for templates."""
