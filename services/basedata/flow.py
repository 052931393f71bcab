"""Load options from a file, all or nothing: what is new is added, what reads otherwise is changed, nothing is taken away (SVC 5)."""

import hashlib
from typing import Any, Final

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.helpdesk.staff import demand
from accounts.models import User
from portal.audit.record import record
from services.basedata.events import Event
from services.basedata.loading import CORRECT, Loaded, WrongLines, keep
from services.basedata.reading import OptionLine, options_in
from services.exams.levels import LEVEL_OF, QualificationKind
from services.exams.models import Option, Qualification, Subject
from services.formats.errors import LineError

MAY_LOAD: Final = "exams.add_option"


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
        errors += [LineError(line.line, wrong, CORRECT, said) for fails, wrong in checks if fails][:1]
    return errors


def _write(lines: list[OptionLine]) -> Loaded:
    subjects = keep(Subject, "slug", {line.subject: {"title_en": line.subject_en, "title_cy": line.subject_cy} for line in lines})[0]
    wholes = {
        line.qualification: {
            "title_en": line.qualification_en, "title_cy": line.qualification_cy, "kind": line.kind,
            "level": LEVEL_OF[QualificationKind(line.kind)], "qan": line.qan, "subject_id": subjects[line.subject].pk,
        }
        for line in lines
    }  # fmt: skip
    qualifications = keep(Qualification, "code", wholes)[0]
    options = {
        line.option: {
            "title_en": line.title_en, "title_cy": line.title_cy, "item": line.item, "ums_max": line.ums_max,
            "qualification_id": qualifications[line.qualification].pk,
        }
        for line in lines
    }  # fmt: skip
    _rows, added, changed = keep(Option, "code", options)
    return Loaded(added, changed, len(options) - added - changed)
