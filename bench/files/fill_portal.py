"""Fill the Portal's database for the bench: a centre, a script of a candidate as large as asked, and people who may view scripts, signed in."""

import json
import sys
from typing import Final

_AROUND: Final = 1_000
"""Bytes for what stands around the stream of a PDF."""


def main(size: int, visitors: int) -> None:
    """Make everything and print the file's address, its SHA-256 and each visitor's cookies."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client
    from django.urls import reverse

    from permissions.levels import Level, Service
    from permissions.policy import default_rights
    from permissions.roles import Role
    from services.files.keeping import keep_file
    from services.files.models import FileKind
    from services.releases.artefacts import Artefact
    from services.scripts.models import Script
    from tests.cast import let_in, make_cast, make_member
    from tests.exams import make_sitting, release
    from tests.papers import make_clean, make_script
    from tests.services.formats.pdfs import plain_pdf

    call_command("migrate", verbosity=0)
    cast = make_cast()
    script = make_script(cast.centre)
    content = plain_pdf(stream=b" " * (size - _AROUND))
    kept = make_clean(keep_file(actor=cast.staff.user, kind=FileKind.SCRIPT, name="Script.pdf", content=content))
    Script.objects.filter(pk=script.pk).update(file=kept)
    release(make_sitting(), Artefact.SCRIPTS)
    rights = default_rights(Role.USER) | {(Service.VIEW_SCRIPTS, Level.VIEW)}
    people = [make_member(cast.centre, Role.USER, f"reader{number}@bench.example", rights=rights) for number in range(visitors)]
    cookies = []
    for person in people:
        browser = let_in(person, Client(SERVER_NAME="127.0.0.1"))
        cookies.append("; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items()))
    path = reverse("scripts-file", args=["2026-11-level-2", script.pk])
    sys.stdout.write(json.dumps({"path": path, "cookies": cookies, "sha256": kept.digest}) + "\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
