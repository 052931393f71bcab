"""Attacks on the whole, rather than on one room."""
