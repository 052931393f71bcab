"""The audit events of kept files (numbers 340-349)."""

from django.utils.translation import gettext_lazy as _

from portal.audit.kinds import AuditKind, register


@register
class Event(AuditKind):
    """What becomes of a file."""

    FILE_KEPT = 340, _("File added, in quarantine")
    FILE_CLEAN = 341, _("File scanned, nothing found")
    FILE_REFUSED = 342, _("File refused by the scanner and deleted")
    FILE_MADE = 343, _("File made by Portal itself, for the demonstration")
