"""What carries files to those who work on them: an id, nothing that could be lost for good, and nothing that is repeated without end (SVC 5)."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.db import OperationalError
from django.urls import reverse

from portal import clock, limits
from portal.audit.models import AuditEvent
from portal.celery import app
from services.publishing import flow, wake
from services.publishing.models import FileState
from services.publishing.tasks import work_on_file
from services.publishing.work import work, work_due
from services.results.models import Issue
from services.results.publishing.events import Event
from services.results.publishing.models import ResultsImport
from services.results.publishing.pipeline import ResultsPipeline
from tests.cast import Cast, let_in
from tests.services.results.publishing.field import csv_of, line, make_field

GAPS = limits.SVC5_IMPORT_GAPS_SECONDS


@pytest.fixture
def run(cast: Cast, settings: Any, tmp_path: Path) -> ResultsImport:
    """A file that was taken and never checked, since nobody heard of it."""
    settings.FILES_DIR = tmp_path
    where = make_field().where
    made = ResultsImport(series=where.series, level=where.level)
    return flow.take_file(made, actor=cast.staff.user, content=ContentFile(csv_of(line(1)), name="results.csv"))


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> Any:
    """Look which files the timetable announces at a moment so many seconds from now."""
    keys: list[object] = []
    monkeypatch.setattr(wake, "call", keys.append)
    begin = clock.now()

    def at(seconds: float) -> list[object]:
        keys.clear()
        with monkeypatch.context() as moment, django_capture_on_commit_callbacks(execute=True):
            moment.setattr(clock, "now", lambda: begin + timedelta(seconds=seconds))
            work_due()
        return list(keys)

    return at


def order(run: ResultsImport, cast: Cast) -> ResultsImport:
    assert work(run.pk)
    return flow.order(actor=cast.staff.user, run=run, reason="")


def breaks_off(self: object, *_args: object) -> None:
    raise ZeroDivisionError


def test_workers_know_the_task_and_give_it_time() -> None:
    app.loader.import_default_modules()
    task = app.tasks["services.publishing.tasks.work_on_file"]
    assert task.soft_time_limit == limits.SVC5_IMPORT_SECONDS > limits.P24_TASK_HARD_SECONDS


@pytest.mark.parametrize("pk", ["", "1 OR 1=1", "None"])
def test_a150_a_task_with_anything_but_an_id_is_refused(pk: str) -> None:
    with pytest.raises(ValueError, match="UUID"):
        work_on_file(pk)


@pytest.mark.django_db
def test_an_id_that_is_nobodys_is_no_work() -> None:
    assert not work(uuid4())


def test_what_nobody_heard_of_is_announced_again_each_time_after_a_longer_while(run: ResultsImport, heard: Any) -> None:
    assert heard(1) == []  # it may still be on its way
    passed = float(limits.SVC5_IMPORT_WAKE_SECONDS)
    for gap in (*GAPS, GAPS[-1], GAPS[-1]):
        assert heard(passed + 1) == [run.pk]
        assert heard(passed + gap - 1) == []
        passed += gap + 1
    assert min(GAPS) == GAPS[0] < GAPS[-1] == max(GAPS)


def test_what_is_done_is_announced_no_more(run: ResultsImport, heard: Any) -> None:
    assert work(run.pk)
    assert heard(2 * GAPS[-1]) == []


def test_what_broke_off_is_begun_again_after_a_while_that_grows(run: ResultsImport, heard: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ResultsPipeline, "check", breaks_off)
    for count, gap in enumerate(GAPS[:3], start=1):
        with pytest.raises(ZeroDivisionError):
            work(run.pk)
        run.refresh_from_db()
        assert (run.state, run.tries) == (FileState.WAITING, count)
        assert run.due_at is not None
        assert abs((run.due_at - clock.now()).total_seconds() - gap) < 30


def test_what_breaks_off_each_time_is_given_up_and_staff_are_told(
    run: ResultsImport, heard: Any, cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    order(run, cast)
    monkeypatch.setattr(ResultsPipeline, "issue", breaks_off)
    for _turn in range(limits.SVC5_IMPORT_TRIES):
        with pytest.raises(ZeroDivisionError):
            work(run.pk)
    with caplog.at_level(logging.ERROR):
        assert not work(run.pk)
    assert "was given up after 6 attempts" in caplog.text
    run.refresh_from_db()
    assert (run.state, run.ordered_by, run.reason, run.path.exists()) == (FileState.CHECKED, None, "", True)
    assert heard(2 * GAPS[-1]) == []
    assert AuditEvent.objects.get(number=Event.RESULTS_FILE_GIVEN_UP.number).detail["tries"] == limits.SVC5_IMPORT_TRIES
    page = let_in(cast.staff).get(reverse("admin:publishing_resultsimport_change", args=[run.pk])).content.decode()
    assert "did not succeed in 6 attempts" in page
    monkeypatch.undo()
    flow.order(actor=cast.staff.user, run=run, reason="")
    assert work(run.pk)
    assert Issue.objects.count() == 1


def test_a_file_that_could_never_be_checked_is_to_be_brought_again(
    run: ResultsImport, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(ResultsPipeline, "check", breaks_off)
    for _turn in range(limits.SVC5_IMPORT_TRIES):
        with pytest.raises(ZeroDivisionError):
            work(run.pk)
    with django_capture_on_commit_callbacks(execute=True):
        assert not work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.path.exists()) == (FileState.WRONG, False)
    assert "did not succeed" in run.errors[0]["what"]


def test_waiting_for_ones_turn_is_no_attempt(run: ResultsImport, monkeypatch: pytest.MonkeyPatch) -> None:
    class NoTurn(Exception):
        sqlstate = "55P03"

    def busy(self: object, *_args: object) -> None:
        raise OperationalError from NoTurn()

    monkeypatch.setattr(ResultsPipeline, "check", busy)
    for _turn in range(limits.SVC5_IMPORT_TRIES + 1):
        assert not work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.tries) == (FileState.WAITING, 0)


def test_an_order_begins_the_count_anew(run: ResultsImport, cast: Cast) -> None:
    ResultsImport.objects.filter(pk=run.pk).update(tries=4, calls=9)
    assert (order(run, cast).tries, run.calls) == (0, 0)


def test_files_of_before_attempts_were_counted_are_announced_too(run: ResultsImport, heard: Any) -> None:
    ResultsImport.objects.filter(pk=run.pk).update(due_at=None)
    assert heard(1) == [run.pk]
