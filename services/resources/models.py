"""What can be downloaded about an exam: papers, marking schemes, reports, exemplars. Read through its own gate or not at all."""

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal import clock
from services.exams.models import Component, Qualification, Subject
from services.exams.models.series import FIRST_YEAR, LAST_YEAR
from services.files.models import SERVED, PublishedFile
from services.releases.gated import GatedQuerySet, kept
from services.resources.gate import Reader, is_seen_by
from services.resources.words import LONGEST, kept_words


class ResourceKind(models.TextChoices):
    """What it is."""

    PAPER = "paper", _("Question paper")
    SCHEME = "scheme", _("Marking scheme")
    REPORT = "report", _("Examiners’ report")
    EXEMPLAR = "exemplar", _("Exemplar")


class ResourceLanguage(models.TextChoices):
    """In which language it is written."""

    ENGLISH = "en", _("English")
    WELSH = "cy", _("Welsh")
    BOTH = "both", _("English and Welsh")


class ResourceQuerySet(GatedQuerySet[Any]):
    """Resources; every read says who looks."""

    def readable(self, reader: Reader) -> Self:
        """Keep what a reader may see now, and only files that have left quarantine."""
        return self._opened(self.filter(is_seen_by(reader), withdrawn_at=None, file__state__in=SERVED))


class Resource(models.Model):
    """A file about a qualification and year. `starts_at` is the instant at which a question paper is sat, `general_at` when it is everybody's.

    `searched` is titles and codes as words that each begin behind a space (`words.kept_words`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(Subject, verbose_name=_("Subject"), on_delete=kept, related_name="+")
    qualification = models.ForeignKey(Qualification, verbose_name=_("Qualification"), on_delete=kept, related_name="+")
    component = models.ForeignKey(Component, verbose_name=_("Component"), null=True, blank=True, on_delete=kept, related_name="+")
    kind = models.CharField(_("Type"), max_length=10, choices=ResourceKind.choices)
    language = models.CharField(_("Language"), max_length=4, choices=ResourceLanguage.choices)
    year = models.PositiveSmallIntegerField(_("Year"))
    month = models.PositiveSmallIntegerField(_("Month"))
    title_en = models.CharField(_("English title"), max_length=150)
    title_cy = models.CharField(_("Welsh title"), max_length=150)
    file = models.OneToOneField(PublishedFile, verbose_name=_("PDF"), on_delete=kept, related_name="+")
    starts_at = models.DateTimeField(_("Start of the exam"), null=True, blank=True)
    general_at = models.DateTimeField(_("For everybody from"), null=True, blank=True)
    added_at = models.DateTimeField(_("Added at"), default=clock.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("Added by")
    )
    confirmed_at = models.DateTimeField(_("Confirmed at"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("Confirmed by")
    )
    withdrawn_at = models.DateTimeField(_("Withdrawn at"), null=True, blank=True)
    searched = models.CharField(max_length=LONGEST, blank=True, default="", editable=False)

    objects: ClassVar[Any] = ResourceQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("Resource")
        verbose_name_plural = _("Resources")
        ordering: ClassVar = ["-year", "-month", "subject", "kind"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=ResourceKind.values), name="resource_kind_known"),
            models.CheckConstraint(condition=Q(language__in=ResourceLanguage.values), name="resource_language_known"),
            models.CheckConstraint(condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR), name="resource_year_exists"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="resource_month_exists"),
            # What has a start is a paper of a component and nobody's in general before it has begun.
            models.CheckConstraint(
                condition=Q(starts_at=None)
                | (Q(kind=ResourceKind.PAPER, component__isnull=False) & (Q(general_at=None) | Q(general_at__gt=F("starts_at")))),
                name="resource_paper_is_general_after_its_start",
            ),
            models.CheckConstraint(condition=~Q(starts_at=None) | ~Q(general_at=None), name="resource_has_a_time"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | Q(added_by=None) | ~Q(confirmed_by=F("added_by")), name="resource_confirmed_by_another"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject", "-year", "-month"], name="resource_of_a_subject"),
            models.Index(fields=["starts_at"], condition=Q(starts_at__isnull=False), name="resource_of_today"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, **options: Any) -> None:
        """Keep, with what is searched."""
        codes = (self.component.code if self.component else "", self.qualification.code, str(self.year))
        titles = (title for one in (self, self.qualification, self.subject) for title in (one.title_en, one.title_cy))
        self.searched = kept_words((*codes, *titles))
        super().save(**options)

    @property
    def title(self) -> str:
        """The title in the page's language."""
        return self.title_cy if get_language() == "cy" else self.title_en
