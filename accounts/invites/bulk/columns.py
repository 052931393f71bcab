"""The columns of a file of invites and the words in them, in both languages: a template made in one is read by the other. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.invites.bulk.reading import BadFile
from accounts.models import Language
from permissions.access import ALWAYS, TABLE
from permissions.roles import Role
from permissions.words import LABELS, code
from portal.folding import fold

DETAILS: Final[dict[str, Promise]] = {
    "title": _("Title"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "email": _("Email address"),
    "job_role": _("Job role"),
    "language": _("Language preference"),
}
RIGHTS: Final[dict[str, Promise]] = {code(right): LABELS[right] for right in TABLE if right not in ALWAYS}
COLUMNS: Final[dict[str, Promise]] = {**DETAILS, "role": _("Account type"), "ends_on": _("Last day of access"), **RIGHTS}
_NEEDED: Final = ("first_name", "last_name", "email")
_ALSO: Final = {"email": "email", "forename": "first_name", "surname": "last_name", "role": "role", "language": "language"}
_DATES: Final = ("%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y")
YES: Final = frozenset({"yes", "y", "x", "1", "true", "oes", "ie", "ydw", "✓"})
NO: Final = frozenset({"", "no", "n", "0", "false", "nac oes", "na", "nage"})
_LANGUAGES: Final = {
    "english": Language.ENGLISH, "en": Language.ENGLISH, "saesneg": Language.ENGLISH,
    "welsh": Language.WELSH, "cy": Language.WELSH, "cymraeg": Language.WELSH,
}  # fmt: skip


def columns_of(head: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Return where each known column stands, and the words of those that are not used. Raises `BadFile` for a missing or doubled one."""
    names = _names()
    places: dict[str, int] = {}
    unused = []
    for place, word in enumerate(head):
        name = names.get(_plain(word))
        if name is None:
            unused += [word] if word else []
        elif name in places:
            raise BadFile(_("The column “%(column)s” stands in the file twice") % {"column": COLUMNS[name]})
        else:
            places[name] = place
    for name in _NEEDED:
        if name not in places:
            raise BadFile(
                _("The column “%(column)s” is missing. The first line must have the names of the columns") % {"column": COLUMNS[name]}
            )
    return places, unused


def role_of(text: str) -> Role | None:
    """Return the type of account that a cell means, empty for a User; None for anything else."""
    return Role.USER if not text else _roles().get(_plain(text))


def language_of(text: str) -> str | None:
    """Return the language that a cell means, empty for that of the page; None for anything else."""
    return _LANGUAGES.get(fold(text)) if text else translation.get_language() or Language.ENGLISH


def date_of(text: str) -> date | None:
    """Return the day that a cell means; None for anything else."""
    for form in _DATES:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  (a day, not an instant)
        except ValueError:
            continue
    return None


def _names() -> dict[str, str]:
    return _ALSO | {_plain(word): name for name, label in COLUMNS.items() for word in _in_both(label)}


def _roles() -> dict[str, Role]:
    more = {Role.USER: _("User account"), Role.ADMIN: _("Admin account")}
    labels = [(role, role.label) for role in Role] + list(more.items())
    return {"eo": Role.EXAMS_OFFICER} | {_plain(word): Role(role) for role, label in labels for word in (*_in_both(label), role.value)}


def _in_both(label: Promise | str) -> Iterable[str]:
    found = []
    for language in ("en", "cy"):
        with translation.override(language):
            found.append(str(label))
    return found


def _plain(word: str) -> str:
    return "".join(character for character in fold(word) if character.isalnum())
