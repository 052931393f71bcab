"""What providers tell of a message after it left: delivered, bounced, complained (MAIL-3).

Two doors: `/webhooks/messages/` in our own format, signed with WEBHOOK_SECRET (`signature`), and that of the configured django-anymail
provider. Both end in `flow.note`: a row for each event, once, and the message's state moved forward, now or when we know the message (F24).
"""
