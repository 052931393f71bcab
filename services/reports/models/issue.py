"""One publishing of a report, and the frame of every version that came of it."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal import clock
from services.exams.levels import ExamLevel
from services.exams.models import Series
from services.releases.gated import Gated, kept


class Report(models.TextChoices):
    """The kinds of files that reports come from."""

    SUBJECT = "subject", _("Boundaries of subjects and units")
    NOTIONAL = "notional", _("Notional component boundaries")
    ITEMS = "items", _("Items of papers with the figures of all centres")
    MARKS = "marks", _("Marks of candidates for each item")


class ReportIssue(models.Model):
    """A file that staff published. Numbered within its series, level and kind."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.ForeignKey(Series, verbose_name=_("Exam series"), on_delete=models.PROTECT, related_name="+")
    level = models.CharField(_("Level"), max_length=7, choices=ExamLevel.choices)
    kind = models.CharField(_("Type"), max_length=8, choices=Report.choices)
    number = models.PositiveIntegerField(_("Number"))
    issued_at = models.DateTimeField(_("Issued at"), default=clock.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("Issued by")
    )
    source = models.CharField(_("File"), max_length=200, blank=True, default="")
    digest = models.CharField("SHA-256", max_length=64, blank=True, default="")
    fresh = models.PositiveIntegerField(_("New"), default=0)
    reissued = models.PositiveIntegerField(_("Changed"), default=0)

    class Meta:
        verbose_name = _("Issue of a report")
        verbose_name_plural = _("Issues of reports")
        ordering: ClassVar = ["-issued_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "level", "kind", "number"], name="report_issue_number_once"),
            models.CheckConstraint(condition=Q(level__in=ExamLevel.values), name="report_issue_level_known"),
            models.CheckConstraint(condition=Q(kind__in=Report.values), name="report_issue_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.series.code} {self.level} {self.number}"


class Versioned(Gated):
    """A version of something published: of an older one nothing changes but that it is no longer current."""

    series = models.ForeignKey(Series, on_delete=kept, related_name="+", db_index=False)
    level = models.CharField(max_length=7, choices=ExamLevel.choices)
    issue = models.ForeignKey(ReportIssue, on_delete=kept, related_name="+")
    version = models.PositiveSmallIntegerField(default=1)
    current = models.BooleanField(default=True)

    class Meta(Gated.Meta):
        abstract = True
