"""AUD: the Exams Officer and the Admins read their centre's trail, filter it and take it away; nobody reads another's."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.people.delete import delete_member
from permissions.events import Event
from permissions.levels import Level, Service
from permissions.membership.access import set_rights
from permissions.models import Centre
from permissions.trail.words import details_of
from portal import clock, limits
from portal.audit.models import AuditEvent
from portal.web.sealed import seal, unseal
from portal.web.spreadsheet import safe_cell
from tests.cast import Cast, Person

SignIn = Callable[[Person], Client]
TRAIL = "/audit-trail/"


def write(centre: Centre, count: int = 1, **fields: object) -> list[AuditEvent]:
    """Write events straight into the trail, one second apart, the last one newest."""
    now = clock.now()
    values = {"number": Event.ACCESS_CHANGED.number, "kind": "ACCESS_CHANGED", "centre_id": str(centre.pk), "centre_number": centre.number}
    return AuditEvent.objects.bulk_create(
        AuditEvent(**{**values, "at": now - timedelta(seconds=count - number), "actor_name": f"Actor {number}", **fields})
        for number in range(count)
    )


def text_of(browser: Client, address: str = TRAIL) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def rows_of(text: str) -> list[str]:
    return re.findall(r"Actor \d+", text)


def test_aud_who_what_whom_when_and_from_where_stand_on_the_page(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.admin)
    browser.post(reverse("manage-access", args=[cast.user.membership.pk]), {"rights": ["entries.view"]})
    page = text_of(browser)
    for words in ("Access changed", "Bethan Lloyd", "Lowri Price", "127.0.0.1"):
        assert words in page
    event = AuditEvent.objects.get(number=Event.ACCESS_CHANGED.number)
    page = text_of(browser, reverse("trail-event", args=[event.pk]))
    assert "View Entries" in page
    assert "entries.view" not in page


def test_aud_another_centres_events_are_as_unknown_as_missing_ones(cast: Cast, signed_in: SignIn) -> None:
    (foreign,) = write(cast.other_centre)
    (nobodys,) = write(cast.centre, centre_id="", centre_number="")
    browser = signed_in(cast.exams_officer)
    assert not rows_of(text_of(browser))
    for pk in (foreign.pk, nobodys.pk, 10**9, 10**30):
        assert browser.get(f"{TRAIL}{pk}/").status_code == 404
    body = browser.post(reverse("trail-export"), {}).content.decode()
    assert not rows_of(body)


def test_aud_a_user_reads_no_trail(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.user)
    assert browser.get(TRAIL).status_code == 403
    assert browser.post(reverse("trail-export")).status_code == 403


def test_aud_pages_follow_each_other_without_gap_or_repeat(cast: Cast, signed_in: SignIn) -> None:
    write(cast.centre, limits.AUD_PAGE * 2 + 7)
    browser, seen, address = signed_in(cast.exams_officer), [], TRAIL
    while address:
        page = text_of(browser, address)
        seen += rows_of(page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = found[1].replace("&amp;", "&") if found else ""
    assert seen == [f"Actor {number}" for number in reversed(range(limits.AUD_PAGE * 2 + 7))]


def test_aud_events_of_one_instant_are_neither_lost_nor_repeated(cast: Cast, signed_in: SignIn) -> None:
    now = clock.now()
    for number in range(limits.AUD_PAGE + 3):
        write(cast.centre, at=now, actor_name=f"Actor {number}")
    browser = signed_in(cast.exams_officer)
    first = text_of(browser)
    found = re.search(r'rel="next" href="([^"]+)"', first)
    assert found
    second = text_of(browser, found[1].replace("&amp;", "&"))
    assert len(set(rows_of(first) + rows_of(second))) == limits.AUD_PAGE + 3


@pytest.mark.parametrize("mark", ["x", "2026-11-25_1", "_", "2026-11-25T00:00:00+00:00_x", f"2026-11-25T00:00:00+00:00_{9**40}", "\0_1"])
def test_a153_a_mark_that_is_none_of_ours_begins_at_the_newest(cast: Cast, signed_in: SignIn, mark: str) -> None:
    write(cast.centre)
    browser = signed_in(cast.exams_officer)
    answer = browser.get(TRAIL, {"before": mark})
    assert rows_of(answer.content.decode()) == ["Actor 0"]


def test_aud_filters_by_person_kind_and_days_and_no_name_stands_in_an_address(cast: Cast, signed_in: SignIn) -> None:
    old = clock.now() - timedelta(days=10)
    write(cast.centre, actor_name="Actor 1", subject_name="Siân Huws", at=old)
    write(cast.centre, actor_name="Actor 2", number=Event.ACCESS_ASKED.number)
    browser = signed_in(cast.exams_officer)
    day = clock.london(old).date().isoformat()
    asked: list[tuple[dict[str, str], list[str]]] = [
        ({"person": "Huws"}, ["Actor 1"]),
        ({"person": "actor 2"}, ["Actor 2"]),
        ({"kind": str(Event.ACCESS_ASKED.number)}, ["Actor 2"]),
        ({"first_day": day, "last_day": day}, ["Actor 1"]),
        ({"first_day": "2999-01-01"}, []),
        ({"kind": "9", "first_day": "nonsense"}, ["Actor 2", "Actor 1"]),
    ]
    for fields, expected in asked:
        answer = browser.post(TRAIL, fields)
        assert "uws" not in answer["Location"]
        page = text_of(browser, answer["Location"])
        assert rows_of(page) == expected, fields
    assert "Access asked for</option>" in page
    assert "Centre frozen</option>" not in page


def test_aud_everything_of_one_person_is_found_by_their_id(cast: Cast, signed_in: SignIn) -> None:
    write(cast.centre, actor_name="Actor 1", actor_id=str(cast.admin.user.pk))
    write(cast.centre, actor_name="Actor 2", subject_id=str(cast.admin.user.pk))
    write(cast.centre, actor_name="Actor 3")
    browser = signed_in(cast.exams_officer)
    assert rows_of(text_of(browser, f"{TRAIL}?who={cast.admin.user.pk}")) == ["Actor 2", "Actor 1"]


def test_aud_people_who_are_gone_stay_in_the_trail(cast: Cast, signed_in: SignIn) -> None:
    delete_member(actor=cast.exams_officer.user, membership=cast.user.membership)
    page = text_of(signed_in(cast.exams_officer))
    assert "Account deleted" in page
    assert "Lowri Price" in page


def test_aud_the_file_is_whole_formula_safe_named_with_its_date_and_recorded(cast: Cast, signed_in: SignIn) -> None:
    write(cast.centre, actor_name="=HYPERLINK(1)", subject_name="＝1+1", detail={"reason": "@SUM(1)", "added": ["entries.view"]})
    browser = signed_in(cast.admin)
    answer = browser.post(reverse("trail-export"))
    day = clock.london(clock.now()).date().isoformat()
    assert answer["Content-Disposition"] == f'attachment; filename="audit-trail-{cast.centre.number}-{day}.csv"'
    text = answer.content.decode("utf-8")
    assert text.startswith("\ufeff")
    header, row = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert header[0] == "When (UK time)"
    assert row[2:4] == ["'=HYPERLINK(1)", "'＝1+1"]
    assert "View Entries" in row[-1]
    event = AuditEvent.objects.get(number=Event.TRAIL_EXPORTED.number)
    assert (event.actor_name, event.centre_number, event.detail) == ("Bethan Lloyd", cast.centre.number, {"rows": 1})
    browser.cookies["portal_language"] = "cy"
    assert "Pryd (amser y DU)" in browser.post(reverse("trail-export")).content.decode()


def test_aud_the_page_asks_the_same_queries_for_three_events_and_for_thousands(cast: Cast, signed_in: SignIn) -> None:
    browser, counts = signed_in(cast.exams_officer), []
    for more in (3, 3000):
        write(cast.centre, more)
        with CaptureQueriesContext(connection) as seen:
            text_of(browser)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 7


def test_role_every_code_of_a_right_is_shown_in_words(cast: Cast) -> None:
    set_rights(actor=cast.exams_officer.membership, membership=cast.user.membership, rights=[(Service.ENTRIES, Level.VIEW)])
    event = AuditEvent.objects.latest("pk")
    assert ("Added", "View Entries") in details_of(event)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r1", "＝1", "＋1", "－1", "＠x", " =1", "\u00a0=1", "|x", "%1"])
def test_a110_what_could_begin_a_formula_becomes_text(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


def test_a110_other_text_is_left_as_it_is() -> None:
    assert [safe_cell(value) for value in ("Siân", "", None, 7, "a=b", "O'Neill")] == ["Siân", "", "", "7", "a=b", "O'Neill"]


def test_a_sealed_word_opens_for_its_own_purpose_only() -> None:
    assert unseal(seal("Huws", purpose="one"), purpose="one") == "Huws"
    assert unseal(seal("Huws", purpose="one"), purpose="two") == ""
    assert unseal("nonsense", purpose="one") == seal("", purpose="one") == ""
