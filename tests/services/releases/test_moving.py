"""A120: a release time is set and moved by two members of staff; every step leaves an event, and the database holds them apart."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import User
from portal import clock
from portal.audit.models import AuditEvent
from services.exams.levels import ExamLevel
from services.releases import flow
from services.releases.artefacts import Artefact
from services.releases.events import Event
from services.releases.models import Release, ReleaseChange
from services.releases.refusals import AlreadyProposed, NothingNew, ProposalOver, ProposerGone, RestrictedAfterGeneral, TwoPeopleSetTimes
from tests.cast import Cast, Person, let_in, make_person
from tests.exams import make_sitting

NIGHT, MORNING = datetime(2026, 8, 11, 23, 1, tzinfo=UTC), datetime(2026, 8, 13, 7, 0, tzinfo=UTC)


def manager(email: str = "one@board.example") -> Person:
    person = make_person(email, is_staff=True)
    person.user.groups.add(Group.objects.get(name="release-manager"))
    return person


def propose(actor: User, **other: Any) -> ReleaseChange:
    values: dict[str, Any] = {
        "level": ExamLevel.LEVEL_3,
        "kind": Artefact.RESULTS,
        "restricted_at": NIGHT,
        "general_at": MORNING,
        "reason": "Results day",
    }
    return flow.propose(actor=actor, series=make_sitting(ExamLevel.LEVEL_3, 2026, 6).series, **values | other)


def kinds() -> list[int]:
    return list(AuditEvent.objects.filter(number__range=(300, 302)).order_by("pk").values_list("number", flat=True))


def test_a120_one_proposes_another_approves_and_only_then_it_counts(db: None) -> None:
    one, two = manager().user, manager("two@board.example").user
    change = propose(one)
    assert not Release.objects.exists()
    with pytest.raises(TwoPeopleSetTimes):
        flow.approve(actor=one, change=change)
    flow.approve(actor=two, change=change)
    assert list(Release.objects.values_list("restricted_at", "general_at")) == [(NIGHT, MORNING)]
    later = propose(two, general_at=MORNING + timedelta(days=7))
    assert Release.objects.get().general_at == MORNING
    flow.approve(actor=one, change=later)
    assert Release.objects.get().general_at == MORNING + timedelta(days=7)
    assert kinds() == [300, 301, 300, 301]
    moved = AuditEvent.objects.filter(number=Event.RELEASE_SET.number).latest("pk")
    assert moved.actor_id == str(one.pk)
    assert moved.detail["general_before"] == MORNING.isoformat()
    assert moved.detail["proposed_by"] == str(two)


def test_a120_what_cannot_be_proposed_is_refused_in_words(db: None) -> None:
    one, two = manager().user, manager("two@board.example").user
    with pytest.raises(RestrictedAfterGeneral):
        propose(one, restricted_at=MORNING + timedelta(seconds=1))
    change = propose(one)
    with pytest.raises(AlreadyProposed):
        propose(two)
    flow.approve(actor=two, change=change)
    with pytest.raises(NothingNew):
        propose(one)
    with pytest.raises(ProposalOver):
        flow.refuse(actor=two, change=change)


def test_a120_a_proposal_of_somebody_who_left_is_worth_nothing(db: None) -> None:
    one, two = manager(), manager("two@board.example").user
    change = propose(one.user)
    User.objects.filter(pk=one.user.pk).update(is_active=False)
    with pytest.raises(ProposerGone):
        flow.approve(actor=two, change=change)
    flow.refuse(actor=two, change=change)
    assert not Release.objects.exists()


def test_a120_ones_own_proposal_can_be_taken_back(db: None) -> None:
    one = manager().user
    change = propose(one)
    flow.refuse(actor=one, change=change)
    change.refresh_from_db()
    assert (change.approved, change.decided_by, change.decided_at is None) == (False, None, False)
    assert kinds() == [300, 302]


@pytest.mark.parametrize("who", ["user", "exams_officer", "helper"])
def test_a133_nobody_else_proposes_or_decides(cast: Cast, who: str) -> None:
    helper = make_person("helper@board.example", is_staff=True)
    helper.user.groups.add(Group.objects.get(name="helper"))
    actor = helper.user if who == "helper" else getattr(cast, who).user
    change = propose(cast.staff.user)
    for deed in (lambda: propose(actor), lambda: flow.approve(actor=actor, change=change), lambda: flow.refuse(actor=actor, change=change)):
        with pytest.raises(PermissionDenied):
            deed()


def test_a120_the_database_holds_the_two_apart(cast: Cast) -> None:
    series, staff = make_sitting().series, cast.staff.user
    slot = {"series": series, "level": "level-2", "kind": "results", "restricted_at": NIGHT, "general_at": MORNING}
    wrong: list[tuple[Any, dict[str, Any]]] = [
        (ReleaseChange, {"proposed_by": staff, "decided_by": staff, "decided_at": MORNING}),
        (ReleaseChange, {"proposed_by": staff, "approved": True}),
        (ReleaseChange, {"restricted_at": MORNING + timedelta(seconds=1)}),
        (Release, {"restricted_at": MORNING + timedelta(seconds=1)}),
        (Release, {"kind": "everything"}),
        (Release, {"level": "level-9"}),
    ]
    for model, values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(**slot | values)
    Release.objects.create(**slot)
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.create(**slot)


def test_a120_the_help_desks_pages_lead_from_proposing_to_approving(db: None) -> None:
    one, two = let_in(manager()), let_in(manager("two@board.example"))
    series = make_sitting(ExamLevel.LEVEL_3, 2026, 6).series
    form = {
        "series": series.pk, "level": "level-3", "kind": "results", "restricted_at": "2026-08-12T00:01", "general_at": "2026-08-13T08:00",
        "reason": "Results day",
    }  # fmt: skip
    url = reverse("admin:release-propose")
    assert "Propose a release time" in one.get(reverse("admin:releases_release_changelist")).content.decode()
    assert "The clocks go back" in one.post(url, form | {"general_at": "2026-10-25T01:30"}).content.decode()
    assert "cannot be later" in one.post(url, form | {"restricted_at": "2026-08-14T00:01"}).content.decode()
    assert one.post(url, form).status_code == 302
    change = ReleaseChange.objects.get()
    approve = reverse("admin:release-approve", args=[change.pk])
    page = reverse("admin:releases_releasechange_change", args=[change.pk])
    assert approve not in one.get(page).content.decode()
    one.post(approve)
    assert not Release.objects.exists()
    assert approve in two.get(page).content.decode()
    asked = two.get(approve).content.decode()
    assert "Thursday 13 August 2026 08:00" in asked
    two.post(approve)
    assert list(Release.objects.values_list("restricted_at", "general_at")) == [(NIGHT, MORNING)]
    assert "Approved" in two.get(page).content.decode()


@pytest.mark.parametrize(("days", "warned"), [(1, True), (-1, False)])
def test_a120_who_closes_again_what_is_open_is_told_so_before(db: None, days: int, warned: bool) -> None:
    one, two, now = manager().user, manager("two@board.example"), clock.now()
    flow.approve(actor=two.user, change=propose(one, restricted_at=now - timedelta(days=3), general_at=now - timedelta(hours=1)))
    moved = propose(one, restricted_at=now - timedelta(days=3), general_at=now + timedelta(days=days))
    page = let_in(two).get(reverse("admin:release-approve", args=[moved.pk])).content.decode()
    assert ("closes again until the new time" in page) is warned


def test_a133_the_pages_are_closed_to_other_staff(cast: Cast) -> None:
    auditor = make_person("auditor@board.example", is_staff=True)
    auditor.user.groups.add(Group.objects.get(name="auditor"))
    change, browser = propose(cast.staff.user), let_in(auditor)
    assert browser.get(reverse("admin:releases_releasechange_changelist")).status_code == 200
    for name, args in (("propose", []), ("approve", [change.pk]), ("refuse", [change.pk])):
        for ask in (browser.get, browser.post):
            assert ask(reverse(f"admin:release-{name}", args=args)).status_code == 403
    for ask in (browser.get, browser.post):
        assert ask(reverse("admin:releases_release_add")).status_code == 403
