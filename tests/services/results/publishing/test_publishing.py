"""Publishing of results by staff: checked, shown, all or nothing, versions never overwritten (SVC 5)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.helpdesk.groups import StaffGroup, make_groups
from portal import clock, limits
from portal.audit.models import AuditEvent
from services.exams.models import Candidate
from services.publishing import flow
from services.publishing.models import FileState
from services.publishing.work import progress, work
from services.results.models import Issue, Result
from services.results.publishing.models import ResultsImport
from tests.attacks.zips import zip_of
from tests.cast import Cast, let_in, make_person
from tests.services.results.publishing.field import Field, csv_of, edi_of, line, make_field, publish, upload


@pytest.fixture
def field(cast: Cast, settings: Any, tmp_path: Path) -> Field:
    settings.FILES_DIR = tmp_path
    return make_field()


@pytest.fixture
def browser(cast: Cast) -> Client:
    return let_in(cast.staff)


def current() -> list[tuple[str, str, str, int]]:
    rows = Result.objects.behind_the_gate().filter(current=True).order_by("candidate__number", "option__code")
    return list(rows.values_list("candidate__number", "option__code", "grade", "version"))


def page_of(browser: Client, run: ResultsImport) -> str:
    return browser.get(reverse("admin:publishing_resultsimport_change", args=[run.pk])).content.decode()


def test_a_file_is_shown_before_anything_is_published(field: Field, browser: Client) -> None:
    run = upload(browser, field, csv_of(line(1), line(2), line(2, option="3310QS", grade="", indicator="X")))
    assert (run.state, run.results, run.centres, run.candidates, run.fresh, run.reissued) == (FileState.CHECKED, 3, 1, 2, 3, 0)
    assert not Candidate.objects.exists()
    assert "Publish, all or nothing" in page_of(browser, run)


def test_a_checked_file_is_published_with_its_candidates_and_an_event(field: Field, browser: Client, cast: Cast) -> None:
    run = upload(browser, field, csv_of(line(1), line(2, surname="Parry")))
    publish(browser, run)
    assert run.state == FileState.PUBLISHED
    assert current() == [("0001", "3300QS", "B", 1), ("0002", "3300QS", "B", 1)]
    assert Candidate.objects.get(number="0002").surname == "Parry"
    assert run.issue is not None
    assert (run.issue.source, run.issue.digest, run.issue.issued_by_id) == ("results.csv", run.digest, cast.staff.user.pk)
    event = AuditEvent.objects.get(number=352)
    assert (event.actor_id, event.subject_id, event.detail["fresh"]) == (str(cast.staff.user.pk), str(run.pk), 2)
    assert "Publish, all or nothing" not in page_of(browser, run)


def test_edi_says_the_same_as_csv(field: Field, browser: Client) -> None:
    publish(browser, upload(browser, field, csv_of(line(1), line(2, indicator="#"))))
    again = upload(browser, field, edi_of(line(1), line(2, indicator="#")), "R6800140.X01")
    assert (again.fresh, again.reissued, again.unchanged) == (0, 0, 2)


def test_a_zip_file_of_several_is_one_file(field: Field, browser: Client) -> None:
    content = zip_of({"R6800140.X01": edi_of(line(1)), "rest.csv": csv_of(line(1, centre="68002"))})
    run = upload(browser, field, content, "all.zip")
    assert (run.state, run.centres, run.results) == (FileState.CHECKED, 2, 2)


def test_a_re_issued_result_is_a_new_version_with_a_reason(field: Field, browser: Client) -> None:
    publish(browser, upload(browser, field, csv_of(line(1), line(2))))
    run = upload(browser, field, csv_of(line(1, grade="A"), line(2)))
    assert (run.fresh, run.reissued, run.unchanged) == (0, 1, 1)
    answer = publish(browser, run)
    assert "Give the reason" in answer.content.decode()
    assert run.state == FileState.CHECKED
    publish(browser, run, "Review of marking")
    assert (run.state, run.reason) == (FileState.PUBLISHED, "Review of marking")
    assert current() == [("0001", "3300QS", "A", 2), ("0002", "3300QS", "B", 1)]
    assert list(Result.objects.behind_the_gate().filter(current=False).values_list("grade", "version")) == [("B", 1)]


def test_the_database_wants_the_reason_too(field: Field, browser: Client) -> None:
    publish(browser, run := upload(browser, field, csv_of(line(1))))
    with pytest.raises(IntegrityError), transaction.atomic():
        ResultsImport.objects.filter(pk=run.pk).update(reissued=1)


def test_one_wrong_line_and_nothing_is_published(field: Field, browser: Client) -> None:
    run = upload(browser, field, csv_of(line(1), line(2, option="9999QS"), line(3)))
    assert (run.state, run.wrong) == (FileState.WRONG, 1)
    assert "There is no option 9999QS at this level" in page_of(browser, run)
    assert "Load the option first" in page_of(browser, run)
    publish(browser, run)
    assert run.state == FileState.WRONG
    assert not Issue.objects.exists()


@pytest.mark.parametrize(
    ("lines", "number", "what"),
    [
        ([line(1, centre="68077")], 2, "There is no centre 68077"),
        ([line(1), line(1, centre="68002"), line(2)], 4, "Lines of centre 68001 stand in another place"),
        ([line(1), line(1)], 3, "Candidate 0001 has two results in 3300QS"),
        ([line(1), line(2, uci=line(1).uci)], 3, "belongs to candidate 0001"),
        ([line(1), line(1, option="3310QS", uci=line(2).uci)], 3, f"Candidate 0001 has UCI {line(1).uci}"),
        ([line(1, option="1300QS")], 2, "There is no option 1300QS at this level"),
        ([line(1, uci="681990012058H")], 2, "The last letter of this UCI"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_beside_its_line(field: Field, browser: Client, lines: list[Any], number: int, what: str) -> None:
    run = upload(browser, field, csv_of(*lines))
    assert run.state == FileState.WRONG
    assert (run.errors[0]["line"], run.errors[0]["todo"] != "") == (number, True)
    assert what in run.errors[0]["what"]


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("results.csv", b"a,b\n1,2\n", "our template"),
        ("results.csv", csv_of(), "holds no results"),
        ("results.txt", csv_of(line(1)), "not a name of an EDI file"),
        ("E6800140.X01", edi_of(line(1)), "files of results begin with R"),
        ("R6800140.X01", edi_of(line(1)).replace(b"6A26", b"1A26"), "of series 1A26, and these results are of 6A26"),
        ("page.csv", b"<html><script>alert(1)</script>", "our template does not have"),
        ("all.zip", zip_of({"inner.csv": zip_of({"a.csv": b"x"})}), "packed itself"),
        ("all.zip", zip_of({"results.csv": b"\0" * 2_000_000}), "beyond all measure"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(field: Field, browser: Client, name: str, content: bytes, what: str) -> None:
    run = upload(browser, field, content, name)
    assert run.state == FileState.WRONG
    assert what in " ".join(error["what"] for error in run.errors)
    assert what in page_of(browser, run) or "&" in page_of(browser, run)


def test_errors_come_in_the_language_of_whoever_brought_the_file(field: Field, cast: Cast) -> None:
    cast.staff.user.language = "cy"
    cast.staff.user.save()
    run = upload(let_in(cast.staff), field, csv_of(line(1, centre="68077")))
    assert run.language == "cy"
    assert "Nid oes canolfan 68077" in run.errors[0]["what"]


def test_of_many_wrong_lines_the_first_are_shown_and_all_are_counted(field: Field, browser: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "SVC5_ERRORS_SHOWN", 2)
    run = upload(browser, field, csv_of(*(line(number, option="9999QS") for number in range(1, 6))))
    assert (run.wrong, len(run.errors)) == (5, 2)
    assert "There are more: 3 wrong lines" in page_of(browser, run)


def test_what_changed_since_the_check_is_checked_again_and_not_published(field: Field, browser: Client) -> None:
    one, two = (upload(browser, field, csv_of(line(1, grade=grade))) for grade in "BB")
    publish(browser, one)
    publish(browser, two)
    assert (two.state, two.ordered_by) == (FileState.WAITING, None)
    assert work(two.pk)
    two.refresh_from_db()
    assert (two.state, two.fresh, two.unchanged) == (FileState.CHECKED, 0, 1)
    assert Issue.objects.count() == 1
    assert "We have checked it again" in page_of(browser, two)


def test_a_known_candidate_keeps_their_name_and_gains_the_uci(field: Field, browser: Client, cast: Cast) -> None:
    known = Candidate.objects.create(centre=cast.centre, series=field.where.series, number="0001", surname="Llywelyn", forenames="Mair")
    publish(browser, upload(browser, field, csv_of(line(1))))
    known.refresh_from_db()
    assert (known.surname, known.uci) == ("Llywelyn", line(1).uci)
    assert line(1).uci.casefold() in known.searched.casefold()


def test_a_uci_that_nobody_can_check_is_told(field: Field, browser: Client) -> None:
    run = upload(browser, field, csv_of(line(1, uci="68199Z012058G")))
    assert (run.state, run.unchecked) == (FileState.CHECKED, 1)
    assert "UCIs that cannot be checked" in page_of(browser, run)


def test_one_file_of_a_series_and_level_is_published_at_a_time(field: Field, browser: Client) -> None:
    one, two = (upload(browser, field, csv_of(line(number))) for number in (1, 2))
    browser.post(reverse("admin:results-import-publish", args=[one.pk]))
    answer = browser.post(reverse("admin:results-import-publish", args=[two.pk]))
    assert "Another file of this exam series and level is being published" in answer.content.decode()


def test_publishing_twice_is_publishing_once(field: Field, browser: Client) -> None:
    run = upload(browser, field, csv_of(line(1)))
    publish(browser, run)
    assert not work(run.pk)
    assert "cannot be published" in publish(browser, run).content.decode()
    assert Issue.objects.count() == 1
    assert browser.post(reverse("admin:results-import-forget", args=[run.pk])).status_code == 302
    run.refresh_from_db()
    assert run.state == FileState.PUBLISHED


def test_progress_is_told_while_a_file_is_read(field: Field, browser: Client) -> None:
    from django.core.cache import cache

    browser.post(reverse("admin:publishing_resultsimport_add"), {"where": field.where.pk, "file": upload_of(csv_of(line(1)))})
    run = ResultsImport.objects.get()
    cache.set(f"staff-file:{run.pk}", 4200, 60)
    page = page_of(browser, run)
    assert "4200 lines read so far" in page.replace(",", "")
    assert 'http-equiv="refresh"' in page
    work(run.pk)
    assert progress(run) == 0


def test_a_file_is_deleted_when_published_forgotten_or_a_day_old(
    field: Field, browser: Client, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    one, two, three = (upload(browser, field, csv_of(line(number))) for number in (1, 2, 3))
    assert {one.path.stat().st_mode & 0o777} == {0o600}
    with django_capture_on_commit_callbacks(execute=True):
        publish(browser, one)
        browser.post(reverse("admin:results-import-forget", args=[two.pk]))
        ResultsImport.objects.filter(pk=three.pk).update(made_at=clock.now() - timedelta(hours=25))
        flow.forget_old()
    assert not [path for path in Path(settings.FILES_DIR).rglob("*") if path.is_file()]
    assert ResultsImport.objects.filter(state=FileState.FORGOTTEN).count() == 2
    assert AuditEvent.objects.filter(number=354).count() == 2


def upload_of(content: bytes) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("results.csv", content)


def test_only_a_release_manager_publishes(field: Field, cast: Cast, browser: Client) -> None:
    make_groups()
    run = upload(browser, field, csv_of(line(1)))
    pages = [reverse("admin:publishing_resultsimport_add"), reverse("admin:publishing_resultsimport_change", args=[run.pk])]
    deeds = [reverse(f"admin:results-import-{deed}", args=[run.pk]) for deed in ("publish", "forget")]
    for group in StaffGroup:
        person = make_person(f"{group.value}@board.example", is_staff=True)
        person.user.groups.add(Group.objects.get(name=group.value))
        theirs = let_in(person)
        may = group is StaffGroup.RELEASE_MANAGER
        assert [theirs.get(page).status_code for page in pages] == (
            [200, 200] if may else [403, 200 if group is StaffGroup.AUDITOR else 403]
        )
        assert [theirs.get(deed).status_code for deed in deeds] == ([405, 405] if may else [403, 403])
        if not may:
            assert [theirs.post(deed).status_code for deed in deeds] == [403, 403]
    run.refresh_from_db()
    assert run.state == FileState.CHECKED


def test_centres_people_do_not_learn_that_there_is_such_a_page(field: Field, cast: Cast, browser: Client) -> None:
    run = upload(browser, field, csv_of(line(1)))
    page = reverse("admin:publishing_resultsimport_change", args=[run.pk])
    for person in (cast.exams_officer, cast.admin, cast.user):
        assert let_in(person).get(page, follow=True).status_code == 404


def test_nothing_is_published_by_the_pages_address_or_by_a_foreign_id(field: Field, browser: Client) -> None:
    run = upload(browser, field, csv_of(line(1)))
    assert browser.post(reverse("admin:publishing_resultsimport_change", args=[run.pk]), {"state": "published"}).status_code == 405
    assert browser.get(reverse("admin:publishing_resultsimport_change", args=["nonsense"])).status_code == 404
    assert browser.get(reverse("admin:results-import-template")).getvalue().startswith(b"\xef\xbb\xbfcentre,candidate")
