"""The audit events of papers and other resources (numbers 385-389)."""

from django.utils.translation import gettext_lazy as _

from portal.audit.kinds import AuditKind, register


@register
class Event(AuditKind):
    """Who added a resource, who confirmed the times of a question paper, and who opened one before it was everybody's."""

    RESOURCE_ADDED = 385, _("Resource added")
    PAPER_CONFIRMED = 386, _("Times of a question paper confirmed")
    PAPER_OPENED = 387, _("Question paper opened before the exam"), True
    PAPER_WITHDRAWN = 388, _("Resource withdrawn")
