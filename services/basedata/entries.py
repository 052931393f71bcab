"""Load candidates and what they are entered for, all or nothing: what is new is added, what reads otherwise is changed, nothing is taken away.

Whoever is no longer entered stands in the file as withdrawn; the entry keeps its row (SVC 2, SVC 7).
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.helpdesk.staff import demand
from accounts.models import User
from permissions.models import Centre
from portal import clock, limits
from portal.audit.record import record
from services.basedata.entry_lines import EntryLine, entries_in
from services.basedata.events import Event
from services.basedata.loading import CORRECT, WrongLines
from services.exams.models import Candidate, Entry, Option, Series, SeriesLevel
from services.formats.errors import LineError

MAY_LOAD: Final = "exams.add_entry"
_AT_ONCE: Final = limits.SVC5_ROWS_AT_ONCE
_SAYS: Final = ("uci", "surname", "forenames")


@dataclass(frozen=True, slots=True)
class LoadedEntries:
    """How many entries are new, withdrawn or taken up again, and as they were; how many candidates are new and read otherwise now."""

    added: int
    changed: int
    unchanged: int
    people_added: int
    people_changed: int


@dataclass(frozen=True, slots=True)
class _Known:
    """What there is already that a file could speak of."""

    centres: dict[str, int]
    options: dict[str, tuple[int, str]]
    levels: set[str]
    people: dict[tuple[str, str], Candidate]


@transaction.atomic
def load_entries(*, actor: User, content: File[Any], series: Series) -> LoadedEntries:
    """Load a file of one series. Raises `WrongLines`, `BadFile`, `PermissionDenied`."""
    demand(actor, MAY_LOAD)
    Series.objects.select_for_update(no_key=True).get(pk=series.pk)  # one file of a series at a time
    digest = hashlib.file_digest(content, "sha256").hexdigest()
    content.seek(0)
    found = list(entries_in(content))
    lines = [line for line in found if isinstance(line, EntryLine)]
    known = _known(series, lines)
    errors = [line for line in found if isinstance(line, LineError)] + list(_disagreeing(lines, known))
    if errors or not lines:
        raise WrongLines(sorted(errors, key=lambda error: error.line))
    people_added, people_changed = _write_people(series, lines, known)
    done = LoadedEntries(*_write_entries(series, lines, known), people_added, people_changed)
    counts = {name: getattr(done, name) for name in LoadedEntries.__slots__}
    record(Event.ENTRIES_LOADED, actor=actor, series=series.code, digest=digest, centres=len({line.centre for line in lines}), **counts)
    return done


def _known(series: Series, lines: list[EntryLine]) -> _Known:
    numbers = {line.centre for line in lines}
    options = Option.objects.filter(code__in={line.option for line in lines}).values_list("code", "pk", "qualification__level")
    people = Candidate.objects.filter(series=series, centre__number__in=numbers).select_related("centre")
    return _Known(
        centres=dict(Centre.objects.filter(number__in=numbers).values_list("number", "pk")),
        options={code: (pk, level) for code, pk, level in options},
        levels=set(SeriesLevel.objects.filter(series=series).values_list("level", flat=True)),
        people={(one.centre.number, one.number): one for one in people},
    )


def _disagreeing(lines: list[EntryLine], known: _Known) -> Iterator[LineError]:
    """Find lines about what there is not, about two people under one number, or about one person under two."""
    said: dict[tuple[str, str], tuple[str, str, str]] = {}
    owners = {(one.centre.number, one.uci): one.number for one in known.people.values() if one.uci}
    taken: set[tuple[str, str, str]] = set()
    for line in lines:
        person, (_option, level) = known.people.get(line.who), known.options.get(line.option, (0, ""))
        owner = owners.setdefault((line.centre, line.uci), line.candidate) if line.uci else line.candidate
        checks = (
            (line.centre not in known.centres, _("There is no centre %(centre)s")),
            (not level, _("There is no option %(option)s: load the options first")),
            (level and level not in known.levels, _("Option %(option)s is of a level that this series does not have. Add the level to the series first")),
            ((*line.who, line.option) in taken, _("Candidate %(number)s of centre %(centre)s stands with option %(option)s in the file twice")),
            (said.setdefault(line.who, line.said) != line.said, _("Candidate %(number)s of centre %(centre)s is written otherwise further up")),
            (owner != line.candidate, _("UCI %(uci)s belongs to candidate %(other)s of this centre")),
            (person is not None and person.uci and line.uci and person.uci != line.uci, _("Candidate %(number)s of centre %(centre)s has another UCI already")),
        )  # fmt: skip
        taken.add((*line.who, line.option))
        words = {"centre": line.centre, "number": line.candidate, "option": line.option, "uci": line.uci, "other": owner}
        yield from [LineError(line.line, wrong, CORRECT, words) for fails, wrong in checks if fails][:1]


def _write_people(series: Series, lines: list[EntryLine], known: _Known) -> tuple[int, int]:
    """Add candidates and correct names; a UCI that is known stays where the file leaves it out."""
    fresh, changed = [], []
    for who, line in {line.who: line for line in lines}.items():
        person = known.people.get(who)
        if person is None:
            named = dict(zip(_SAYS, line.said, strict=True))
            known.people[who] = Candidate(centre_id=known.centres[line.centre], series=series, number=line.candidate, **named).prepared()
            fresh.append(known.people[who])
        elif (line.uci or person.uci, line.surname, line.forenames) != (person.uci, person.surname, person.forenames):
            person.uci, person.surname, person.forenames = line.uci or person.uci, line.surname, line.forenames
            changed.append(person.prepared())
    Candidate.objects.bulk_create(fresh, batch_size=_AT_ONCE)
    if changed:
        Candidate.objects.bulk_update(changed, [*_SAYS, "sort_en", "sort_cy", "searched"], batch_size=_AT_ONCE)
    return len(fresh), len(changed)


def _write_entries(series: Series, lines: list[EntryLine], known: _Known) -> tuple[int, int, int]:
    now, fresh, out, back = clock.now(), [], [], []
    rows = Entry.objects.filter(candidate__series=series, candidate__centre__in=known.centres.values())
    stored = {(row.candidate_id, row.option_id): row for row in rows}
    for line in lines:
        person, (option, _level) = known.people[line.who], known.options[line.option]
        row = stored.get((person.pk, option))
        if row is None:
            fresh.append(Entry(candidate=person, option_id=option, withdrawn_at=now if line.withdrawn else None))
        elif line.withdrawn and row.withdrawn_at is None:
            out.append(row.pk)
        elif not line.withdrawn and row.withdrawn_at is not None:
            back.append(row.pk)
    Entry.objects.bulk_create(fresh, batch_size=_AT_ONCE)
    for keys, instant in ((out, now), (back, None)):
        for first in range(0, len(keys), _AT_ONCE):
            Entry.objects.filter(pk__in=keys[first : first + _AT_ONCE]).update(withdrawn_at=instant)
    changed = len(out) + len(back)
    return len(fresh), changed, len(lines) - len(fresh) - changed
