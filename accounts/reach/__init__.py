"""Test whether our e-mails reach somebody: one to oneself, with its delivery state (HELP-2)."""
