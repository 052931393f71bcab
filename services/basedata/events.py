"""The audit events of basedata (numbers 355-359)."""

from django.utils.translation import gettext_lazy as _

from portal.audit.kinds import AuditKind, register


@register
class Event(AuditKind):
    """What staff change in what can be entered."""

    OPTIONS_LOADED = 355, _("Options loaded from a file")
    BASEDATA_CHANGED = 356, _("Basedata changed by hand")
    COMPONENTS_LOADED = 357, _("Components loaded from a file")
    ENTRIES_LOADED = 358, _("Candidates and entries loaded from a file")
