"""`manage.py agree_settings`: the keys and addresses of this process are those that all shall have."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.readiness.agreement import agree


class Command(BaseCommand):
    """Write down this process's settings; processes with others are not ready from now on."""

    help = "Make the keys, the sender and the address of this process those on which all must agree."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Write and tell what changed, by name only."""
        changed = agree()
        self.stdout.write(f"Agreed on anew: {'; '.join(changed)}" if changed else "Nothing changed.")
