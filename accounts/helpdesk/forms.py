"""The form by which the help desk invites an Exams Officer."""

from accounts.invites.forms import DetailsForm


class InviteExamsOfficerForm(DetailsForm):
    """Who is invited; the flow decides whether."""
