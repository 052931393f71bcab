"""What each row of a file says, and what is wrong with it: all problems at once, in words (INV-6, A111). Pure but for the words' language."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.invites.bulk.columns import COLUMNS, DETAILS, NO, RIGHTS, YES, columns_of, date_of, language_of, role_of
from accounts.invites.bulk.reading import Sheet
from accounts.invites.details import Details
from accounts.invites.forms import DetailsForm
from accounts.invites.matrix import EMBARGO, Choice
from permissions.levels import Right
from permissions.membership.refusals import BeyondCeiling, EndDatePassed, NoAdminSeat
from permissions.roles import Role
from permissions.words import code, from_code
from portal.folding import fold

_FORMULA: Final = frozenset("=+-@|")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file: the row's number as a spreadsheet shows it, the column in words or "", and what to do."""

    row: int
    column: Promise | str
    said: Promise | str


@dataclass(frozen=True, slots=True)
class Person:
    """A row that can be sent."""

    row: int
    details: Details
    role: Role
    rights: frozenset[Right]
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """What the centre knows itself: addresses that have an account there or an open invite, with the sentence for each, and free Admin seats."""

    taken: Mapping[str, Promise | str]
    free_seats: int
    today: date


def check(sheet: Sheet, *, choices: Mapping[Role, Choice], known: Known) -> tuple[list[Person], list[Problem], list[str]]:
    """Return the people of a sheet, what is wrong with it, and its columns that are not used. Raises `BadFile` for its first line.

    `choices` is what the inviter may give to each type of account.
    """
    places, unused = columns_of(sheet.head)
    people, problems = [], []
    for number, cells in sheet.rows:
        said = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        person, wrong = _person(number, said, choices, known.today)
        if len(cells) > len(sheet.head) and any(cells[len(sheet.head) :]):
            wrong = [Problem(number, "", _("There is more in this row than the first line has columns")), *wrong]
        problems += wrong
        people += [person] if person and not wrong else []
    problems += _together(people, known)
    return people, sorted(problems, key=lambda problem: problem.row), unused


def _person(number: int, said: Mapping[str, str], choices: Mapping[Role, Choice], today: date) -> tuple[Person | None, list[Problem]]:
    """Read one row; None when it cannot be a person at all."""
    signs = {name for name in DETAILS if unicodedata.normalize("NFKC", said.get(name, "")[:1]) in _FORMULA}
    wrong = [Problem(number, COLUMNS[name], _("Remove the sign at the beginning")) for name in DETAILS if name in signs]
    language, role = language_of(said.get("language", "")), role_of(said.get("role", ""))
    if language is None:
        wrong.append(Problem(number, COLUMNS["language"], _("Enter English or Welsh, or leave it empty")))
    form = DetailsForm({**{name: said.get(name, "") for name in DETAILS}, "language": language or "en"})
    wrong += [Problem(number, COLUMNS[name], str(error)) for name, errors in form.errors.items() for error in errors if name not in signs]
    if role is Role.EXAMS_OFFICER:
        wrong.append(Problem(number, COLUMNS["role"], _("Only our help desk can invite an Exams Officer")))
    elif role is None:
        wrong.append(Problem(number, COLUMNS["role"], _("Enter User or Admin")))
    ends_on, day = said.get("ends_on", ""), date_of(said.get("ends_on", ""))
    if ends_on and day is None:
        wrong.append(Problem(number, COLUMNS["ends_on"], _("Enter a date like 31/12/2026")))
    elif day is not None and day < today:
        wrong.append(Problem(number, COLUMNS["ends_on"], EndDatePassed.message))
    if role is None or role not in choices:
        return None, wrong
    choice = choices[role]
    wrong += _wrong_rights(number, said, choice)
    if wrong:
        return None, wrong
    ticked = {name for name in RIGHTS if _ticks(name, said.get(name, ""), role)}
    return Person(number, form.details, role, choice.rights(ticked), day), []


def _wrong_rights(number: int, said: Mapping[str, str], choice: Choice) -> Iterator[Problem]:
    """Hold what a row gives against what may be given (A76)."""
    included = {code(right) for right in choice.included}
    optional = {code(right) for right in choice.optional}
    for name in RIGHTS:
        word = fold(said.get(name, ""))
        if word not in YES | NO:
            yield Problem(number, COLUMNS[name], _("Enter yes, or leave it empty"))
        elif word in YES and name not in included | optional:
            yield Problem(number, COLUMNS[name], BeyondCeiling.message)
        elif word in NO - {""} and name in included:
            yield Problem(number, COLUMNS[name], _("This is part of every account of this type"))


def _ticks(name: str, word: str, role: Role) -> bool:
    """Say whether a cell gives an access; an empty one gives what the page of a single invite ticks at first: an Admin's embargo access."""
    if not word:
        return role is Role.ADMIN and from_code(name) == EMBARGO
    return fold(word) in YES


def _together(people: Collection[Person], known: Known) -> Iterable[Problem]:
    """Hold the rows against each other and against what the centre has already."""
    first: dict[str, int] = {}
    admins = 0
    for person in people:
        email = person.details.email
        if email in first:
            yield Problem(person.row, COLUMNS["email"], _("The same email address stands in row %(row)s") % {"row": first[email]})
        elif email in known.taken:
            yield Problem(person.row, COLUMNS["email"], known.taken[email])
        first.setdefault(email, person.row)
        admins += person.role is Role.ADMIN
        if person.role is Role.ADMIN and admins > known.free_seats:
            yield Problem(person.row, COLUMNS["role"], NoAdminSeat.message)
