"""The access review of each term: the terms, confirming people, and the reminder (MAN-4). The pages are on the floor above, which knows sign-ins."""
