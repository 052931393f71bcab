"""SVC 5: Candidate Results by candidate and by subject, released and under embargo."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from permissions.levels import Level, Service
from permissions.membership.access import set_rights
from portal import clock
from portal.audit.models import AuditEvent
from services.exams.levels import QualificationKind
from services.exams.models import Item
from services.results.events import Event
from services.results.models import Result
from tests.cast import Cast, Person, let_in
from tests.exams import HOUR, give, make_candidate, make_option, make_results, make_sitting, release

SITTING = "2026-11-level-2"


def accepted(person: Person) -> Client:
    """A browser whose owner has read the embargo notice."""
    browser = let_in(person)
    browser.post(reverse("embargo-accept"))
    return browser


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def allow(cast: Cast) -> None:
    """Let the User see released results."""
    set_rights(actor=cast.exams_officer.membership, membership=cast.user.membership, rights=[(Service.RESULTS, Level.VIEW_RELEASED)])


def test_svc5_by_candidate_shows_grade_and_indicator_apart_with_uniform_marks(cast: Cast) -> None:
    sitting = make_sitting()
    candidate = make_candidate(cast.centre, sitting, 12, "Rhydderch", "Mali")
    history = make_option("3100QS", "History")
    unit = make_option("3100U1", "History: unit 1", item=Item.UNIT)
    give(candidate, unit, "a", ums=64, ums_max=80)
    give(candidate, history, "C", ums=160, ums_max=260)
    give(candidate, history, "B", indicator="#", ums=182, ums_max=260)
    release(sitting)
    browser = let_in(cast.exams_officer)
    assert "GCSE, November 2026" in text(browser.get(reverse("results")))
    listed = text(browser.get(reverse("results-candidates", args=[SITTING])))
    assert "Rhydderch, Mali" in listed
    assert "0012" in listed
    assert "History: unit 1" not in listed
    page = text(browser.get(reverse("results-candidate", args=[SITTING, candidate.pk])))
    for shown in ("182/260", "64/80", "# (Partly absent)", "Re-issued", "160/260"):
        assert shown in page, shown


def test_svc5_by_subject_counts_grades_and_lists_candidates(cast: Cast) -> None:
    sitting = make_sitting()
    for number, grade in enumerate(("A", "A*", "B"), start=1):
        give(make_candidate(cast.centre, sitting, number, f"Rhydderch {number}"), make_option(), grade)
    give(make_candidate(cast.centre, sitting, 4, "Rhydderch 4"), make_option(), "", indicator="X")
    give(make_candidate(cast.other_centre, sitting, 1, "Dieithryn"), make_option(), "U")
    release(sitting)
    browser = let_in(cast.admin)
    page = text(browser.get(reverse("results-subjects", args=[SITTING])))
    assert "A*: 1, A: 1, B: 1, X: 1" in page
    assert "U: 1" not in page
    page = text(browser.get(reverse("results-subject", args=[SITTING, "3300QS"])))
    assert "X (No result)" in page
    assert "Rhydderch 4" in page
    assert "Dieithryn" not in page


def test_svc5_search_finds_by_name_number_and_uci_and_leaves_no_name_in_the_address(cast: Cast) -> None:
    sitting = make_sitting()
    for number, surname in enumerate(("Llwyd", "Rhydderch"), start=1):
        give(make_candidate(cast.centre, sitting, number, surname), make_option())
    release(sitting)
    browser, url = let_in(cast.exams_officer), reverse("results-candidates", args=[SITTING])
    for words in ("rhyddêrch mali", "0002"):
        answer = browser.post(url, {"search": words})
        assert answer.status_code == 302
        assert words.split()[0] not in answer["Location"]
        found = text(browser.get(answer["Location"]))
        assert "Rhydderch" in found
        assert "Llwyd" not in found
    assert browser.post(url, {"search": ""})["Location"] == url
    nobody = browser.post(url, {"search": "neb"})["Location"]
    assert "No candidates found" in text(browser.get(nobody))


def test_svc5_pages_go_on_from_a_mark_and_by_number(cast: Cast) -> None:
    make_results(cast.centre, many=120)
    release(make_sitting())
    browser, url = let_in(cast.exams_officer), reverse("results-candidates", args=[SITTING])
    page = browser.get(url)
    assert "Showing 1 to 50 of 120 candidates" in text(page)
    page = browser.get(page.context["pages"]["next"])
    assert [row.number for row in page.context["book"].rows] == [f"{number:04}" for number in range(51, 101)]
    assert [row.number for row in browser.get(page.context["pages"]["previous"]).context["book"].rows][:1] == ["0001"]
    assert [row.number for row in browser.get(url, {"page": "9" * 9}).context["book"].rows][:1] == ["0001"]
    assert [row.number for row in browser.get(url, {"page": "99"}).context["book"].rows][-1:] == ["0120"]
    page = browser.get(reverse("results-subject", args=[SITTING, "3300QS"]), {"page": "3"})
    assert "Showing 101 to 120 of 120 candidates" in text(page)


def test_svc5_long_pages_to_print(cast: Cast) -> None:
    make_results(cast.centre, many=120)
    release(make_sitting())
    browser, url = let_in(cast.exams_officer), reverse("results-candidates", args=[SITTING])
    searched = browser.get(browser.post(url, {"search": "mali"})["Location"])
    for page in (browser.get(url), searched, browser.get(reverse("results-subject", args=[SITTING, "3300QS"]))):
        assert "to print" in text(page)
        paper = browser.get(page.context["pages"]["paper"])
        assert "Showing 1 to 120 of 120 candidates" in text(paper)
        assert "Showing 1 to 50 of 120 candidates" in text(browser.get(paper.context["pages"]["screen"]))


def test_svc5_queries_are_as_many_for_many_candidates_as_for_few(cast: Cast) -> None:
    make_results(cast.centre, many=200)
    make_results(cast.other_centre, many=3)
    release(make_sitting())
    asked = []
    for person in (cast.exams_officer, cast.other_exams_officer):
        browser, person_asked = let_in(person), []
        for name in ("results", "results-candidates", "results-subjects", "results-subject", "results-file"):
            args = [] if name == "results" else [SITTING, "3300QS"] if name == "results-subject" else [SITTING]
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(reverse(name, args=args)).status_code == 200
            person_asked.append(len(queries))
        asked.append(person_asked)
    assert asked[0] == asked[1]
    assert max(asked[0]) <= 14


def test_svc5_welsh_titles_and_words(cast: Cast) -> None:
    make_results(cast.centre)
    release(make_sitting())
    browser = let_in(cast.exams_officer)
    browser.post(reverse("language"), {"language": "cy"})
    page = text(browser.get(reverse("results-subjects", args=[SITTING])))
    assert "TGAU, Tachwedd 2026" in page
    assert "Mathematics (C)" in page


def test_svc_embargo_comes_behind_a_notice_and_each_look_is_audited(cast: Cast) -> None:
    candidate, now = make_results(cast.centre)[0], clock.now()
    release(make_sitting(), restricted=now - HOUR, general=now + HOUR)
    browser = let_in(cast.admin)
    urls = {
        "list": reverse("results-embargoed"),
        "candidates": reverse("results-embargoed-candidates", args=[SITTING]),
        "candidate": reverse("results-embargoed-candidate", args=[SITTING, candidate.pk]),
        "subjects": reverse("results-embargoed-subjects", args=[SITTING]),
        "subject": reverse("results-embargoed-subject", args=[SITTING, "3300QS"]),
    }
    for url in urls.values():
        page = text(browser.get(url))
        assert "I understand" in page
        assert "Rhydderch" not in page
        assert "November 2026" not in page
    assert not AuditEvent.objects.filter(number=Event.EMBARGOED_RESULTS_SEEN.number).exists()
    assert browser.post(reverse("embargo-accept"), {"next": urls["candidates"]})["Location"] == urls["candidates"]
    assert browser.post(reverse("embargo-accept"), {"next": "https://evil.example/"})["Location"] == urls["list"]
    for url in urls.values():
        assert "Under embargo until:" in text(browser.get(url))
    events = AuditEvent.objects.filter(number=Event.EMBARGOED_RESULTS_SEEN.number).order_by("pk")
    assert [event.detail["page"] for event in events] == list(urls)
    assert {(event.actor_id, event.centre_number) for event in events} == {(str(cast.admin.user.pk), cast.centre.number)}
    assert [event.subject_id for event in events][2] == str(candidate.pk)


def test_svc_embargo_ends_by_itself_and_its_links_lead_on(cast: Cast) -> None:
    make_results(cast.centre)
    now = clock.now()
    release(make_sitting(), restricted=now - HOUR, general=now + HOUR)
    browser = accepted(cast.exams_officer)
    link = reverse("results-embargoed-candidates", args=[SITTING])
    assert "Rhydderch" in text(browser.get(link))
    release(make_sitting(), restricted=now - HOUR, general=now)
    assert browser.get(link)["Location"] == reverse("results-candidates", args=[SITTING])
    assert "There are no results under embargo." in text(browser.get(reverse("results-embargoed")))
    assert not AuditEvent.objects.filter(number=Event.EMBARGOED_RESULTS_SEEN.number, detail__page="list").exists()


def test_p19_a_look_under_embargo_wants_a_factor_proved_in_the_last_15_minutes(cast: Cast) -> None:
    from permissions.freshness import PROVED_AT

    make_results(cast.centre)
    release(make_sitting(), general=clock.now() + HOUR)
    browser = accepted(cast.exams_officer)
    session = browser.session
    session[PROVED_AT] -= 15 * 60 + 1
    session.save()
    for name in ("results-embargoed-candidates", "results-embargoed-file"):
        assert browser.get(reverse(name, args=[SITTING]))["Location"].startswith(reverse("prove-again"))


def test_svc_the_notice_counts_for_one_session_and_one_centre(cast: Cast) -> None:
    make_results(cast.centre)
    release(make_sitting(), general=clock.now() + HOUR)
    accepted(cast.exams_officer)
    assert "I understand" in text(let_in(cast.exams_officer).get(reverse("results-embargoed")))


def test_svc5_units_of_an_a_level_stand_at_their_own_level(cast: Cast) -> None:
    from services.exams.levels import ExamLevel

    make_results(cast.centre, make_sitting(ExamLevel.LEVEL_3))
    assert make_option("1300QS", kind=QualificationKind.A_LEVEL).qualification.level == "level-3"
    release(make_sitting(ExamLevel.LEVEL_3))
    browser = let_in(cast.exams_officer)
    assert "A level and AS, November 2026" in text(browser.get(reverse("results")))
    assert browser.get(reverse("results-candidates", args=[SITTING])).status_code == 404
    assert Result.objects.behind_the_gate().count() == 2
