"""Every page that asks a code, brought as far as the question, so that an attack can be tried at each of them."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from accounts.models import Factor, Method
from tests.attacks.strangers import only_by
from tests.cast import Cast, Person, code_in, half_sign_in, sign_in

Post = Callable[[], list[EmailMultiAlternatives]]
NEW: Final = "velvet compass 31"


@dataclass
class Door:
    """A browser before a question, the right code, and how an answer is given and what tells that it was taken."""

    client: Client
    code: str
    address: str
    opens: str
    fields: dict[str, str] = field(default_factory=dict)

    def give(self, code: Any, client: Client | None = None, **extra: Any) -> bool:
        """Give a code; say whether the door opened. Never a server error."""
        answer = (client or self.client).post(self.address, self.fields | {"code": code}, **extra)
        assert answer.status_code < 500, answer.status_code
        return answer.headers.get("Location") == self.opens


def code_among(letters: list[EmailMultiAlternatives], digits: int = 6) -> str:
    """Find the newest code of so many digits in letters, of which others may be notices."""
    for letter in reversed(letters):
        with suppress(AssertionError):
            return code_in(str(letter.body), digits)
    raise AssertionError(f"no code in {letters}")


def by_app(person: Person, _post: Post) -> Door:
    """Sign in by the app."""
    Factor.objects.filter(user=person.user).update(last_step=0)
    return Door(half_sign_in(person), person.app_code(), reverse("sign-in-factor"), reverse("home"))


def by_mail(person: Person, post: Post) -> Door:
    """Sign in by a mailed code."""
    only_by(person, Method.EMAIL)
    client = half_sign_in(person)
    return Door(client, code_among(post()), reverse("sign-in-factor"), reverse("home"))


def by_reset(person: Person, post: Post) -> Door:
    """Forgot the password."""
    client = Client()
    client.post(reverse("forgot-password"), {"email": person.user.email})
    fields = {"email": person.user.email, "new_password": NEW}
    return Door(client, code_among(post(), 8), reverse("reset-password"), reverse("sign-in"), fields)


def by_setup(person: Person, post: Post) -> Door:
    """Set up codes by e-mail at the first sign-in."""
    Factor.objects.filter(user=person.user).delete()
    client = half_sign_in(person)
    client.post(reverse("factor-email"), {"agreed": "on", "send": "1"})
    code = code_among(post())
    return Door(client, code, reverse("factor-email"), reverse("home"), {"agreed": "on", "verify": "1"})


def by_confirming(person: Person, _post: Post) -> Door:
    """Confirm who one is, before the password can be changed."""
    client = sign_in(person)
    client.post(reverse("confirm", args=["password"]), {"current_password": person.password})
    Factor.objects.filter(user=person.user).update(last_step=0)
    return Door(client, person.app_code(), reverse("confirm-code", args=["password"]), reverse("change-password"))


DOORS: Final = {"app": by_app, "mail": by_mail, "reset": by_reset, "set-up": by_setup, "confirming": by_confirming}


def open_door(name: str, cast: Cast, post: Post) -> Door:
    """Bring the User of the cast before a question."""
    return DOORS[name](cast.user, post)
