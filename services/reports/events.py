"""The audit events of reports (numbers 360-369)."""

from django.utils.translation import gettext_lazy as _

from portal.audit.kinds import AuditKind, register


@register
class Event(AuditKind):
    """What staff publish, who looked at it before the release, and who took a file away."""

    REPORT_ISSUED = 360, _("Grade boundaries or item level data published")
    EMBARGOED_REPORT_SEEN = 361, _("Report under embargo seen"), True
    REPORT_DOWNLOADED = 362, _("Report downloaded"), True
    REPORT_FILE_TAKEN = 363, _("File of a report uploaded for checking")
    REPORT_FILE_FORGOTTEN = 364, _("File of a report deleted without being published")
    REPORT_FILE_ORDERED = 365, _("Publishing of a file of a report ordered")
    REPORT_FILE_PUBLISHED = 366, _("File of a report published")
    REPORT_FILE_REFUSED = 367, _("File of a report not published: lines were wrong")
    REPORT_FILE_GIVEN_UP = 368, _("File of a report given up after several attempts")
