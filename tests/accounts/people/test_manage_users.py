"""MAN-1: the list of a centre's people and invites, through requests."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from urllib.parse import urljoin

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from accounts.models import Factor, Invitation, User
from permissions.models import Grant, Membership
from permissions.roles import Role
from permissions.scope import today
from portal import clock
from portal.folding import fold
from tests.cast import Cast, Person, invite, make_member

SignIn = Callable[[Person], Client]


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', page)


def links_of(page: str, start: str = "/manage-users/") -> set[str]:
    """Return where the links of a page lead on this site, seen from its address."""
    found = (unescape(link) for link in re.findall(r'href="([^"#]+)', page))
    return {urljoin(start, link) for link in found if ":" not in link and not link.startswith("/static/")}


def listed(browser: Client, **asked: str) -> str:
    return browser.post(reverse("manage-users"), asked, follow=True).content.decode()


def test_man1_people_and_invites_stand_in_one_list_with_their_states(cast: Cast, signed_in: SignIn) -> None:
    invite(cast.exams_officer, "elin@glan.example")
    page = signed_in(cast.exams_officer).get(reverse("manage-users")).content.decode()
    assert names(page) == ["Nia Jones", "Bethan Lloyd", "Lowri Price", "Elin Wyn"]
    for shown in (
        "(you)",
        "Authenticator App",
        "Never signed in",
        "Queued",
        "1 of 3 Admin accounts used",
        "Showing 1 to 4 of 4 users",
        "All services",
    ):
        assert shown in page
    assert "Huw Parry" not in page


def test_man1_three_dots_open_the_acts_that_are_allowed(cast: Cast, signed_in: SignIn) -> None:
    waiting = invite(cast.exams_officer, "elin@glan.example")
    page = signed_in(cast.admin).get(reverse("manage-users")).content.decode()
    linked = links_of(page)
    assert "Actions for Lowri Price" in page
    assert "Actions for Elin Wyn" in page
    assert "Actions for Nia Jones" not in page
    assert "Actions for Bethan Lloyd" not in page
    assert reverse("manage-access", args=[cast.user.membership.pk]) in linked
    assert reverse("delete-user", args=[cast.user.membership.pk]) in linked
    assert reverse("suspend-user", args=[cast.user.membership.pk]) not in linked
    for name in ("invite-resend", "invite-correct", "invite-withdraw"):
        assert reverse(name, args=[waiting.membership_id]) in linked


def test_man1_every_link_of_the_list_and_of_a_person_leads_to_a_page(cast: Cast, signed_in: SignIn) -> None:
    """They are written relative to the page, which keeps 50 rows light."""
    waiting, browser = invite(cast.exams_officer, "elin@glan.example"), signed_in(cast.exams_officer)
    for start in (reverse("manage-users"), *(reverse("manage-user", args=[pk]) for pk in (cast.user.membership.pk, waiting.membership_id))):
        linked = links_of(browser.get(start).content.decode(), start)
        assert [link for link in linked if link.startswith("/manage-users/")]
        for link in linked:
            assert resolve(link.partition("?")[0]).url_name, link


def test_man1_a_row_weighs_less_than_a_kilobyte(cast: Cast, signed_in: SignIn) -> None:
    """Three dots, box, state and all: what repeats in each row counts fifty times."""
    page = signed_in(cast.exams_officer).get(reverse("manage-users")).content.decode()
    (row,) = (row for row in page.split("<tr>") if "user@glan.example" in row)
    assert len(row.partition("</tr>")[0].encode()) < 1000


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("sian", ["Siân Ŵyn"]),
        ("SIÂN", ["Siân Ŵyn"]),
        ("wyn", ["Siân Ŵyn"]),
        ("o'neill", ["Aoife O’Neill"]),
        ("price lowri", ["Lowri Price"]),
        ("user@glan", ["Lowri Price"]),
        ("100%", []),
        ("_", []),
        ("nobody", []),
    ],
)
def test_man1_search_finds_names_and_addresses_without_accents(cast: Cast, signed_in: SignIn, search: str, found: list[str]) -> None:
    make_member(cast.centre, Role.USER, "s@glan.example", first_name="Siân", last_name="Ŵyn")
    make_member(cast.centre, Role.USER, "a@glan.example", first_name="Aoife", last_name="O’Neill")
    page = listed(signed_in(cast.exams_officer), search=search)
    assert names(page) == found
    if not found:
        assert "No users found" in page


def test_what_is_searched_for_never_stands_in_an_address(cast: Cast, signed_in: SignIn) -> None:
    answer = signed_in(cast.exams_officer).post(reverse("manage-users"), {"search": "user@glan.example", "role": "user"})
    assert "role=user" in answer["Location"]
    assert "glan" not in answer["Location"]


@pytest.mark.parametrize("find", ["x", "é", "A" * 5000])
def test_a_forged_search_is_no_search(cast: Cast, signed_in: SignIn, find: str) -> None:
    answer = signed_in(cast.exams_officer).get(reverse("manage-users"), {"find": find})
    assert len(names(answer.content.decode())) == 3


def test_man1_filters_narrow_the_list(cast: Cast, signed_in: SignIn) -> None:
    invite(cast.exams_officer, "elin@glan.example")
    old = invite(cast.exams_officer, "old@glan.example", first_name="Hen", last_name="Un")
    Invitation.objects.filter(pk=old.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    User.objects.filter(pk=cast.user.user.pk).update(is_active=False)
    Factor.objects.filter(user=cast.admin.user).delete()
    browser = signed_in(cast.exams_officer)
    asked = {
        ("role", "admin"): ["Bethan Lloyd"],
        ("status", "active"): ["Nia Jones", "Bethan Lloyd"],
        ("status", "invited"): ["Elin Wyn"],
        ("status", "expired"): ["Hen Un"],
        ("status", "suspended"): ["Lowri Price"],
        ("access", "a2c_keys.manage"): ["Nia Jones", "Bethan Lloyd"],
        ("access", "entries.view"): ["Nia Jones", "Bethan Lloyd"],
        ("mfa", "app"): ["Nia Jones", "Lowri Price"],
        ("mfa", "none"): ["Bethan Lloyd", "Hen Un", "Elin Wyn"],
    }
    for (name, value), found in asked.items():
        assert names(listed(browser, **{name: value})) == found, (name, value)


def test_man1_dormant_is_ninety_days_without_signing_in(cast: Cast, signed_in: SignIn) -> None:
    old = clock.now() - timedelta(days=91)
    User.objects.filter(pk__in=[cast.user.user.pk, cast.exams_officer.user.pk]).update(last_login=old)
    Membership.objects.filter(user=cast.admin.user).update(accepted_at=old)
    browser = signed_in(cast.exams_officer)
    assert names(listed(browser, status="dormant")) == ["Bethan Lloyd", "Lowri Price"]
    User.objects.filter(pk=cast.admin.user.pk).update(last_login=clock.now() - timedelta(days=89))
    assert names(listed(browser, status="dormant")) == ["Lowri Price"]


def test_man1_an_access_that_has_ended_is_not_found(cast: Cast, signed_in: SignIn) -> None:
    give = Grant.objects.create(membership=cast.user.membership, service="iamis", level="enter_marks", ends_on=today())
    browser = signed_in(cast.exams_officer)
    assert "Lowri Price" in names(listed(browser, access="iamis.enter_marks"))
    Grant.objects.filter(pk=give.pk).update(ends_on=today() - timedelta(days=1))
    assert "Lowri Price" not in names(listed(browser, access="iamis.enter_marks"))


@pytest.mark.parametrize("sort", ["password", "user__password", "name; drop table", "-", "role__startswith"])
def test_a108_only_known_sorts_and_filters_reach_the_database(cast: Cast, signed_in: SignIn, sort: str) -> None:
    answer = signed_in(cast.exams_officer).get(
        reverse("manage-users"), dict.fromkeys(("sort", "role", "status", "access", "mfa", "at"), sort)
    )
    assert names(answer.content.decode()) == ["Nia Jones", "Bethan Lloyd", "Lowri Price"]


def test_man1_columns_sort_both_ways(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    for sort, first in (("-name", "Lowri Price"), ("type", "Nia Jones"), ("-type", "Lowri Price"), ("last", "Nia Jones")):
        page = browser.get(reverse("manage-users"), {"sort": sort}).content.decode()
        assert names(page)[0] == first, sort
        assert "aria-sort=" in page


def test_man1_fifty_a_page_and_the_number_of_queries_does_not_grow(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    counts = []
    for start, end in ((0, 1), (1, 9)):
        for number in range(start, end):
            invite(cast.exams_officer, f"i{number}@glan.example", first_name=f"Gwestai {number}")
            make_member(cast.centre, Role.USER, f"u{number}@glan.example", last_name=f"Zz{number}")
        browser.get(reverse("manage-users"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            browser.get(reverse("manage-users"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10
    Membership.objects.bulk_create(Membership(centre=cast.centre, role=Role.USER) for _each in range(60))
    assert "Page 1 of 2" in browser.get(reverse("manage-users")).content.decode()
    for page in ("2", "999999999", "0", "x", "-1", "9" * 400):
        answer = browser.get(reverse("manage-users"), {"page": page})
        assert answer.status_code == 200
    assert "Page 2 of 2" in browser.get(reverse("manage-users"), {"page": "99999"}).content.decode()


def test_a10_foreign_and_missing_people_are_alike_not_found(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    foreign = cast.other_exams_officer.membership.pk
    elsewhere = invite(cast.other_exams_officer, "x@cwm.example").membership_id
    missing = "00000000-0000-4000-8000-000000000000"
    names_of_pages = ("manage-user", "manage-access", "delete-user", "invite-resend", "invite-correct", "invite-withdraw")
    for name in names_of_pages:
        for pk in (foreign, elsewhere, missing):
            assert browser.get(reverse(name, args=[pk])).status_code == 404, name
            if name != "manage-user":
                assert browser.post(reverse(name, args=[pk]), {"rights": []}).status_code == 404, name


def test_man1_one_persons_page_offers_the_same_acts_as_links(cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.exams_officer).get(reverse("manage-user", args=[cast.user.membership.pk])).content.decode()
    for shown in ("Lowri Price", "user@glan.example", "Manage Access", "Suspend", "Delete User"):
        assert shown in page


def test_a103_names_are_escaped(cast: Cast, signed_in: SignIn) -> None:
    User.objects.filter(pk=cast.user.user.pk).update(first_name="<script>alert(1)</script>", job_role='"><img src=x>')
    for url in (reverse("manage-users"), reverse("manage-user", args=[cast.user.membership.pk])):
        page = signed_in(cast.exams_officer).get(url).content.decode()
        assert "<script>alert" not in page
        assert "<img" not in page


def test_fold_is_one_form_for_all_spellings() -> None:
    assert {fold("Siân ŴYN"), fold("sian wyn"), fold("Sia\u0302n W\u0302yn")} == {"sian wyn"}
    assert fold("O’Neill") == fold("o'neill")
