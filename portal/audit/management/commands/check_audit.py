"""`manage.py check_audit`: is the trail as it was written? Names the first line that is not (A135, F32)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.audit.chain import first_wrong, lengthen
from portal.audit.models import Link


class Command(BaseCommand):
    """Check every seal and every link; exit status 1 and the first wrong line if one is wrong."""

    help = "Check that no line of the audit trail was changed, invented or taken out."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Check, then chain what is new; the end of the chain is told, to be kept where no database user reaches it."""
        wrong = first_wrong()
        if wrong:
            raise CommandError(f"The audit trail is not as it was written: {wrong}.")
        lengthen()
        last = Link.objects.order_by("-position").first()
        self.stdout.write(
            f"The audit trail is as it was written. Last link: {last.position} {last.digest}" if last else "The audit trail is empty."
        )
