"""The audit events of the release gate (numbers 300-309)."""

from django.utils.translation import gettext_lazy as _

from portal.audit.kinds import AuditKind, register


@register
class Event(AuditKind):
    """What happens to release times, and who was let in before the release."""

    RELEASE_PROPOSED = 300, _("Release time proposed")
    RELEASE_SET = 301, _("Release time set")
    RELEASE_REFUSED = 302, _("Release time refused")
    EMBARGO_NOTICE_ACCEPTED = 303, _("Embargo notice accepted")
