"""SVC 5: Download Results File. A name, a version, a hash, and a line in the centre's trail for each."""

import csv
import hashlib
import io

from django.urls import reverse

from portal import clock
from portal.audit.models import AuditEvent
from services.releases.artefacts import Artefact
from services.results.events import Event
from services.results.file import HEADER
from tests.cast import Cast, let_in
from tests.exams import HOUR, give, make_candidate, make_option, make_results, make_sitting, release
from tests.services.results.test_pages import accepted

SITTING = "2026-11-level-2"
URL = reverse("results-file", args=[SITTING])


def downloads() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(number=Event.RESULTS_FILE_DOWNLOADED.number).order_by("pk"))


def test_svc5_the_file_holds_the_centres_own_results_and_each_download_leaves_a_line(cast: Cast) -> None:
    sitting = make_sitting()
    candidate = make_candidate(cast.centre, sitting)
    make_results(cast.other_centre)
    give(candidate, make_option(), "C", ums=60, ums_max=100)
    give(candidate, make_option(), "B", ums=70, ums_max=100)
    release(sitting)
    browser = let_in(cast.exams_officer)
    answer = browser.get(URL)
    header, *lines = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert tuple(header) == HEADER
    assert lines == [
        [
            "68001", "2026", "11", "level-2", "0001", "", "Rhydderch", "Mali", "3300QS", "Mathematics", "Mathematics (C)", "C", "B", "", "", "70", "100", "2"
        ]
    ]  # fmt: skip
    assert answer["Content-Disposition"] == 'attachment; filename="results-68001-2026-11-level-2-v3.csv"'
    (event,) = downloads()
    assert event.centre_number == "68001"
    assert event.actor_id == str(cast.exams_officer.user.pk)
    assert event.detail == {
        "file": "results-68001-2026-11-level-2-v3.csv",
        "version": 3,
        "sha256": hashlib.sha256(answer.content).hexdigest(),
        "under_embargo": False,
    }
    assert browser.get(URL).content == answer.content
    assert len(downloads()) == 2
    assert browser.head(URL).status_code == 200
    assert len(downloads()) == 2


def test_svc5_the_line_stands_in_the_centres_own_trail(cast: Cast) -> None:
    make_results(cast.centre)
    release(make_sitting())
    browser = let_in(cast.exams_officer)
    browser.get(URL)
    assert "Results file downloaded" in browser.get(reverse("trail")).content.decode()
    page = browser.get(reverse("trail-event", args=[downloads()[0].pk])).content.decode()
    assert "results-68001-2026-11-level-2-v1.csv" in page


def test_svc_the_file_has_a_release_of_its_own(cast: Cast) -> None:
    make_results(cast.centre)
    release(make_sitting(), Artefact.RESULTS)
    release(make_sitting(), Artefact.RESULTS_FILE, general=clock.now() + HOUR)
    browser = let_in(cast.exams_officer)
    assert "Download Results File" not in browser.get(reverse("results")).content.decode()
    assert browser.get(URL).status_code == 404
    release(make_sitting(), Artefact.RESULTS_FILE)
    assert URL in browser.get(reverse("results")).content.decode()
    assert browser.get(URL).status_code == 200


def test_svc_under_embargo_asking_for_size_and_hash_is_a_look_and_taking_it_a_download(cast: Cast) -> None:
    make_results(cast.centre)
    release(make_sitting(), general=clock.now() + HOUR)
    browser, url = accepted(cast.admin), reverse("results-embargoed-file", args=[SITTING])
    assert browser.head(url).status_code == 200
    seen = AuditEvent.objects.get(number=Event.EMBARGOED_RESULTS_SEEN.number)
    assert seen.detail["page"] == "file"
    assert b"Rhydderch" in browser.get(url).content
    assert [event.detail["under_embargo"] for event in downloads()] == [True]


def test_svc_a_file_that_stays_under_embargo_longer_than_the_results_is_still_the_embargos(cast: Cast) -> None:
    make_results(cast.centre)
    release(make_sitting(), Artefact.RESULTS)
    release(make_sitting(), Artefact.RESULTS_FILE, general=clock.now() + HOUR)
    browser, url = accepted(cast.admin), reverse("results-embargoed-file", args=[SITTING])
    assert url in browser.get(reverse("results-embargoed")).content.decode()
    assert browser.get(url).status_code == 200
    assert browser.get(URL).status_code == 404
    release(make_sitting())
    assert browser.get(url)["Location"] == URL
