"""What production refuses and no setting alone can show: told by `manage.py check`, and the web process does not start with it (A138)."""

from collections.abc import Sequence
from typing import Any, Final

from django.apps import AppConfig, apps
from django.conf import settings
from django.contrib.auth.hashers import get_hasher
from django.core.checks import CheckMessage, Error, Tags, register, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, transaction
from django.utils.module_loading import import_string

from portal import limits

TAG: Final = "portal"
_A_NUMBER: Final = "+447700900123"  # from the range that Ofcom keeps for fiction
_FLOOR: Final = {
    "time_cost": limits.P2_ARGON2_TIME_COST,
    "memory_cost": limits.P2_ARGON2_MEMORY_KIB,
    "parallelism": limits.P2_ARGON2_PARALLELISM,
}


@register(TAG)
def password_hash_is_dear_enough(app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """P2: new passwords are hashed by Argon2id at no less than its floor."""
    if settings.TESTING:
        return []
    hasher = get_hasher()
    low = [name for name, least in _FLOOR.items() if getattr(hasher, name, 0) < least]
    if hasher.algorithm == "argon2" and not low:
        return []
    return [Error(f"Passwords are hashed too cheaply: {', '.join(low) or hasher.algorithm}.", id="portal.E001")]


@register(TAG)
def text_gateway_is_known(app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """SMS_URL is an address that the gateway library understands: otherwise each text would fail, one by one, later."""
    if not settings.SMS_URL:
        return []
    from apprise import Apprise  # slow to load, and outside production seldom needed

    gateway_address = import_string("portal.outbox.sms.gateway_address")
    if Apprise().add(gateway_address(settings.SMS_URL, _A_NUMBER)):
        return []
    return [Error("SMS_URL is not an address of a text gateway in the notation of the apprise library.", id="portal.E003")]


@register(TAG, Tags.database)
def demo_people_are_absent(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001
    *,
    databases: Sequence[str] | None = None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    """A138: nobody whose password stands in the README is in a production database."""
    if settings.PORTAL_ENV != "production" or not databases:
        return []
    people = import_string("accounts.management.demo_people.PEOPLE")
    known = apps.get_model(settings.AUTH_USER_MODEL)._default_manager.filter(  # noqa: SLF001  Django's documented door
        email__in=[person.email for person in people]
    )
    try:
        with transaction.atomic():
            found = known.exists()
    except DatabaseError:
        return []  # not reachable or not migrated yet: /ready says so
    return [Error("This database holds the demonstration's people, whose passwords are public.", id="portal.E002")] if found else []


def refuse_to_start_when_wrong() -> None:
    """Run these checks. Raises `ImproperlyConfigured` naming every error."""
    errors = [str(found.msg) for found in run_checks(tags=[TAG], databases=["default"]) if found.is_serious()]
    if errors:
        raise ImproperlyConfigured("Portal does not start: " + " ".join(errors))
