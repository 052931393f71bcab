"""Forgotten password: a code by e-mail, a new password, back to signing in (RST)."""
