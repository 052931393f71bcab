"""Dates and times as people read them here."""
