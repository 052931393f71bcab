"""Ways to ask for a change of address and to finish it, through the pages."""

from collections.abc import Callable

from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from accounts.events import Event
from accounts.models import User
from accounts.sessions.confirmed import CONFIRMED_AT
from portal import clock
from portal.audit.models import AuditEvent
from tests.cast import Person, code_in, sign_in

Post = Callable[[], list[EmailMultiAlternatives]]
NEW = "lowri@new.example"
WRONG = "not correct or has expired"


def confirmed(person: Person) -> Client:
    """Sign somebody in who has just proved again who they are."""
    client = sign_in(person)
    session = client.session
    session[CONFIRMED_AT] = clock.now().timestamp()
    session.save()
    return client


def ask(client: Client, new: str = NEW) -> str:
    """Ask for a code to a new address and return the page that follows."""
    return client.post(reverse("change-email"), {"email": new}, follow=True).content.decode()


def enter(client: Client, code: str) -> str:
    """Enter the code and return the page that follows."""
    return client.post(reverse("change-email-code"), {"code": code}, follow=True).content.decode()


def code_to(new: str, post: Post) -> str:
    """Return the code in the letter to an address."""
    return code_in(str(next(letter for letter in reversed(post()) if letter.to == [new]).body))


def email_of(person: Person) -> str:
    return User.objects.get(pk=person.user.pk).email


def events(kind: Event) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(number=kind.number))
