"""The three types of account (guide: Types of Accounts)."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """A person's type of account at one centre, most trusted first."""

    EXAMS_OFFICER = "exams_officer", _("Exams Officer")
    ADMIN = "admin", _("Admin")
    USER = "user", _("User")


MANAGERS: Final = frozenset({Role.EXAMS_OFFICER, Role.ADMIN})
"""The roles that manage the centre's people (INV-2)."""

ADMIN_SEATS: Final = (1, 2, 3)
"""The numbered places for Admins: three a centre, pending invites included (INV-2)."""
