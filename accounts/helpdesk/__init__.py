"""What the help desk does in the Django admin: invite Exams Officers, find people, suspend, end sessions (HELP-1).

Deeds only, never secrets.
"""
