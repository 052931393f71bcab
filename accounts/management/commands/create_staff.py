"""`manage.py create_staff EMAIL FIRST LAST [--group helper]`: the first members of staff; MFA is set up at their first sign-in."""

import getpass
import os
from typing import Any

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, transaction

from accounts.events import Event
from accounts.helpdesk.groups import StaffGroup
from accounts.models import User
from accounts.passwords.rules import check_new_password
from portal.audit.record import record
from portal.web.refusal import Refusal


class Command(BaseCommand):
    """Make a member of staff with every right in the help desk's admin, or with those of the groups named."""

    help = "Make a member of staff; the password is asked for, or read from PORTAL_STAFF_PASSWORD"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take address and name."""
        parser.add_argument("email")
        parser.add_argument("first_name")
        parser.add_argument("last_name")
        parser.add_argument(
            "--group", action="append", default=[], choices=StaffGroup.values, help="least privilege; without it every right"
        )

    def handle(self, *_args: Any, email: str, first_name: str, last_name: str, group: list[str], **_options: Any) -> None:
        """Make the person."""
        password = os.environ.get("PORTAL_STAFF_PASSWORD") or getpass.getpass("Password: ")
        try:
            check_new_password(password, own_words=(first_name, last_name, email.partition("@")[0]))
            with transaction.atomic():
                names = {"first_name": first_name, "last_name": last_name}
                person = User.objects.create_user(email=email, password=password, is_staff=True, is_superuser=not group, **names)
                person.groups.set(Group.objects.filter(name__in=group))
                record(Event.STAFF_CREATED, subject=person, groups=sorted(group))
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        except IntegrityError as error:
            raise CommandError("Somebody with this address exists already.") from error
        self.stdout.write(f"{person.email} can sign in and will be asked to set up an authenticator app.")
