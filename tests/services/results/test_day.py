"""SVC 9: the page of results days. It tells what is public, by the database's clock, and the same whatever there is to see."""

from datetime import timedelta

import time_machine
from django.urls import reverse

from portal import clock
from services.releases.models import Release
from services.releases.sittings import results_days
from tests.cast import Cast, let_in
from tests.exams import HOUR, make_results, make_sitting, release

URL = reverse("results-day")


def announce(general: object) -> None:
    release(make_sitting(), general=general)  # type: ignore[arg-type]
    Release.objects.update(announced=True)


def test_svc9_before_at_and_after_the_day(cast: Cast) -> None:
    browser = let_in(cast.exams_officer)
    assert "No results day has been announced." in browser.get(URL).content.decode()
    release(make_sitting(), general=clock.now() + 27 * HOUR)
    assert "No results day has been announced." in browser.get(URL).content.decode()
    announce(clock.now() + 26 * HOUR + timedelta(minutes=12, seconds=30))
    page = browser.get(URL).content.decode()
    assert "GCSE, November 2026" in page
    assert "Time left: 26 h 13 min" in page
    assert "Refresh" in page
    announce(clock.now())
    page = browser.get(URL).content.decode()
    assert "Results day has begun." in page
    assert "Time left" not in page
    announce(clock.now() - 25 * HOUR)
    assert "No results day has been announced." in browser.get(URL).content.decode()


def test_svc9_the_page_is_the_same_whatever_there_is_to_see(cast: Cast) -> None:
    announce(clock.now() + 30 * HOUR)
    browser = let_in(cast.exams_officer)
    before = browser.get(URL).context["days"]
    make_results(cast.centre)
    after = browser.get(URL).context["days"]
    assert [str(day) for day in before] == [str(day) for day in after]
    assert "By candidate" not in browser.get(reverse("results")).content.decode()


def test_f22_the_time_left_is_the_databases(cast: Cast) -> None:
    announce(clock.now() + 2 * HOUR)
    with time_machine.travel(clock.now() + 3 * HOUR):
        (day,) = results_days()
        assert not day.is_out
        assert (day.hours, day.minutes) == (2, 0)


def test_svc9_the_time_left_is_said_as_people_say_it(cast: Cast) -> None:
    """Never 60 minutes, and the seconds that a script counts are never fewer than there are."""
    announce(clock.now() + 2 * HOUR - timedelta(seconds=30))
    (day,) = results_days()
    assert (day.hours, day.minutes) == (2, 0)
    assert 2 * 3600 - 35 < day.seconds <= 2 * 3600 - 29
    page = let_in(cast.exams_officer).get(URL).content.decode()
    assert 'data-words="Time left: H# h M# min"' in page
    assert "js/countdown.js" in page


def test_svc_candidate_results_lead_to_the_embargo_only_who_may_go_there(cast: Cast) -> None:
    from permissions.levels import Level, Service
    from permissions.membership.access import set_rights

    set_rights(actor=cast.exams_officer.membership, membership=cast.user.membership, rights=[(Service.RESULTS, Level.VIEW_RELEASED)])
    link = f'href="{reverse("results-embargoed")}"'
    assert link in let_in(cast.admin).get(reverse("results")).content.decode()
    assert link not in let_in(cast.user).get(reverse("results")).content.decode()
