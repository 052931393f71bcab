"""Which centre a person acts for (SIGN-7), and the centres themselves as the help desk keeps them (HELP-1)."""
