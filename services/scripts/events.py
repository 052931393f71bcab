"""The audit events of scripts (numbers 380-384)."""

from django.utils.translation import gettext_lazy as _

from portal.audit.kinds import AuditKind, register


@register
class Event(AuditKind):
    """Who published a script, and who read or took it."""

    SCRIPT_PUBLISHED = 380, _("Script published")
    SCRIPT_OPENED = 381, _("Script opened"), True
    SCRIPT_DOWNLOADED = 382, _("Script downloaded"), True
    EMBARGOED_SCRIPTS_SEEN = 383, _("Scripts under embargo seen"), True
