"""A file that staff brought for a report: checked, and published or deleted. The row stays when the file is gone."""

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
from services.reports.models.issue import Report, ReportIssue


class FileState(models.TextChoices):
    """Where a file stands."""

    WRONG = "wrong", _("Lines are wrong: nothing was published")
    CHECKED = "checked", _("Checked, can be published")
    PUBLISHED = "published", _("Published")
    FORGOTTEN = "forgotten", _("Deleted without being published")


class ReportFile(models.Model):
    """A file of a report. `errors` holds the first wrong lines in the language of whoever brought it, `wrong` counts them all."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.ForeignKey(Series, verbose_name=_("Exam series"), on_delete=models.PROTECT, related_name="+")
    level = models.CharField(_("Level"), max_length=7, choices=ExamLevel.choices)
    kind = models.CharField(_("Type"), max_length=8, choices=Report.choices)
    name = models.CharField(_("File"), max_length=150)
    size = models.PositiveIntegerField(_("Size"))
    digest = models.CharField("SHA-256", max_length=64)
    state = models.CharField(_("Status"), max_length=9, choices=FileState.choices)
    fresh = models.PositiveIntegerField(_("New"), default=0)
    reissued = models.PositiveIntegerField(_("Changed"), default=0)
    unchanged = models.PositiveIntegerField(_("Unchanged"), default=0)
    wrong = models.PositiveIntegerField(_("Wrong lines"), default=0)
    errors = models.JSONField(default=list, blank=True)
    reason = models.CharField(_("Reason"), max_length=200, blank=True, default="")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("Added by")
    )
    made_at = models.DateTimeField(_("Added at"), default=clock.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("Published by")
    )
    issue = models.OneToOneField(
        ReportIssue, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Issue of a report")
    )

    class Meta:
        verbose_name = _("File of a report")
        verbose_name_plural = _("Files of reports")
        ordering: ClassVar = ["-made_at"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=FileState.values), name="report_file_state_known"),
            models.CheckConstraint(condition=Q(kind__in=Report.values), name="report_file_kind_known"),
            models.CheckConstraint(condition=Q(level__in=ExamLevel.values), name="report_file_level_known"),
            models.CheckConstraint(
                condition=Q(state="published", issue__isnull=False) | (~Q(state="published") & Q(issue__isnull=True)),
                name="report_file_published_by_an_issue",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(reissued=0) | ~Q(reason=""), name="report_file_changes_with_a_reason"
            ),
            models.CheckConstraint(condition=Q(wrong=0) | Q(state__in=("wrong", "forgotten")), name="report_file_no_wrong_line_published"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.series.code} {self.level})"

    @property
    def path(self) -> Path:
        """Where the file is until it has been published or deleted."""
        return Path(settings.FILES_DIR) / "imports" / self.id.hex
