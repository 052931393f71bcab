"""The audit events of publishing (numbers 350-359)."""

from django.utils.translation import gettext_lazy as _

from portal.audit.kinds import AuditKind, register


@register
class Event(AuditKind):
    """What staff do with a file of results."""

    RESULTS_FILE_TAKEN = 350, _("File of results uploaded for checking")
    RESULTS_FILE_ORDERED = 351, _("Publishing of a file of results ordered")
    RESULTS_FILE_PUBLISHED = 352, _("File of results published")
    RESULTS_FILE_REFUSED = 353, _("File of results not published: lines were wrong")
    RESULTS_FILE_FORGOTTEN = 354, _("File of results deleted without being published")
    RESULTS_FILE_GIVEN_UP = 359, _("File of results given up after several attempts")
