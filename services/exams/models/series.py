"""An exam series, and the levels that are examined in it."""

from datetime import date
from functools import lru_cache
from typing import ClassVar, Final

from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from services.exams.levels import ExamLevel

FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2089
"""A file writes a year with two digits; these are the hundred years that they can mean."""


class Series(models.Model):
    """A month in which exams are sat, such as June 2026. A candidate has one number at a centre for all levels of it."""

    year = models.PositiveSmallIntegerField(_("Year"))
    month = models.PositiveSmallIntegerField(_("Month"))

    class Meta:
        verbose_name = _("Exam series")
        verbose_name_plural = _("Exam series")
        ordering: ClassVar = ["-year", "-month"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "month"], name="series_one_a_month"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="series_month_exists"),
            models.CheckConstraint(condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR), name="series_year_fits_a_file"),
        ]

    def __str__(self) -> str:
        return _month(self.year, self.month, get_language() or "en")

    @property
    def code(self) -> str:
        """Year and month as addresses and files write them: 2026-06."""
        return f"{self.year}-{self.month:02}"


@lru_cache(maxsize=512)
def _month(year: int, month: int, _language: str) -> str:
    """Write a month in the page's language, which is `_language`; every page of a series names it several times."""
    return str(date_format(date(year, month, 1), "F Y"))


class SeriesLevel(models.Model):
    """A level that is examined in a series, with what EDI files call it: the series' code (6A) and the board's number in it (40, 41)."""

    series = models.ForeignKey(Series, verbose_name=_("Exam series"), on_delete=models.CASCADE, related_name="levels")
    level = models.CharField(_("Level"), max_length=7, choices=ExamLevel.choices)
    edi_code = models.CharField(max_length=2, blank=True, default="")
    board_number = models.CharField(max_length=2, blank=True, default="")

    class Meta:
        verbose_name = _("Level of a series")
        verbose_name_plural = _("Levels of a series")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "level"], name="series_level_once"),
            models.UniqueConstraint(fields=["series", "edi_code"], condition=~Q(edi_code=""), name="series_edi_code_once"),
            models.CheckConstraint(condition=Q(level__in=ExamLevel.values), name="series_level_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()}, {self.series}"

    @property
    def code(self) -> str:
        """What an address names it by (`services.exams.sitting`)."""
        return f"{self.series.code}-{self.level}"
