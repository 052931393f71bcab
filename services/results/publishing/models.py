"""A file of results on its way: uploaded, checked, ordered, published. The row is the progress that staff see, and stays when the file is gone."""

import uuid
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal import clock
from services.exams.levels import ExamLevel
from services.exams.models import Series
from services.results.models import Issue


class ImportState(models.TextChoices):
    """Where a file stands."""

    WAITING = "waiting", _("Being checked")
    WRONG = "wrong", _("Lines are wrong: nothing was published")
    CHECKED = "checked", _("Checked, can be published")
    ORDERED = "ordered", _("Being published")
    PUBLISHED = "published", _("Published")
    FORGOTTEN = "forgotten", _("Deleted without being published")


class ResultsImport(models.Model):
    """A file that staff brought. `errors` holds the first wrong lines in the language of whoever brought it, `wrong` counts them all."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.ForeignKey(Series, verbose_name=_("Exam series"), on_delete=models.PROTECT, related_name="+")
    level = models.CharField(_("Level"), max_length=7, choices=ExamLevel.choices)
    name = models.CharField(_("File"), max_length=150)
    size = models.PositiveIntegerField(_("Size"))
    digest = models.CharField("SHA-256", max_length=64)
    language = models.CharField(max_length=2, default="en")
    state = models.CharField(_("Status"), max_length=9, choices=ImportState.choices, default=ImportState.WAITING)
    results = models.PositiveIntegerField(_("Results"), default=0)
    centres = models.PositiveIntegerField(_("Centres"), default=0)
    candidates = models.PositiveIntegerField(_("New candidates"), default=0)
    fresh = models.PositiveIntegerField(_("New results"), default=0)
    reissued = models.PositiveIntegerField(_("Re-issued results"), default=0)
    unchanged = models.PositiveIntegerField(_("Unchanged results"), default=0)
    unchecked = models.PositiveIntegerField(_("UCIs that cannot be checked"), default=0)
    wrong = models.PositiveIntegerField(_("Wrong lines"), default=0)
    errors = models.JSONField(default=list, blank=True)
    reason = models.CharField(_("Reason"), max_length=200, blank=True, default="")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("Added by")
    )
    made_at = models.DateTimeField(_("Added at"), default=clock.now)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("Published by")
    )
    done_at = models.DateTimeField(_("Finished at"), null=True, blank=True)
    issue = models.OneToOneField(
        Issue, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Issue of results")
    )

    class Meta:
        verbose_name = _("File of results")
        verbose_name_plural = _("Files of results")
        ordering: ClassVar = ["-made_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "level"], condition=Q(state="ordered"), name="import_one_published_at_a_time"),
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="import_state_known"),
            models.CheckConstraint(condition=Q(level__in=ExamLevel.values), name="import_level_known"),
            models.CheckConstraint(
                condition=Q(state="published", issue__isnull=False) | (~Q(state="published") & Q(issue__isnull=True)),
                name="import_published_by_an_issue",
            ),
            models.CheckConstraint(condition=~Q(state="published") | Q(reissued=0) | ~Q(reason=""), name="import_reissues_with_a_reason"),
            models.CheckConstraint(condition=Q(wrong=0) | Q(state__in=("wrong", "forgotten")), name="import_publishes_no_wrong_line"),
        ]
        indexes: ClassVar = [models.Index(fields=["made_at"], condition=Q(state__in=("waiting", "ordered")), name="import_to_do")]

    def __str__(self) -> str:
        return f"{self.name} ({self.series.code} {self.level})"

    @property
    def path(self) -> Path:
        """Where the file is until it has been published or forgotten."""
        return Path(settings.FILES_DIR) / "imports" / self.id.hex
