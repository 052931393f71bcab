"""A file of components, each with an option it belongs to: read, compared, loaded all or nothing (SVC 6, SVC 7)."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.helpdesk.staff import demand
from accounts.models import User
from portal import limits
from portal.audit.record import record
from services.basedata.events import Event
from services.basedata.loading import CORRECT, Loaded, Rule, WrongLines, first_wrong, keep
from services.exams.models import Component, Option, OptionComponent
from services.formats.csvs import reading
from services.formats.csvs.reading import Column
from services.formats.errors import LineError
from services.formats.lines import Stream

MAY_LOAD: Final = "exams.add_component"
COLUMNS: Final = (
    Column("component", _("Component code"), 12, needed=True),
    Column("title_en", _("English title"), 150, needed=True),
    Column("title_cy", _("Welsh title"), 150, needed=True),
    Column("maximum", _("Maximum mark"), 4, needed=True),
    Column("internal", _("Marked by the centre"), 1),
    Column("option", _("Option code"), 6, needed=True),
)
_RULES: Final[tuple[Rule, ...]] = (
    (
        "component",
        re.compile(r"[0-9A-Z]+(?:[/-][0-9A-Z]+)*"),
        _("The component code “%(said)s” is not made of figures and capitals, with a / or a hyphen between them"),
    ),
    ("maximum", re.compile(r"[1-9][0-9]{0,3}"), _("The maximum mark “%(said)s” is not a whole number")),
    ("internal", re.compile(r"Y?"), _("“%(said)s” must be Y for work that the centre marks, or empty")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentLine:
    """One component with one option it belongs to; one of several options stands in as many lines."""

    line: int
    component: str
    title_en: str
    title_cy: str
    maximum: int
    is_internal: bool
    option: str

    @property
    def whole(self) -> dict[str, Any]:
        """What it says of the component itself."""
        return {"title_en": self.title_en, "title_cy": self.title_cy, "maximum": self.maximum, "is_internal": self.is_internal}


@transaction.atomic
def load_components(*, actor: User, content: File[Any]) -> Loaded:
    """Load a file; nothing is taken away, no maximum is changed. Raises `WrongLines`, `BadFile`, `PermissionDenied`."""
    demand(actor, MAY_LOAD)
    digest = hashlib.file_digest(content, "sha256").hexdigest()
    content.seek(0)
    found = list(components_in(content))
    lines = [line for line in found if isinstance(line, ComponentLine)]
    options = dict(Option.objects.filter(code__in={line.option for line in lines}).values_list("code", "pk"))
    errors = [line for line in found if isinstance(line, LineError)] + list(_disagreeing(lines, options))
    if errors or not lines:
        raise WrongLines(sorted(errors, key=lambda error: error.line))
    wanted = {line.component: line.whole for line in lines}
    rows, added, changed = keep(Component, "code", wanted)
    links = [OptionComponent(option_id=options[line.option], component=rows[line.component]) for line in lines]
    OptionComponent.objects.bulk_create(links, batch_size=limits.SVC5_ROWS_AT_ONCE, ignore_conflicts=True)
    loaded = Loaded(added, changed, len(wanted) - added - changed)
    record(Event.COMPONENTS_LOADED, actor=actor, digest=digest, added=added, changed=changed, unchanged=loaded.unchanged, lines=len(lines))
    return loaded


def components_in(stream: Stream) -> Iterator[ComponentLine | LineError]:
    """Yield the lines of a file. Raises `BadFile` for its first line, or when it has too many rows."""
    for row in reading.read(stream, COLUMNS, most_rows=limits.SVC5_OPTIONS):
        if isinstance(row, LineError):
            yield row
            continue
        cells = dict(row.cells)
        wrong = first_wrong(row, _RULES)
        if wrong is not None:
            yield wrong
        else:
            said = {name: cells[name] for name in ("component", "title_en", "title_cy", "option")}
            yield ComponentLine(line=row.line, maximum=int(cells["maximum"]), is_internal=cells["internal"] == "Y", **said)


def _disagreeing(lines: list[ComponentLine], options: dict[str, int]) -> Iterator[LineError]:
    """Find lines that say otherwise of a component than lines before, or than reports and scripts already rest on."""
    stored = dict(Component.objects.filter(code__in={line.component for line in lines}).values_list("code", "maximum"))
    wholes: dict[str, dict[str, Any]] = {}
    taken: set[tuple[str, str]] = set()
    for line in lines:
        checks = (
            (line.option not in options, _("There is no option %(option)s: load the options first")),
            ((line.component, line.option) in taken, _("Component %(code)s stands with option %(option)s in the file twice")),
            (wholes.setdefault(line.component, line.whole) != line.whole, _("Component %(code)s is written otherwise further up")),
            (
                stored.get(line.component, line.maximum) != line.maximum,
                _("Component %(code)s has another maximum mark already, and keeps it: reports rest on it"),
            ),
        )
        taken.add((line.component, line.option))
        said = {"code": line.component, "option": line.option}
        yield from [LineError(line.line, wrong, CORRECT, said) for fails, wrong in checks if fails][:1]
