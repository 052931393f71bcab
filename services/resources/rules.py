"""Who may see a question paper on the day of its exam. Pure."""

from permissions.models import Membership
from permissions.roles import Role
from services.resources.gate import Reader


def reader_of(place: Membership, *, held: bool) -> Reader:
    """Return how far somebody sees: the Exams Officer and the Admins take question papers, nobody else (formats.md 1.5).

    `held`: not in the 24 hours after a reset of somebody whose only method is e-mail, as with results under embargo (MFA-5).
    """
    return Reader(place.centre, takes_papers=place.role in {Role.EXAMS_OFFICER, Role.ADMIN} and not held)
