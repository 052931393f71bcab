"""The kinds of things that are released, each at an instant of its own."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Artefact(models.TextChoices):
    """What is released."""

    RESULTS = "results", _("Results")
    RESULTS_FILE = "results-file", _("Results file")
    SUBJECT_BOUNDARIES = "subject-boundaries", _("Subject grade boundaries")
    NOTIONAL_BOUNDARIES = "notional-boundaries", _("Notional component boundaries")
    ITEM_DATA = "item-data", _("Item Level Data")
    SCRIPTS = "scripts", _("Scripts")
