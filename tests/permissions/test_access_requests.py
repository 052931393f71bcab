"""ROLE: a User asks with a purpose, every manager is told, the first answer counts, the asker hears of it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from permissions.access import TABLE, Cell
from permissions.access_pages import flow
from permissions.access_pages.refusals import (
    AlreadyAsked,
    AlreadyHandled,
    NotAsked,
    NothingChosen,
    NotToBeAsked,
    NotYoursToAnswer,
    ReasonMissing,
    TooManyRequests,
)
from permissions.access_pages.rules import answerable, askable, outcome_of, plain_words
from permissions.events import Event
from permissions.levels import Level, Service
from permissions.membership.access import set_rights
from permissions.membership.flow import close_membership
from permissions.membership.refusals import BeyondCeiling, EndDatePassed
from permissions.models import AccessRequest, AskedRight, Membership, Outcome
from permissions.policy import default_rights
from permissions.roles import Role
from permissions.scope import given, holdings, today
from portal import limits
from portal.audit.models import AuditEvent
from tests.cast import Cast, Person, let_in, make_member

SignIn = Callable[[Person], Client]
Post = Callable[[], list[EmailMultiAlternatives]]
ENTRIES, SCRIPTS = (Service.ENTRIES, Level.VIEW), (Service.VIEW_SCRIPTS, Level.VIEW)
MAKE, EMBARGOED = (Service.ENTRIES, Level.MAKE), (Service.RESULTS, Level.VIEW_EMBARGOED)


def ask(cast: Cast, *rights: tuple[Service, Level], by: Membership | None = None) -> AccessRequest:
    return flow.ask(actor=by or cast.user.membership, rights=rights or (ENTRIES,), purpose="I look after Year 11")


def answer(cast: Cast, request: AccessRequest, *give: tuple[Service, Level], by: Person | None = None, **more: object) -> AccessRequest:
    return flow.answer(actor=(by or cast.exams_officer).membership, request=request, give=give, **more)  # type: ignore[arg-type]


def events(event: Event) -> int:
    return AuditEvent.objects.filter(number=event.number).count()


def test_role_a_request_is_made_on_the_page_told_to_every_manager_and_approved(cast: Cast, signed_in: SignIn, post: Post) -> None:
    theirs = signed_in(cast.user)
    assert theirs.get(reverse("entries")).status_code == 403
    page = theirs.get(reverse("my-access") + "?ask=entries.view").content.decode()
    assert page.count(" checked") == 1
    assert "A2C Access Keys" not in page.partition('id="ask"')[2]
    done = theirs.post(reverse("my-access"), {"rights": ["entries.view"], "purpose": "I look after\nYear 11"}, follow=True)
    assert "We have told your Exams Officer and Admins" in done.content.decode()
    told = post()
    assert sorted(mail.to[0] for mail in told) == ["admin@glan.example", "eo@glan.example"]
    for mail in told:
        for part in (mail.body, str(mail.alternatives[0][0])):
            for words in ("Lowri Price", "View Entries", "I look after Year 11", "/access-requests/"):
                assert words in part
    ours = signed_in(cast.admin)
    assert "Lowri Price" in ours.get(reverse("access-requests")).content.decode()
    request = AccessRequest.objects.get()
    ours.post(reverse("access-request", args=[request.pk]), {"rights": ["entries.view"], "answer": "give"})
    assert theirs.get(reverse("entries")).status_code == 200
    (mail,) = post()
    assert mail.to == ["user@glan.example"]
    assert "You have been given the access you asked for." in mail.body
    assert "Bethan Lloyd" in mail.body
    assert (events(Event.ACCESS_ASKED), events(Event.ACCESS_REQUEST_ANSWERED), events(Event.ACCESS_CHANGED)) == (1, 1, 1)


def test_role_the_second_answer_sees_already_handled(cast: Cast, signed_in: SignIn) -> None:
    request = ask(cast)
    late = signed_in(cast.exams_officer)
    address = reverse("access-request", args=[request.pk])
    assert "Approve" in late.get(address).content.decode()
    answer(cast, request, ENTRIES, by=cast.admin)
    page = late.post(address, {"answer": "refuse", "reason": "No"}).content.decode()
    assert "Someone has already handled this request" in page
    assert "Bethan Lloyd" in page
    with pytest.raises(AlreadyHandled):
        answer(cast, request, reason="No")
    assert ENTRIES in given(cast.user.membership)


def test_role_it_can_be_narrowed_to_fewer_services_and_to_an_end_date(cast: Cast, post: Post) -> None:
    request, until = ask(cast, ENTRIES, SCRIPTS), today() + timedelta(days=30)
    post()
    with pytest.raises(ReasonMissing):
        answer(cast, request, SCRIPTS, ends_on=until)
    done = answer(cast, request, SCRIPTS, ends_on=until, reason="Scripts are enough")
    assert done.outcome == Outcome.NARROWED
    held = holdings(cast.user.membership)
    assert (held.get(SCRIPTS), ENTRIES in held) == (until, False)
    (mail,) = post()
    assert mail.body.index("View Scripts") < mail.body.index("Refused") < mail.body.index("View Entries")
    assert "Scripts are enough" in mail.body
    assert f"{until:%-d %B %Y}" in mail.body


def test_role_it_can_be_narrowed_to_a_lower_level(cast: Cast) -> None:
    admin = cast.admin.membership
    set_rights(actor=cast.exams_officer.membership, membership=admin, rights=default_rights(Role.ADMIN) - {MAKE, ENTRIES})
    request = ask(cast, MAKE, by=admin)
    assert answer(cast, request, ENTRIES, reason="View only").outcome == Outcome.NARROWED
    assert ENTRIES in given(admin)
    assert MAKE not in given(admin)


def test_role_an_approval_leaves_other_end_dates_alone(cast: Cast) -> None:
    first, second = today() + timedelta(days=5), today() + timedelta(days=9)
    answer(cast, ask(cast, ENTRIES), ENTRIES, ends_on=first)
    answer(cast, ask(cast, SCRIPTS), SCRIPTS, ends_on=second)
    held = holdings(cast.user.membership)
    assert (held[ENTRIES], held[SCRIPTS]) == (first, second)


def test_role_a_refusal_needs_a_reason_and_gives_nothing(cast: Cast, post: Post) -> None:
    request = ask(cast)
    post()
    with pytest.raises(ReasonMissing):
        answer(cast, request)
    answer(cast, request, reason="Ask your head of department")
    assert ENTRIES not in given(cast.user.membership)
    (mail,) = post()
    assert "Your request for access has been refused." in mail.body
    assert "Ask your head of department" in mail.body


def test_role_one_open_request_for_a_right_and_a_new_one_after_the_answer(cast: Cast) -> None:
    first = ask(cast)
    with pytest.raises(AlreadyAsked), transaction.atomic():
        ask(cast, ENTRIES, SCRIPTS)
    with pytest.raises(IntegrityError), transaction.atomic():
        AskedRight.objects.create(request=first, membership=cast.user.membership, service="entries", level="view")
    answer(cast, first, reason="Not now")
    assert ask(cast).outcome == ""


def test_role_what_cannot_be_asked_for(cast: Cast) -> None:
    with pytest.raises(NothingChosen):
        flow.ask(actor=cast.user.membership, rights=[], purpose="x")
    for right in (MAKE, EMBARGOED, (Service.A2C_KEYS, Level.MANAGE), (Service.RESOURCES, Level.VIEW)):
        with pytest.raises(NotToBeAsked):
            ask(cast, right)
    with pytest.raises(NotToBeAsked):
        ask(cast, ENTRIES, by=cast.exams_officer.membership)
    assert not AccessRequest.objects.exists()


def test_role_who_cannot_answer(cast: Cast) -> None:
    request = ask(cast)
    for person in (cast.user, cast.other_exams_officer):
        with pytest.raises(NotYoursToAnswer):
            answer(cast, request, ENTRIES, by=person)
    set_rights(actor=cast.exams_officer.membership, membership=cast.admin.membership, rights=default_rights(Role.ADMIN) - {SCRIPTS})
    own = ask(cast, SCRIPTS, by=cast.admin.membership)
    with pytest.raises(NotYoursToAnswer):
        answer(cast, own, SCRIPTS, by=cast.admin)


def test_a76_the_ceiling_and_the_givers_rights_are_judged_when_it_is_answered(cast: Cast) -> None:
    request = ask(cast, SCRIPTS)
    set_rights(actor=cast.exams_officer.membership, membership=cast.admin.membership, rights=default_rights(Role.ADMIN) - {SCRIPTS})
    with pytest.raises(BeyondCeiling), transaction.atomic():
        answer(cast, request, SCRIPTS, by=cast.admin)
    with pytest.raises(NotAsked):
        answer(cast, request, ENTRIES)
    with pytest.raises(EndDatePassed):
        answer(cast, request, SCRIPTS, ends_on=today() - timedelta(days=1))
    assert AccessRequest.objects.get().outcome == ""


def test_role_a_request_dies_with_the_membership(cast: Cast) -> None:
    request = ask(cast)
    close_membership(membership=cast.user.membership)
    assert not AccessRequest.objects.exists()
    with pytest.raises(AlreadyHandled):
        answer(cast, request, ENTRIES)


def test_role_one_takes_back_only_ones_own_request(cast: Cast, signed_in: SignIn) -> None:
    request = ask(cast)
    other = make_member(cast.centre, Role.USER, "other@glan.example")
    with pytest.raises(AlreadyHandled):
        flow.withdraw(actor=other.membership, request=request)
    signed_in(cast.user).post(reverse("access-request-withdraw", args=[request.pk]))
    request.refresh_from_db()
    assert request.outcome == Outcome.WITHDRAWN
    assert events(Event.ACCESS_REQUEST_WITHDRAWN) == 1


def test_role_requests_are_limited_in_a_day(cast: Cast) -> None:
    for _number in range(limits.ROLE_REQUESTS_PER_DAY):
        flow.withdraw(actor=cast.user.membership, request=ask(cast))
    with pytest.raises(TooManyRequests):
        ask(cast)


def test_role_the_forms_say_what_is_missing_and_keep_what_was_typed(cast: Cast, signed_in: SignIn) -> None:
    theirs = signed_in(cast.user)
    page = theirs.post(reverse("my-access"), {"rights": ["entries.view"], "purpose": ""}).content.decode()
    assert "Enter what you need it for" in page
    assert "checked" in page
    page = theirs.post(reverse("my-access"), {"purpose": "Year 11"}).content.decode()
    assert "Select at least one service" in page
    assert "Year 11" in page
    address = reverse("access-request", args=[ask(cast).pk])
    ours = signed_in(cast.admin)
    assert "Select what you give" in ours.post(address, {"answer": "give"}).content.decode()
    assert "Enter the reason for refusing" in ours.post(address, {"answer": "refuse"}).content.decode()


def test_role_all_services_and_the_refusal_lead_to_asking(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.user)
    link = f"{reverse('my-access')}?ask=entries.view#ask"
    assert link in browser.get(reverse("services")).content.decode()
    assert link in browser.get(reverse("entries")).content.decode()
    assert reverse("my-access") + "?ask=" not in browser.get(reverse("a2c-keys")).content.decode()


def test_role_the_list_costs_the_same_for_one_request_and_for_twenty(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    counts = []
    for number in range(20):
        person = make_member(cast.centre, Role.USER, f"p{number}@glan.example")
        ask(cast, ENTRIES, SCRIPTS, by=person.membership)
        if number in {0, 19}:
            with CaptureQueriesContext(connection) as seen:
                assert browser.get(reverse("access-requests")).status_code == 200
            counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("role", list(Role))
def test_role_what_is_askable_is_drawn_from_the_table(role: Role) -> None:
    expected = (
        set()
        if role is Role.EXAMS_OFFICER
        else {right for right, row in TABLE.items() if row[role] is not Cell.NEVER} - {(Service.RESOURCES, Level.VIEW)}
    )
    assert askable(role, []) == expected
    assert askable(role, TABLE) == set()


def test_role_an_answer_may_give_what_was_asked_or_less() -> None:
    assert answerable([MAKE]) == {MAKE, ENTRIES}
    assert answerable([ENTRIES]) == {ENTRIES}
    assert outcome_of([MAKE], [MAKE]) is Outcome.APPROVED
    assert outcome_of([MAKE], [ENTRIES]) is Outcome.NARROWED
    assert outcome_of([MAKE], []) is Outcome.REFUSED


def test_role_all_of_it_until_a_day_is_no_part(cast: Cast, post: Post) -> None:
    request, until = ask(cast, ENTRIES), today() + timedelta(days=30)
    post()
    assert answer(cast, request, ENTRIES, ends_on=until).outcome == Outcome.APPROVED
    (mail,) = post()
    assert "You have been given the access you asked for." in mail.body
    assert f"{until:%-d %B %Y}" in mail.body


def test_a105_words_for_others_stand_on_one_visible_line() -> None:
    assert plain_words("Set\n 3\u202e\x07 w\u0302") == "Set 3 ŵ"


def test_role_the_last_day_counts_until_midnight_in_london(cast: Cast) -> None:
    with time_machine.travel("2027-07-31 22:50:00+00:00", tick=False) as clock_of_the_test:
        answer(cast, ask(cast), ENTRIES, ends_on=date(2027, 7, 31))
        browser = let_in(cast.user)
        clock_of_the_test.move_to("2027-07-31 22:59:59+00:00")
        assert browser.get(reverse("entries")).status_code == 200
        clock_of_the_test.move_to("2027-07-31 23:00:00+00:00")
        refused = browser.get(reverse("entries"))
        assert refused.status_code == 403
        assert "Your access to this service has ended." in refused.content.decode()
        assert flow.ask(actor=cast.user.membership, rights=[ENTRIES], purpose="The next series").outcome == ""
