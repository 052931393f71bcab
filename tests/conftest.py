"""What all tests share: the cast, a browser for each of them, and the post."""

from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import Client, override_settings

from accounts.models import User
from accounts.passwords import checking
from portal.audit import triggers
from portal.outbox import breaker
from portal.outbox.relay import sweep
from tests.cast import PASSWORD, Cast, Person, let_in, make_cast

# Until the end: what production pays for a hash is the business of few tests.
override_settings(PASSWORD_HASHERS=["tests.light_argon2.LightArgon2"]).enable()
# The same commit gives the same answer each time; `make chance` plays what nobody has played yet.
hypothesis.settings.register_profile("settled", derandomize=True, database=None)
hypothesis.settings.load_profile("settled")


@pytest.fixture(autouse=True)
def _clean_cache() -> None:
    cache.clear()
    breaker.reset()


@pytest.fixture
def cast(db: None) -> Cast:
    """The fixed people of the tests."""
    return make_cast()


@pytest.fixture
def light_hash(settings: Any, cast: Cast) -> None:
    """Passwords whose check costs nothing, for tests of what is done a hundred times around it. Where the hash is the point, do not ask for this."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    checking.forget_costs()
    User.objects.update(password=make_password(PASSWORD))


@pytest.fixture
def signed_in(db: None) -> Callable[[Person], Client]:
    """Sign a person in by the deed that ends a sign-in and return their browser (tests.cast.let_in)."""
    return let_in


@pytest.fixture
def post(db: None) -> Callable[[], list[EmailMultiAlternatives]]:
    """Deliver what waits in the outbox and return the e-mails that arrived since the last call, oldest first."""

    def deliver() -> list[EmailMultiAlternatives]:
        seen = len(mail.outbox)
        sweep()
        return list(mail.outbox[seen:])  # type: ignore[arg-type]

    return deliver


@pytest.fixture
def _trail_locked_again(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Put the triggers of the audit trail back once the database has been emptied."""
    yield
    with django_db_blocker.unblock():
        triggers.install(connection)


@pytest.fixture
def server_db(_trail_locked_again: None, transactional_db: None) -> Iterator[None]:
    """A database that threads can share, with real commits; the trail lets go of its rows only for emptying it afterwards."""
    yield
    triggers.remove(connection)
