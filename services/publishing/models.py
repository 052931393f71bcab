"""The frames of every table of publishing: a file that staff brought, the issue that came of it, and the versions that the issue added."""

import uuid
from pathlib import Path
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal import clock
from services.exams.levels import ExamLevel
from services.exams.models import Series
from services.releases.gated import Gated, kept

FOLDER: Final = "imports"
"""Of `FILES_DIR`: what stands in it belongs to a row that waits, or to nobody."""


class FileState(models.TextChoices):
    """Where a file stands."""

    WAITING = "waiting", _("Being checked")
    WRONG = "wrong", _("Lines are wrong: nothing was published")
    CHECKED = "checked", _("Checked, can be published")
    ORDERED = "ordered", _("Being published")
    PUBLISHED = "published", _("Published")
    FORGOTTEN = "forgotten", _("Deleted without being published")


WORKED: Final = (FileState.WAITING, FileState.ORDERED)
"""What a worker has something to do for."""
OPEN: Final = (*WORKED, FileState.CHECKED)
"""What has its bytes on the disk."""


class StaffFile(models.Model):
    """A file that staff brought; the row is the progress that they see, and stays when the file is gone.

    `errors` holds the first wrong lines in the language of whoever brought it, `wrong` counts them all. Since staff last did something a worker began
    on it `tries` times and it was announced anew `calls` times; `due_at` is when it will be again, if nothing comes of that.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.ForeignKey(Series, verbose_name=_("Exam series"), on_delete=models.PROTECT, related_name="+")
    level = models.CharField(_("Level"), max_length=7, choices=ExamLevel.choices)
    name = models.CharField(_("File"), max_length=150)
    size = models.PositiveIntegerField(_("Size"))
    digest = models.CharField("SHA-256", max_length=64)
    language = models.CharField(max_length=2, default="en", db_default="en")
    state = models.CharField(_("Status"), max_length=9, choices=FileState.choices, default=FileState.WAITING)
    fresh = models.PositiveIntegerField(_("New"), default=0)
    reissued = models.PositiveIntegerField(_("Changed"), default=0)
    unchanged = models.PositiveIntegerField(_("Unchanged"), default=0)
    wrong = models.PositiveIntegerField(_("Wrong lines"), default=0)
    errors = models.JSONField(default=list, blank=True)
    reason = models.CharField(_("Reason"), max_length=200, blank=True, default="")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("Added by")
    )
    made_at = models.DateTimeField(_("Added at"), default=clock.now)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("Published by")
    )
    done_at = models.DateTimeField(_("Finished at"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("Attempts"), default=0, db_default=0)
    calls = models.PositiveSmallIntegerField(default=0, db_default=0)
    due_at = models.DateTimeField(_("Next attempt"), null=True, blank=True)
    issue: models.Field[object, object]

    class Meta:
        abstract = True
        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.series.code} {self.level})"

    @property
    def path(self) -> Path:
        """Where the file is until it has been published or forgotten."""
        return Path(settings.FILES_DIR) / FOLDER / self.id.hex


def file_constraints(name: str, *kind: str) -> list[models.BaseConstraint]:
    """Return what the database itself keeps true of a file, whichever way somebody comes to its table. `kind`: what tells its files apart besides."""
    published = Q(state="published")
    return [
        models.UniqueConstraint(fields=["series", "level", *kind], condition=Q(state="ordered"), name=f"{name}_one_published_at_a_time"),
        models.CheckConstraint(condition=Q(state__in=FileState.values), name=f"{name}_state_known"),
        models.CheckConstraint(condition=Q(level__in=ExamLevel.values), name=f"{name}_level_known"),
        models.CheckConstraint(
            condition=Q(state="published", issue__isnull=False) | (~published & Q(issue__isnull=True)), name=f"{name}_published_by_an_issue"
        ),
        models.CheckConstraint(condition=~published | Q(reissued=0) | ~Q(reason=""), name=f"{name}_reissues_with_a_reason"),
        models.CheckConstraint(condition=Q(wrong=0) | Q(state__in=("wrong", "forgotten")), name=f"{name}_publishes_no_wrong_line"),
    ]


class Issued(models.Model):
    """One issuing: a file that staff published, or a correction. Numbered within its series and level."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.ForeignKey(Series, verbose_name=_("Exam series"), on_delete=models.PROTECT, related_name="+")
    level = models.CharField(_("Level"), max_length=7, choices=ExamLevel.choices)
    number = models.PositiveIntegerField(_("Number"))
    issued_at = models.DateTimeField(_("Issued at"), default=clock.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("Issued by")
    )
    source = models.CharField(_("File"), max_length=200, blank=True, default="")
    digest = models.CharField("SHA-256", max_length=64, blank=True, default="")

    class Meta:
        abstract = True
        ordering: ClassVar = ["-issued_at"]

    def __str__(self) -> str:
        return f"{self.series.code} {self.level} {self.number}"


class Versioned(Gated):
    """A version of something published, with its `issue`: of an older one nothing changes but that it is no longer current."""

    series = models.ForeignKey(Series, on_delete=kept, related_name="+", db_index=False)
    level = models.CharField(max_length=7, choices=ExamLevel.choices)
    version = models.PositiveSmallIntegerField(default=1)
    current = models.BooleanField(default=True)

    class Meta(Gated.Meta):
        abstract = True
