"""What carries files of results to those who work on them: an id, and nothing that could be lost for good."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile

from portal import clock, limits
from portal.celery import app
from services.results.publishing import flow, wake
from services.results.publishing.models import ResultsImport
from services.results.publishing.tasks import work_on_import
from services.results.publishing.work import work, work_due
from tests.cast import Cast
from tests.services.results.publishing.field import csv_of, line, make_field


def test_workers_know_the_task_and_give_it_time() -> None:
    app.loader.import_default_modules()
    task = app.tasks["services.results.publishing.tasks.work_on_import"]
    assert task.soft_time_limit == limits.SVC5_IMPORT_SECONDS > limits.P24_TASK_HARD_SECONDS


@pytest.mark.parametrize("pk", ["", "1 OR 1=1", "None"])
def test_a150_a_task_with_anything_but_an_id_is_refused(pk: str) -> None:
    with pytest.raises(ValueError, match="UUID"):
        work_on_import(pk)


@pytest.mark.django_db
def test_an_id_that_is_nobodys_is_no_work() -> None:
    assert not work(uuid4())


def test_what_nobody_heard_of_is_announced_again(cast: Cast, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.FILES_DIR = tmp_path
    where = make_field().where
    content = ContentFile(csv_of(line(1)), name="results.csv")
    lost = flow.take_file(actor=cast.staff.user, series=where.series, level=where.level, content=content)
    heard: list[object] = []
    monkeypatch.setattr(wake, "call", heard.append)
    work_due()
    assert heard == []  # it may still be on its way
    ResultsImport.objects.filter(pk=lost.pk).update(made_at=clock.now() - timedelta(seconds=limits.SVC5_IMPORT_WAKE_SECONDS))
    work_due()
    assert heard == [lost.pk]
    work(lost.pk)
    work_due()
    assert heard == [lost.pk]
