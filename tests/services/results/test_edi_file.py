"""SVC 5: the results file as EDI, behind the same gate and with the same line in the trail."""

import hashlib
import io

from django.urls import reverse

from portal import clock
from portal.audit.models import AuditEvent
from services.exams.models import Candidate, SeriesLevel
from services.formats.edi.names import read_name
from services.formats.results import Expected, ResultLine, from_edi
from services.releases.artefacts import Artefact
from services.results.events import Event
from tests.cast import Cast, let_in
from tests.exams import HOUR, give, make_candidate, make_option, make_results, make_sitting, release

URL = reverse("results-edi", args=["2026-11-level-2"])


def test_svc5_the_edi_file_holds_the_centres_own_results_and_leaves_a_line(cast: Cast) -> None:
    sitting = make_sitting()
    make_results(cast.other_centre)
    candidate = make_candidate(cast.centre, sitting, surname="Rhydderch-Llŷr")
    Candidate.objects.filter(pk=candidate.pk).update(uci="681990012058G")
    give(candidate, make_option(), "C", ums=60, ums_max=100)
    give(candidate, make_option(), "B", indicator="#", ums=70, ums_max=100)
    give(make_candidate(cast.centre, sitting, 2), make_option(), "", indicator="X")
    release(sitting)
    browser = let_in(cast.exams_officer)
    answer = browser.get(URL)
    first, second = from_edi(io.BytesIO(answer.content), Expected("BG26", "40"))
    assert isinstance(first, ResultLine)
    assert isinstance(second, ResultLine)
    assert (first.centre, first.candidate, first.surname, first.uci) == ("68001", "0001", "RHYDDERCH-LLYR", "681990012058G")
    assert (first.grade, first.indicator, first.ums, first.ums_max, first.option) == ("B", "#", 70, 100, "3300QS")
    assert (second.candidate, second.uci, second.grade, second.indicator) == ("0002", "", "", "X")
    assert b"B   #   " in answer.content
    assert answer.content.splitlines()[2].endswith(b"Y      Y")  # partly absent, re-issued
    assert answer["Content-Disposition"] == 'attachment; filename="R6800140.X04"'
    assert read_name("R6800140.X04").contents == "R"
    assert answer["Content-Type"] == "text/plain; charset=us-ascii"
    (event,) = AuditEvent.objects.filter(number=Event.RESULTS_FILE_DOWNLOADED.number)
    assert event.detail["file"] == "R6800140.X04"
    assert event.detail["sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert browser.get(URL).content == answer.content


def test_svc5_what_edi_calls_the_series_is_what_the_board_said(cast: Cast) -> None:
    make_results(cast.centre)
    SeriesLevel.objects.update(edi_code="3C", board_number="41")
    release(make_sitting())
    answer = let_in(cast.exams_officer).get(URL)
    assert answer.content.startswith(b"R114413C2668001")
    assert "R6800141.X01" in answer["Content-Disposition"]


def test_svc5_the_file_waits_for_its_own_release(cast: Cast) -> None:
    make_results(cast.centre)
    release(make_sitting(), Artefact.RESULTS)
    browser = let_in(cast.exams_officer)
    assert browser.get(URL).status_code == 404
    release(make_sitting(), Artefact.RESULTS_FILE, general=clock.now() + HOUR)
    assert browser.get(URL).status_code == 404
    assert URL not in browser.get(reverse("results")).content.decode()
    release(make_sitting())
    assert URL in browser.get(reverse("results")).content.decode()
