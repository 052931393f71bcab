"""SVC-8: past papers and marking schemes: found by words and filters, a page for each subject, single files and a selection as zip."""

import io
import os
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal import clock, limits
from services.files.models import FileState, PublishedFile
from services.resources.models import Resource
from services.resources.zipped import forget_old
from tests.cast import Cast, let_in
from tests.exams import HOUR
from tests.papers import make_resource
from tests.services.formats.pdfs import plain_pdf

LIST = "/services/resources/past-papers/"


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Any) -> None:
    settings.FILES_DIR = tmp_path


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Mathematics Unit 1", "Marc Ŵyn", "Mathematics Unit 1 scheme"}),
        ("q=unit+math", {"Mathematics Unit 1", "Mathematics Unit 1 scheme"}),
        ("q=marc+wyn", {"Marc Ŵyn"}),
        ("q=arc", set()),
        ("q=3300/01+sch", {"Mathematics Unit 1 scheme"}),
        ("q=SCHEME+3300-01", {"Mathematics Unit 1 scheme"}),
        ("q=3300+%C5%B5yn", {"Marc Ŵyn"}),
        ("q=330001", {"Mathematics Unit 1", "Marc Ŵyn", "Mathematics Unit 1 scheme"}),
        ("q=30001", set()),
        ("q=unit+%27+%3A*+%26+%21+%28+math", {"Mathematics Unit 1", "Mathematics Unit 1 scheme"}),
        ("q=%27%3A*", set()),
        ("q=+++", {"Mathematics Unit 1", "Marc Ŵyn", "Mathematics Unit 1 scheme"}),
        ("kind=scheme", {"Mathematics Unit 1 scheme"}),
        ("language=cy", {"Marc Ŵyn", "Mathematics Unit 1 scheme"}),
        ("year=2025", {"Marc Ŵyn"}),
        ("subject=mathematics&qualification=gcse&language=en", {"Mathematics Unit 1", "Mathematics Unit 1 scheme"}),
        ("qualification=as", set()),
        ("year=x&kind=%00&subject=9", {"Mathematics Unit 1", "Marc Ŵyn", "Mathematics Unit 1 scheme"}),
    ],
)
def test_svc8_resources_are_found_by_the_beginnings_of_words_and_by_filters(cast: Cast, query: str, found: set[str]) -> None:
    make_resource()
    make_resource(title="Marc Ŵyn", language="cy", year=2025)
    make_resource(title="Mathematics Unit 1 scheme", kind="scheme", language="both")
    html = let_in(cast.user).get(f"{LIST}?{query}").content.decode()
    titles = ("Mathematics Unit 1", "Marc Ŵyn", "Mathematics Unit 1 scheme")
    assert {title for title in titles if f">{title}</a>" in html} == found


def test_svc8_each_subject_has_a_page_of_its_own(cast: Cast) -> None:
    make_resource()
    browser = let_in(cast.user)
    assert f'href="{LIST}mathematics/"' in browser.get(LIST).content.decode()
    page = browser.get(f"{LIST}mathematics/").content.decode()
    assert "Subject-specific support material" in page
    assert "Mathematics Unit 1" in page
    assert browser.get(f"{LIST}physics/").status_code == 404


def test_svc8_a_file_is_saved_by_anybody_with_an_account(cast: Cast) -> None:
    paper = make_resource()
    answer = let_in(cast.user).get(reverse("past-papers-file", args=[paper.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="Mathematics Unit 1.pdf"'
    assert b"".join(answer) == plain_pdf()


@pytest.mark.parametrize("why", ["later", "withdrawn", "quarantine"])
def test_svc8_what_is_not_everybodys_does_not_exist(cast: Cast, why: str) -> None:
    paper = make_resource(general=clock.now() + HOUR if why == "later" else None)
    if why == "withdrawn":
        Resource.objects.behind_the_gate().update(withdrawn_at=clock.now())
    if why == "quarantine":
        PublishedFile.objects.update(state=FileState.QUARANTINED)
    for person in (cast.exams_officer, cast.user):
        browser = let_in(person)
        html = browser.get(f"{LIST}?q=math").content.decode()
        assert "Unit 1" not in html
        assert "2026</option>" not in html
        assert browser.get(f"{LIST}mathematics/").status_code == 404
        assert browser.get(reverse("past-papers-file", args=[paper.pk])).status_code == 404
        answer = browser.post(reverse("past-papers-zip"), {"file": [str(paper.pk)]}, follow=True)
        assert "Choose at least one file." in answer.content.decode()


def test_svc8_a_selection_is_one_zip_file_of_plain_names(cast: Cast) -> None:
    one, two = make_resource(), make_resource(title="Mathematics Unit 1", content=plain_pdf(b"/Rotate 90"))
    browser = let_in(cast.user)
    asked = {"file": [str(one.pk), str(two.pk), str(one.pk), "nonsense"]}
    answer = browser.post(reverse("past-papers-zip"), asked)
    assert answer["Content-Type"] == "application/zip"
    content = b"".join(answer)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        assert len(names) == len(set(names)) == 2
        assert {packed.read(name) for name in names} == {plain_pdf(), plain_pdf(b"/Rotate 90")}
    again = browser.post(reverse("past-papers-zip"), asked)
    assert b"".join(again) == content


def test_svc8_a_selection_is_bounded(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    papers = [make_resource() for _number in range(3)]
    browser, asked = let_in(cast.user), {"file": [str(paper.pk) for paper in papers]}
    monkeypatch.setattr(limits, "SVC8_ZIP_FILES", 2)
    assert "Choose no more than" in browser.post(reverse("past-papers-zip"), asked, follow=True).content.decode()
    monkeypatch.setattr(limits, "SVC8_ZIP_FILES", 3)
    monkeypatch.setattr(limits, "SVC8_ZIP_BYTES", sum(paper.file.size for paper in papers) - 1)
    assert "Choose no more than" in browser.post(reverse("past-papers-zip"), asked, follow=True).content.decode()
    monkeypatch.setattr(limits, "SVC8_ZIP_BYTES", sum(paper.file.size for paper in papers))
    monkeypatch.setattr(limits, "SVC8_ZIPS_PER_HOUR", 1)
    assert browser.post(reverse("past-papers-zip"), asked).status_code == 200
    assert "many zip files" in browser.post(reverse("past-papers-zip"), asked, follow=True).content.decode()


def test_svc8_a_zip_file_goes_by_the_proxy_and_is_removed_after_a_while(cast: Cast, settings: Any) -> None:
    settings.FILES_ACCEL = "/protected"
    answer = let_in(cast.user).post(reverse("past-papers-zip"), {"file": [str(make_resource().pk)]})
    assert answer["X-Accel-Redirect"].startswith("/protected/zips/")
    assert answer.content == b""
    (kept,) = (Path(settings.FILES_DIR) / "zips").iterdir()
    assert forget_old() == 0
    old = kept.stat().st_mtime - limits.SVC8_ZIP_MINUTES * 60 - 1
    os.utime(kept, (old, old))
    assert forget_old() == 1
    assert not kept.exists()


def test_svc8_a_page_asks_the_same_for_few_and_for_many(cast: Cast) -> None:
    browser, counts = let_in(cast.exams_officer), []
    for many in (1, 12):
        for _number in range(many):
            make_resource()
        with CaptureQueriesContext(connection) as asked:
            browser.get(LIST)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_svc8_a_long_list_has_pages_that_keep_the_filters(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SVC8_PAGE", 1)
    make_resource(title="Mathematics Newer")
    make_resource(title="Mathematics Older", general=clock.now() - timedelta(days=1), year=2024)
    browser = let_in(cast.user)
    first = browser.get(f"{LIST}?q=math&kind=paper").content.decode()
    assert ("Newer" in first, "Mathematics Older" in first) == (True, False)
    assert "?q=math&amp;kind=paper&amp;page=2" in first
    assert "Mathematics Older" in browser.get(f"{LIST}?q=math&kind=paper&page=2").content.decode()
