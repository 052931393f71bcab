"""The demonstration's mailbox: every e-mail and text as it was sent, newest first. Its address exists in PORTAL_ENV=demo only."""
