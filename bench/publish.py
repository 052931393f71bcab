"""What publishing a year's results costs: time and memory (issue: published services, How it is judged).

    python -m bench.publish postgres://postgres@127.0.0.1:5432/postgres [CENTRES RESULTS]

Makes a database beside the one named, with so many centres (2,000 unless said), writes a file of so many results (500,000) in our CSV profile, and has it
checked and published as staff do. Then a tenth of the results change and the file is published again. Targets: minutes, and memory that does not grow.
"""

import hashlib
import os
import resource
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

NAME = "portal_bench_publish"
A_CENTRE = 250


def set_up(server: str, folder: str) -> None:
    """Make the database and tell Django of it."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {NAME}")
    secret = secrets.token_urlsafe(48)
    os.environ.update(
        PORTAL_ENV="test", DJANGO_SETTINGS_MODULE="portal.settings", DATABASE_URL=f"{server.rpartition('/')[0]}/{NAME}", SECRET_KEY=secret,
        ENCRYPTION_KEYS=secret, WEBHOOK_SECRET=secret, PORTAL_BASE_URL="http://testserver", ALLOWED_HOSTS="testserver", FILES_DIR=folder,
    )  # fmt: skip
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def fill(centres: int) -> Any:
    """Write the centres and what can be taken; returns the level of the series."""
    from permissions.models import Centre
    from services.exams.levels import LEVEL_OF, ExamLevel
    from services.exams.models import Option, Qualification, Series, SeriesLevel, Subject
    from services.results.demo.catalogue import COURSES

    Centre.objects.bulk_create(Centre(number=f"{10_000 + number}", name=f"Ysgol {number}") for number in range(centres))
    where = SeriesLevel.objects.create(
        series=Series.objects.create(year=2026, month=6), level=ExamLevel.LEVEL_2, edi_code="6A", board_number="40"
    )
    for course in COURSES:
        titles = {"title_en": course.english, "title_cy": course.welsh}
        subject, _made = Subject.objects.get_or_create(slug=course.subject, defaults=titles)
        whole = Qualification.objects.create(subject=subject, kind=course.kind, level=LEVEL_OF[course.kind], code=course.code, **titles)
        Option.objects.create(qualification=whole, code=f"{course.code}QS", **titles)
    return where


def results(centres: int, count: int, *, changed: bool) -> Iterator[Any]:
    """Make up results, the centres one after the other; `changed`: every tenth is another than the first time."""
    from services.exams.identifiers import make_uci
    from services.exams.models import Option
    from services.formats.results import ResultLine
    from services.results.demo.catalogue import FORENAMES, SURNAMES

    codes = list(Option.objects.filter(qualification__level="level-2").values_list("code", flat=True))
    each = count // centres
    for place in range(centres):
        centre = f"{10_000 + place}"
        for number in range(each):
            candidate = f"{number // len(codes) + 1:04}"
            grade = "ABCDE"[(number + place) % 5]
            yield ResultLine(
                line=0, centre=centre, candidate=candidate, uci=make_uci(centre=centre, year=2024, candidate=candidate),
                surname=SURNAMES[number % len(SURNAMES)], forenames=FORENAMES[number % len(FORENAMES)], option=codes[number % len(codes)],
                grade="A*" if changed and number % 10 == 0 else grade,
            )  # fmt: skip


def bring(where: Any, name: str, lines: Iterator[Any]) -> Any:
    """Put a file where an upload would be; by its size it comes as several zip files or from the machine's own disk."""
    from services.formats.results import to_csv
    from services.results.publishing.models import ResultsImport

    run = ResultsImport(series=where.series, level=where.level, name=name, size=0)
    run.path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with run.path.open("xb") as stream:
        for line in to_csv(lines):
            digest.update(line)
            run.size += stream.write(line)
    run.digest = digest.hexdigest()
    run.save(force_insert=True)
    return run


def timed(what: str, run: Any) -> None:
    """Do what the file waits for, and tell what it took."""
    from services.results.publishing.work import work

    before, peak = time.monotonic(), memory()
    work(run.pk)
    run.refresh_from_db()
    seconds = time.monotonic() - before
    print(f"{what:12} {seconds:7.1f} s  {run.results / seconds:9,.0f} results/s  memory {peak} -> {memory()} MB  {run.state} "
          f"new {run.fresh:,} re-issued {run.reissued:,} unchanged {run.unchanged:,}")  # fmt: skip


def memory() -> int:
    """Return the most memory this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(server: str, centres: int = 2_000, count: int = 500_000) -> None:
    """Publish, and publish again."""
    with tempfile.TemporaryDirectory() as folder:
        set_up(server, folder)
        from services.results.publishing.models import ImportState

        where = fill(centres)
        for changed in (False, True):
            run = bring(where, "results.csv", results(centres, count, changed=changed))
            print(f"{count:,} results of {centres:,} centres, {Path(run.path).stat().st_size / 1e6:.0f} MB")
            timed("check", run)
            type(run).objects.filter(pk=run.pk).update(state=ImportState.ORDERED, reason="bench")
            timed("publish", run)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:4]))
