"""Who you are: person, invitation, sign-in, passwords, factors, sessions, profile, and the people of a centre.

Imports go down: people, helpdesk > signin > invites > reset > profile > passwords, factors, sessions > codes > models.
"""
