"""A centre's candidates in a series, and what they are entered for. The least data that results need: no date of birth, no sex."""

import uuid
from typing import Any, ClassVar, Final

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from permissions.models import Centre
from portal import clock
from portal.folding import fold, name_key
from services.exams.models.qualification import Option
from services.exams.models.series import Series

NUMBER: Final = r"\A[0-9]{4}\Z"
UCI: Final = r"\A[0-9]{5}[0-9A-Z][0-9]{6}[A-HK-MRTV-Y]\Z"
"""The shape of a UCI; whether its check letter is right, `services.exams.identifiers` says."""


class Candidate(models.Model):
    """One person's candidature at a centre in a series; the same person is another row in the next series, with the same UCI.

    `sort_en`, `sort_cy` and `searched` follow from the names and numbers and are written by `save` or, for many rows, by `prepared`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(Centre, verbose_name=_("Centre"), on_delete=models.PROTECT, related_name="candidates")
    series = models.ForeignKey(Series, verbose_name=_("Exam series"), on_delete=models.PROTECT, related_name="candidates")
    number = models.CharField(_("Candidate number"), max_length=4, validators=[RegexValidator(NUMBER)])
    uci = models.CharField("UCI", max_length=13, blank=True, default="")
    surname = models.CharField(_("Last name"), max_length=80)
    forenames = models.CharField(_("First names"), max_length=80, blank=True, default="")
    sort_en = models.CharField(max_length=200, blank=True, default="", editable=False)
    sort_cy = models.CharField(max_length=200, blank=True, default="", editable=False)
    searched = models.CharField(max_length=200, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("Candidate")
        verbose_name_plural = _("Candidates")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["centre", "series", "number"], name="candidate_number_once_a_series"),
            models.UniqueConstraint(fields=["centre", "series", "uci"], condition=~Q(uci=""), name="candidate_uci_once_a_series"),
            models.CheckConstraint(condition=Q(number__regex=NUMBER) & ~Q(number="0000"), name="candidate_number_has_four_digits"),
            models.CheckConstraint(condition=Q(uci="") | Q(uci__regex=UCI), name="candidate_uci_has_its_shape"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["centre", "series", "sort_en", "id"], name="candidate_by_name_en"),
            models.Index(fields=["centre", "series", "sort_cy", "id"], name="candidate_by_name_cy"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"

    def save(self, **options: Any) -> None:
        """Keep, with what lists sort and search by."""
        super(Candidate, self.prepared()).save(**options)

    @property
    def name(self) -> str:
        """The name as lists show it: last name first."""
        return listed_name(self.surname, self.forenames)

    def prepared(self) -> "Candidate":
        """Fill in what lists sort and search by, before many rows are written at once; returns the same object."""
        self.sort_en = name_key(self.surname, self.forenames, "en")
        self.sort_cy = name_key(self.surname, self.forenames, "cy")
        self.searched = fold(f"{self.forenames} {self.surname} {self.number} {self.uci}")[:200]
        return self


def listed_name(surname: str, forenames: str) -> str:
    """Return a name as lists show it: last name first."""
    return f"{surname}, {forenames}" if forenames else surname


class Entry(models.Model):
    """That a candidate is entered for an option; a withdrawn one keeps its row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    candidate = models.ForeignKey(Candidate, verbose_name=_("Candidate"), on_delete=models.PROTECT, related_name="entries")
    option = models.ForeignKey(Option, verbose_name=_("Entry option"), on_delete=models.PROTECT, related_name="entries")
    made_at = models.DateTimeField(default=clock.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("Entry")
        verbose_name_plural = _("Entries")
        constraints: ClassVar = [models.UniqueConstraint(fields=["candidate", "option"], name="entry_once")]

    def __str__(self) -> str:
        return f"{self.candidate_id} {self.option_id}"
