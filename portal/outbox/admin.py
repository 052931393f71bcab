"""The help desk sees how the post is doing and where a message is; it cannot change or write one, and never sees a secret."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from portal.outbox.figures import figures
from portal.outbox.held import RIGHT, drop, release
from portal.outbox.models import Message
from portal.outbox.render import subject_of
from portal.outbox.webhooks.models import ProviderEvent
from portal.web.read_only_admin import ReadOnly


class ProviderEvents(ReadOnly, admin.TabularInline[ProviderEvent, Message]):
    """What the provider told of a message."""

    model = ProviderEvent
    fields: ClassVar = ("received_at", "happened_at", "provider", "tiding", "reason")
    readonly_fields = fields
    extra = 0


@admin.register(Message)
class MessageAdmin(ReadOnly, admin.ModelAdmin[Message]):
    """Messages, read only, under a table of how many wait, leave and fail."""

    change_list_template = "admin/outbox/message/change_list.html"
    list_display = ("created_at", "subject", "recipient", "channel", "state", "reason", "attempt")
    list_filter = ("state", "channel", "kind")
    search_fields = ("recipient",)
    date_hierarchy = "created_at"
    show_full_result_count = False
    actions = ("send_held", "drop_held")
    inlines: ClassVar = [ProviderEvents]
    fields: ClassVar = (
        "subject", "kind", "channel", "recipient", "language", "state", "reason", "attempt", "created_at", "next_try_at", "sent_at",
    )  # fmt: skip
    readonly_fields = fields

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Say who decides about messages that were held back after a restore."""
        return request.user.has_perm(RIGHT)

    @admin.action(description=_("Send what is held back among the chosen"), permissions=["decide"])
    def send_held(self, request: HttpRequest, chosen: QuerySet[Message]) -> None:
        """Let them leave (F32)."""
        self._tell(request, release(actor=request.user, messages=chosen.values_list("pk", flat=True)))

    @admin.action(description=_("Take for sent what is held back among the chosen"), permissions=["decide"])
    def drop_held(self, request: HttpRequest, chosen: QuerySet[Message]) -> None:
        """Keep them from leaving (F32)."""
        self._tell(request, drop(actor=request.user, messages=chosen.values_list("pk", flat=True)))

    def _tell(self, request: HttpRequest, count: int) -> None:
        words = ngettext("%(count)d message changed.", "%(count)d messages changed.", count)
        messages.success(request, words % {"count": count}) if count else messages.warning(request, _("Nothing was changed."))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """Leave its secret where it is."""
        return super().get_queryset(request).defer("secret")

    @admin.display(description=_("Subject"))
    def subject(self, message: Message) -> str:
        """Say what it is about."""
        return subject_of(message, get_language() or "en")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the figures above the list."""
        return super().changelist_view(request, {**(extra_context or {}), "figures": figures()})
