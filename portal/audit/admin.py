"""The help desk reads the whole trail and changes nothing in it (AUD)."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.audit.kinds import sentence_of
from portal.audit.models import AuditEvent


@admin.register(AuditEvent)
class AuditEventAdmin(admin.ModelAdmin[AuditEvent]):
    """The trail, read only."""

    list_display = ("at", "what", "actor_name", "subject_name", "centre_number", "address")
    list_filter = ("kind",)
    search_fields = ("actor_name", "subject_name", "centre_number", "actor_id", "subject_id")
    date_hierarchy = "at"

    @admin.display(description=_("Event"))
    def what(self, event: AuditEvent) -> str:
        """Say what happened in words."""
        return sentence_of(event.number)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Events are written by what happens only."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:  # noqa: ARG002
        """Nobody edits the trail."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:  # noqa: ARG002
        """Nobody deletes from the trail."""
        return False
