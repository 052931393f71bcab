"""`manage.py invite_exams_officer CENTRE NAME EMAIL`: what the help desk's button does, from a shell."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.invites.details import Details
from accounts.invites.flow import invite_exams_officer
from permissions.models import Centre
from portal.web.refusal import Refusal


class Command(BaseCommand):
    """Invite the Exams Officer of a centre."""

    help = "Invite the Exams Officer of a centre by e-mail"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take centre number, full name and address."""
        parser.add_argument("centre", help="five-digit centre number")
        parser.add_argument("name", help="first and last name")
        parser.add_argument("email")

    def handle(self, *_args: Any, centre: str, name: str, email: str, **_options: Any) -> None:
        """Send the invite."""
        found = Centre.objects.filter(number=centre).first()
        if found is None:
            raise CommandError(f"There is no centre {centre}.")
        first, _space, last = name.strip().partition(" ")
        details = Details(title="", first_name=first, last_name=last or first, email=email, job_role="", language="en")
        try:
            invitation = invite_exams_officer(actor=None, centre=found, details=details)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Invite sent to {invitation.email} for centre {found.number} {found.name}.")
