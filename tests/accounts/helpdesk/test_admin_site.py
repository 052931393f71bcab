"""HELP-1: Django's own sign-out and password pages stand aside for ours."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.cast import PASSWORD, Cast, Person

SignIn = Callable[[Person], Client]


def test_sign6_signing_out_of_the_admin_is_signing_out_of_the_portal(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.staff)
    assert browser.get(reverse("admin:logout")).status_code == 405
    assert browser.get(reverse("admin:index")).status_code == 200
    assert browser.post(reverse("admin:logout")).status_code == 302
    assert browser.get(reverse("admin:index")).status_code == 302


def test_mfa3_a_password_is_not_changed_in_the_admin(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.staff)
    form = {"old_password": PASSWORD, "new_password1": "velvet compass 31", "new_password2": "velvet compass 31"}
    answer = browser.post(reverse("admin:password_change"), form)
    assert answer["Location"] == reverse("change-password")
    assert User.objects.get(pk=cast.staff.user.pk).check_password(PASSWORD)
