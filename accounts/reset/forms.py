"""The forms of a forgotten password."""

from django.utils.translation import gettext_lazy as _

from accounts.codes.forms import CodeField
from accounts.email_field import EmailIdentityField
from accounts.passwords.forms import NewPasswordForm
from portal.web.forms import PortalForm


class AskForm(PortalForm):
    """Which address shall get the code."""

    email = EmailIdentityField()


class ResetForm(NewPasswordForm):
    """E-mail, temporary code and new password on one page (guide)."""

    email = EmailIdentityField()
    code = CodeField(
        label=_("Enter verification code"),
        error_messages={"required": _("Enter the code we sent to your email address")},
    )
    field_order = ("email", "code", "new_password")
