"""A centre: a school or college with its five-digit number."""

from typing import ClassVar, Final

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

FIVE_DIGITS: Final = r"\A[0-9]{5}\Z"


class Country(models.TextChoices):
    """Where a centre is: it decides which language stands first in bilingual e-mails."""

    WALES = "wales", _("Wales")
    ENGLAND = "england", _("England")
    NORTHERN_IRELAND = "northern_ireland", _("Northern Ireland")
    ELSEWHERE = "elsewhere", _("Elsewhere")


class Centre(models.Model):
    """A school or college. While `frozen_at` is set nobody's membership of it counts (MAN-5)."""

    number = models.CharField(
        _("Centre number"),
        max_length=5,
        unique=True,
        validators=[RegexValidator(FIVE_DIGITS, _("A centre number has 5 digits."))],
        error_messages={"unique": _("A centre with this number already exists.")},
    )
    name = models.CharField(_("Centre name"), max_length=150)
    country = models.CharField(_("Country"), max_length=16, choices=Country.choices, default=Country.WALES)
    frozen_at = models.DateTimeField(_("Frozen"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("Centre")
        verbose_name_plural = _("Centres")
        ordering: ClassVar = ["number"]
        permissions: ClassVar = [("freeze_centre", "freeze and reactivate centres")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(number__regex=FIVE_DIGITS),
                name="centre_number_has_five_digits",
                violation_error_message=_("A centre number has 5 digits."),
            ),
            models.CheckConstraint(condition=models.Q(country__in=Country.values), name="centre_country_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"

    @property
    def bilingual(self) -> str:
        """The outbox's word for a message in both languages, Welsh first for a centre in Wales."""
        return "both-cy" if self.country == Country.WALES else "both-en"
