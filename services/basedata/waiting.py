"""A checked file waits in a private folder until its sender has seen what it would change: by a sealed name, for a day at most."""

import json
import time
import uuid
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from portal import limits
from portal.web.refusal import Refusal
from portal.web.sealed import seal, unseal
from services.files.receiving import receive

_PURPOSE: Final = "basedata-file"


class FileGone(Refusal):
    """There is no such file of this person any more."""

    field = "file"
    message = _("The file that was checked is no longer here. Choose it again")


def keep(*, kind: str, actor: User, content: File[Any], given: dict[str, Any]) -> str:
    """Keep a file with what was given beside it; returns the sealed name for the form that loads it."""
    name = uuid.uuid4().hex
    receive(content, _folder() / name)
    return seal(json.dumps({"kind": kind, "by": str(actor.pk), "name": name, "given": given}), purpose=_PURPOSE)


def take(sealed: str, *, kind: str, actor: User) -> tuple[Path, dict[str, Any]]:
    """Return where a file of this kind and person waits, and what was given beside it. Raises `FileGone`."""
    said: dict[str, Any] = json.loads(unseal(sealed, purpose=_PURPOSE) or "{}")
    path = _folder() / str(said.get("name", ""))
    if (said.get("kind"), said.get("by")) != (kind, str(actor.pk)) or not path.is_file():
        raise FileGone()
    return path, said["given"]


def forget_old() -> int:
    """Delete files that nobody loaded within a day: they hold names of candidates. Returns how many."""
    before = time.time() - limits.SVC5_IMPORT_HOURS * 3600
    old = [path for path in _folder().iterdir() if path.stat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _folder() -> Path:
    # Below the folder that the proxy is told never to serve (docker-compose.yml).
    folder = Path(settings.FILES_DIR) / "imports" / "basedata"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
