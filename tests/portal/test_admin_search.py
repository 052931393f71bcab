"""contract.md, Paths: what staff search for in a list of the help desk stands in no address in the clear; pages, filters and order go on working."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from portal import limits
from tests.cast import Cast, Person, make_person

LIST = "admin:accounts_user_changelist"


@pytest.fixture
def staff(cast: Cast, signed_in: Callable[[Person], Client]) -> Client:
    return signed_in(cast.staff)


def searched(browser: Client, words: str, query: str = "") -> str:
    """Search and return the address it leads to."""
    return browser.post(reverse(LIST) + query, {"q": words})["Location"]


def test_a_search_travels_sealed_with_the_filters_and_the_order_and_begins_at_the_first_page(staff: Client) -> None:
    where = searched(staff, "user@glan.example", "?is_staff__exact=0&o=2&p=3&q=old")
    assert "glan" not in where
    asked = parse_qs(urlsplit(where).query)
    assert asked.keys() == {"is_staff__exact", "o", "q"}
    assert asked["q"] != ["old"]


def test_the_list_shows_what_was_asked_and_its_links_carry_the_seal_on(staff: Client) -> None:
    for number in range(30):
        make_person(f"wyn{number}@glan.example", first_name="Elin", last_name="Wyn", is_staff=True)
    page = staff.get(searched(staff, "elin wyn", "?is_staff__exact=1")).content.decode()
    assert 'value="elin wyn"' in page
    assert "wyn1@glan.example" in page
    assert "user@glan.example" not in page
    links = [unescape(link) for link in re.findall(r'href="(\?[^"]*)"', page)]
    (second,) = {link for link in links if "p=2" in parse_qs(link[1:]).get("p", []) or "p=2" in link}
    assert not [link for link in links if "elin" in link.lower()]
    assert [link for link in links if "is_staff__exact=0" in link and "q=" in link], "another filter keeps the search"
    assert staff.get(reverse(LIST) + second).content.decode().count("@glan.example") == 5


def test_words_in_the_clear_ask_nothing_and_an_empty_search_ends_one(staff: Client) -> None:
    page = staff.get(reverse(LIST), {"q": "lowri"}).content.decode()
    assert "user@glan.example" in page
    assert "eo@cwm.example" in page
    assert 'value="lowri"' not in page
    assert searched(staff, "  ", "?q=old") == reverse(LIST)


def test_help1_a_search_that_is_too_long_is_cut(staff: Client) -> None:
    page = staff.get(searched(staff, "x" * 5000)).content.decode()
    assert f'value="{"x" * limits.HELP1_SEARCH_LONGEST}"' in page


@pytest.mark.parametrize(
    "name", ["accounts_invitation", "accounts_succession", "accounts_factorreset", "outbox_message", "audit_auditevent"]
)
def test_every_list_with_a_search_posts_it(staff: Client, name: str) -> None:
    where = reverse(f"admin:{name}_changelist")
    assert 'id="changelist-search" method="post"' in staff.get(where).content.decode()
    assert "glan" not in staff.post(where, {"q": "user@glan.example"})["Location"]
