"""SVC 6: boundaries and item level data are seen from their own instants on, by whom the rights allow, and before that there is nothing.

The identities, the words that tell and the shape of an answer are those of the gate's own tests (tests/attacks/gate.py).
"""

from datetime import timedelta

import pytest
from django.urls import reverse

from portal import clock
from portal.audit.models import AuditEvent
from services.exams.models import Candidate
from services.releases.artefacts import Artefact
from services.releases.gate import Look, Sight
from services.reports.events import Event
from services.reports.models import ItemMark, NotionalBoundary, PaperItem, SubjectBoundary
from tests.attacks.gate import NEVER, REPORT_KINDS, report_addresses, shape, tells, visitors
from tests.cast import Cast, let_in
from tests.exams import HOUR, make_sitting, release
from tests.reports import KINDS, make_reports

OF_ALL_CENTRES = {Artefact.SUBJECT_BOUNDARIES, Artefact.NOTIONAL_BOUNDARIES}


@pytest.fixture
def candidate(cast: Cast) -> Candidate:
    """A candidate of the first centre with marks; the other centre has none."""
    return make_reports(cast.centre)[0]


@pytest.mark.parametrize("phase", ["before", "restricted", "general"])
def test_a115_each_identity_sees_reports_from_its_own_instant_and_nothing_before(cast: Cast, candidate: Candidate, phase: str) -> None:
    """All three kinds, for seven identities and two centres: boundaries are of all centres, marks of one."""
    now = clock.now()
    times = {"before": (HOUR, 2 * HOUR), "restricted": (-HOUR, HOUR), "general": (-2 * HOUR, -HOUR)}[phase]
    release(make_sitting(), *KINDS, restricted=now + times[0], general=now + times[1])
    everybody, wrong = visitors(cast), []
    stranger_with_right = everybody.outsiders["other Exams Officer"]
    for who, browser in everybody.all.items():
        for embargo in (False, True):
            insider = who in everybody.insiders
            for kind in REPORT_KINDS:
                also = kind in OF_ALL_CENTRES and browser is stranger_with_right
                may = insider or also if embargo else insider or also or browser is everybody.reader
                expected = may and phase == ("restricted" if embargo else "general")
                found = report_addresses(kind, candidate.pk, embargo=embargo)
                for page in {"page", "file", "candidate"} & set(found):
                    answer = browser.get(found[page])
                    if tells(answer) is not expected or answer.status_code >= 500:
                        wrong.append((who, embargo, page, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("kind", REPORT_KINDS)
def test_a115_each_kind_opens_by_its_own_release_alone(cast: Cast, candidate: Candidate, kind: Artefact) -> None:
    """One kind is out, the two others and the results are not; and the other way round."""
    browser = let_in(cast.exams_officer)
    release(make_sitting(), kind)
    for other in REPORT_KINDS:
        found = {page: tells(browser.get(address)) for page, address in report_addresses(other, candidate.pk, embargo=False).items()}
        found.pop("index")  # of boundaries there is one for both kinds
        assert set(found.values()) == {other is kind}, other
    release(make_sitting(), *Artefact)
    release(make_sitting(), kind, general=clock.now() + HOUR)
    assert not [
        page
        for page, address in report_addresses(kind, candidate.pk, embargo=False).items()
        if page != "index" and tells(browser.get(address))
    ]


def test_a115_before_the_release_a_reader_meets_reports_that_never_were(cast: Cast) -> None:
    """The same bytes with reports that wait, with release times that are known, and of a sitting that there never was."""
    everybody = visitors(cast)
    readers = (everybody.insiders["Exams Officer"], everybody.reader)
    empty = {}
    for number, reader in enumerate(readers):
        for kind in REPORT_KINDS:
            for page, address in report_addresses(kind, None, embargo=False).items():
                empty[number, kind, page] = shape(reader.get(address))
            for page, address in report_addresses(kind, None, embargo=False, sitting=NEVER).items():
                assert shape(reader.get(address)) == empty[number, kind, page]
    candidate = make_reports(cast.centre)[0]
    release(make_sitting(), *KINDS, general=clock.now() + timedelta(seconds=30))
    for number, reader in enumerate(readers):
        for kind in REPORT_KINDS:
            for page, address in report_addresses(kind, candidate.pk, embargo=False).items():
                assert shape(reader.get(address)) == empty[number, kind, page], page


def test_a118_no_verb_no_condition_and_no_range_tells_of_reports_that_wait(cast: Cast, candidate: Candidate) -> None:
    release(make_sitting(), *KINDS, general=clock.now() + HOUR)
    reader = visitors(cast).reader
    for kind in REPORT_KINDS:
        for page in ("file", "page"):
            waits, never = (report_addresses(kind, candidate.pk, embargo=False, sitting=one)[page] for one in ("2026-11-level-2", NEVER))
            for verb, headers in (("HEAD", {}), ("OPTIONS", {}), ("GET", {"Range": "bytes=0-10"}), ("GET", {"If-None-Match": "*"})):
                assert shape(reader.generic(verb, waits, headers=headers)) == shape(reader.generic(verb, never, headers=headers)), (
                    page,
                    verb,
                )


def test_a115_filters_groups_and_searches_before_the_release_find_what_never_was(cast: Cast, candidate: Candidate) -> None:
    release(make_sitting(), *KINDS, general=clock.now() + HOUR)
    browser = let_in(cast.exams_officer)
    boundaries = report_addresses(Artefact.SUBJECT_BOUNDARIES, None, embargo=False)["page"]
    marks = report_addresses(Artefact.ITEM_DATA, candidate.pk, embargo=False)
    for address in (f"{boundaries}?words=mathematics", f"{boundaries}?kind=gcse&tier=F", f"{marks['page']}?group=male"):
        assert browser.get(address).status_code == 404
    assert browser.post(marks["candidates"], {"search": "Rhydderch"}).status_code == 404


def test_a121_a_candidate_of_another_centre_is_absent_from_item_data(cast: Cast, candidate: Candidate) -> None:
    make_reports(cast.other_centre)
    release(make_sitting(), *KINDS)
    stranger = let_in(cast.other_exams_officer)
    theirs = Candidate.objects.filter(centre=cast.other_centre)[0]
    assert stranger.get(report_addresses(Artefact.ITEM_DATA, theirs.pk, embargo=False)["candidate"]).status_code == 200
    for pk in (candidate.pk, cast.exams_officer.user.pk):
        assert stranger.get(report_addresses(Artefact.ITEM_DATA, pk, embargo=False)["candidate"]).status_code == 404


def test_each_report_asks_for_its_own_kind_in_the_query(cast: Cast, candidate: Candidate) -> None:
    models = dict(zip((SubjectBoundary, NotionalBoundary, PaperItem, ItemMark), (*REPORT_KINDS, Artefact.ITEM_DATA), strict=True))
    for kind in REPORT_KINDS:
        release(make_sitting(), *KINDS, general=clock.now() + HOUR)
        release(make_sitting(), kind)
        for model, own in models.items():
            assert model.objects.seen_by(Look(cast.centre, Sight.RELEASED)).exists() is (own is kind)


def test_svc_a_report_under_embargo_comes_behind_the_notice_and_each_look_is_audited(cast: Cast, candidate: Candidate) -> None:
    now = clock.now()
    release(make_sitting(), *KINDS, restricted=now - HOUR, general=now + HOUR)
    browser = let_in(cast.admin)
    addresses = {kind: report_addresses(kind, candidate.pk, embargo=True) for kind in REPORT_KINDS}
    for pages in addresses.values():
        assert "I understand" in browser.get(pages["page"]).content.decode()
    assert not AuditEvent.objects.filter(number=Event.EMBARGOED_REPORT_SEEN.number).exists()
    browser.post(reverse("embargo-accept"))
    for pages in addresses.values():
        for page, address in pages.items():
            answer = browser.get(address)
            assert answer.status_code == 200
            assert page in {"file", "figures"} or "Under embargo until:" in answer.content.decode(), page
    seen = AuditEvent.objects.filter(number=Event.EMBARGOED_REPORT_SEEN.number)
    assert seen.count() == sum(len(set(pages) - {"file", "figures"}) for pages in addresses.values())
    assert {event.centre_number for event in seen} == {cast.centre.number}
    assert AuditEvent.objects.filter(number=Event.REPORT_DOWNLOADED.number, detail__under_embargo=True).count() == 4
    before = seen.count()
    assert browser.head(addresses[Artefact.ITEM_DATA]["file"]).status_code == 200
    assert seen.all().count() == before + 1


def test_svc_an_embargo_on_a_report_ends_by_itself_and_its_links_lead_on(cast: Cast, candidate: Candidate) -> None:
    release(make_sitting(), *KINDS)
    browser = let_in(cast.exams_officer)
    browser.post(reverse("embargo-accept"))
    for kind in REPORT_KINDS:
        early, late = (report_addresses(kind, candidate.pk, embargo=embargo) for embargo in (True, False))
        for page in set(early) - {"index"}:
            assert browser.get(early[page])["Location"] == late[page]
        assert "under embargo." in browser.get(early["index"]).content.decode()
        assert "November 2026" not in browser.get(early["index"]).content.decode()
