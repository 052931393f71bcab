"""What publishing a year's results and item data costs: time, and memory that must not grow with the file (issue 6, point 2).

    python -m bench.publish postgres://postgres@127.0.0.1:5432/postgres [CENTRES LINES [LINES ...]]

For each size (50,000 and 500,000 unless said) a database is made beside the one named, with so many centres (2,000). A file of so many results in our
CSV profile is checked and published as staff do, then with a tenth of its results changed; then a file of so many marks for items. Each deed runs in a
process of its own, as in a worker that did nothing before, which tells its seconds and the most memory it ever had. Targets: minutes, and at the
largest size not more than a tenth more memory than at the smallest.
"""

import hashlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from typing import Any, Final

import psycopg

NAME: Final = "portal_bench_publish"
ITEMS: Final = 25
GROWTH: Final = 1.1
_DEED: Final = """
import resource, sys, time, uuid, django
django.setup()
from services.publishing.work import work
began, cpu = time.monotonic(), time.process_time()
assert work(uuid.UUID(sys.argv[1]))
print(time.monotonic() - began, time.process_time() - cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def environment(server: str, folder: str) -> None:
    """Tell Django, and the processes that do the work, of the database and the folder."""
    secret = secrets.token_urlsafe(48)
    os.environ.update(
        PORTAL_ENV="test", DJANGO_SETTINGS_MODULE="portal.settings", DATABASE_URL=f"{server.rpartition('/')[0]}/{NAME}", SECRET_KEY=secret,
        ENCRYPTION_KEYS=secret, WEBHOOK_SECRET=secret, PORTAL_BASE_URL="http://testserver", ALLOWED_HOSTS="testserver", FILES_DIR=folder,
    )  # fmt: skip


def make_database(server: str) -> None:
    """Make an empty database with our tables."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {NAME}")
    from django.core.management import call_command
    from django.db import connections

    connections.close_all()
    call_command("migrate", verbosity=0)


def fill(centres: int) -> Any:
    """Write the centres, what can be taken, and a paper of items; returns the level of the series."""
    from permissions.models import Centre
    from services.exams.levels import LEVEL_OF, ExamLevel
    from services.exams.models import Component, Option, OptionComponent, Qualification, Series, SeriesLevel, Subject
    from services.reports.issuing import issue
    from services.reports.models import PaperItem, Report
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
    paper = Component.objects.create(code="3300QS/01", maximum=60, title_en="Paper 1", title_cy="Papur 1")
    OptionComponent.objects.create(option=Option.objects.filter(qualification__level=where.level)[0], component=paper)
    figures = {group: [None, None, None] for group in ("all", "male", "female")}
    items = [PaperItem(component_id=paper.pk, label=str(place), place=place, maximum=4, figures=figures) for place in range(1, ITEMS + 1)]
    issue(actor=None, kind=Report.ITEMS, series=where.series, level=where.level, rows=items)
    return where


def results(centres: int, count: int, *, changed: bool) -> Iterator[bytes]:
    """Make up a file of results, the centres one after the other; `changed`: every tenth is another than the first time."""
    from services.exams.identifiers import make_uci
    from services.exams.models import Option
    from services.formats.results import ResultLine, to_csv
    from services.results.demo.catalogue import FORENAMES, SURNAMES

    codes = list(Option.objects.filter(qualification__level="level-2").values_list("code", flat=True))

    def lines() -> Iterator[ResultLine]:
        for place in range(centres):
            for number in range(count // centres):
                candidate = f"{number // len(codes) + 1:04}"
                yield ResultLine(
                    line=0, centre=f"{10_000 + place}", candidate=candidate, surname=SURNAMES[number % len(SURNAMES)],
                    uci=make_uci(centre=f"{10_000 + place}", year=2024, candidate=candidate), forenames=FORENAMES[number % len(FORENAMES)],
                    option=codes[number % len(codes)], grade="A*" if changed and number % 10 == 0 else "ABCDE"[(number + place) % 5],
                )  # fmt: skip

    return to_csv(lines())


def marks(count: int) -> Iterator[bytes]:
    """Make up a file of marks for candidates that there are by now, item by item, until there are so many; then every mark for the paper again."""
    from services.exams.models import Candidate

    yield b"centre,candidate,component,item,mark,state,sex\r\n"
    people = Candidate.objects.order_by("centre__number", "number").values_list("centre__number", "number")
    for centre, number in people.iterator():
        for item in range(1, ITEMS + 1):
            if count == 0:
                return
            count -= 1
            yield f"{centre},{number},3300QS/01,{item},{(int(number) + item) % 5},M,{'FM'[int(number) % 2]}\r\n".encode()


def bring(run: Any, content: Iterable[bytes]) -> Any:
    """Put a file where an upload or the command would."""
    run.path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with run.path.open("xb") as stream:
        for line in content:
            digest.update(line)
            run.size += stream.write(line)
    run.digest = digest.hexdigest()
    run.save(force_insert=True)
    return run


def deed(what: str, run: Any) -> dict[str, Any]:
    """Do what the file waits for in a process of its own, and tell what it took."""
    told = subprocess.run([sys.executable, "-c", _DEED, str(run.pk)], check=True, capture_output=True, text=True).stdout.split()
    seconds, cpu, memory = map(float, told)
    run.refresh_from_db()
    lines = run.fresh + run.reissued + run.unchanged
    print(f"{what:24} {lines:9,} lines {seconds:7.1f} s (own CPU {cpu:6.1f} s) {lines / seconds:8,.0f} lines/s  peak {memory:5.0f} MB  "
          f"{run.state}: new {run.fresh:,} changed {run.reissued:,} unchanged {run.unchanged:,}", flush=True)  # fmt: skip
    return {"deed": what, "lines": lines, "seconds": round(seconds, 1), "cpu": round(cpu, 1), "peak_mb": round(memory)}


def whole(what: str, run: Any, content: Iterable[bytes]) -> list[dict[str, Any]]:
    """Check a file and publish it."""
    run = bring(run, content)
    checked = deed(f"{what}: check", run)
    type(run).objects.filter(pk=run.pk).update(state="ordered", reason="bench")
    return [checked, deed(f"{what}: publish", run)]


def size(server: str, centres: int, count: int) -> list[dict[str, Any]]:
    """Do everything with so many lines."""
    from services.reports.models import Report, ReportFile
    from services.results.publishing.models import ResultsImport

    make_database(server)
    where = fill(centres)
    known: dict[str, Any] = {"series": where.series, "level": where.level, "size": 0}
    found = []
    for what, changed in (("results", False), ("a tenth anew", True)):
        found += whole(what, ResultsImport(name="results.csv", **known), results(centres, count, changed=changed))
    return found + whole("marks for items", ReportFile(name="marks.csv", kind=Report.MARKS, **known), marks(count))


def main(server: str, centres: int = 2_000, *counts: int) -> int:
    """Measure each size; returns 1 when memory grew with the file."""
    with tempfile.TemporaryDirectory() as folder:
        environment(server, folder)
        import django

        django.setup()
        began = time.monotonic()
        found = [size(server, centres, count) for count in counts or (50_000, 500_000)]
    print(json.dumps({"centres": centres, "seconds": round(time.monotonic() - began), "deeds": [one for some in found for one in some]}))
    grown = [(least["deed"], most["peak_mb"] / least["peak_mb"]) for least, most in zip(found[0], found[-1], strict=True)]
    for name, ratio in grown:
        print(f"{name:24} memory at the largest size / at the smallest: {ratio:.2f}")
    return int(any(ratio > GROWTH for _name, ratio in grown))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
