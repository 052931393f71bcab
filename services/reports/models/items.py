"""Item level data: the items of a paper with the figures of all centres, and the marks of candidates for each item (formats.md 4.7)."""

from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from permissions.models import Centre
from services.exams.levels import ExamLevel
from services.exams.models import Candidate, Component
from services.releases.artefacts import Artefact
from services.releases.gated import kept
from services.reports.models.issue import ReportVersion

LABEL_LONGEST: Final = 12


class MarkState(models.TextChoices):
    """What became of an item; only a marked one has a mark, and absent is not zero."""

    MARKED = "M", _("Marked")
    NOT_ATTEMPTED = "N", _("Not attempted")
    ABSENT = "A", _("Absent")
    NOT_CHOSEN = "O", _("Optional, not chosen")


class Sex(models.TextChoices):
    """What centres are compared by; empty where it is not said."""

    MALE = "M", _("Male")
    FEMALE = "F", _("Female")


class PaperItem(ReportVersion):
    """An item of a paper with the figures of all centres, which are published and never counted again.

    `figures` holds for "all", "male" and "female" [entered, attempted, mean mark in hundredths or null].
    """

    artefact = Artefact.ITEM_DATA
    of_a_centre = False

    component = models.ForeignKey(Component, on_delete=kept, related_name="+", db_index=False)
    label = models.CharField(_("Item"), max_length=LABEL_LONGEST)
    place = models.PositiveSmallIntegerField(_("Order"))
    maximum = models.PositiveSmallIntegerField(_("Maximum mark"))
    optional = models.BooleanField(_("Optional"), default=False)
    figures = models.JSONField(_("Figures of all centres"))

    class Meta(ReportVersion.Meta):
        verbose_name = _("Item of a paper")
        verbose_name_plural = _("Items of papers")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "component", "label", "version"], name="paper_item_version_once"),
            models.UniqueConstraint(fields=["series", "component", "label"], condition=Q(current=True), name="paper_item_one_current"),
            models.CheckConstraint(condition=Q(maximum__gte=1), name="paper_item_has_a_maximum"),
            models.CheckConstraint(condition=Q(version__gte=1), name="paper_item_versions_begin_with_1"),
            models.CheckConstraint(condition=Q(level__in=ExamLevel.values), name="paper_item_level_known"),
        ]

    def __str__(self) -> str:
        return f"{self.component_id} {self.label} {self.version}"


class ItemMark(ReportVersion):
    """A version of a candidate's mark for an item. Sex stands here and nowhere else: it is kept for the comparison alone.

    Centre and maximum repeat what candidate and item say, so that the gate, the figures and the constraints need one table.
    """

    artefact = Artefact.ITEM_DATA

    centre = models.ForeignKey(Centre, on_delete=kept, related_name="+", db_index=False)
    component = models.ForeignKey(Component, on_delete=kept, related_name="+", db_index=False)
    candidate = models.ForeignKey(Candidate, on_delete=kept, related_name="+", db_index=False)
    item = models.CharField(_("Item"), max_length=LABEL_LONGEST)
    maximum = models.PositiveSmallIntegerField(_("Maximum mark"))
    mark = models.PositiveSmallIntegerField(_("Mark"), null=True)
    state = models.CharField(_("Status"), max_length=1, choices=MarkState.choices, default=MarkState.MARKED)
    sex = models.CharField(max_length=1, choices=Sex.choices, blank=True, default="")

    class Meta(ReportVersion.Meta):
        verbose_name = _("Mark for an item")
        verbose_name_plural = _("Marks for items")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["candidate", "component", "item", "version"], name="item_mark_version_once"),
            models.UniqueConstraint(fields=["candidate", "component", "item"], condition=Q(current=True), name="item_mark_one_current"),
            models.CheckConstraint(condition=Q(state__in=MarkState.values), name="item_mark_state_known"),
            models.CheckConstraint(condition=Q(sex__in=["", *Sex.values]), name="item_mark_sex_known"),
            models.CheckConstraint(
                condition=Q(state="M", mark__isnull=False) | (~Q(state="M") & Q(mark__isnull=True)), name="item_mark_only_when_marked"
            ),
            models.CheckConstraint(condition=Q(mark__isnull=True) | Q(mark__lte=F("maximum")), name="item_mark_within_its_maximum"),
            models.CheckConstraint(condition=Q(version__gte=1), name="item_mark_versions_begin_with_1"),
            models.CheckConstraint(condition=Q(level__in=ExamLevel.values), name="item_mark_level_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["centre", "series", "component", "candidate"], condition=Q(current=True), name="item_marks_of_a_centre"),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id} {self.item} {self.version}"
