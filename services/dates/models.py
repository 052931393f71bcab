"""A key date, and the address of somebody's calendar."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from permissions.models import Membership
from portal import clock
from services.exams.levels import ExamLevel


class KeyDate(models.Model):
    """A day that everybody may know: a deadline, the first day of an exam period, a results day far ahead."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    day = models.DateField(_("Day"))
    title_en = models.CharField(_("English title"), max_length=150)
    title_cy = models.CharField(_("Welsh title"), max_length=150)
    level = models.CharField(_("Level"), max_length=7, choices=ExamLevel.choices, blank=True, default="")

    class Meta:
        verbose_name = _("Key date")
        verbose_name_plural = _("Key dates")
        ordering: ClassVar = ["day", "title_en"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "title_en"], name="key_date_once"),
            models.CheckConstraint(condition=Q(level__in=["", *ExamLevel.values]), name="key_date_level_known"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the page's language."""
        return self.title_cy if get_language() == "cy" else self.title_en


class Calendar(models.Model):
    """That a person has an address for their calendar at a centre. The address is signed, so the table holds no secret; a new one ends the old."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=clock.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("Calendar address")
        verbose_name_plural = _("Calendar addresses")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["membership"], condition=Q(revoked_at=None), name="calendar_one_address_a_place"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
