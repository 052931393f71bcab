"""Second factors, on django-otp's framework: authenticator app, text message, e-mail, passkey (MFA-1, MFA-2)."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device

from portal import clock
from portal.crypto import EncryptedTextField


class Method(models.TextChoices):
    """The methods: the guide's three in the guide's order, then passkeys (MFA-2)."""

    APP = "app", _("Authenticator App")
    SMS = "sms", _("Text message (SMS)")
    EMAIL = "email", _("Email")
    PASSKEY = "passkey", _("Passkey")


class Factor(Device):
    """One method of one person; a person may have several, passkeys even several of a kind (told apart by `name`).

    `confirmed` is False while it is being set up and proves nothing until then. Before `trusted_from` it lets its person sign in but proves
    nothing afresh: a number changed a moment ago may be a thief's (A155).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="factors")
    method = models.CharField(max_length=10, choices=Method.choices)
    seed = EncryptedTextField(purpose="factor-seed", lost_is_empty=True, blank=True, default="")
    number = models.CharField(max_length=20, blank=True, default="")
    last_step = models.BigIntegerField(default=0)
    credential = models.CharField(max_length=1400, blank=True, default="")
    public_key = models.TextField(blank=True, default="")
    sign_count = models.BigIntegerField(default=0)
    is_default = models.BooleanField(default=False)
    added_at = models.DateTimeField(default=clock.now)
    trusted_from = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("MFA method")
        verbose_name_plural = _("MFA methods")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "method", "confirmed"],
                condition=~Q(method=Method.PASSKEY),
                name="factor_once_per_method_and_state",
            ),
            models.UniqueConstraint(fields=["user"], condition=Q(is_default=True), name="factor_one_default_a_person"),
            models.UniqueConstraint(fields=["credential"], condition=~Q(credential=""), name="factor_credential_once"),
            models.CheckConstraint(condition=Q(method__in=Method.values), name="factor_method_is_known"),
            models.CheckConstraint(condition=Q(method=Method.APP) | Q(seed=""), name="factor_seed_only_for_app"),
            models.CheckConstraint(condition=Q(method=Method.SMS) | Q(number=""), name="factor_number_only_for_sms"),
            models.CheckConstraint(
                condition=(Q(method=Method.PASSKEY) & ~Q(credential="") & ~Q(public_key=""))
                | (~Q(method=Method.PASSKEY) & Q(credential="") & Q(public_key="")),
                name="factor_credential_only_for_passkey",
            ),
        ]

    def __str__(self) -> str:
        return str(Method(self.method).label)

    def trusted(self, at: datetime) -> bool:
        """Say whether the method may prove afresh who somebody is at an instant (P19, A155); signing in it may always."""
        return self.trusted_from is None or at >= self.trusted_from
