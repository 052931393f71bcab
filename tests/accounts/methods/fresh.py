"""Steps that several tests of the security page take."""

from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import Factor, Method
from tests.cast import Person

SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"


def confirm(client: Client, person: Person) -> None:
    """Prove password and app afresh; what it was asked for does not matter to what it proves."""
    client.post(reverse("confirm", args=["method"]), {"current_password": person.password})
    Factor.objects.filter(user=person.user).update(last_step=0)
    assert client.post(reverse("confirm-code", args=["method"]), {"code": person.app_code()}).status_code == 302


def add_factor(person: Person, method: Method, **details: Any) -> Factor:
    """Give somebody one more method that works."""
    return Factor.objects.create(user=person.user, method=method, name=method.value, confirmed=True, **details)  # type: ignore[no-any-return]


def add_passkey(person: Person, name: str = "Blue key") -> Factor:
    """Give somebody a passkey; nothing here signs in with it."""
    return Factor.objects.create(  # type: ignore[no-any-return]
        user=person.user, method=Method.PASSKEY, name=name, confirmed=True, credential=f"c-{name}-{person.user.pk}", public_key="k"
    )
