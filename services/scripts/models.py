"""Scripts as they were published: every version stays, one of them is current."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from permissions.models import Centre
from portal import clock
from services.exams.levels import ExamLevel
from services.exams.models import Candidate, Component, Series
from services.files.models import PublishedFile
from services.releases.artefacts import Artefact
from services.releases.gated import Gated, kept


class Script(Gated):
    """A version of a candidate's marked script in one component. Rows are added by `services.scripts.publishing` only.

    Centre, series and level repeat what candidate and component say, so that the gate and a centre's pages are one index.
    """

    artefact = Artefact.SCRIPTS

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(Centre, verbose_name=_("Centre"), on_delete=kept, related_name="+", db_index=False)
    series = models.ForeignKey(Series, verbose_name=_("Exam series"), on_delete=kept, related_name="+", db_index=False)
    level = models.CharField(_("Level"), max_length=7, choices=ExamLevel.choices)
    candidate = models.ForeignKey(Candidate, verbose_name=_("Candidate"), on_delete=kept, related_name="+", db_index=False)
    component = models.ForeignKey(Component, verbose_name=_("Component"), on_delete=kept, related_name="+")
    file = models.OneToOneField(PublishedFile, verbose_name=_("PDF"), on_delete=kept, related_name="+")
    version = models.PositiveSmallIntegerField(_("Version"), default=1)
    current = models.BooleanField(_("Current"), default=True)
    published_at = models.DateTimeField(_("Published at"), default=clock.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("Published by")
    )

    class Meta(Gated.Meta):
        verbose_name = _("Script")
        verbose_name_plural = _("Scripts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["candidate", "component", "version"], name="script_version_once"),
            models.UniqueConstraint(fields=["candidate", "component"], condition=Q(current=True), name="script_one_current_version"),
            models.CheckConstraint(condition=Q(version__gte=1), name="script_versions_begin_with_1"),
            models.CheckConstraint(condition=Q(level__in=ExamLevel.values), name="script_level_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["centre", "series", "level", "candidate"], condition=Q(current=True), name="script_of_a_centre"),
        ]

    def __str__(self) -> str:
        """Its file's name where that is known already: staff read it."""
        return str(self.file if Script.file.is_cached(self) else self.pk)
