"""Django's entry for the accounts floor."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People and how they prove who they are."""

    name = "accounts"
    verbose_name = _("People")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register this floor's audit events (200-299) and listen to what becomes of invites; write the groups of staff."""
        from accounts import events  # noqa: F401
        from accounts.helpdesk.groups import make_groups
        from accounts.invites.bounced import tell_inviter
        from portal.outbox.signals import undelivered

        post_migrate.connect(make_groups, sender=self, dispatch_uid="accounts.helpdesk.groups")
        undelivered.connect(tell_inviter, dispatch_uid="accounts.invites.bounced")
