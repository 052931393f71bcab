"""`manage.py demo`: the people of the demonstration, made once, printed each time. PORTAL_ENV=demo only."""

from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from accounts.invites.details import Details
from accounts.invites.flow import invite_person
from accounts.management.demo_life import live
from accounts.management.demo_people import EXAMPLE, EXPIRED, PENDING, PEOPLE, SECOND, DemoPerson, password_of
from accounts.management.signals import demo_wanted
from accounts.models import Factor, Invitation, Method, User
from permissions.membership.flow import accept, open_membership
from permissions.models import Centre, Membership
from permissions.policy import default_rights
from permissions.roles import Role
from permissions.words import from_code
from portal import clock
from portal.web.links import absolute

_OVERDUE = timedelta(days=75)


class Command(BaseCommand):
    """Fill an empty database with the demonstration's people and say who they are."""

    help = "Make the demonstration's people if there is nobody yet, and print them"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Make what is missing, then print."""
        if not settings.DEMO:
            raise CommandError("Demonstration people exist with PORTAL_ENV=demo only.")
        if not User.objects.exists():
            with transaction.atomic():
                _fill()
        demo_wanted.send(sender=Command)
        self._print()

    def _print(self) -> None:
        line = "{:<19} {:<14} {:<36} {:<25} {}"
        say = self.stdout.write
        say("")
        say(line.format("Name", "Account", "Email address", "Password", "Authenticator key"))
        for number, person in enumerate(PEOPLE, start=1):
            account = person.role.label if person.role else "Help desk"
            name = f"{person.first_name} {person.last_name}"
            say(line.format(name, f"{account}", person.email, password_of(number), person.key))
        say("")
        say(f"Portal:     {absolute('/')}")
        say(f"Help desk:  {absolute(reverse('admin:index'))}")
        say(f"Mailbox:    {absolute(reverse('mailbox'))}   every e-mail and text sent")
        say("")


def _fill() -> None:
    centres = {number: Centre.objects.create(number=number, name=name) for number, name in (EXAMPLE, SECOND)}
    for number, person in enumerate(PEOPLE, start=1):
        _make(person, password_of(number), centres.get(person.centre))
    officer = Membership.objects.select_related("centre", "user").get(centre=centres[EXAMPLE[0]], role=Role.EXAMS_OFFICER)
    for who in (PENDING, EXPIRED):
        _invite(officer, *who)
    Invitation.objects.filter(email=EXPIRED[2]).update(
        sent_at=F("sent_at") - _OVERDUE, created_at=F("created_at") - _OVERDUE, expires_at=F("expires_at") - _OVERDUE
    )
    live()


def _make(person: DemoPerson, password: str, centre: Centre | None) -> None:
    staff = person.role is None
    user = User.objects.create_user(
        email=person.email,
        password=password,
        first_name=person.first_name,
        last_name=person.last_name,
        job_role=person.job_role,
        language=person.language,
        language_chosen_at=clock.now(),
        is_staff=staff,
        is_superuser=staff,
    )
    Factor.objects.create(user=user, method=Method.APP, name=Method.APP.value, seed=person.key, confirmed=True)
    if person.role is not None and centre is not None:
        rights = default_rights(person.role) | {from_code(code) for code in person.rights}
        accept(membership=open_membership(centre=centre, role=person.role, rights=rights), user=user)


def _invite(officer: Membership, first_name: str, last_name: str, email: str, job_role: str) -> None:
    user = cast("User", officer.user)
    details = Details(title="", first_name=first_name, last_name=last_name, email=email, job_role=job_role, language="en")
    invite_person(actor=user, membership=officer, details=details, role=Role.USER, rights=default_rights(Role.USER))
