"""Run Django's deployment checks in the production shape, with strong values made for this run."""

import os
import secrets
import subprocess
import sys


def main() -> int:
    """Return the exit code of `check --deploy`."""
    production = {
        "PORTAL_ENV": "production",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ENCRYPTION_KEYS": secrets.token_urlsafe(48),
        "WEBHOOK_SECRET": secrets.token_urlsafe(48),
        "DATABASE_URL": "sqlite:///var/check.sqlite3",
        "EMAIL_URL": "smtp://mail.example:25",
        "SMS_URL": "json://sms.example/",
        "PORTAL_BASE_URL": "https://portal.example",
        "ALLOWED_HOSTS": "portal.example",
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, env=os.environ | production, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
