"""SVC-9: key dates, and a calendar of them whose address opens nothing else and can be ended."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from permissions.membership.flow import close_membership
from permissions.models import Centre
from portal import clock, limits
from portal.audit.models import AuditEvent
from services.dates.feed import address_of, key_of
from services.dates.flow import make_calendar
from services.dates.ics import calendar
from services.dates.models import Calendar, KeyDate
from services.dates.queries import Dated
from services.releases.artefacts import Artefact
from services.releases.models import Release
from tests.cast import Cast, Person, let_in
from tests.exams import HOUR, make_results, make_sitting, release


def announce(title: str = "Entry deadline", days: int = 3) -> KeyDate:
    day = clock.london(clock.now()).date() + timedelta(days=days)
    return KeyDate.objects.create(day=day, title_en=title, title_cy=f"{title} (C)")


def read(person: Person, client: Client | None = None) -> Any:
    """Read somebody's calendar as their program does, without signing in."""
    address = address_of(make_calendar(actor=person.membership))
    return (client or Client()).get(address[address.index("/services/") :])


def test_svc9_key_dates_and_announced_results_days_stand_in_one_list(cast: Cast) -> None:
    announce()
    announce("Long past", days=-1)
    release(make_sitting(), general=clock.now() + HOUR)
    browser = let_in(cast.user)
    html = browser.get(reverse("key-dates")).content.decode()
    assert "Entry deadline" in html
    assert "Long past" not in html
    assert "Results day" not in html
    Release.objects.filter(kind=Artefact.RESULTS).update(announced=True)
    assert "Results day: GCSE, November 2026" in browser.get(reverse("key-dates")).content.decode()


def test_svc9_a_calendar_holds_the_dates_in_the_persons_language(cast: Cast) -> None:
    row = announce("Entries, amendments; all")
    User.objects.filter(pk=cast.user.user.pk).update(language="cy")
    answer = read(cast.user)
    lines = answer.content.decode().split("\r\n")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert lines[0] == "BEGIN:VCALENDAR"
    assert f"DTSTART;VALUE=DATE:{row.day:%Y%m%d}" in lines
    assert "SUMMARY:Entries\\, amendments\\; all (C)" in lines
    assert "Entries\\, amendments\\; all" in read(cast.exams_officer).content.decode()


def test_svc9_a_calendar_tells_only_what_is_announced(cast: Cast) -> None:
    """No release time that nobody announced, no result, and no name of a person or centre."""
    make_results(cast.centre)
    release(make_sitting(), general=clock.now() + HOUR)
    answer = read(cast.exams_officer)
    assert answer.content.decode().count("BEGIN:VEVENT") == 0
    Release.objects.filter(kind=Artefact.RESULTS).update(announced=True)
    said = read(cast.exams_officer).content.decode()
    assert said.count("BEGIN:VEVENT") == 1
    for secret in ("Rhydderch", "@glan", "Jones", "68001", "Glan y Mor", key_of(Calendar.objects.get())):
        assert secret not in said


def test_svc9_the_address_opens_nothing_else(cast: Cast) -> None:
    program = Client()
    assert read(cast.exams_officer, program).status_code == 200
    assert not program.cookies
    key = key_of(Calendar.objects.get())
    for name in ("key-dates", "past-papers", "home"):
        assert program.get(reverse(name), {"key": key}).status_code == 302
    assert cast.exams_officer.user.email not in key


@pytest.mark.parametrize("change", ["flipped", "id", "short", "long", "other", "odd"])
def test_svc9_a_forged_address_is_a_page_that_never_was(cast: Cast, change: str) -> None:
    mine = make_calendar(actor=cast.user.membership)
    key, other = key_of(mine), key_of(Calendar(membership=cast.admin.membership))
    forged = {
        "flipped": key[:-1] + ("0" if key[-1] != "0" else "1"), "id": key[:32], "short": key[:-1], "long": f"{key}0",
        "other": mine.pk.hex + other[32:], "odd": "{" + key[:30] + "\u0133\x00",
    }[change]  # fmt: skip
    assert Client().get(reverse("calendar"), {"key": forged}).status_code == 404
    assert Client().get(reverse("calendar"), {"key": other}).status_code == 404
    assert Client().get(reverse("calendar"), {"key": key}).status_code == 200


@pytest.mark.parametrize("end", ["revoked", "left", "suspended", "place suspended", "own account frozen", "centre frozen"])
def test_svc9_the_address_ends_with_what_it_stands_for(cast: Cast, end: str) -> None:
    place = cast.user.membership
    key = key_of(make_calendar(actor=place))
    if end == "revoked":
        let_in(cast.user).post(reverse("calendar-revoke"))
    elif end == "left":
        close_membership(membership=place)
    elif end == "suspended":
        User.objects.filter(pk=cast.user.user.pk).update(is_active=False)
    elif end == "place suspended":
        type(place).objects.filter(pk=place.pk).update(suspended_at=clock.now())
    elif end == "own account frozen":
        User.objects.filter(pk=cast.user.user.pk).update(frozen_at=clock.now())
    else:
        Centre.objects.filter(pk=cast.centre.pk).update(frozen_at=clock.now())
    assert Client().get(reverse("calendar"), {"key": key}).status_code == 404


def test_svc9_a_person_makes_and_revokes_their_own_address_by_the_page(cast: Cast) -> None:
    browser = let_in(cast.user)
    browser.post(reverse("calendar-make"))
    browser.post(reverse("calendar-make"))
    first = Calendar.objects.get()
    assert key_of(first) in browser.get(reverse("key-dates")).content.decode()
    assert key_of(first) not in let_in(cast.admin).get(reverse("key-dates")).content.decode()
    let_in(cast.admin).post(reverse("calendar-revoke"))
    assert Calendar.objects.filter(revoked_at=None).count() == 1
    browser.post(reverse("calendar-revoke"))
    browser.post(reverse("calendar-revoke"))
    browser.post(reverse("calendar-make"))
    assert key_of(Calendar.objects.get(revoked_at=None)) != key_of(first)
    told = AuditEvent.objects.filter(number__in=(392, 393)).order_by("pk")
    assert [event.number for event in told] == [392, 393, 392]
    assert not any(key_of(one)[32:] in str(event.detail) for one in Calendar.objects.all() for event in told)
    with pytest.raises(IntegrityError), transaction.atomic():
        Calendar.objects.update(revoked_at=None)


def test_svc9_an_address_is_read_only_so_often(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SVC9_FEED_READS_PER_HOUR", 2)
    assert [read(cast.user).status_code for _number in range(3)] == [200, 200, 429]
    assert read(cast.admin).status_code == 200


def test_svc9_lines_are_folded_between_letters() -> None:
    title = "Dyddiad cau ŵŷ " * 20
    made = calendar(
        name="x", host="portal", dates=[Dated(key="k", day=date(2026, 3, 29), title=title)], now=datetime(2026, 1, 1, tzinfo=UTC)
    )
    lines = made.split(b"\r\n")
    assert max(map(len, lines)) == 75
    assert f"SUMMARY:{title}" in made.replace(b"\r\n ", b"").decode()
    assert all(line.decode() for line in lines[:-1])
    assert b"DTEND;VALUE=DATE:20260330" in lines


def test_svc9_staff_set_dates_and_the_trail_keeps_it(cast: Cast) -> None:
    browser = let_in(cast.staff)
    browser.post(reverse("admin:dates_keydate_add"), {"day": "2026-12-01", "title_en": "Deadline", "title_cy": "Dyddiad cau", "level": ""})
    row = KeyDate.objects.get()
    browser.post(reverse("admin:dates_keydate_delete", args=[row.pk]), {"post": "yes"})
    assert not KeyDate.objects.exists()
    assert list(AuditEvent.objects.filter(number__in=(390, 391)).order_by("pk").values_list("number", flat=True)) == [390, 391]
