"""The levels that have results days of their own, and the kinds of qualification at each."""

from types import MappingProxyType
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ExamLevel(models.TextChoices):
    """What is released together: A levels a week before GCSEs."""

    LEVEL_3 = "level-3", _("A level and AS")
    LEVEL_2 = "level-2", _("GCSE")
    ENTRY = "entry", pgettext_lazy("qualification", "Entry Level")


class QualificationKind(models.TextChoices):
    """What a qualification is; which level that is stands in `LEVEL_OF`."""

    GCSE = "gcse", _("GCSE")
    GCSE_DOUBLE = "gcse-double", _("GCSE (Double Award)")
    AS = "as", _("AS")
    A_LEVEL = "a-level", _("A level")
    VOCATIONAL_2 = "vocational-2", _("Level 2 vocational")
    VOCATIONAL_3 = "vocational-3", _("Level 3 vocational")
    ENTRY_LEVEL = "entry-level", pgettext_lazy("qualification", "Entry Level")


LEVEL_OF: Final = MappingProxyType(
    {
        QualificationKind.GCSE: ExamLevel.LEVEL_2,
        QualificationKind.GCSE_DOUBLE: ExamLevel.LEVEL_2,
        QualificationKind.AS: ExamLevel.LEVEL_3,
        QualificationKind.A_LEVEL: ExamLevel.LEVEL_3,
        QualificationKind.VOCATIONAL_2: ExamLevel.LEVEL_2,
        QualificationKind.VOCATIONAL_3: ExamLevel.LEVEL_3,
        QualificationKind.ENTRY_LEVEL: ExamLevel.ENTRY,
    }
)
