"""When each kind of thing is released, and the proposals by which two members of staff set that."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal import clock, limits
from services.exams.levels import ExamLevel
from services.exams.models import Series
from services.releases.artefacts import Artefact


class Slot(models.Model):
    """What has a release: one kind of thing of one level in one series, seen by some from one instant and by all from another.

    `announced`: the day is public, so that the page of results days shows it to everybody with access, whatever there is to see.
    """

    series = models.ForeignKey(Series, verbose_name=_("Exam series"), on_delete=models.PROTECT, related_name="+")
    level = models.CharField(_("Level"), max_length=7, choices=ExamLevel.choices)
    kind = models.CharField(_("What is released"), max_length=20, choices=Artefact.choices)
    restricted_at = models.DateTimeField(_("Restricted release"))
    general_at = models.DateTimeField(_("General release"))
    announced = models.BooleanField(_("Announced as a results day"), default=False, db_default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_level_display()}, {self.series}"


class Release(Slot):
    """The two instants that count now. No row means not released."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = _("Release")
        verbose_name_plural = _("Releases")
        ordering: ClassVar = ["-general_at", "series", "level", "kind"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "level", "kind"], name="release_once"),
            models.CheckConstraint(condition=Q(restricted_at__lte=F("general_at")), name="release_restricted_first"),
            models.CheckConstraint(condition=Q(level__in=ExamLevel.values), name="release_level_known"),
            models.CheckConstraint(condition=Q(kind__in=Artefact.values), name="release_kind_known"),
        ]


class ReleaseChange(Slot):
    """A proposal to set or move a release; open until `decided_at`. The database refuses one person in two parts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reason = models.CharField(_("Reason"), max_length=limits.SVC5_RELEASE_REASON_LONGEST)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("Proposed by")
    )
    proposed_at = models.DateTimeField(_("Proposed at"), default=clock.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("Decided by")
    )
    decided_at = models.DateTimeField(_("Decided at"), null=True)
    approved = models.BooleanField(_("Approved"), default=False)

    class Meta:
        verbose_name = _("Proposed release time")
        verbose_name_plural = _("Proposed release times")
        ordering: ClassVar = ["-proposed_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "level", "kind"], condition=Q(decided_at=None), name="release_change_one_open"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(proposed_by=None) | ~Q(decided_by=F("proposed_by")), name="release_change_by_two"
            ),
            models.CheckConstraint(condition=Q(restricted_at__lte=F("general_at")), name="release_change_restricted_first"),
            models.CheckConstraint(condition=Q(approved=False) | ~Q(decided_at=None), name="release_change_approved_is_decided"),
            models.CheckConstraint(condition=Q(level__in=ExamLevel.values), name="release_change_level_known"),
            models.CheckConstraint(condition=Q(kind__in=Artefact.values), name="release_change_kind_known"),
        ]
