"""The messages around a request: to those who can answer, and to the asker (ui.md 4.2). All part of their caller's transaction."""

from django.urls import reverse

from permissions.levels import Right
from permissions.models import AccessRequest, Membership
from permissions.scope import managers_of
from permissions.words import code, in_table_order
from portal.outbox.put import put


def tell_managers(place: Membership, request: AccessRequest, codes: list[str]) -> None:
    """Write to the Exams Officer and every Admin: who, what, why; nothing can be approved from the message."""
    for manager in managers_of(place.centre):
        if manager.pk == place.pk or manager.user is None:
            continue
        put(
            "access_requested",
            to=manager.user.email,
            language=manager.user.language,
            context={
                "name": manager.user.full_name,
                "who": str(place.user),
                "centre": str(place.centre),
                "asked": codes,
                "purpose": request.purpose,
                "path": reverse("access-requests"),
            },
            about=f"access-request:{request.pk}",
        )


def tell_answer(giver: Membership, target: Membership, request: AccessRequest, asked: frozenset[Right], given: frozenset[Right]) -> None:
    """Write the answer to whoever asked: what was given and until when, what was refused and why, by whom."""
    person = target.user
    if person is None:
        return
    put(
        "access_answered",
        to=person.email,
        language=person.language,
        context={
            "name": person.full_name,
            "centre": str(target.centre),
            "by": str(giver.user),
            "outcome": request.outcome,
            "given": [code(right) for right in in_table_order(given)],
            "refused": [code(right) for right in in_table_order(asked - given)],
            "ends_on": request.ends_on.isoformat() if request.ends_on else "",
            "reason": request.reason,
            "path": reverse("my-access"),
        },
        about=f"access-request:{request.pk}",
    )
