"""Results are issued in versions that nothing overwrites; the database keeps one of them current."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from portal import limits
from portal.audit.models import AuditEvent
from services.exams.levels import ExamLevel, QualificationKind
from services.exams.models import Candidate, Option
from services.publishing.refusals import TwiceInOneIssue
from services.results.events import Event
from services.results.issuing import Line, StrayLine, issue
from services.results.models import Issue, Result
from tests.cast import Cast
from tests.exams import give, make_candidate, make_option, make_results, make_sitting


def stored() -> list[tuple[Any, ...]]:
    rows = Result.objects.behind_the_gate().order_by("candidate__number", "option__code", "version")
    return list(rows.values_list("version", "current", "grade", "indicator", "ums"))


def test_svc5_a_result_issued_anew_keeps_its_history(cast: Cast) -> None:
    candidate, option = make_candidate(cast.centre, make_sitting()), make_option()
    give(candidate, option, "C", ums=60, ums_max=100)
    give(candidate, option, "B", ums=70, ums_max=100)
    give(candidate, option, "", indicator="Q")
    assert stored() == [(1, False, "C", "", 60), (2, False, "B", "", 70), (3, True, "", "Q", None)]
    assert list(Issue.objects.order_by("number").values_list("number", "lines")) == [(1, 1), (2, 1), (3, 1)]


def test_svc5_what_says_the_same_adds_no_version(cast: Cast) -> None:
    candidate, option = make_candidate(cast.centre, make_sitting()), make_option()
    give(candidate, option, "C")
    assert give(candidate, option, "C").lines == 0
    assert stored() == [(1, True, "C", "", None)]


def test_svc5_an_issue_is_all_or_nothing(cast: Cast) -> None:
    sitting, option = make_sitting(), make_option()
    candidate, elsewhere = make_candidate(cast.centre, sitting), make_candidate(cast.centre, make_sitting(month=6))
    upper = make_option("1300QS", kind=QualificationKind.A_LEVEL)
    good = Line(candidate=candidate.pk, option=option.pk, grade="A")
    for bad, refusal in (
        (Line(candidate=elsewhere.pk, option=option.pk, grade="A"), StrayLine),
        (Line(candidate=candidate.pk, option=upper.pk, grade="A"), StrayLine),
        (good, TwiceInOneIssue),
    ):
        with pytest.raises(refusal):
            issue(actor=None, series=sitting.series, level=ExamLevel.LEVEL_2, lines=[good, bad])
    assert not stored()
    assert not Issue.objects.exists()


def test_svc5_the_same_result_twice_in_one_long_issue_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SVC5_ROWS_AT_ONCE", 1)
    sitting, line = make_sitting(), Line(candidate=make_candidate(cast.centre, make_sitting()).pk, option=make_option().pk, grade="A")
    with pytest.raises(TwiceInOneIssue):
        issue(actor=None, series=sitting.series, level=ExamLevel.LEVEL_2, lines=[line, line])


def test_aud_issuing_leaves_one_event(cast: Cast) -> None:
    sitting = make_sitting()
    candidate = make_candidate(cast.centre, sitting)
    line = Line(candidate=candidate.pk, option=make_option().pk, grade="A")
    issue(actor=cast.staff.user, series=sitting.series, level=ExamLevel.LEVEL_2, lines=[line])
    event = AuditEvent.objects.get(number=Event.RESULTS_ISSUED.number)
    assert event.actor_id == str(cast.staff.user.pk)
    assert event.detail == {"series": "2026-11", "level": "level-2", "rows": 1}


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": 1}, {"current": True}, {"version": 0}, {"grade": ""}, {"indicator": "X"}, {"indicator": "?"}, {"ums": 5},
        {"ums": 9, "ums_max": 8}, {"level": "level-9"},
    ],
    ids=str,
)  # fmt: skip
def test_svc5_the_database_refuses_what_no_result_can_be(cast: Cast, wrong: dict[str, Any]) -> None:
    candidate, option = make_candidate(cast.centre, make_sitting()), make_option()
    made = give(candidate, option, "C")
    same = {"centre": cast.centre, "series": candidate.series, "level": "level-2", "candidate": candidate, "option": option, "issue": made}
    said = {"version": 2, "current": False, "grade": "B"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Result.objects.create(**same | said | wrong)
    Result.objects.create(**same | said | {"indicator": "#"})


def test_svc5_issuing_asks_as_much_for_many_lines_as_for_few(cast: Cast, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(40):
        make_results(cast.centre, many=300)


def test_nothing_that_a_result_stands_on_can_be_deleted_and_the_refusal_shows_none(cast: Cast) -> None:
    candidate = make_results(cast.centre, many=1)[0]
    for row in (candidate, candidate.series, Option.objects.get()):
        with pytest.raises(ProtectedError) as refused:
            row.delete()
        assert not any(isinstance(one, Result) for one in refused.value.protected_objects)
    loose = make_candidate(cast.centre, make_sitting(), number=9)
    loose.delete()
    assert not Candidate.objects.filter(number="0009").exists()
