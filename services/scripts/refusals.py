"""What publishing a script refuses, in words for staff."""

from django.utils.translation import gettext_lazy as _

from portal.web.refusal import Refusal


class NoSuchCandidate(Refusal):
    """No candidate of this number at this centre in this series."""

    message = _("There is no candidate with this number at this centre in this series.")
    field = "candidate"


class NoSuchComponent(Refusal):
    """No component of this code, or none of this level."""

    message = _("There is no component with this code at this level.")
    field = "component"


class NotEntered(Refusal):
    """The candidate has no entry for anything with this component: most likely a wrong number."""

    message = _("This candidate has no entry for this component. Compare the numbers.")
    field = "component"
