"""MAN-1: pages of 50 along the index of names, in the alphabet of the page's language, through requests."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.profile.flow import Profile, change_profile
from accounts.sessions.store import SessionStore
from accounts.signin.accept import join_centre, set_first_password
from permissions.membership.listing import listed_as
from permissions.models import Membership
from permissions.roles import Role
from portal import clock
from portal.folding import fold, name_key
from tests.accounts.people.test_manage_users import listed, names
from tests.cast import Cast, Person, invite, make_member

SignIn = Callable[[Person], Client]


def crowd(cast: Cast, *, many: int = 120) -> list[str]:
    """Put people into the centre whose names differ late, some with the very same name; returns all names as the list sorts them."""
    people = [
        User(email=f"c{number}@glan.example", first_name="Tom", last_name=f"Rees {chr(97 + number // 40)}{chr(97 + number // 2 % 20)}")
        for number in range(many)
    ]
    User.objects.bulk_create(people)
    Membership.objects.bulk_create(
        Membership(centre=cast.centre, role=Role.USER, user=one, accepted_at=clock.now(), **listed_as(one)) for one in people
    )
    everybody = User.objects.filter(memberships__centre=cast.centre)
    return [one.full_name for one in sorted(everybody, key=lambda one: name_key(one.last_name, one.first_name, "en"))]


def links(page: str) -> dict[str, str]:
    return {name: unescape(link) for link, name in re.findall(r'<a (?:rel="\w+" )?href="([^"]+)">(\w+ page)<', page)}


def walk(browser: Client, start: str, way: str) -> Iterator[str]:
    page = browser.get(start).content.decode()
    while True:
        yield page
        onward = links(page).get(way)
        if onward is None:
            return
        page = browser.get(onward).content.decode()


@pytest.mark.parametrize("sort", ["name", "-name", "type", "-last"])
def test_man1_next_and_previous_show_everybody_once(cast: Cast, signed_in: SignIn, sort: str) -> None:
    everybody = crowd(cast)
    browser = signed_in(cast.exams_officer)
    start = f"{reverse('manage-users')}?sort={sort}"
    pages = list(walk(browser, start, "Next page"))
    there = [name for page in pages for name in names(page)]
    assert sorted(there) == sorted(everybody)
    if sort == "name":
        assert there == everybody
    assert [f"Page {number} of 3" in page for number, page in enumerate(pages, 1)] == [True] * 3
    back = list(walk(browser, links(pages[0])["Last page"], "Previous page"))
    assert [name for page in reversed(back) for name in names(page)] == there


def test_man1_a_page_goes_on_where_the_last_one_ended_though_somebody_left(cast: Cast, signed_in: SignIn) -> None:
    everybody = crowd(cast)
    browser = signed_in(cast.exams_officer)
    onward = links(browser.get(reverse("manage-users")).content.decode())["Next page"]
    Membership.objects.filter(centre=cast.centre, role=Role.ADMIN).delete()
    assert names(browser.get(onward).content.decode())[0] == everybody[50]


def test_man1_a_page_of_one_language_opened_in_the_other_is_that_languages_page(cast: Cast, signed_in: SignIn) -> None:
    crowd(cast)
    browser = signed_in(cast.exams_officer)
    onward = links(browser.get(reverse("manage-users")).content.decode())["Next page"]
    browser.post(reverse("language"), {"language": "cy"})
    by_number = names(browser.get(reverse("manage-users"), {"page": "2"}).content.decode())
    assert names(browser.get(onward).content.decode()) == by_number
    assert len(by_number) == 50


def test_the_mark_of_a_page_tells_no_name(cast: Cast, signed_in: SignIn) -> None:
    crowd(cast)
    onward = links(signed_in(cast.exams_officer).get(reverse("manage-users")).content.decode())["Next page"]
    assert set(parse_qs(urlsplit(onward).query)) == {"page", "at"}
    assert "rees" not in onward.casefold()


@pytest.mark.parametrize("mark", ["x", "é", "A" * 5_000, ""])
def test_a153_a_forged_mark_is_no_mark(cast: Cast, signed_in: SignIn, mark: str) -> None:
    everybody = crowd(cast)
    answer = signed_in(cast.exams_officer).get(reverse("manage-users"), {"page": "2", "at": mark})
    assert names(answer.content.decode()) == everybody[50:100]


def test_man1_welsh_pages_sort_by_the_welsh_alphabet(cast: Cast, signed_in: SignIn) -> None:
    for number, last in enumerate(("Lynch", "Llwyd", "Lewis", "Cynan", "Chwefror", "Rhys", "Roberts", "Ŵyn")):
        make_member(cast.centre, Role.USER, f"w{number}@glan.example", first_name="Ann", last_name=last)
    browser = signed_in(cast.exams_officer)
    here = [name.removeprefix("Ann ") for name in names(listed(browser, search="ann"))]
    assert here == ["Chwefror", "Cynan", "Lewis", "Llwyd", "Lynch", "Rhys", "Roberts", "Ŵyn"]
    browser.post(reverse("language"), {"language": "cy"})
    there = [name.removeprefix("Ann ") for name in names(listed(browser, search="ann"))]
    assert there == ["Cynan", "Chwefror", "Lewis", "Lynch", "Llwyd", "Roberts", "Rhys", "Ŵyn"]


def test_man1_a_changed_name_and_a_corrected_address_are_found_at_once(cast: Cast, signed_in: SignIn) -> None:
    waiting = invite(cast.exams_officer, "elin@glan.example")
    signed_in(cast.user).post(
        reverse("profile-edit"), {"first_name": "Llŷr", "last_name": "Zachary", "language": "en", "title": "", "job_role": "", "phone": ""}
    )
    browser = signed_in(cast.exams_officer)
    assert names(listed(browser, search="llyr zach")) == ["Llŷr Zachary"]
    assert names(listed(browser, search=""))[-1] == "Llŷr Zachary"
    browser.post(reverse("invite-correct", args=[waiting.membership_id]), {"email": "ellen@glan.example"})
    assert names(listed(browser, search="ellen@")) == ["Elin Wyn"]
    assert names(listed(browser, search="elin@")) == []


def stale() -> list[str]:
    """Places whose copies of names and address are not those of their person or their invite."""
    places = Membership.objects.select_related("user", "invitation")
    people = [(place, place.user or getattr(place, "invitation", None)) for place in places]
    return [str(who) for place, who in people if who and any(getattr(place, name) != said for name, said in listed_as(who).items())]


def test_man1_no_deed_leaves_an_old_name_or_address_in_a_list(cast: Cast) -> None:
    elsewhere = invite(cast.other_exams_officer, "user@glan.example", first_name="Lowri Ann", last_name="Pryce")
    newcomer = invite(cast.exams_officer, "new@glan.example", first_name="Cai", last_name="Llŷr")
    assert not stale()
    set_first_password(invitation=newcomer, password="velvet compass 31", language="en")
    join_centre(invitation=elsewhere, person=cast.user.user, session=SessionStore())
    assert not stale()
    person = User.objects.get(pk=cast.user.user.pk)
    change_profile(actor=person, profile=Profile(title="", first_name="Zoe", last_name="Ffoulkes", job_role="", language="en", phone=""))
    assert not stale()
    person.email = "zoe@glan.example"
    person.save(update_fields=["email"])
    assert not stale()
    assert Membership.objects.filter(user=person, searched="zoe ffoulkes zoe@glan.example").count() == 2


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (("Lloyd", "Zoe"), ("Lloyd Jones", "Ann")),
        (("O'Brien", "A"), ("Obry", "A")),
        (("Żak", "A"), ("Ивано́в", "A")),
        (("Cai", "A"), ("Ĉab2", "B")),
    ],
)
def test_names_sort_as_people_expect(earlier: tuple[str, str], later: tuple[str, str]) -> None:
    assert name_key(*earlier, "en") < name_key(*later, "en") or earlier[0] == "Cai"
    assert re.fullmatch("[0-9a-z]*", name_key(*later, "en") + name_key(*later, "cy"))


def test_fold_and_keys_take_any_text() -> None:
    odd = "\ufdfa\U0001f600\u0000İß-’"
    assert len(name_key(odd * 80, odd, "cy")) <= 200
    assert fold(odd)
