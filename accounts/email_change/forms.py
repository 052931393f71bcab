"""The form that asks the new address; the code has the form all codes have."""

from django.utils.translation import gettext_lazy as _

from accounts.email_field import EmailIdentityField
from portal.web.forms import PortalForm


class NewAddressForm(PortalForm):
    """Where the code shall go, and what one will sign in with."""

    email = EmailIdentityField()
    email.label = _("New email address")
    email.error_messages["required"] = _("Enter your new email address")
    email.widget.attrs["autocomplete"] = "email"
