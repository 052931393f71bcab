"""AUD, A135, A136: one line for each deed, which the database refuses to change."""

import uuid
from collections.abc import Callable
from typing import Final

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from portal.audit import kinds, triggers
from portal.audit.kinds import AuditKind, register, sentence_of
from portal.audit.models import AuditEvent
from portal.audit.record import record
from tests.cast import Cast, Person

REPLACE: Final = """
    INSERT OR REPLACE INTO audit_auditevent
        (id, at, number, kind, actor_id, actor_name, subject_id, subject_name, centre_id, centre_number, address, browser, detail)
    SELECT id, at, 1, kind, '', '', '', '', '', '', '', '', detail FROM audit_auditevent
"""


class Kind(AuditKind):
    """A kind for these tests; not registered."""

    TRIED = 99, "Tried"


class Somebody:
    """Anything with a key and a name."""

    def __init__(self, name: str) -> None:
        self.pk = uuid.uuid4()
        self.name = name

    def __str__(self) -> str:
        return self.name


class School:
    """Anything with a key and a number."""

    pk = 7
    number = "68001"


@pytest.mark.django_db
def test_aud_an_event_copies_who_what_whom_and_where() -> None:
    actor, subject = Somebody("Nia Jones"), Somebody("B" * 300)
    event = record(Kind.TRIED, actor=actor, subject=subject, centre=School(), method="app", times=2)
    stored = AuditEvent.objects.get(pk=event.pk)
    assert (stored.number, stored.kind) == (99, "TRIED")
    assert (stored.actor_id, stored.actor_name) == (str(actor.pk), "Nia Jones")
    assert (stored.subject_id, stored.subject_name) == (str(subject.pk), "B" * 200)
    assert (stored.centre_id, stored.centre_number) == ("7", "68001")
    assert stored.detail == {"method": "app", "times": 2}
    alone = record(Kind.TRIED)
    assert (alone.actor_id, alone.subject_id, alone.centre_number, alone.address) == ("", "", "", "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("vendor", "statement"),
    [
        ("", "UPDATE audit_auditevent SET actor_name = 'somebody else'"),
        ("", "DELETE FROM audit_auditevent"),
        ("sqlite", REPLACE),
        ("postgresql", "TRUNCATE audit_auditevent"),
        ("postgresql", "TRUNCATE audit_auditevent CASCADE"),
    ],
)
def test_a135_the_database_refuses_to_change_the_trail(vendor: str, statement: str) -> None:
    if vendor not in {"", connection.vendor}:
        pytest.skip("the other database has no such statement")
    event = record(Kind.TRIED, actor=Somebody("Nia Jones"))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEvent.objects.get().actor_name == event.actor_name == "Nia Jones"


@pytest.mark.django_db
def test_a135_neither_the_model_nor_a_bulk_deed_gets_round_it() -> None:
    event = record(Kind.TRIED)
    deeds: list[Callable[[], object]] = [
        event.save,
        event.delete,
        lambda: AuditEvent.objects.update(kind="OTHER"),
        lambda: AuditEvent.objects.all().delete(),
        lambda: AuditEvent.objects.bulk_create(
            [AuditEvent(pk=event.pk, number=1, kind="OTHER")], update_conflicts=True, update_fields=["kind"], unique_fields=["pk"]
        ),
    ]
    for deed in deeds:
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()
    assert AuditEvent.objects.get().kind == "TRIED"


@pytest.mark.django_db
def test_the_triggers_can_be_taken_away_and_put_back() -> None:
    """What the reverse migration does, and the tests that empty the database."""
    event = record(Kind.TRIED)
    triggers.remove(connection)
    AuditEvent.objects.filter(pk=event.pk).update(kind="OTHER")
    triggers.install(connection)
    triggers.install(connection)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.all().delete()


def test_a_number_belongs_to_one_kind_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_registered", dict(kinds._registered))

    @register
    class First(AuditKind):
        ONE = 9001, "One happened"

    assert sentence_of(9001) == "One happened"
    assert First.ONE in kinds.all_kinds()
    with pytest.raises(ValueError, match="9001"):

        @register
        class Second(AuditKind):
            OTHER = 9001, "Other happened"


def test_a_number_nobody_knows_any_more_is_shown_as_it_is() -> None:
    assert sentence_of(64_000) == "64000"
    with translation.override("cy"):
        assert all(sentence_of(kind.number) for kind in kinds.all_kinds())


@pytest.mark.django_db
def test_staff_read_the_trail_and_change_nothing(cast: Cast, signed_in: Callable[[Person], Client]) -> None:
    browser = signed_in(cast.staff)
    event = AuditEvent.objects.latest("pk")
    page = browser.post(f"{reverse('admin:audit_auditevent_changelist')}?number={event.number}", {"q": "68001"}, follow=True)
    assert page.status_code == 200
    assert browser.get(reverse("admin:audit_auditevent_changelist"), {"number": "nonsense"}).status_code == 200
    assert browser.get(reverse("admin:audit_auditevent_change", args=[event.pk])).status_code == 200
    before = AuditEvent.objects.count()
    assert browser.post(reverse("admin:audit_auditevent_add"), {"kind": "X"}).status_code == 403
    assert browser.post(reverse("admin:audit_auditevent_change", args=[event.pk]), {"kind": "X"}).status_code == 403
    assert browser.post(reverse("admin:audit_auditevent_delete", args=[event.pk]), {"post": "yes"}).status_code == 403
    assert AuditEvent.objects.count() == before
