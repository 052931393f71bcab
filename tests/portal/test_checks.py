"""What production refuses besides settings (A138, P2)."""

from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ImproperlyConfigured

from accounts.management.demo_people import PEOPLE
from accounts.models import User
from portal import checks
from portal import settings as default_settings


class CheapHasher(Argon2PasswordHasher):
    """A tenth of the memory that P2 asks for."""

    time_cost, memory_cost, parallelism = 2, 1945, 1


@pytest.fixture
def production(settings: Any) -> Any:
    settings.PORTAL_ENV, settings.TESTING = "production", False
    settings.PASSWORD_HASHERS = default_settings.PASSWORD_HASHERS
    return settings


@pytest.mark.django_db
def test_p2_a_cheap_password_hash_stops_the_start(production: Any) -> None:
    production.PASSWORD_HASHERS = [f"{__name__}.CheapHasher"]
    with pytest.raises(ImproperlyConfigured, match="memory_cost"):
        checks.refuse_to_start_when_wrong()


@pytest.mark.django_db
def test_a138_demonstration_people_stop_a_production_start(production: Any) -> None:
    checks.refuse_to_start_when_wrong()
    User.objects.create_user(email=PEOPLE[0].email, password="anything at all", first_name="Nia", last_name="Jones")
    with pytest.raises(ImproperlyConfigured, match="demonstration"):
        checks.refuse_to_start_when_wrong()


@pytest.mark.django_db
def test_demonstration_people_may_stay_where_they_belong(settings: Any) -> None:
    settings.PORTAL_ENV = "demo"
    User.objects.create_user(email=PEOPLE[0].email, password="anything at all", first_name="Nia", last_name="Jones")
    checks.refuse_to_start_when_wrong()


def test_an_unknown_text_gateway_stops_the_start(settings: Any) -> None:
    settings.SMS_URL = "no-such-gateway://x"
    assert [found.id for found in checks.text_gateway_is_known(None)] == ["portal.E003"]
