"""What a sign-in asks of the database: on results morning everybody does so at once (F34)."""

from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import KnownBrowser, User
from accounts.passwords import checking
from accounts.sessions import known
from portal import clock
from tests.cast import Cast

MOST = {"sign-in": (0, 1), "sign-in-password": (1, 8), "sign-in-factor": (2, 17)}
"""Statements of a page, and of the form sent from it, by somebody with an app in a browser that is new, which takes most."""


def test_f34_a_sign_in_from_a_new_browser_asks_no_more_than_it_must(cast: Cast, django_assert_max_num_queries: Any) -> None:
    person, browser = cast.exams_officer, Client()
    User.objects.filter(pk=person.user.pk).update(last_login=clock.now())
    checking.costs_in_use()  # read once a minute
    told = {"sign-in": {"email": person.user.email}, "sign-in-password": {"password": person.password}}
    for name, (page, form) in MOST.items():
        with django_assert_max_num_queries(page):
            assert browser.get(reverse(name)).status_code == 200
        with django_assert_max_num_queries(form):
            assert browser.post(reverse(name), told.get(name) or {"code": person.app_code()}).status_code == 302
    assert browser.session["_auth_user_id"] == str(person.user.pk)


def test_a20_the_latest_twenty_browsers_of_a_person_are_kept(cast: Cast) -> None:
    for person in (cast.user, cast.admin):
        for number in range(22):
            known._add(person.user, f"{number:064}", clock.now())
        known._add(person.user, f"{21:064}", clock.now())
    kept = KnownBrowser.objects.filter(user=cast.user.user).values_list("digest", flat=True)
    assert sorted(kept) == [f"{number:064}" for number in range(2, 22)]
    assert KnownBrowser.objects.filter(user=cast.admin.user).count() == 20
