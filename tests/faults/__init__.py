"""Processes that die at the worst moment: nothing is lost, nobody is half made (MAIL-2)."""
