"""MAN-4: once a term the Exams Officer confirms or removes each person, dormant accounts first; a reminder comes when it is due."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.people.delete import delete_member
from permissions.centres.flow import freeze
from permissions.events import Event
from permissions.models import Confirmation, Membership, Review
from permissions.review.flow import NobodyChosen, NotYoursToReview, confirm
from permissions.review.queries import progress
from permissions.review.reminders import send_due
from permissions.review.terms import Season, Term, term_of
from permissions.roles import Role
from portal import clock, limits
from portal.audit.models import AuditEvent
from tests.cast import Cast, Person, make_member

SignIn = Callable[[Person], Client]
Post = Callable[[], list[EmailMultiAlternatives]]
PAGE = "/access-review/"
START, LATE, OVER = "2026-09-02 10:00:00+00:00", "2026-10-01 10:00:00+00:00", "2026-10-20 10:00:00+00:00"


def seen(person: Person, days: int | None) -> None:
    """Say how many days ago somebody last signed in."""
    person.user.last_login = None if days is None else clock.now() - timedelta(days=days)
    person.user.save(update_fields=["last_login"])


@pytest.mark.parametrize(
    ("day", "key"),
    [
        (date(2026, 12, 31), "2026-autumn"),
        (date(2026, 9, 1), "2026-autumn"),
        (date(2026, 8, 31), "2026-summer"),
        (date(2026, 4, 16), "2026-summer"),
        (date(2026, 4, 15), "2026-spring"),
        (date(2027, 1, 1), "2027-spring"),
    ],
)
def test_man4_every_day_lies_in_one_term(day: date, key: str) -> None:
    assert term_of(day).key == key


def test_man4_two_reminders_a_term_and_none_after_its_end() -> None:
    term = Term(Season.AUTUMN, 2026)
    last = term.due_on - timedelta(days=limits.MAN4_LAST_REMINDER_DAYS)
    days = (term.starts_on, last - timedelta(days=1), last, term.due_on, term.due_on + timedelta(days=1))
    assert [term.reminders_due(day) for day in days] == [1, 1, 2, 2, 0]


def test_man4_dormant_accounts_stand_first_and_confirmed_ones_last(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    never = make_member(cast.centre, Role.USER, "a@glan.example", first_name="Never")
    long_ago = make_member(cast.centre, Role.USER, "b@glan.example", first_name="Longago")
    Membership.objects.filter(pk=never.membership.pk).update(accepted_at=clock.now() - timedelta(days=limits.MAN4_DORMANT_DAYS + 1))
    make_member(cast.centre, Role.USER, "n@glan.example", first_name="Newcomer")
    recent = make_member(cast.centre, Role.USER, "c@glan.example", first_name="Recent")
    for person, days in ((cast.admin, 1), (cast.user, 0), (long_ago, limits.MAN4_DORMANT_DAYS + 1), (recent, limits.MAN4_DORMANT_DAYS - 1)):
        seen(person, days)
    confirm(actor=cast.exams_officer.membership, places=[never.membership.pk])
    page = browser.get(PAGE).content.decode()
    names = re.findall(r'<th scope="row"><a [^>]+>(\w+)', page)
    assert names == ["Longago", "Newcomer", "Recent", "Bethan", "Lowri", "Never"]
    assert page.count("Dormant</span>") == 2
    assert "Confirmed: 1 of 6" in page


def test_man4_confirming_is_kept_recorded_and_shown(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    places = [str(cast.user.membership.pk), str(cast.admin.membership.pk)]
    page = browser.post(PAGE, {"place": places}, follow=True).content.decode()
    assert "2 people confirmed" in page
    assert "Finished" in page
    assert Confirmation.objects.filter(confirmed_by=cast.exams_officer.user).count() == 2
    events = AuditEvent.objects.filter(number=Event.ACCESS_CONFIRMED.number)
    assert {(event.actor_name, event.subject_name) for event in events} == {("Nia Jones", "Lowri Price"), ("Nia Jones", "Bethan Lloyd")}
    again = browser.post(PAGE, {"place": places}, follow=True).content.decode()
    assert "Select at least one person" in again
    assert events.count() == 2


def test_man4_a_removed_person_leaves_the_review_and_a_new_one_joins_it(cast: Cast) -> None:
    officer, term = cast.exams_officer.membership, term_of(clock.london(clock.now()).date())
    confirm(actor=officer, places=[cast.user.membership.pk])
    delete_member(actor=cast.exams_officer.user, membership=cast.user.membership)
    assert (progress(cast.centre, term).confirmed, progress(cast.centre, term).total) == (0, 1)
    make_member(cast.centre, Role.USER, "new@glan.example")
    assert progress(cast.centre, term).left == 2


def test_man4_only_the_exams_officer_confirms_and_only_people_of_their_centre(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.admin)
    assert "Only the Exams Officer can confirm people" in browser.get(PAGE).content.decode()
    assert browser.post(PAGE, {"place": [str(cast.user.membership.pk)]}).status_code == 403
    assert signed_in(cast.user).get(PAGE).status_code == 403
    for person in (cast.admin, cast.user):
        with pytest.raises(NotYoursToReview):
            confirm(actor=person.membership, places=[cast.user.membership.pk])
    stranger = make_member(cast.other_centre, Role.USER, "x@cwm.example")
    for place in (stranger.membership.pk, cast.exams_officer.membership.pk):
        with pytest.raises(NobodyChosen):
            confirm(actor=cast.exams_officer.membership, places=[place])
    freeze(actor=cast.staff.user, centre=cast.centre)
    with pytest.raises(NotYoursToReview):
        confirm(actor=cast.exams_officer.membership, places=[cast.user.membership.pk])
    assert not Confirmation.objects.exists()


def test_man4_the_database_keeps_one_review_a_term_and_one_confirmation_a_person(cast: Cast) -> None:
    confirm(actor=cast.exams_officer.membership, places=[cast.user.membership.pk])
    review = Review.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Confirmation.objects.create(review=review, membership=cast.user.membership)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(centre=cast.centre, term=review.term)


def test_man4_the_next_term_asks_anew(cast: Cast) -> None:
    with time_machine.travel(START, tick=False):
        confirm(actor=cast.exams_officer.membership, places=[cast.user.membership.pk])
    with time_machine.travel("2027-01-05 10:00:00+00:00", tick=False):
        assert confirm(actor=cast.exams_officer.membership, places=[cast.user.membership.pk]) == 1
    assert Review.objects.count() == 2


def test_man4_the_exams_officer_is_reminded_at_the_start_and_once_more(cast: Cast, post: Post) -> None:
    with time_machine.travel(START, tick=False):
        assert send_due() == 1  # the other centre has nobody to confirm
        assert send_due() == 0
        (mail,) = post()
    assert mail.to == ["eo@glan.example"]
    for part in (mail.body, str(mail.alternatives[0][0])):
        for words in ("People to confirm: 2", "13 October 2026", PAGE):
            assert words in part
        assert "Lowri" not in part
    with time_machine.travel(LATE, tick=False):
        assert (send_due(), send_due(), len(post())) == (1, 0, 1)
    with time_machine.travel(OVER, tick=False):
        assert send_due() == 0
    assert AuditEvent.objects.filter(number=Event.REVIEW_REMINDED.number).count() == 2


def test_man4_nobody_is_reminded_of_a_finished_review_or_a_frozen_centre(cast: Cast) -> None:
    with time_machine.travel(START, tick=False):
        confirm(actor=cast.exams_officer.membership, places=[cast.user.membership.pk, cast.admin.membership.pk])
        assert send_due() == 0
        make_member(cast.centre, Role.USER, "new@glan.example")
        freeze(actor=cast.staff.user, centre=cast.centre)
        assert send_due() == 0


def test_man4_the_page_asks_the_same_queries_for_two_people_and_for_sixty(cast: Cast, signed_in: SignIn) -> None:
    browser, counts = signed_in(cast.exams_officer), []
    for more in (0, 60):
        for number in range(more):
            make_member(cast.centre, Role.USER, f"p{number}@glan.example")
        with CaptureQueriesContext(connection) as asked:
            page = browser.get(PAGE, {"page": "2"})
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert "Page 2 of 2" in page.content.decode()
    assert browser.get(PAGE, {"page": "9" * 400}).status_code == 200
