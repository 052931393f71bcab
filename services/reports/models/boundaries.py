"""Grade boundaries: of subjects and units, and the notional ones of components, which have a release of their own."""

from typing import ClassVar, Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.exams.levels import ExamLevel
from services.exams.models import Component, Option
from services.releases.artefacts import Artefact
from services.releases.gated import kept
from services.reports.models.issue import ReportVersion


class Tier(models.TextChoices):
    """The tier of a GCSE; empty where there are none, which the regulator's files write as -2."""

    FOUNDATION = "F", _("Foundation tier")
    HIGHER = "H", _("Higher tier")


_TIERS: Final = ["", *Tier.values]


class _Boundaries(ReportVersion):
    """The boundaries of one thing as one row, since they are published and changed together.

    `grades` holds [grade, raw mark, uniform mark] from the best grade down; a mark is null where it is not applicable.
    """

    of_a_centre = False

    tier = models.CharField(_("Tier"), max_length=1, choices=Tier.choices, blank=True, default="")
    maximum = models.PositiveSmallIntegerField(_("Maximum mark"), null=True)
    grades = models.JSONField(_("Grades"))

    class Meta(ReportVersion.Meta):
        abstract = True


class SubjectBoundary(_Boundaries):
    """What the grades of a subject or a unit take: raw marks, and uniform marks where the qualification has them."""

    artefact = Artefact.SUBJECT_BOUNDARIES

    option = models.ForeignKey(Option, on_delete=kept, related_name="+", db_index=False)
    ums_maximum = models.PositiveSmallIntegerField(_("Maximum uniform mark"), null=True)

    class Meta(_Boundaries.Meta):
        verbose_name = _("Subject grade boundaries")
        verbose_name_plural = _("Subject grade boundaries")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "option", "tier", "version"], name="subject_boundary_version_once"),
            models.UniqueConstraint(fields=["series", "option", "tier"], condition=Q(current=True), name="subject_boundary_one_current"),
            models.CheckConstraint(condition=Q(tier__in=_TIERS), name="subject_boundary_tier_known"),
            models.CheckConstraint(condition=Q(level__in=ExamLevel.values), name="subject_boundary_level_known"),
            models.CheckConstraint(condition=Q(version__gte=1), name="subject_boundary_versions_begin_with_1"),
        ]
        indexes: ClassVar = [models.Index(fields=["series", "level", "option"], name="subject_boundaries_of_series")]

    def __str__(self) -> str:
        return f"{self.option_id} {self.tier} {self.version}"


class NotionalBoundary(_Boundaries):
    """What the grades of a linear qualification's paper would have taken, had it been graded by itself."""

    artefact = Artefact.NOTIONAL_BOUNDARIES

    component = models.ForeignKey(Component, on_delete=kept, related_name="+", db_index=False)

    class Meta(_Boundaries.Meta):
        verbose_name = _("Notional component boundaries")
        verbose_name_plural = _("Notional component boundaries")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "component", "tier", "version"], name="notional_boundary_version_once"),
            models.UniqueConstraint(
                fields=["series", "component", "tier"], condition=Q(current=True), name="notional_boundary_one_current"
            ),
            models.CheckConstraint(condition=Q(tier__in=_TIERS), name="notional_boundary_tier_known"),
            models.CheckConstraint(condition=Q(level__in=ExamLevel.values), name="notional_boundary_level_known"),
            models.CheckConstraint(condition=Q(version__gte=1), name="notional_boundary_versions_from_1"),
        ]
        indexes: ClassVar = [models.Index(fields=["series", "level", "component"], name="notional_bounds_of_series")]

    def __str__(self) -> str:
        return f"{self.component_id} {self.tier} {self.version}"
