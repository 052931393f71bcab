"""Add a resource, confirm the times of a question paper as a second member of staff, withdraw one (SVC-8)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.helpdesk.staff import may
from accounts.models import User
from portal import clock
from portal.audit.record import record
from services.exams.models import Component, Qualification
from services.files.keeping import keep_file
from services.files.models import FileKind
from services.formats.typeset import Document
from services.resources.events import Event
from services.resources.models import Resource, ResourceKind, ResourceLanguage
from services.resources.refusals import (
    ConfirmedAlready,
    GeneralBeforeStart,
    NoTime,
    OtherQualification,
    PaperNeedsComponent,
    SeriesNotOver,
    TwoPeopleConfirm,
)

MAY_ADD = "resources.add_resource"
MAY_CHANGE = "resources.change_resource"
_OF_AN_EXAM: Final = {ResourceKind.PAPER, ResourceKind.SCHEME}


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a resource is and when it may be seen."""

    qualification: Qualification
    component: Component | None
    kind: ResourceKind
    language: ResourceLanguage
    year: int
    month: int
    title_en: str
    title_cy: str
    starts_at: datetime | None
    general_at: datetime | None


@transaction.atomic
def add_resource(*, actor: User, about: About, content: bytes | Document) -> Resource:
    """Keep a PDF as a resource; nobody sees it before its time and a clean scan.

    A `Document` is one that a demonstration makes for itself.

    Raises a refusal for what does not fit together, `BadFile`, and `PermissionDenied` for anybody who may not.
    """
    _demand(actor, MAY_ADD)
    _refuse_misfits(about)
    kind, language = ResourceKind(about.kind), ResourceLanguage(about.language)
    code = about.component.code if about.component else about.qualification.code
    stem = f"{code}-{about.year}-{about.month:02}-{kind}-{language}".replace("/", "-")
    kept = keep_file(actor=actor, kind=FileKind(kind.value), name=f"{stem}.pdf", content=content)
    made = Resource.objects.create(
        subject=about.qualification.subject, qualification=about.qualification, component=about.component, kind=kind, language=language,
        year=about.year, month=about.month, title_en=about.title_en, title_cy=about.title_cy, file=kept,
        starts_at=about.starts_at, general_at=about.general_at, added_by=actor,
    )  # fmt: skip
    record(Event.RESOURCE_ADDED, actor=actor, subject=made, **_said(made))
    return made


@transaction.atomic
def confirm_times(*, actor: User, resource: Resource) -> None:
    """Confirm the times of a question paper, as the second of two members of staff; before that no centre sees it.

    Raises `ConfirmedAlready`, `TwoPeopleConfirm`, and `PermissionDenied` for anybody who may not.
    """
    _demand(actor, MAY_CHANGE)
    row = _held(resource)
    if row is None or row.starts_at is None or row.confirmed_at is not None:
        raise ConfirmedAlready()
    if row.added_by_id is None or row.added_by_id == actor.pk:
        raise TwoPeopleConfirm()
    row.confirmed_at, row.confirmed_by = clock.now(), actor
    row.save(update_fields=["confirmed_at", "confirmed_by"])
    record(Event.PAPER_CONFIRMED, actor=actor, subject=row, **_said(row), added_by=str(row.added_by_id))


@transaction.atomic
def withdraw(*, actor: User, resource: Resource) -> bool:
    """Take a resource away from everybody at once; its row and file stay. Returns whether it was there."""
    _demand(actor, MAY_CHANGE)
    row = _held(resource)
    if row is None:
        return False
    row.withdrawn_at = clock.now()
    row.save(update_fields=["withdrawn_at"])
    record(Event.PAPER_WITHDRAWN, actor=actor, subject=row, **_said(row))
    return True


def _refuse_misfits(about: About) -> None:
    if about.starts_at is None and about.general_at is None:
        raise NoTime()
    if about.component and not about.component.options.filter(qualification=about.qualification).exists():
        raise OtherQualification()
    if about.starts_at is None:
        if about.kind in _OF_AN_EXAM and about.general_at is not None and about.general_at < _over(about.year, about.month):
            raise SeriesNotOver()
        return
    if about.component is None or about.kind is not ResourceKind.PAPER:
        raise PaperNeedsComponent()
    if about.general_at is not None and about.general_at <= about.starts_at:
        raise GeneralBeforeStart()


def _over(year: int, month: int) -> datetime:
    """Return the instant at which the month of a series is over in London: the earliest at which none of its exams is still to come."""
    return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=clock.LONDON)


def _held(resource: Resource) -> Resource | None:
    rows = Resource.objects.behind_the_gate().select_for_update(no_key=True, of=("self",))
    found: Resource | None = rows.select_related("subject", "qualification", "component").filter(pk=resource.pk, withdrawn_at=None).first()
    return found


def _said(row: Resource) -> dict[str, Any]:
    return {
        "type": str(row.kind),
        "file": row.file.name,
        "sha256": row.file.digest,
        "starts_at": row.starts_at.isoformat() if row.starts_at else "",
        "general_at": row.general_at.isoformat() if row.general_at else "",
    }


def _demand(actor: User, right: str) -> None:
    if not may(actor, right):
        raise PermissionDenied
