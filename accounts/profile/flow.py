"""Change one's own profile: the deed (PRO-1)."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from accounts.events import Event
from accounts.models import User
from portal import clock
from portal.audit.record import record


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What people may say of themselves, already in its checked form."""

    title: str
    first_name: str
    last_name: str
    job_role: str
    language: str
    phone: str


def profile_of(person: User) -> dict[str, Any]:
    """Return the present profile by field name."""
    return {name: getattr(person, name) for name in Profile.__dataclass_fields__}


@transaction.atomic
def change_profile(*, actor: User, profile: Profile) -> list[str]:
    """Write a person's own profile; returns the names of what changed. The trail names the fields, not their values."""
    before = profile_of(actor)
    changed = [name for name, value in asdict(profile).items() if value != before[name]]
    for name in changed:
        setattr(actor, name, getattr(profile, name))
    if "language" in changed or actor.language_chosen_at is None:
        actor.language_chosen_at = clock.now()
    actor.save(update_fields=[*changed, "language_chosen_at"])
    if changed:
        record(Event.PROFILE_CHANGED, actor=actor, subject=actor, changed=changed)
    return changed
