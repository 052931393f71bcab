"""The people of the tests: a fixed Exams Officer, Admin and User of one centre, an Exams Officer of another, and staff.

They are made through the same flows as real people, and sign in through the same pages.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.cache import cache as remembered
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.canonical import canonical_email
from accounts.factors.totp.key import new_seed
from accounts.factors.totp.rules import code_at, step_at
from accounts.invites.flow import Details, invite_person
from accounts.models import Factor, Invitation, Method, User
from accounts.sessions.middleware import SessionLifeMiddleware
from accounts.signin.flow import finish
from permissions.membership.flow import accept, open_membership
from permissions.models import Centre, Membership
from permissions.policy import default_rights
from permissions.roles import Role
from portal import clock
from portal.language import LanguageMiddleware
from portal.web.origin import OriginMiddleware
from tests.light_argon2 import LightArgon2

PASSWORD = "harbour lantern quilt 7"
_AROUND_SIGN_IN: Final = (
    OriginMiddleware,
    SessionMiddleware,
    LanguageMiddleware,
    CsrfViewMiddleware,
    AuthenticationMiddleware,
    SessionLifeMiddleware,
    MessageMiddleware,
)


@dataclass
class Person:
    """Somebody of the cast: the account, their password and their authenticator key."""

    user: User
    password: str = PASSWORD
    seed: str = ""

    @property
    def membership(self) -> Membership:
        """The person's only membership."""
        return Membership.objects.select_related("centre").get(user=self.user)

    def app_code(self) -> str:
        """What their authenticator app shows now."""
        return code_at(self.seed, step_at(clock.now().timestamp()))


@dataclass
class Cast:
    """Everybody, and the two centres."""

    centre: Centre
    other_centre: Centre
    exams_officer: Person
    admin: Person
    user: Person
    other_exams_officer: Person
    staff: Person


def make_centre(number: str = "68001", name: str = "Ysgol Glan y Mor", **details: Any) -> Centre:
    """Make a centre."""
    return Centre.objects.create(number=number, name=name, **details)


@cache
def _hash_of_the_password() -> str:
    # By name: it is kept for all tests, whatever hashing the first that asks has set.
    return LightArgon2().encode(PASSWORD, LightArgon2().salt())


def make_person(email: str, first_name: str = "Nia", last_name: str = "Jones", **details: Any) -> Person:
    """Make a person with a password and an authenticator app, but no centre."""
    # As `create_user` does, but with one hash for the whole cast: hashing anew for each person is most of what a test would cost.
    names = {"first_name": first_name, "last_name": last_name}
    password, now = _hash_of_the_password(), clock.now()
    user = User.objects.create(email=canonical_email(email), password=password, password_changed_at=now, **names, **details)
    seed = new_seed()
    Factor.objects.create(user=user, method=Method.APP, name="app", seed=seed, confirmed=True)
    return Person(user, seed=seed)


def make_member(centre: Centre, role: Role, email: str, *, rights: Any = None, **details: Any) -> Person:
    """Make a person with a seat and rights (the role's defaults unless given) in a centre."""
    person = make_person(email, **details)
    membership = open_membership(centre=centre, role=role, rights=default_rights(role) if rights is None else rights)
    accept(membership=membership, user=person.user)
    return person


def make_cast() -> Cast:
    """Make everybody."""
    remembered.clear()
    centre, other = make_centre(), make_centre("68002", "Coleg y Cwm")
    return Cast(
        centre=centre,
        other_centre=other,
        exams_officer=make_member(centre, Role.EXAMS_OFFICER, "eo@glan.example", first_name="Nia", last_name="Jones"),
        admin=make_member(centre, Role.ADMIN, "admin@glan.example", first_name="Bethan", last_name="Lloyd"),
        user=make_member(centre, Role.USER, "user@glan.example", first_name="Lowri", last_name="Price"),
        other_exams_officer=make_member(other, Role.EXAMS_OFFICER, "eo@cwm.example", first_name="Huw", last_name="Parry"),
        staff=make_person("staff@board.example", first_name="Sian", last_name="Morgan", is_staff=True, is_superuser=True),
    )


def sign_in(person: Person, client: Client | None = None) -> Client:
    """Sign somebody in through the real pages: e-mail, password, code of the app."""
    browser = half_sign_in(person, client)
    # A test may sign the same person in twice within one 30-second step; a real app would wait for the next code.
    Factor.objects.filter(user=person.user).update(last_step=0)
    answer = browser.post(reverse("sign-in-factor"), {"code": person.app_code()})
    assert answer.status_code == 302, answer.content.decode()
    assert browser.session.get("_auth_user_id") == str(person.user.pk)
    return browser


def let_in(person: Person, client: Client | None = None) -> Client:
    """Sign somebody in by the deed that ends a sign-in, inside the real middleware: what it leaves is the same, a hash and four pages cheaper.

    For tests of what comes afterwards; tests/accounts/signin/test_let_in.py compares the two.
    """
    browser = client or Client()
    user = User.objects.get(pk=person.user.pk)
    assert user.is_active
    assert user.frozen_at is None
    factor = Factor.objects.get(user=user, method=Method.APP, confirmed=True)
    Factor.objects.filter(pk=factor.pk).update(last_step=step_at(clock.now().timestamp()), used_at=clock.now())

    def last_step(request: HttpRequest) -> HttpResponse:
        finish(request=request, person=user, factor=factor)
        return HttpResponse()

    answer: Any = last_step
    for middleware in reversed(_AROUND_SIGN_IN):
        answer = middleware(answer)
    defaults: dict[str, Any] = browser.defaults
    request = RequestFactory(**defaults).post(reverse("sign-in-factor"))
    request.COOKIES.update({name: morsel.value for name, morsel in browser.cookies.items()})
    browser.cookies.update(answer(request).cookies)
    return browser


def half_sign_in(person: Person, client: Client | None = None) -> Client:
    """Take somebody as far as a right password: the code is still to come."""
    browser = client or Client()
    browser.post(reverse("sign-in"), {"email": person.user.email})
    answer = browser.post(reverse("sign-in-password"), {"password": person.password})
    assert answer.status_code == 302, answer.content.decode()
    return browser


def invite(inviter: Person, email: str, *, role: Role = Role.USER, rights: Any = None, **details: Any) -> Invitation:
    """Invite somebody through the flow, as a member of the inviter's centre would."""
    who = {"title": "", "first_name": "Elin", "last_name": "Wyn", "job_role": "", "language": "en"} | details
    return invite_person(
        actor=inviter.user,
        membership=inviter.membership,
        details=Details(email=email, **who),
        role=role,
        rights=default_rights(role) if rights is None else rights,
    )


def temporary_password_in(text: str) -> str:
    """Find the temporary password in an invite."""
    found = re.search(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b", text)
    assert found, text
    return found[0]


def code_in(text: str, digits: int = 6) -> str:
    """Find a code of so many digits in a message."""
    found = re.search(rf"(?<!\d)\d{{{digits}}}(?!\d)", text)
    assert found, text
    return found[0]
