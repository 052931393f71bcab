"""The gate: judged by the database's clock inside the query, and no way round it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.db.models import Count, Exists, OuterRef

from permissions.models import Centre
from portal import clock
from services.exams.models import Candidate
from services.releases.artefacts import Artefact
from services.releases.gate import Look, Sight
from services.releases.gated import UngatedRead
from services.releases.sittings import open_sittings
from services.results.models import Result
from tests.cast import Cast, make_centre
from tests.exams import HOUR, make_results, make_sitting, release


@pytest.fixture
def centre(db: None) -> Centre:
    """A centre with two results."""
    centre = make_centre()
    make_results(centre)
    return centre


def seen(centre: Centre, sight: Sight = Sight.RELEASED, kind: Artefact | None = None) -> int:
    found: int = Result.objects.seen_by(Look(centre, sight), kind).count()
    return found


def test_without_a_release_nothing_is_seen(centre: Centre) -> None:
    assert [seen(centre, sight) for sight in Sight] == [0, 0]


def test_each_sight_sees_from_its_own_instant_and_only_its_own_centre(centre: Centre) -> None:
    sitting, now = make_sitting(), clock.now()
    release(sitting, restricted=now + HOUR, general=now + 2 * HOUR)
    assert [seen(centre, sight) for sight in (Sight.RELEASED, Sight.EMBARGOED)] == [0, 0]
    release(sitting, restricted=now - HOUR, general=now + HOUR)
    assert [seen(centre, sight) for sight in (Sight.RELEASED, Sight.EMBARGOED)] == [0, 2]
    release(sitting, restricted=now - 2 * HOUR, general=now - HOUR)
    assert [seen(centre, sight) for sight in (Sight.RELEASED, Sight.EMBARGOED)] == [2, 2]
    assert seen(make_centre("68009", "Coleg Arall"), Sight.EMBARGOED) == 0


def test_each_kind_level_and_series_has_its_own_release(centre: Centre) -> None:
    from services.exams.levels import ExamLevel

    release(make_sitting(ExamLevel.LEVEL_3))
    release(make_sitting(month=6))
    release(make_sitting(), Artefact.SCRIPTS)
    assert seen(centre) == 0
    release(make_sitting(), Artefact.RESULTS_FILE)
    assert (seen(centre), seen(centre, kind=Artefact.RESULTS_FILE)) == (0, 2)


def test_p22_the_instant_is_exact_by_the_databases_own_clock(centre: Centre) -> None:
    """Ask all the time while the instant comes: never a moment early, and at once when it is there."""
    for wait in (60, 500, 4_000, 30_000):  # on a busy machine the nearer ones may be over before the first question
        instant = clock.database_now() + timedelta(milliseconds=wait)
        release(make_sitting(), general=instant)
        asked_before, saw = False, False
        while not saw:
            before = clock.database_now()
            saw = bool(seen(centre))
            after = clock.database_now()
            if after < instant:
                assert not saw
                asked_before = True
            if before >= instant + timedelta(milliseconds=1):  # what SQLite's clock can tell apart
                assert saw
        if asked_before:
            return
    pytest.fail("the machine is too busy to ask before the instant")


def test_what_is_open_is_told_of_the_kinds_that_are_and_from_their_instants(centre: Centre) -> None:
    now, kinds = clock.now(), (Artefact.RESULTS, Artefact.RESULTS_FILE)
    release(make_sitting(), restricted=now - HOUR, general=now + HOUR)
    release(make_sitting(month=6), Artefact.RESULTS)
    release(make_sitting(year=2025), Artefact.RESULTS_FILE)
    said = {sight: [(one.code, Artefact.RESULTS in one.out, one.has_file) for one in open_sittings(sight, *kinds)] for sight in Sight}
    assert said == {
        Sight.RELEASED: [("2026-06-level-2", True, False)],
        Sight.EMBARGOED: [("2026-11-level-2", False, True), ("2026-06-level-2", True, False)],
    }


@pytest.mark.parametrize("seconds", [90, -90, 86_400])
def test_f22_a_wrong_clock_of_the_web_server_releases_nothing_and_hides_nothing(centre: Centre, seconds: int) -> None:
    now = clock.now()
    release(make_sitting(), Artefact.RESULTS, general=now + timedelta(seconds=60))
    release(make_sitting(), Artefact.RESULTS_FILE, general=now - timedelta(seconds=60))
    with time_machine.travel(now + timedelta(seconds=seconds)):
        assert seen(centre) == 0
        assert seen(centre, kind=Artefact.RESULTS_FILE) == 2


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_a116_another_zone_of_server_and_session_changes_nothing(centre: Centre, settings: Any, zone: str) -> None:
    now = clock.now()
    settings.TIME_ZONE = zone
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('TimeZone', %s, true)", [zone])
    release(make_sitting(), Artefact.RESULTS, general=now + timedelta(minutes=1))
    release(make_sitting(), Artefact.RESULTS_FILE, general=now - timedelta(minutes=1))
    assert (seen(centre), seen(centre, kind=Artefact.RESULTS_FILE)) == (0, 2)


READS: dict[str, Callable[[], object]] = {
    "list": lambda: list(Result.objects.all()),
    "filter": lambda: list(Result.objects.filter(grade="B")),
    "get": lambda: Result.objects.get(grade="B"),
    "first": Result.objects.first,
    "count": Result.objects.count,
    "exists": lambda: Result.objects.filter(grade="B").exists(),
    "values": lambda: list(Result.objects.values_list("grade", flat=True)),
    "aggregate": lambda: Result.objects.aggregate(Count("pk")),
    "annotate": lambda: list(Result.objects.values("grade").annotate(many=Count("pk"))),
    "iterator": lambda: next(Result.objects.iterator()),
    "in bulk": Result.objects.in_bulk,
    "explain": lambda: Result.objects.all().explain(),
    "union": lambda: list(Result.objects.all().union(Result.objects.all())),
    "subquery": lambda: list(Candidate.objects.filter(Exists(Result.objects.filter(candidate=OuterRef("pk"))))),
    "in": lambda: list(Candidate.objects.filter(pk__in=Result.objects.values("candidate"))),
    "base manager": Result._base_manager.count,
    "default manager": Result._default_manager.count,
    "dates": lambda: list(Result.objects.values_list("issue__issued_at")),
}


@pytest.mark.parametrize("read", READS)
def test_no_read_of_a_gated_model_runs_without_the_gate(centre: Centre, read: str) -> None:
    release(make_sitting())
    with pytest.raises(UngatedRead):
        READS[read]()


def test_a_query_that_passed_is_not_widened_by_one_that_did_not(centre: Centre) -> None:
    passed = Result.objects.seen_by(Look(centre, Sight.RELEASED))
    with pytest.raises(UngatedRead):
        passed | Result.objects.filter(grade="B")
    assert list(passed | passed.filter(grade="B")) == []
    with pytest.raises(UngatedRead):
        list(passed.union(Result.objects.all()))


def test_no_other_models_query_reaches_results(cast: Cast) -> None:
    from django.core.exceptions import FieldError

    for way in ("result", "results", "result_set"):
        with pytest.raises(FieldError):
            Candidate.objects.filter(**{f"{way}__grade": "B"})
    assert not [field for field in Candidate._meta.get_fields() if field.related_model is Result]
