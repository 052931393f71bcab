"""Formats of dates and times for both languages."""
