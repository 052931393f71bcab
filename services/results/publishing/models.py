"""A file of results on its way: what the frame of every file has, and what is counted of this kind."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.publishing.models import StaffFile, file_constraints
from services.results.models import Issue


class ResultsImport(StaffFile):
    """A file of results that staff brought."""

    results = models.PositiveIntegerField(_("Results"), default=0)
    centres = models.PositiveIntegerField(_("Centres"), default=0)
    candidates = models.PositiveIntegerField(_("New candidates"), default=0)
    fresh = models.PositiveIntegerField(_("New results"), default=0)
    reissued = models.PositiveIntegerField(_("Re-issued results"), default=0)
    unchanged = models.PositiveIntegerField(_("Unchanged results"), default=0)
    unchecked = models.PositiveIntegerField(_("UCIs that cannot be checked"), default=0)
    issue = models.OneToOneField(
        Issue, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Issue of results")
    )

    class Meta(StaffFile.Meta):
        verbose_name = _("File of results")
        verbose_name_plural = _("Files of results")
        constraints: ClassVar = file_constraints("import")
        indexes: ClassVar = [models.Index(fields=["made_at"], condition=Q(state__in=("waiting", "ordered")), name="import_to_do")]
