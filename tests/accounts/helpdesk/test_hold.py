"""MFA-5: staff end the 24-hour hold after a reset; a person's page shows what protects the account."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.events import Event
from accounts.models import RecoveryCode, User
from portal import clock
from portal.audit.models import AuditEvent
from tests.cast import Cast, Person, make_person

SignIn = Callable[[Person], Client]


def ended() -> int:
    return AuditEvent.objects.filter(number=Event.HOLD_ENDED.number).count()


def test_mfa5_staff_end_the_hold_and_see_what_protects_the_account(cast: Cast, signed_in: SignIn) -> None:
    person, browser = cast.admin.user, signed_in(cast.staff)
    RecoveryCode.objects.bulk_create(RecoveryCode(user=person, selector=f"s{number}", password_hash="argon2hash") for number in range(3))
    User.objects.filter(pk=person.pk).update(held_until=clock.now() + timedelta(hours=5), frozen_at=clock.now())
    url = reverse("admin:person-act", args=[person.pk, "end-hold"])
    page = browser.get(reverse("admin:accounts_user_change", args=[person.pk])).content.decode()
    for shown in ("Recovery codes left: 3", "24-hour hold until:", "Frozen by its owner:", url):
        assert shown in page
    assert "argon2hash" not in page
    assert browser.get(url).status_code == 200
    assert User.objects.get(pk=person.pk).held_until is not None
    looks = make_person("looks@board.example", is_staff=True)
    looks.user.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "add_factorreset", "change_factorreset"]))
    assert signed_in(looks).post(url).status_code == 403
    browser.post(url, {"reason": "Called back."})
    assert User.objects.get(pk=person.pk).held_until is None
    page = browser.get(reverse("admin:accounts_user_change", args=[person.pk])).content.decode()
    assert "24-hour hold until:" not in page
    browser.post(url, {"reason": "Called back."})
    assert ended() == 1


def test_mfa5_a_hold_that_is_over_and_ones_own_are_not_ended(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.staff)
    for person, until in ((cast.admin, clock.now()), (cast.staff, clock.now() + timedelta(hours=1))):
        User.objects.filter(pk=person.user.pk).update(held_until=until)
        browser.post(reverse("admin:person-act", args=[person.user.pk, "end-hold"]), {"reason": "x"})
        assert User.objects.get(pk=person.user.pk).held_until is not None
    assert ended() == 0
