"""The audit events of the permissions floor (numbers 100-199)."""

from django.utils.translation import gettext_lazy as _

from portal.audit.kinds import AuditKind, register


@register
class Event(AuditKind):
    """What happens to centres and to what their people may open."""

    CENTRE_ADDED = 100, _("Centre added")
    CENTRE_CHANGED = 101, _("Centre changed")
    CENTRE_FROZEN = 102, _("Centre frozen")
    CENTRE_REACTIVATED = 103, _("Centre reactivated")
    ACCESS_CHANGED = 110, _("Access changed")
    ACCESS_ASKED = 111, _("Access asked for")
    ACCESS_REQUEST_ANSWERED = 112, _("Access request answered")
    ACCESS_REQUEST_WITHDRAWN = 113, _("Access request withdrawn")
    ROLE_CHANGED = 114, _("Account type changed")
    TRAIL_EXPORTED = 120, _("Audit trail downloaded")
    ACCESS_CONFIRMED = 121, _("Access confirmed in the review")
    REVIEW_REMINDED = 122, _("Access review reminder sent")
