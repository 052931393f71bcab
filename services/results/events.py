"""The audit events of results (numbers 310-319)."""

from django.utils.translation import gettext_lazy as _

from portal.audit.kinds import AuditKind, register


@register
class Event(AuditKind):
    """Who issued results, who looked at them before the release, and who took the file away."""

    RESULTS_ISSUED = 310, _("Results issued")
    EMBARGOED_RESULTS_SEEN = 311, _("Results under embargo seen"), True
    RESULTS_FILE_DOWNLOADED = 312, _("Results file downloaded"), True
