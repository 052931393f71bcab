"""What an event carries besides who, whom and when, in words."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from permissions.models import Outcome
from permissions.roles import Role
from permissions.words import from_code, label
from portal.audit.models import AuditEvent

_NAMES: Final[dict[str, Promise | str]] = {
    "added": gettext_lazy("Added"),
    "taken": gettext_lazy("Taken away"),
    "redated": gettext_lazy("End date changed"),
    "ends_on": gettext_lazy("Last day of access"),
    "role": gettext_lazy("Account type"),
    "before": gettext_lazy("Account type before"),
    "method": gettext_lazy("MFA method"),
    "asked": gettext_lazy("Asks for"),
    "given": pgettext_lazy("access", "Given"),
    "outcome": gettext_lazy("Answer"),
    "reason": gettext_lazy("Reason"),
    "purpose": gettext_lazy("Purpose"),
    "changed": gettext_lazy("Changed fields"),
    "rows": gettext_lazy("Lines in the file"),
    "term": gettext_lazy("Term"),
    "series": gettext_lazy("Exam series"),
    "sitting": gettext_lazy("Exam series"),
    "candidate": gettext_lazy("Candidate number"),
    "component": gettext_lazy("Component"),
    "page": gettext_lazy("Page"),
    "file": gettext_lazy("File"),
    "version": gettext_lazy("Version"),
    "sha256": "SHA-256",
    "under_embargo": gettext_lazy("Under embargo"),
    "head": gettext_lazy("Head of centre"),
}
_VALUES: Final[dict[str, dict[str, Promise | str]]] = {
    "role": dict(Role.choices),
    "before": dict(Role.choices),
    "outcome": dict(Outcome.choices),
}


def details_of(event: AuditEvent) -> list[tuple[str, str]]:
    """Return an event's details as pairs of name and text; empty ones are left out, unknown ones stand as they were written."""
    found = event.detail if isinstance(event.detail, dict) else {}
    return [(str(_NAMES.get(name, name)), _text(name, value)) for name, value in found.items() if value not in ("", [], None)]


def in_one_line(event: AuditEvent) -> str:
    """Return the details for a cell of a table."""
    return "; ".join(f"{name}: {text}" for name, text in details_of(event))


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("true") if value else _("false")
    if isinstance(value, str | int | float):
        return _word(name, str(value))
    if isinstance(value, Iterable):
        return ", ".join(_word(name, str(each)) for each in value)
    return str(value)


def _word(name: str, text: str) -> str:
    known = _VALUES.get(name, {}).get(text)
    if known is not None:
        return str(known)
    try:
        if name == "ends_on":
            return date_format(date.fromisoformat(text))
        return str(label(from_code(text)))
    except ValueError:
        return text
