"""One publishing of a report, and the frame of every version that came of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.exams.levels import ExamLevel
from services.publishing.models import Issued, Versioned
from services.releases.gated import kept


class Report(models.TextChoices):
    """The kinds of files that reports come from."""

    SUBJECT = "subject", _("Boundaries of subjects and units")
    NOTIONAL = "notional", _("Notional component boundaries")
    ITEMS = "items", _("Items of papers with the figures of all centres")
    MARKS = "marks", _("Marks of candidates for each item")


class ReportIssue(Issued):
    """A file that staff published. Numbered within its series, level and kind."""

    kind = models.CharField(_("Type"), max_length=8, choices=Report.choices)
    fresh = models.PositiveIntegerField(_("New"), default=0)
    reissued = models.PositiveIntegerField(_("Changed"), default=0)

    class Meta(Issued.Meta):
        verbose_name = _("Issue of a report")
        verbose_name_plural = _("Issues of reports")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "level", "kind", "number"], name="report_issue_number_once"),
            models.CheckConstraint(condition=Q(level__in=ExamLevel.values), name="report_issue_level_known"),
            models.CheckConstraint(condition=Q(kind__in=Report.values), name="report_issue_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {super().__str__()}"


class ReportVersion(Versioned):
    """A version of something that a report shows."""

    issue = models.ForeignKey(ReportIssue, on_delete=kept, related_name="+")

    class Meta(Versioned.Meta):
        abstract = True
