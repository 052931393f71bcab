"""Two workers with one file, two files at one moment: on a database server, where they really meet."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from portal import clock
from services.exams.models import Series
from services.publishing import flow
from services.publishing.models import FileState
from services.publishing.work import work, work_due
from services.results.models import Issue, Result
from services.results.publishing.models import ResultsImport
from tests.cast import let_in, make_cast
from tests.racing import race
from tests.services.results.publishing.field import csv_of, line, make_field, upload

pytestmark = [pytest.mark.services, pytest.mark.usefixtures("server_db")]


@pytest.fixture
def runs(settings: Any, tmp_path: Path) -> list[ResultsImport]:
    """Two files of the same results, both checked."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    settings.FILES_DIR = tmp_path
    cast = make_cast()
    field, browser = make_field(), let_in(cast.staff)
    content = csv_of(*(line(number) for number in range(1, 300)))
    made = [upload(browser, field, content) for _turn in range(2)]
    for run in made:
        run.made_by = cast.staff.user
    return made


def test_two_workers_with_one_file_publish_it_once(runs: list[ResultsImport]) -> None:
    one = runs[0]
    flow.order(actor=one.made_by, run=one, reason="")  # type: ignore[arg-type]
    race(*[lambda: work(one.pk)] * 4)
    assert Issue.objects.count() == 1
    assert Result.objects.behind_the_gate().count() == 299
    one.refresh_from_db()
    assert one.state == FileState.PUBLISHED


def test_a_file_whose_series_is_busy_waits_for_its_turn(runs: list[ResultsImport]) -> None:
    one = runs[0]
    flow.order(actor=one.made_by, run=one, reason="")  # type: ignore[arg-type]
    with transaction.atomic():
        Series.objects.select_for_update().get()
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(_work_apart, one).result() is False
    assert not Issue.objects.exists()
    assert work(one.pk)
    assert Issue.objects.count() == 1


def test_what_somebody_works_on_is_not_deleted_under_their_hands_and_nobody_waits(runs: list[ResultsImport]) -> None:
    one = runs[0]
    with transaction.atomic():
        ResultsImport.objects.select_for_update(no_key=True).get(pk=one.pk)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(_apart, lambda: flow.forget(actor=None, run=one)).result() is False
    assert one.path.exists()
    assert flow.forget(actor=None, run=one) is True


def test_what_somebody_works_on_is_not_announced_meanwhile(runs: list[ResultsImport]) -> None:
    one = runs[0]
    flow.order(actor=one.made_by, run=one, reason="")  # type: ignore[arg-type]
    ResultsImport.objects.filter(pk=one.pk).update(due_at=clock.now())
    with transaction.atomic():
        ResultsImport.objects.select_for_update(no_key=True).get(pk=one.pk)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(_apart, work_due).result()
    one.refresh_from_db()
    assert one.calls == 0
    work_due()
    one.refresh_from_db()
    assert one.calls == 1


def _apart(deed: Callable[[], Any]) -> Any:
    try:
        return deed()
    finally:
        connection.close()


def _work_apart(run: ResultsImport) -> bool:
    try:
        return work(run.pk)
    finally:
        connection.close()


def test_of_two_files_ordered_at_one_moment_one_is_told_to_wait(runs: list[ResultsImport]) -> None:
    ended = race(*(lambda run=run: flow.order(actor=run.made_by, run=run, reason="") for run in runs))
    assert ended == {"done": 1, "AnotherIsPublished": 1}
