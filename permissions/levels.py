"""The services a right can open and how far it opens them: ordered enums, never free strings."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Service(models.TextChoices):
    """A service, in the guide's order."""

    A2C_KEYS = "a2c_keys", _("A2C Access Keys")
    IAMIS = "iamis", _("IAMIS (All Subjects)")
    ACCESS_ARRANGEMENTS = "access_arrangements", _("Access Arrangements")
    ENTRIES = "entries", _("Entries")
    RESULTS = "results", _("Results")
    VIEW_SCRIPTS = "view_scripts", _("View Scripts")
    RESOURCES = "resources", _("Past Papers, Marking Schemes and Resources")


class Level(models.TextChoices):
    """How far a right opens its service, from least to most."""

    VIEW = "view", _("View")
    VIEW_RELEASED = "view_released", _("View 8am on results day")
    VIEW_EMBARGOED = "view_embargoed", _("View Results under embargo")
    ENTER_MARKS = "enter_marks", _("Input marks")
    MAKE = "make", _("Make Entries")
    MANAGE = "manage", _("Manage")

    @property
    def rank(self) -> int:
        """The place of this level in the order, so that levels of one service can be compared."""
        return _ORDER[self]


_ORDER: Final = {level: rank for rank, level in enumerate(Level)}

Right = tuple[Service, Level]
"""A service and how far it is opened."""
