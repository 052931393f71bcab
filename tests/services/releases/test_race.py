"""A120 and versions on a server database: two who approve, two who propose, two who issue at the same moment."""

from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import User
from portal import clock
from services.exams.levels import ExamLevel
from services.releases import flow
from services.releases.artefacts import Artefact
from services.releases.models import Release, ReleaseChange
from services.results.issuing import Line, issue
from services.results.models import Issue, Result
from tests.cast import make_centre, make_person
from tests.exams import make_candidate, make_option, make_sitting
from tests.racing import race

pytestmark = pytest.mark.services


@pytest.fixture(autouse=True)
def _server_database(server_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")


def staff(name: str) -> User:
    return make_person(f"{name}@board.example", first_name=name, is_staff=True, is_superuser=True).user


def propose(actor: User, days: int = 1) -> ReleaseChange:
    later = clock.now() + timedelta(days=days)
    slot = {"series": make_sitting().series, "level": ExamLevel.LEVEL_2, "kind": Artefact.RESULTS}
    return flow.propose(actor=actor, **slot, restricted_at=later, general_at=later, reason="x")  # type: ignore[arg-type]


def test_a120_of_two_who_approve_at_once_one_counts() -> None:
    one, two, three = staff("anna"), staff("bob"), staff("carys")
    change = propose(one)
    ended = race(lambda: flow.approve(actor=two, change=change), lambda: flow.approve(actor=three, change=change))
    assert ended == {"done": 1, "ProposalOver": 1}
    assert Release.objects.count() == 1


def test_a120_of_two_who_propose_at_once_one_waits_for_the_others_decision() -> None:
    one, two = staff("anna"), staff("bob")
    make_sitting()
    assert race(lambda: propose(one), lambda: propose(two, 2)) == {"done": 1, "AlreadyProposed": 1}
    assert ReleaseChange.objects.count() == 1


def test_svc5_of_two_issues_at_once_each_has_a_number_and_one_result_is_current() -> None:
    sitting, option = make_sitting(), make_option()
    candidate = make_candidate(make_centre(), sitting)

    def deed(grade: str) -> None:
        issue(
            actor=None, series=sitting.series, level=ExamLevel.LEVEL_2, lines=[Line(candidate=candidate.pk, option=option.pk, grade=grade)]
        )

    assert race(lambda: deed("A"), lambda: deed("B"), lambda: deed("C")) == {"done": 3}
    assert sorted(Issue.objects.values_list("number", flat=True)) == [1, 2, 3]
    rows = Result.objects.behind_the_gate().order_by("version").values_list("version", "current")
    assert list(rows) == [(1, False), (2, False), (3, True)]
