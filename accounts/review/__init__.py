"""The access review's pages, dormant accounts first, and the account register as a file (MAN-3, MAN-4)."""
