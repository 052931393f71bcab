"""HELP-1: people are found by name, address or centre number, without accents, in a constant number of queries."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.helpdesk.find import find
from accounts.models import User
from permissions.roles import Role
from tests.cast import Cast, invite, let_in, make_member


def search(browser: Client, text: str) -> str:
    answer = browser.post(reverse("admin-find"), {"search": text})
    assert answer.status_code == 302
    assert text not in answer["Location"]
    return browser.get(answer["Location"]).content.decode()


def test_help1_the_page_finds_people_invites_and_centres_and_keeps_words_out_of_addresses(cast: Cast) -> None:
    make_member(cast.centre, Role.USER, "sian@glan.example", first_name="Siân", last_name="Ŵyn")
    invite(cast.admin, "elin@glan.example")
    browser = let_in(cast.staff)
    assert "sian@glan.example" in search(browser, "wyn SIAN")
    assert "elin@glan.example" in search(browser, "elin@glan")
    page = search(browser, "68001")
    for shown in ("user@glan.example", "elin@glan.example", reverse("admin:permissions_centre_change", args=[cast.centre.pk])):
        assert shown in page
    assert "eo@cwm.example" not in page
    assert "Coleg y Cwm" in search(browser, "coleg y")
    assert "staff@board.example" in search(browser, "morgan")
    assert "Nothing found" in search(browser, "zzzz")
    assert "There is a problem" in browser.post(reverse("admin-find"), {"search": " "}).content.decode()
    assert "Nothing found" not in browser.get(reverse("admin-find"), {"find": "forged"}).content.decode()
    assert reverse("admin-find") in browser.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("text", ["glan", "68001"])
def test_help1_the_number_of_queries_does_not_grow(cast: Cast, text: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            found = find(text)
            assert [f"{place.user} {place.centre}" for place in found.people]
            assert all(place.invitation.email for place in found.invites)
        return len(caught)

    before = queries()
    for number in range(5):
        make_member(cast.centre, Role.USER, f"more{number}@glan.example")
        invite(cast.exams_officer, f"waits{number}@glan.example")
    assert queries() == before <= 3


def test_help1_a_persons_page_costs_the_same_for_many_places(cast: Cast) -> None:
    browser, url = let_in(cast.staff), reverse("admin:accounts_user_change", args=[cast.user.user.pk])
    browser.get(url)
    with CaptureQueriesContext(connection) as few:
        browser.get(url)
    for number in range(3):
        invite(cast.other_exams_officer, f"x{number}@else.example")
    User.objects.filter(pk=cast.user.user.pk).update(job_role="x")
    with CaptureQueriesContext(connection) as many:
        browser.get(url)
    assert len(many) <= len(few)
