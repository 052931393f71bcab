"""A135: whoever gets behind the triggers is found out, and the first wrong line is named."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from portal.audit import triggers
from portal.audit.chain import first_wrong, lengthen
from portal.audit.kinds import AuditKind
from portal.audit.models import AuditEvent, Link
from portal.audit.record import record


class Kind(AuditKind):
    """A kind for these tests; not registered."""

    TRIED = 99, "Tried"


DETAIL: dict[str, Any] = {
    "words": "Siân’s “key”\x7f",
    "whole": 1e5,
    "half": 0.5,
    "tiny": 1e-7,
    "none": None,
    "more": [1, ("a", {"b": True})],
}


@pytest.fixture
def trail(db: None) -> list[AuditEvent]:
    """Five events with everything in them."""
    return [record(Kind.TRIED, turn=turn, **DETAIL) for turn in range(5)]


@pytest.fixture
def owner(trail: list[AuditEvent]) -> Iterator[None]:
    """The database's owner, who takes the triggers away."""
    triggers.remove(connection)
    yield
    triggers.install(connection)


def test_a135_a_trail_as_it_was_written_is_right_before_and_after_it_is_chained(trail: list[AuditEvent]) -> None:
    assert first_wrong() == ""
    assert lengthen() == len(trail)
    assert lengthen() == 0
    assert first_wrong() == ""
    assert [link.event_id for link in Link.objects.all()] == [event.pk for event in trail]


CHANGES: dict[str, Any] = {
    "number": 98, "kind": "OTHER", "actor_id": "1", "actor_name": "Someone", "subject_id": "2", "subject_name": "Other", "centre_id": "3",
    "centre_number": "68999", "address": "192.0.2.1", "browser": "lynx", "detail": {"turn": 7}, "seal": "",
}  # fmt: skip


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize("chained", [False, True])
def test_a135_an_edited_line_is_named(trail: list[AuditEvent], chained: bool) -> None:
    if chained:
        lengthen()
    edited = AuditEvent.objects.get(pk=trail[2].pk)
    for name, value in {**CHANGES, "at": edited.at + timedelta(microseconds=1)}.items():
        before = getattr(edited, name)
        AuditEvent.objects.filter(pk=edited.pk).update(**{name: value})
        assert f"event {edited.pk} of " in first_wrong(), name
        AuditEvent.objects.filter(pk=edited.pk).update(**{name: before})
    assert first_wrong() == ""


def _delete(trail: list[AuditEvent]) -> None:
    AuditEvent.objects.filter(pk=trail[2].pk).delete()


def _delete_with_link(trail: list[AuditEvent]) -> None:
    _delete(trail)
    Link.objects.filter(event_id=trail[2].pk).delete()


def _close_ranks(trail: list[AuditEvent]) -> None:
    _delete_with_link(trail)
    for link in Link.objects.filter(position__gt=3):
        Link.objects.filter(pk=link.pk).update(position=link.position - 1)


def _swap(trail: list[AuditEvent]) -> None:
    one, other = trail[2].pk, trail[3].pk
    for before, after in ((one, -1), (other, one), (-1, other)):
        AuditEvent.objects.filter(pk=before).update(id=after)


def _invent(_trail: list[AuditEvent]) -> None:
    AuditEvent.objects.create(number=99, kind="TRIED", seal="0" * 80)


def _copy(trail: list[AuditEvent]) -> None:
    event = AuditEvent.objects.get(pk=trail[2].pk)
    event.pk = None
    event.save(force_insert=True)


def _copy_and_chain(trail: list[AuditEvent]) -> None:
    _copy(trail)
    lengthen()


def _forge_link(_trail: list[AuditEvent]) -> None:
    Link.objects.filter(position=4).update(digest="0" * 64)


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize(
    ("deed", "named"),
    [
        (_delete, "event {2} is missing"),
        (_delete_with_link, "link 3 of the chain is missing, before event {3}"),
        (_close_ranks, "link 3 of the chain does not fit, at event {3}"),
        (_swap, "link 3 of the chain does not fit, at event {2}"),
        (_invent, "event {new} of "),
        (_copy, "event {new} is a copy of another"),
        (_copy_and_chain, "event {new} is a copy of another"),
        (_forge_link, "link 4 of the chain does not fit, at event {3}"),
    ],
)
def test_a135_what_is_taken_out_swapped_invented_or_copied_is_named(
    trail: list[AuditEvent], deed: Callable[[list[AuditEvent]], None], named: str
) -> None:
    lengthen()
    deed(trail)
    newest = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True)[0]
    said = named.format(*(event.pk for event in trail), new=newest)
    assert said in first_wrong()
    with pytest.raises(CommandError, match=said):
        call_command("check_audit")


@pytest.mark.django_db
def test_a135_numbers_left_unused_and_late_commits_are_no_forgery() -> None:
    first = record(Kind.TRIED)
    with transaction.atomic():
        record(Kind.TRIED)
        transaction.set_rollback(True)
    newer = AuditEvent(pk=first.pk + 50, number=99, kind="TRIED")
    late = AuditEvent(pk=first.pk + 40, number=99, kind="TRIED")
    for event in (newer, late):
        made = record(Kind.TRIED)
        event.at, event.detail, event.seal = made.at, made.detail, made.seal
        triggers.remove(connection)
        made.delete()
        event.save(force_insert=True)
        triggers.install(connection)
        assert lengthen() >= 1
    assert [link.event_id for link in Link.objects.order_by("position")][-2:] == [newer.pk, late.pk]
    assert first_wrong() == ""


@pytest.mark.django_db
def test_a135_the_command_tells_the_end_of_the_chain_to_keep_elsewhere(trail: list[AuditEvent]) -> None:
    told = StringIO()
    call_command("check_audit", stdout=told)
    last = Link.objects.get(position=len(trail))
    assert f"{last.position} {last.digest}" in told.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE audit_link SET digest = ''", "DELETE FROM audit_link", "TRUNCATE audit_link"])
def test_a135_the_database_refuses_to_change_the_chain(trail: list[AuditEvent], statement: str) -> None:
    if statement.startswith("TRUNCATE") and connection.vendor != "postgresql":
        pytest.skip("SQLite has no such statement")
    lengthen()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Link.objects.count() == len(trail)


@pytest.mark.services
@pytest.mark.usefixtures("server_db")
def test_a135_many_who_write_and_chain_at_once_leave_one_right_chain() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")

    def run(number: int) -> None:
        try:
            for turn in range(20):
                with transaction.atomic():
                    record(Kind.TRIED, number=number, turn=turn)
                if number % 2:
                    lengthen()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(run, range(8)))
    lengthen()
    assert Link.objects.count() == AuditEvent.objects.count() == 160
    assert first_wrong() == ""
