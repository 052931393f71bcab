"""What the deletion of an account can refuse."""

from django.utils.translation import gettext_lazy as _

from portal.web.refusal import Refusal


class NotYoursToDelete(Refusal):
    """The actor may not delete this account: their own, an Exams Officer’s, another centre’s, or it is gone by now (MAN-2)."""

    message = _("You cannot delete this account")
