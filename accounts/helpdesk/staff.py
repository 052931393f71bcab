"""Whether a member of staff has a right of the help desk now: flows of every floor above ask it, since a view is not the only way to a flow."""

from django.core.exceptions import PermissionDenied

from accounts.models import User


def may(person: User, right: str) -> bool:
    """Say whether somebody is staff, with an open account and this right ("app.deed_model")."""
    return bool(person.is_active and person.is_staff and person.has_perm(right))


def demand(actor: User, right: str) -> None:
    """Ask the database anew: a right taken away meanwhile does not count. Raises `PermissionDenied`."""
    if not may(User.objects.get(pk=actor.pk), right):
        raise PermissionDenied
