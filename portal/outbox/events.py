"""The audit events of the outbox (numbers 50-59)."""

from django.utils.translation import gettext_lazy as _

from portal.audit.kinds import AuditKind, register


@register
class Event(AuditKind):
    """What became of messages after a restore."""

    MESSAGES_RELEASED = 50, _("Messages held back after a restore: sent")
    MESSAGES_DROPPED = 51, _("Messages held back after a restore: taken for sent")
