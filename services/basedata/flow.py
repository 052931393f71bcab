"""Load options from a file, all or nothing: what is new is added, what reads otherwise is changed, nothing is taken away (SVC 5)."""

import hashlib
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.core.files.base import File
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.helpdesk.staff import demand
from accounts.models import User
from portal import limits
from portal.audit.record import record
from portal.web.refusal import Refusal
from services.basedata.events import Event
from services.basedata.reading import OptionLine, options_in
from services.exams.levels import LEVEL_OF, QualificationKind
from services.exams.models import Option, Qualification, Subject
from services.formats.errors import LineError

MAY_LOAD: Final = "exams.add_option"
_CORRECT: Final = _("Correct this line in the file and choose the file again")
M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many options are new, read otherwise now, and are as they were."""

    added: int
    changed: int
    unchanged: int


class WrongLines(Refusal):
    """Lines cannot be used; nothing was loaded."""

    field = "file"
    message = _("Nothing was loaded. Correct the lines below and choose the file again")

    def __init__(self, errors: list[LineError]) -> None:
        self.errors = errors
        super().__init__()


@transaction.atomic
def load_options(*, actor: User, content: File[Any]) -> Loaded:
    """Load a file of options. Raises `WrongLines`, `BadFile`, `PermissionDenied`."""
    demand(actor, MAY_LOAD)
    digest = hashlib.file_digest(content, "sha256").hexdigest()
    content.seek(0)
    found = list(options_in(content))
    lines = [line for line in found if isinstance(line, OptionLine)]
    errors = [line for line in found if isinstance(line, LineError)] + _disagreeing(lines)
    if errors or not lines:
        raise WrongLines(sorted(errors, key=lambda error: error.line))
    loaded = _write(lines)
    record(Event.OPTIONS_LOADED, actor=actor, digest=digest, added=loaded.added, changed=loaded.changed, unchanged=loaded.unchanged)
    return loaded


def _disagreeing(lines: list[OptionLine]) -> list[LineError]:
    """Find lines that say otherwise of one qualification or subject than lines before, or what results already rest on."""
    kinds = dict(Qualification.objects.values_list("code", "kind"))
    owners = dict(Option.objects.values_list("code", "qualification__code"))
    qualifications: dict[str, tuple[str, ...]] = {}
    subjects: dict[str, tuple[str, ...]] = {}
    options: set[str] = set()
    numbers = dict(Qualification.objects.exclude(qan="").values_list("qan", "code"))
    errors = []
    for line in lines:
        whole = (line.kind, line.qualification_en, line.qualification_cy, line.qan, line.subject)
        checks = (
            (line.option in options, _("Option %(option)s stands in the file twice")),
            (qualifications.setdefault(line.qualification, whole) != whole, _("Qualification %(code)s is written otherwise further up")),
            (
                subjects.setdefault(line.subject, (line.subject_en, line.subject_cy)) != (line.subject_en, line.subject_cy),
                _("Subject %(subject)s is written otherwise further up"),
            ),
            (kinds.get(line.qualification, line.kind) != line.kind, _("Qualification %(code)s is of another kind already, and stays so")),
            (
                owners.get(line.option, line.qualification) != line.qualification,
                _("Option %(option)s belongs to another qualification already, and stays there"),
            ),
            (
                bool(line.qan) and numbers.setdefault(line.qan, line.qualification) != line.qualification,
                _("The accreditation number of qualification %(code)s belongs to another one"),
            ),
        )  # fmt: skip
        options.add(line.option)
        said = {"option": line.option, "code": line.qualification, "subject": line.subject}
        errors += [LineError(line.line, wrong, _CORRECT, said) for fails, wrong in checks if fails][:1]
    return errors


def _write(lines: list[OptionLine]) -> Loaded:
    subjects = _keep(Subject, "slug", {line.subject: {"title_en": line.subject_en, "title_cy": line.subject_cy} for line in lines})[0]
    wholes = {
        line.qualification: {
            "title_en": line.qualification_en, "title_cy": line.qualification_cy, "kind": line.kind,
            "level": LEVEL_OF[QualificationKind(line.kind)], "qan": line.qan, "subject_id": subjects[line.subject].pk,
        }
        for line in lines
    }  # fmt: skip
    qualifications = _keep(Qualification, "code", wholes)[0]
    options = {
        line.option: {
            "title_en": line.title_en, "title_cy": line.title_cy, "item": line.item, "ums_max": line.ums_max,
            "qualification_id": qualifications[line.qualification].pk,
        }
        for line in lines
    }  # fmt: skip
    _rows, added, changed = _keep(Option, "code", options)
    return Loaded(added, changed, len(options) - added - changed)


def _keep(kind: type[M], key: str, wanted: dict[str, dict[str, Any]]) -> tuple[dict[str, M], int, int]:
    """Add and change rows so that they say what is wanted; returns all of them by their key, how many are new and how many changed."""
    known: dict[str, M] = {getattr(row, key): row for row in kind._default_manager.filter(**{f"{key}__in": wanted})}  # noqa: SLF001  Django's documented door
    fresh = {name: kind(**{key: name}, **said) for name, said in wanted.items() if name not in known}
    changed = []
    for name, row in known.items():
        if any(getattr(row, field) != value for field, value in wanted[name].items()):
            for field, value in wanted[name].items():
                setattr(row, field, value)
            changed.append(row)
    kind._default_manager.bulk_create(list(fresh.values()), batch_size=limits.SVC5_ROWS_AT_ONCE)  # noqa: SLF001
    if changed:
        fields = [field.removesuffix("_id") for field in next(iter(wanted.values()))]
        kind._default_manager.bulk_update(changed, fields, batch_size=limits.SVC5_ROWS_AT_ONCE)  # noqa: SLF001
    return known | fresh, len(fresh), len(changed)
