"""SVC, ROLE: the home page, All Services and the services' pages, as each identity meets them."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from permissions.access import TABLE, Cell
from permissions.membership.access import set_rights
from permissions.models import Centre
from permissions.roles import Role
from services.catalogue import TILES, Tile
from tests.cast import Cast, Person

SignIn = Callable[[Person], Client]
PEOPLE = {Role.EXAMS_OFFICER: "exams_officer", Role.ADMIN: "admin", Role.USER: "user"}


def person(cast: Cast, role: Role) -> Person:
    """Return the member of the cast with this role at the first centre."""
    found: Person = getattr(cast, PEOPLE[role])
    return found


@pytest.mark.parametrize("role", list(Role))
def test_svc_all_services_shows_exactly_what_the_matrix_says(cast: Cast, signed_in: SignIn, role: Role) -> None:
    """Links to what is open, text with a tag for what can be asked for, no trace of the rest."""
    html = signed_in(person(cast, role)).get(reverse("services")).content.decode()
    for tile in TILES:
        cell = TABLE[tile.right][role]
        assert (f'href="{reverse(tile.url_name)}"' in html) is (cell is Cell.DEFAULT), tile.url_name
        if cell is Cell.NEVER:
            assert escape(str(tile.label)) not in html
    on_request = sum(TABLE[tile.right][role] is Cell.ON_REQUEST for tile in TILES)
    assert html.count("tag tag-neutral") == on_request


@pytest.mark.parametrize(("role", "tile"), list(product(Role, TILES)), ids=str)
def test_svc_each_page_opens_for_its_right_only(cast: Cast, signed_in: SignIn, role: Role, tile: Tile) -> None:
    """A page says what it will hold and when; a refusal says why and who can help, and never what is behind it."""
    response = signed_in(person(cast, role)).get(reverse(tile.url_name))
    html = response.content.decode()
    if TABLE[tile.right][role] is Cell.DEFAULT and tile.opens is None:
        assert response.status_code == 200
        assert f"<h1>{escape(str(tile.label))}</h1>" in html
    elif TABLE[tile.right][role] is Cell.DEFAULT:
        assert response.status_code == 200
        assert all(escape(str(sentence)) in html for sentence in (*tile.path, *tile.holds))
        assert f"{tile.opens:%Y-%m}" in html
    else:
        assert response.status_code == 403
        assert not any(escape(str(sentence)) in html for sentence in tile.holds)
        helped = TABLE[tile.right][role] is Cell.ON_REQUEST
        assert (cast.exams_officer.user.full_name in html) is helped
        assert (cast.admin.user.full_name in html) is helped
        assert cast.other_exams_officer.user.full_name not in html


def test_man1_a_change_of_access_counts_at_the_next_request(cast: Cast, signed_in: SignIn) -> None:
    """Given, the page opens; taken, it is closed; the browser stays signed in."""
    browser, url = signed_in(cast.user), reverse("scripts")
    right = next(tile.right for tile in TILES if tile.url_name == "scripts")
    assert browser.get(url).status_code == 403
    actor, place = cast.exams_officer.membership, cast.user.membership
    set_rights(actor=actor, membership=place, rights=[right])
    assert browser.get(url).status_code == 200
    set_rights(actor=actor, membership=place, rights=[])
    assert browser.get(url).status_code == 403


@pytest.mark.parametrize("name", ["home", "services", *(tile.url_name for tile in TILES)])
def test_svc_anonymous_visitors_are_sent_to_sign_in(client: Client, db: None, name: str) -> None:
    """Every page of this floor, home too."""
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("sign-in"))


@pytest.mark.parametrize("role", list(Role))
def test_home_names_the_person_the_centre_and_what_they_may_open(
    cast: Cast, signed_in: SignIn, role: Role, django_assert_max_num_queries: Any
) -> None:
    """Within eight queries, as every signed-in page."""
    someone = person(cast, role)
    browser = signed_in(someone)
    for name in ("home", "services"):
        browser.get(reverse(name))
        with django_assert_max_num_queries(8):
            html = browser.get(reverse(name)).content.decode()
        assert someone.user.full_name in html
        assert cast.centre.number in html
        assert ('href="' + reverse("manage-users") + '"' in html) is (role is not Role.USER)
    home = browser.get(reverse("home")).content.decode()
    for tile in TILES:
        assert (f'href="{reverse(tile.url_name)}"' in home) is (TABLE[tile.right][role] is Cell.DEFAULT)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("grade", ["grade-boundaries"]),
        ("ITEM  level", ["item-level-data"]),
        ("centre's a2c", ["a2c-keys"]),
        ("éntries", ["entries", "entries-make"]),
        ("nothing of the kind", []),
        ("\0\udcff<script>", []),
    ],
)
def test_svc_search_folds_accents_case_and_apostrophes(cast: Cast, signed_in: SignIn, query: str, found: list[str]) -> None:
    """On the server, within what the person is offered; odd input is looked for, not run."""
    browser = signed_in(cast.exams_officer)
    response = browser.get(reverse("services"), {"q": query.encode("utf-8", "surrogateescape")})
    html = response.content.decode()
    assert response.status_code == 200
    linked = [tile.url_name for tile in TILES if f'href="{reverse(tile.url_name)}"' in html]
    assert linked == found or (query == "éntries" and set(found) <= set(linked))
    assert "<script>" not in html.replace("<script src", "").replace("<script nonce", "")


def test_svc_search_never_finds_what_a_user_can_never_have(cast: Cast, signed_in: SignIn) -> None:
    """No count and no name tells of A2C keys."""
    html = signed_in(cast.user).get(reverse("services"), {"q": "a2c"}).content.decode()
    assert "A2C Access Keys" not in html


def test_home_of_staff_leads_to_the_help_desk(cast: Cast, signed_in: SignIn) -> None:
    """Staff have no centre and no services."""
    browser = signed_in(cast.staff)
    for name in ("home", "services"):
        html = browser.get(reverse(name)).content.decode()
        assert reverse("admin:index") in html
    assert browser.get(reverse("past-papers")).status_code == 403


def test_man5_people_of_a_frozen_centre_are_told(cast: Cast, signed_in: SignIn) -> None:
    """Home says so, services refuse."""
    browser = signed_in(cast.user)
    Centre.objects.filter(pk=cast.centre.pk).update(frozen_at="2027-01-01T00:00:00Z")
    assert "suspended" in browser.get(reverse("home")).content.decode()
    assert browser.get(reverse("past-papers")).status_code == 403


def test_services_answer_reads_only(cast: Cast, signed_in: SignIn) -> None:
    """No page of All Services takes a POST; where an embargo notice stands in the way, it leads to the notice."""
    browser = signed_in(cast.exams_officer)
    for name in ("home", "services", *(tile.url_name for tile in TILES)):
        assert browser.post(reverse(name)).status_code == (302 if name == "results-embargoed" else 405)
