"""A reset of somebody's MFA methods by two members of staff: one asks, another decides (MFA-4, A53)."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal import clock


class FactorReset(models.Model):
    """What was asked for whom and why; open until `decided_at`. The database refuses one person in two parts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("Affected user"), on_delete=models.CASCADE, related_name="factor_resets"
    )
    reason = models.CharField(_("Reason"), max_length=500)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("Asked by")
    )
    asked_at = models.DateTimeField(_("Asked at"), default=clock.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("Decided by")
    )
    decided_at = models.DateTimeField(_("Decided at"), null=True)
    approved = models.BooleanField(_("Approved"), default=False)

    class Meta:
        verbose_name = _("MFA reset")
        verbose_name_plural = _("MFA resets")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user"], condition=Q(decided_at=None), name="factor_reset_one_open_a_person"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(asked_by=None) | ~Q(decided_by=F("asked_by")), name="factor_reset_by_two"
            ),
            models.CheckConstraint(condition=Q(decided_by=None) | ~Q(decided_by=F("user")), name="factor_reset_not_decided_by_oneself"),
            models.CheckConstraint(condition=Q(asked_by=None) | ~Q(asked_by=F("user")), name="factor_reset_not_asked_by_oneself"),
            models.CheckConstraint(condition=Q(approved=False) | ~Q(decided_at=None), name="factor_reset_approved_is_decided"),
        ]

    def __str__(self) -> str:
        return str(self.user)
