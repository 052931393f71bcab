"""The event: who, what, whom, centre, when, from where. Names are copied, so that the row outlives everybody."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.audit.kinds import sentence_of


class AuditEvent(models.Model):
    """One line of the trail. Triggers refuse UPDATE and DELETE (`portal.audit.triggers`)."""

    at = models.DateTimeField(_("When"), default=clock.now, db_index=True)
    number = models.PositiveSmallIntegerField(_("Number"))
    kind = models.CharField(_("Event"), max_length=60)
    actor_id = models.CharField(max_length=40, blank=True, db_index=True)
    actor_name = models.CharField(_("Done by"), max_length=200, blank=True)
    subject_id = models.CharField(max_length=40, blank=True, db_index=True)
    subject_name = models.CharField(_("Affected user"), max_length=200, blank=True)
    centre_id = models.CharField(max_length=40, blank=True)
    centre_number = models.CharField(_("Centre number"), max_length=5, blank=True, db_index=True)
    address = models.CharField(_("IP address"), max_length=45, blank=True)
    browser = models.CharField(_("Browser"), max_length=200, blank=True)
    detail = models.JSONField(_("Details"), default=dict)
    seal = models.CharField(max_length=80, blank=True, default="", db_default="", editable=False)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["centre_id", "at", "id"], name="audit_centre_by_time"),
            models.Index(fields=["centre_id", "number", "at", "id"], name="audit_centre_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {sentence_of(self.number)}"


class Link(models.Model):
    """One link of the chain over the events, made a little later (`portal.audit.chain`): a line that goes missing leaves its link behind."""

    position = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return f"{self.position}: {self.event_id}"
