"""A kept file: what it is called, its sum, and what the scanner said. Its bytes stand on the disk under its id, never under its name."""

import uuid
from pathlib import Path
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal import clock


class FileKind(models.TextChoices):
    """What a file is for."""

    SCRIPT = "script", _("Script")
    PAPER = "paper", _("Question paper")
    SCHEME = "scheme", _("Marking scheme")
    REPORT = "report", _("Examiners’ report")
    EXEMPLAR = "exemplar", _("Exemplar")


class FileState(models.TextChoices):
    """Where a file stands. Only what is in `SERVED` is ever served; what came from outside gets there by a scan and by nothing else."""

    QUARANTINED = "quarantined", _("In quarantine")
    CLEAN = "clean", _("Clean")
    REFUSED = "refused", _("Refused and deleted")
    MADE = "made", _("Made by Portal itself, for the demonstration")


SERVED: Final = (FileState.CLEAN, FileState.MADE)


class PublishedFile(models.Model):
    """A file that staff gave us, or that we made for a demonstration. `said` is the scanner's last answer, `tries` how often it was asked without one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("Type"), max_length=10, choices=FileKind.choices)
    name = models.CharField(_("Name"), max_length=150)
    size = models.PositiveIntegerField(_("Size"))
    digest = models.CharField("SHA-256", max_length=64)
    state = models.CharField(_("Status"), max_length=11, choices=FileState.choices, default=FileState.QUARANTINED)
    said = models.CharField(_("The scanner’s answer"), max_length=200, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("Added by")
    )
    kept_at = models.DateTimeField(_("Added at"), default=clock.now)
    scanned_at = models.DateTimeField(_("Scanned at"), null=True, blank=True)

    class Meta:
        verbose_name = _("Published file")
        verbose_name_plural = _("Published files")
        ordering: ClassVar = ["-kept_at"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=FileKind.values), name="file_kind_known"),
            models.CheckConstraint(condition=Q(state__in=FileState.values), name="file_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["quarantined", "made"]) | (Q(scanned_at__isnull=False) & ~Q(said="")),
                name="file_leaves_quarantine_by_a_scan",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tries", "kept_at"], condition=Q(state="quarantined"), name="file_to_scan")]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where its bytes are."""
        return Path(settings.FILES_DIR) / self.id.hex[:2] / self.id.hex
