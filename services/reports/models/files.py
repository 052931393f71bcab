"""A file that staff brought for a report: what the frame of every file has, and its kind."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.publishing.models import StaffFile, file_constraints
from services.reports.models.issue import Report, ReportIssue


class ReportFile(StaffFile):
    """A file of a report."""

    kind = models.CharField(_("Type"), max_length=8, choices=Report.choices)
    lines = models.PositiveIntegerField(_("Lines"), default=0, db_default=0)
    # The column kept its name when the field took that of every other file.
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Published by"),
        db_column="published_by_id",
    )
    issue = models.OneToOneField(
        ReportIssue, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Issue of a report")
    )

    class Meta(StaffFile.Meta):
        verbose_name = _("File of a report")
        verbose_name_plural = _("Files of reports")
        constraints: ClassVar = [
            *file_constraints("report_file", "kind"),
            models.CheckConstraint(condition=Q(kind__in=Report.values), name="report_file_kind_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["made_at"], condition=Q(state__in=("waiting", "ordered")), name="report_file_to_do")]
