"""The audit events of the webhooks (numbers 40-49)."""

from django.utils.translation import gettext_lazy as _

from portal.audit.kinds import AuditKind, register


@register
class Event(AuditKind):
    """What providers, or somebody who pretends to be one, told us."""

    WEBHOOK_REFUSED = 40, _("Message event refused: not from our provider")
    MESSAGE_COMPLAINED = 41, _("Email reported as spam by its recipient")
