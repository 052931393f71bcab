"""PRO-1: the cog page and the edit of one's own profile, through the pages."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.events import Event
from accounts.models import User
from accounts.profile.names import BadName, person_name, words
from accounts.profile.phones import BadPhone, phone_number
from portal.audit.models import AuditEvent
from tests.cast import Cast, Person

SignIn = Callable[[Person], Client]
FORM = {
    "title": "Dr",
    "first_name": "Siân",
    "last_name": "O’Brien",
    "job_role": "Head of Maths",
    "language": "en",
    "phone": "029 2026 5000",
}


def test_pro1_the_cog_page_shows_the_profile_and_the_ways_to_change_it(cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.user).get(reverse("profile")).content.decode()
    for shown in ("Lowri Price", "user@glan.example", "Edit", "Change password", "Change MFA method", "ithelpdesk@wjec.co.uk"):
        assert shown in page


def test_pro1_the_allowed_fields_change_and_the_trail_names_them(cast: Cast, signed_in: SignIn) -> None:
    answer = signed_in(cast.user).post(reverse("profile-edit"), FORM)
    assert answer["Location"] == reverse("profile")
    person = User.objects.get(pk=cast.user.user.pk)
    assert (person.title, person.first_name, person.last_name, person.job_role) == ("Dr", "Siân", "O’Brien", "Head of Maths")
    assert person.phone == "+44 29 2026 5000"
    event = AuditEvent.objects.get(number=Event.PROFILE_CHANGED.number)
    assert sorted(event.detail["changed"]) == ["first_name", "job_role", "last_name", "phone", "title"]
    assert "2026 5000" not in str(event.detail)


def test_pro1_a83_more_posted_fields_change_nothing(cast: Cast, signed_in: SignIn) -> None:
    before = User.objects.values("email", "is_staff", "is_superuser", "is_active", "password").get(pk=cast.user.user.pk)
    extra = {"email": "other@glan.example", "is_staff": "on", "is_superuser": "on", "role": "admin", "centre": "68002", "password": "x"}
    signed_in(cast.user).post(reverse("profile-edit"), FORM | extra)
    after = User.objects.values("email", "is_staff", "is_superuser", "is_active", "password").get(pk=cast.user.user.pk)
    assert after == before
    assert cast.user.membership.role == "user"


def test_pro1_the_language_counts_from_the_next_page_on(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.user)
    answer = browser.post(reverse("profile-edit"), FORM | {"language": "cy"})
    assert answer.cookies["portal_language"].value == "cy"
    assert '<html lang="cy"' in browser.get(reverse("profile")).content.decode()
    person = User.objects.get(pk=cast.user.user.pk)
    assert person.language == "cy"
    assert person.language_chosen_at is not None


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("first_name", "", "Enter a first name"),
        ("last_name", "www.evil.example", "Remove the web address"),
        ("first_name", "a" * 81, "at most 80 characters"),
        ("job_role", "see http://evil.example", "Remove the web address"),
        ("job_role", "see \u2764.example", "Remove the web address"),
        ("phone", "call me", "Enter a phone number"),
        ("language", "fr", "Select a language"),
    ],
)
def test_pro1_bad_input_is_said_beside_the_field_and_kept(cast: Cast, signed_in: SignIn, field: str, value: str, message: str) -> None:
    page = signed_in(cast.user).post(reverse("profile-edit"), FORM | {field: value}).content.decode()
    assert message in page
    assert "<title>Error:" in page
    assert "Head of Maths" in page or field == "job_role"
    assert User.objects.get(pk=cast.user.user.pk).first_name == "Lowri"


@pytest.mark.parametrize("name", ["Siân", "O’Brien", "Llŷr ap Gwilym", "J.R.", "Anne-Marie", "Ngũgĩ", "李小龙", "Admin 1"])
def test_a68_names_of_people_are_taken(name: str) -> None:
    assert person_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "evil.example", "http://x", "www.x", "a@b.example", "evil\u3002example", "evil\uff0eexample", "<b>Nia</b>", "Nia\u200b",
        "Nia\u202e", "Nia\x00", "...", "Nia/..", "evil\u0332.example", "evil-.example", "(evil).example",
    ],
)  # fmt: skip
def test_a68_what_looks_like_a_link_is_refused_as_a_name(name: str) -> None:
    with pytest.raises(BadName):
        person_name(name)


def test_words_are_kept_in_one_unicode_form_with_single_spaces() -> None:
    assert words("  Pennaeth   Llŷn\u0302 ".strip()) == words("Pennaeth Llŷn\u0302")
    assert person_name("Sia\u0302n") == "Siân"


@pytest.mark.parametrize(("text", "kept"), [("07700 900000", "+44 7700 900000"), ("+353 1 234 5678", "+353 1 234 5678")])
def test_phone_numbers_are_written_internationally(text: str, kept: str) -> None:
    assert phone_number(text) == kept


@pytest.mark.parametrize(
    "text", ["12", "abc", "=1+1", "\uff10\uff17\uff17\uff10\uff10 \uff19\uff10\uff10\uff10\uff10\uff10", "+44 7700 900000 900000"]
)
def test_what_is_no_phone_number_is_refused(text: str) -> None:
    with pytest.raises(BadPhone):
        phone_number(text)
