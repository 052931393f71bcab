"""Fill the bare site's database: as many users, each with a session, and a file of the same size."""

import hashlib
import json
import os
import sys
from pathlib import Path


def main(size: int, visitors: int) -> None:
    """Make everything and print the file's address, its SHA-256 and each visitor's cookies."""
    import django

    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    folder = Path(os.environ["FILES_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    content = b"%PDF-1.7".ljust(size)
    (folder / "bare").write_bytes(content)
    cookies = []
    for number in range(visitors):
        user = User.objects.create_user(f"reader{number}")
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        cookies.append(f"sessionid={session.session_key}")
    sys.stdout.write(json.dumps({"path": "/file/", "cookies": cookies, "sha256": hashlib.sha256(content).hexdigest()}) + "\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
