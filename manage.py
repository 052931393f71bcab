#!/usr/bin/env python
"""Django's command line for Portal."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run a command; messages that it causes are announced to the broker, if there is one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        broker = settings.BROKER_URL
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    if broker:
        import portal.celery  # noqa: F401
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
