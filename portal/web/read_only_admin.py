"""Rows that the help desk reads and nobody edits there."""

from typing import Any

from django.http import HttpRequest


class ReadOnly:
    """Mix into a ModelAdmin or an inline: looking only."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Rows are written by what causes them only."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Nobody edits one."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Nobody deletes one here."""
        return False
