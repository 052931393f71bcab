"""The audit events of key dates and calendars (numbers 390-394)."""

from django.utils.translation import gettext_lazy as _

from portal.audit.kinds import AuditKind, register


@register
class Event(AuditKind):
    """What staff announce, and whose calendar has an address."""

    KEY_DATE_SET = 390, _("Key date set")
    KEY_DATE_REMOVED = 391, _("Key date removed")
    CALENDAR_MADE = 392, _("Calendar address made")
    CALENDAR_REVOKED = 393, _("Calendar address revoked")
