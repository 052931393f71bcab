"""Marked scripts of the centre's candidates."""
