"""The help desk sees where a message is; it cannot change or write one, and never sees a secret."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from portal.outbox.models import Message


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin[Message]):
    """Messages, read only."""

    list_display = ("created_at", "kind", "recipient", "channel", "state", "reason", "attempt")
    list_filter = ("state", "channel", "kind")
    search_fields = ("recipient",)
    fields: ClassVar = (
        "kind", "channel", "recipient", "language", "state", "reason", "attempt", "created_at", "next_try_at", "sent_at",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """Leave what the message says where it is."""
        return super().get_queryset(request).defer("secret", "context")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Messages are written by what causes them only."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:  # noqa: ARG002
        """Nobody edits a message."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:  # noqa: ARG002
        """Nobody deletes one here."""
        return False
