"""Django's entry for the accounts floor."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People and how they prove who they are."""

    name = "accounts"
    verbose_name = _("People")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register this floor's audit events (200-299) and listen to what becomes of invites."""
        from accounts import events  # noqa: F401
        from accounts.invites.bounced import tell_inviter
        from portal.outbox.signals import undelivered

        undelivered.connect(tell_inviter, dispatch_uid="accounts.invites.bounced")
