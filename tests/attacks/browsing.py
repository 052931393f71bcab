"""The browsers and people of the state machine (test_machine.py): they ask the Portal's real pages, and keep `truth` in step with what was done."""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Factor, Invitation, Method, RecoveryCode, User
from accounts.signin.steps import Step
from permissions.guards import Guard, Kind
from permissions.roles import Role
from portal.outbox.models import Message
from tests.attacks.truth import Human, Page, Sent, Truth, Visit, now
from tests.cast import PASSWORD, Cast, Person, invite, make_cast, make_member
from tests.sweep.test_identities import GUARDED, SAMPLES

STEPS: Final = {step.value: reverse(step.value) for step in Step}
_COOKIE: Final = settings.SESSION_COOKIE_NAME
_PURPOSES: Final = {"/sign-in/": "sign_in", "/security/": "confirm", "/mfa/": "enrol", "/forgot-password/": "reset"}
_CODE: Final = re.compile(r"<li>([0-9a-z]{4}(?:-[0-9a-z]{4}){3})</li>")
_NUMBER: Final = "+447700900417"
Facts = dict[UUID, tuple[Any, ...]]


@dataclass
class Scene:
    """What every example begins with: people of all kinds, the pages, and the database as it was then."""

    cast: Cast
    people: list[Human]
    pages: list[Page]

    def begin(self) -> Truth:
        """Return a fresh truth of the same people, and pages of the same owners."""
        return Truth(
            [
                replace(human, seats=dict(human.seats), methods=set(human.methods), shut=set(human.shut), recovery=[], spent=[])
                for human in self.people
            ]
        )


def make_scene() -> Scene:
    """Make everybody: with an app, texts, e-mail, several methods, none; staff; at two centres; suspended; frozen by themselves; invited."""
    cast = make_cast()
    centre, other = cast.centre, cast.other_centre
    mailed = make_member(centre, Role.USER, "mail@glan.example", first_name="Carys", last_name="Mail")
    Factor.objects.filter(user=mailed.user).update(method=Method.EMAIL, seed="")
    texted = make_member(centre, Role.ADMIN, "text@glan.example", first_name="Dewi", last_name="Text")
    Factor.objects.filter(user=texted.user).update(method=Method.SMS, seed="", number=_NUMBER)
    bare = make_member(centre, Role.USER, "bare@glan.example", first_name="Ffion", last_name="Bare")
    Factor.objects.filter(user=bare.user).delete()
    Factor.objects.create(user=cast.admin.user, method=Method.EMAIL, name="email", confirmed=True)
    both = make_member(centre, Role.USER, "both@two.example", first_name="Gwen", last_name="Both")
    from permissions.membership.flow import accept, open_membership
    from permissions.policy import default_rights

    accept(membership=open_membership(centre=other, role=Role.ADMIN, rights=default_rights(Role.ADMIN)), user=both.user)
    suspended = make_member(centre, Role.USER, "gone@glan.example", first_name="Huw", last_name="Gone")
    User.objects.update(password=make_password(PASSWORD))
    User.objects.filter(pk=suspended.user.pk).update(is_active=False)
    waiting = invite(cast.exams_officer, "new@glan.example")
    invite(cast.other_exams_officer, "new@cwm.example")
    insiders = [cast.exams_officer, cast.admin, cast.user, mailed, texted, bare, both, cast.other_exams_officer, cast.staff, suspended]
    people = [_known(person) for person in insiders]
    people[-1].shut.add("suspended")
    letter = Message.objects.get(about=f"invitation:{waiting.pk}")
    people.append(Human(waiting.email, "", temporary=letter.secret, seats={centre.pk: Role.USER}))
    return Scene(cast, people, list(_pages(cast, people)))


def _known(person: Person) -> Human:
    factors = {factor.method: factor for factor in Factor.objects.filter(user=person.user, confirmed=True)}
    return Human(
        person.user.email,
        PASSWORD,
        person=person.user,
        seats={place.centre_id: Role(place.role) for place in person.user.memberships.all()},
        methods=set(factors),
        seed=person.seed if "app" in factors else "",
        number=factors["sms"].number if "sms" in factors else "",
        staff=person.user.is_staff,
    )


def _pages(cast: Cast, people: list[Human]) -> Iterator[Page]:
    """Yield every page that is not for everybody, from the URL map: one of the first centre, one of the other, one of each of two people."""
    strangers = Invitation.objects.get(centre=cast.other_centre)
    waiting = Invitation.objects.get(centre=cast.centre)
    places = {
        cast.centre.pk: (cast.user.membership.pk, waiting.membership_id),
        cast.other_centre.pk: (people[6].person.memberships.get(centre=cast.other_centre).pk, strangers.membership_id),  # type: ignore[union-attr]
    }
    for name, (entry, guard) in sorted(GUARDED.items()):
        if guard.kind in {Kind.PUBLIC, Kind.HALF_SIGNED_IN}:
            continue
        kinds = {argument: type(converter).__name__ for argument, converter in entry.pattern.converters.items()}
        rest = {argument: SAMPLES[argument](cast) for argument, kind in kinds.items() if kind not in {"UUIDConverter", "IntConverter"}}
        if "UUIDConverter" in kinds.values():
            for centre, (person, invited) in places.items():
                pk = invited if name.startswith("invite-") else person
                yield Page(name, reverse(name, kwargs=rest | dict.fromkeys(kinds.keys() - rest.keys(), pk)), guard, centre=centre)
        elif "IntConverter" in kinds.values() and guard.kind is Kind.SIGNED_IN:
            for number in (0, 7):
                factor = Factor.objects.filter(user=people[number].person).values_list("pk", flat=True)[0]
                keys = dict.fromkeys(kinds.keys() - rest.keys(), factor)
                yield Page(name, reverse(name, kwargs=rest | keys), guard, owner=people[number].email)
        else:
            yield Page(name, reverse(name, kwargs=rest | dict.fromkeys(kinds.keys() - rest.keys(), cast.centre.pk)), guard)
    for name in ("index", "accounts_user_changelist", "portal_audit_auditevent_changelist"):
        yield Page(name, reverse("admin:index") + name.replace("_", "/").removeprefix("index"), Guard(Kind.STAFF))


def facts(*people: Human) -> Facts:
    """Return what protects each person (or all) as the database has it: password, address, methods."""
    rows = User.objects.filter(pk__in=[human.person.pk for human in people if human.person]) if people else User.objects.all()
    found: dict[UUID, list[Any]] = {pk: list(row) for pk, *row in rows.values_list("pk", "password", "email", "is_staff")}
    for pk, *row in Factor.objects.filter(user__in=found, confirmed=True).order_by("pk").values_list("user", "pk", "method", "number"):
        found[pk].append(tuple(row))
    for pk, selector in RecoveryCode.objects.filter(user__in=found, used_at=None).order_by("pk").values_list("user", "selector"):
        found[pk].append(selector)
    return {pk: tuple(row) for pk, row in found.items()}


class Browser:
    """A browser: a jar of cookies, and what its session should be good for."""

    def __init__(self, truth: Truth, number: int) -> None:
        self.truth, self.number, self.client, self._blank = truth, number, Client(), Visit()

    def __repr__(self) -> str:
        return f"browser {self.number}"

    @property
    def key(self) -> str:
        """The session id in the jar, or ""."""
        cookie = self.client.cookies.get(_COOKIE)
        return cookie.value if cookie else ""

    @property
    def visit(self) -> Visit:
        """What the session that this cookie names should be good for; whoever holds the same cookie has the same."""
        return self.truth.visits.setdefault(self.key, Visit()) if self.key else self._blank

    def get(self, path: str) -> HttpResponse:
        """Open a page."""
        return self.ask("get", path)

    def post(self, path: str, **fields: Any) -> HttpResponse:
        """Send a form."""
        return self.ask("post", path, fields)

    def ask(self, method: str, path: str, fields: dict[str, Any] | None = None) -> HttpResponse:
        """Ask, and let the truth follow: time that passed, a new id of the session, codes that were sent."""
        visit, before = self.visit, self.key
        visit.pass_time()
        answer: HttpResponse = getattr(self.client, method)(path, fields or {})
        if self.key != before:
            # Whoever still has the old id has nothing.
            self.truth.visits[before] = Visit()
            self.truth.visits[self.key] = visit
            self._blank = Visit()
        purpose = next((purpose for start, purpose in _PURPOSES.items() if path.startswith(start)), "")
        if purpose:
            self._read_post(visit, purpose)
        return answer

    def _read_post(self, visit: Visit, purpose: str) -> None:
        for letter in Message.objects.filter(kind__in=("sign_in_code", "factor_code", "reset_code")).exclude(pk__in=self.truth.read):
            self.truth.read.add(letter.pk)
            for human in self.truth.people:
                if human.person and letter.about == f"person:{human.person.pk}":
                    self.truth.note_sent(Sent(human, purpose, letter.secret, visit.mark, now()))

    def leave(self) -> None:
        """Throw the cookies away."""
        self.client.cookies.clear()
        self._blank = Visit()

    def copy(self, other: "Browser") -> None:
        """Take another browser's cookies."""
        self.client.cookies = deepcopy(other.client.cookies)
        self._blank = Visit()


def goes(answer: HttpResponse) -> str:
    """Return the path an answer sends to, or ""."""
    return str(answer.headers.get("Location", "")).partition("?")[0] if answer.status_code == 302 else ""


def codes_in(answer: HttpResponse) -> list[str]:
    """Return the recovery codes that a page shows."""
    return _CODE.findall(answer.content.decode())
