"""Many invites from one CSV file (INV-6): read, check row by row, show, and send all or nothing.

A file that is good is kept as an `InviteBatch`, encrypted and for an hour; sending it uses it up. `reading` knows bytes and lines, `columns`
the words of a head line in both languages, `checking` what a row may say; `flow` does the deeds.
"""
