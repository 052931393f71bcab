"""Pages that need nobody: help, legal texts, health, errors."""
