"""Manage Users: the people of a centre and their invites in one list, what each may open, and the end of an account (MAN-1, MAN-2)."""
