"""The help desk reads the whole trail and changes nothing in it (AUD)."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.audit.kinds import all_kinds, sentence_of
from portal.audit.models import AuditEvent


class KindFilter(admin.SimpleListFilter):
    """Choose what happened, in words; every registered kind is offered without asking the table."""

    title = _("Event")
    parameter_name = "number"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[AuditEvent]) -> list[tuple[str, str]]:  # noqa: ARG002
        """Offer the kinds."""
        return [(str(kind.number), str(kind.sentence)) for kind in all_kinds()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:  # noqa: ARG002
        """Keep what was chosen; a number that is none of ours keeps nothing out."""
        chosen = self.value()
        known = {str(kind.number) for kind in all_kinds()}
        return queryset.filter(number=int(chosen)) if chosen in known else queryset


@admin.register(AuditEvent)
class AuditEventAdmin(admin.ModelAdmin[AuditEvent]):
    """The trail, read only."""

    list_display = ("at", "what", "actor_name", "subject_name", "centre_number", "address")
    list_filter = (KindFilter,)
    search_fields = ("=centre_number", "actor_name", "subject_name", "=actor_id", "=subject_id", "=address")
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
