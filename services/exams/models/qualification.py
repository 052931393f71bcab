"""What can be taken: subjects, their qualifications, the options that are entered and the components that are marked."""

from typing import ClassVar, Final

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.choices import label_of
from services.exams.levels import ExamLevel, QualificationKind

ENTRY_CODE: Final = r"\A[0-9A-Z]{4,6}\Z"
"""Four figures of the subject and up to two signs; it stands in addresses."""
_LONGEST_TITLE: Final = 150


class _Titled(models.Model):
    """Something with a title in both languages."""

    title_en = models.CharField(_("English title"), max_length=_LONGEST_TITLE)
    title_cy = models.CharField(_("Welsh title"), max_length=_LONGEST_TITLE)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the page's language."""
        return self.title_cy if get_language() == "cy" else self.title_en


class Subject(_Titled):
    """A field of study, whatever qualifications there are in it."""

    slug = models.SlugField(max_length=50, unique=True)

    class Meta:
        verbose_name = _("Subject")
        verbose_name_plural = _("Subjects")
        ordering: ClassVar = ["slug"]


class Qualification(_Titled):
    """What a certificate names, such as GCSE Mathematics; `code` is its syllabus code, `qan` the regulator's number."""

    subject = models.ForeignKey(Subject, verbose_name=_("Subject"), on_delete=models.PROTECT, related_name="qualifications")
    kind = models.CharField(_("Qualification"), max_length=12, choices=QualificationKind.choices)
    level = models.CharField(_("Level"), max_length=7, choices=ExamLevel.choices)
    code = models.CharField(_("Code"), max_length=6, unique=True)
    qan = models.CharField("QAN", max_length=10, blank=True, default="")

    class Meta:
        verbose_name = _("Qualification")
        verbose_name_plural = _("Qualifications")
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["qan"], condition=~Q(qan=""), name="qualification_qan_once"),
            models.CheckConstraint(condition=Q(level__in=ExamLevel.values), name="qualification_level_known"),
            models.CheckConstraint(condition=Q(kind__in=QualificationKind.values), name="qualification_kind_known"),
        ]

    def get_kind_display(self) -> str:  # type: ignore[no-redef]  # the plugin made one
        """Return the kind in words."""
        return label_of(QualificationKind, self.kind)


class Item(models.TextChoices):
    """What an option stands for."""

    UNIT = "U", _("Unit")
    CERTIFICATE = "C", _("Award")
    BOTH = "B", _("Unit and award")


class Option(_Titled):
    """What a candidate is entered for: an award or one of its units, by its entry code of six characters."""

    qualification = models.ForeignKey(Qualification, verbose_name=_("Qualification"), on_delete=models.PROTECT, related_name="options")
    code = models.CharField(_("Entry code"), max_length=6, unique=True)
    item = models.CharField(_("Type"), max_length=1, choices=Item.choices, default=Item.CERTIFICATE)
    ums_max = models.PositiveSmallIntegerField(_("Maximum uniform mark"), null=True, blank=True)

    class Meta:
        verbose_name = _("Entry option")
        verbose_name_plural = _("Entry options")
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(item__in=Item.values), name="option_item_known"),
            models.CheckConstraint(condition=Q(code__regex=ENTRY_CODE), name="option_code_is_plain"),
        ]

    def get_item_display(self) -> str:  # type: ignore[no-redef]  # the plugin made one
        """Return the kind of option in words."""
        return label_of(Item, self.item)


class Component(_Titled):
    """A paper or a piece of work that gets a mark of its own, such as 1122/01."""

    code = models.CharField(_("Code"), max_length=12, unique=True)
    maximum = models.PositiveSmallIntegerField(_("Maximum mark"))
    is_internal = models.BooleanField(_("Marked by the centre"), default=False)
    options: models.ManyToManyField[Option, "OptionComponent"] = models.ManyToManyField(
        Option, through="OptionComponent", related_name="components"
    )

    class Meta:
        verbose_name = _("Component")
        verbose_name_plural = _("Components")
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(maximum__gt=0), name="component_has_a_maximum")]


class OptionComponent(models.Model):
    """That an option has a component."""

    option = models.ForeignKey(Option, on_delete=models.CASCADE, related_name="links")
    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="links")

    class Meta:
        verbose_name = _("Component of an option")
        verbose_name_plural = _("Components of an option")
        constraints: ClassVar = [models.UniqueConstraint(fields=["option", "component"], name="option_component_once")]

    def __str__(self) -> str:
        return f"{self.option_id} {self.component_id}"
