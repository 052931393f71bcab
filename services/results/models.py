"""Results as they were issued: every version stays, one of them is current."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from permissions.models import Centre
from services.exams.levels import ExamLevel
from services.exams.models import Candidate, Option
from services.publishing.models import Issued, Versioned
from services.releases.artefacts import Artefact
from services.releases.gated import kept


class Indicator(models.TextChoices):
    """What stands instead of a grade, or beside one (`#`)."""

    NO_RESULT = "X", _("No result")
    PENDING = "Q", _("Pending")
    PARTLY_ABSENT = "#", _("Partly absent")


class Issue(Issued):
    """One issuing of results."""

    lines = models.PositiveIntegerField(_("Results"), default=0)

    class Meta(Issued.Meta):
        verbose_name = _("Issue of results")
        verbose_name_plural = _("Issues of results")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "level", "number"], name="issue_number_once"),
            models.CheckConstraint(condition=Q(level__in=ExamLevel.values), name="issue_level_known"),
        ]


class Result(Versioned):
    """A version of a candidate's result in an option, an award or a unit. Grade and indicator stand apart.

    Centre, series and level repeat what candidate and option say, so that the gate and a centre's pages are one index. Rows are added by
    `services.results.issuing` only; of an older version nothing changes but that it is no longer current.
    """

    artefact = Artefact.RESULTS

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(Centre, on_delete=kept, related_name="+", db_index=False)
    candidate = models.ForeignKey(Candidate, on_delete=kept, related_name="+", db_index=False)
    option = models.ForeignKey(Option, on_delete=kept, related_name="+", db_index=False)
    issue = models.ForeignKey(Issue, on_delete=kept, related_name="+")
    grade = models.CharField(_("Grade"), max_length=4, blank=True, default="")
    indicator = models.CharField(_("Indicator"), max_length=1, choices=Indicator.choices, blank=True, default="")
    endorsement = models.CharField(_("Endorsement"), max_length=2, blank=True, default="")
    ums = models.PositiveSmallIntegerField(_("Uniform mark"), null=True, blank=True)
    ums_max = models.PositiveSmallIntegerField(_("Maximum uniform mark"), null=True, blank=True)

    class Meta(Versioned.Meta):
        verbose_name = _("Result")
        verbose_name_plural = _("Results")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["candidate", "option", "version"], name="result_version_once"),
            models.UniqueConstraint(fields=["candidate", "option"], condition=Q(current=True), name="result_one_current_version"),
            models.CheckConstraint(condition=Q(version__gte=1), name="result_versions_begin_with_1"),
            models.CheckConstraint(condition=Q(indicator__in=["", *Indicator.values]), name="result_indicator_known"),
            models.CheckConstraint(condition=~Q(grade="", indicator=""), name="result_says_something"),
            models.CheckConstraint(condition=Q(grade="") | Q(indicator__in=["", "#"]), name="result_grade_or_indicator"),
            models.CheckConstraint(
                condition=Q(ums__isnull=True) | Q(ums_max__isnull=False, ums__lte=F("ums_max")), name="result_ums_within_its_maximum"
            ),
            models.CheckConstraint(condition=Q(level__in=ExamLevel.values), name="result_level_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["centre", "series", "level", "option"], condition=Q(current=True), name="result_of_a_centre"),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id} {self.option_id} {self.version}"
