"""Second factors, on django-otp's framework: authenticator app, text message, e-mail (MFA-1)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device

from portal import clock
from portal.crypto import EncryptedTextField


class Method(models.TextChoices):
    """The methods in the guide's order."""

    APP = "app", _("Authenticator App")
    SMS = "sms", _("Text message (SMS)")
    EMAIL = "email", _("Email")


class Factor(Device):
    """One method of one person. `confirmed` is False while it is being set up and proves nothing until then."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="factors")
    method = models.CharField(max_length=5, choices=Method.choices)
    seed = EncryptedTextField(purpose="factor-seed", blank=True, default="")
    number = models.CharField(max_length=20, blank=True, default="")
    last_step = models.BigIntegerField(default=0)
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("MFA method")
        verbose_name_plural = _("MFA methods")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "method", "confirmed"], name="factor_once_per_method_and_state"),
            models.CheckConstraint(condition=models.Q(method__in=Method.values), name="factor_method_is_known"),
            models.CheckConstraint(condition=models.Q(method=Method.APP) | models.Q(seed=""), name="factor_seed_only_for_app"),
            models.CheckConstraint(condition=models.Q(method=Method.SMS) | models.Q(number=""), name="factor_number_only_for_sms"),
        ]

    def __str__(self) -> str:
        return str(Method(self.method).label)
