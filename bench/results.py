"""What a year's results cost: 2,000 centres and some 500,000 results issued, then every page of a centre with 10,000 candidates against one with 10.

    python -m bench.results postgres://postgres@127.0.0.1:5432/postgres

Makes a database beside the one named, issues the results through the same deed as staff, and opens pages as two Exams Officers in this process.
Targets (issue 6): loads in minutes in constant memory; the same number of queries at both sizes. The home page stands in the table to compare.
"""

import resource
import sys
import time
from collections.abc import Iterator
from typing import Any, Final

import psycopg

from bench import people, published

NAME: Final = "portal_bench_results"
CENTRES: Final = 2_000
SIZES: Final = {"10000": 9_999, "10001": 10}
"""Candidates of the two centres that are looked at; the others have 30 each."""
OTHERS: Final = 30
EACH: Final = 8
"""Results of a candidate."""
OPTIONS: Final = 30
SITTING: Final = "2026-06-level-2"


def fill() -> Any:
    """Write centres and candidates; returns the sitting."""
    from permissions.models import Centre
    from services.exams.models import Candidate
    from services.results.demo.catalogue import FORENAMES, SURNAMES
    from tests.exams import make_sitting

    sitting = make_sitting(month=6)
    Centre.objects.bulk_create(Centre(number=f"{10_000 + number}", name=f"Ysgol {number}") for number in range(CENTRES))
    for centre in Centre.objects.all():
        rows = [
            Candidate(
                centre=centre,
                series=sitting.series,
                number=f"{number:04}",
                surname=SURNAMES[number * 7 % len(SURNAMES)],
                forenames=FORENAMES[number * 3 % len(FORENAMES)],
            ).prepared()
            for number in range(1, SIZES.get(centre.number, OTHERS) + 1)
        ]
        Candidate.objects.bulk_create(rows, batch_size=2_000)
    return sitting


def load(sitting: Any) -> None:
    """Issue all results at once and print what that took."""
    from services.exams.levels import ExamLevel
    from services.exams.models import Candidate
    from services.results.issuing import Line, issue
    from tests.exams import make_option

    options = [make_option(f"{3000 + number}QS", f"Subject {number}").pk for number in range(OPTIONS)]

    def lines() -> Iterator[Line]:
        rows = Candidate.objects.order_by("centre", "number").values_list("pk", "number")
        for pk, number in rows.iterator(chunk_size=2_000):
            for place in range(EACH):
                option = options[(int(number) + place * 3) % OPTIONS]
                yield Line(candidate=pk, option=option, grade="ABCDEFGU"[(int(number) + place) % 8])

    before, start, worked = _memory(), time.perf_counter(), time.process_time()
    made = issue(actor=None, series=sitting.series, level=ExamLevel.LEVEL_2, lines=lines())
    wall, cpu = time.perf_counter() - start, time.process_time() - worked
    print(
        f"{made.lines} results issued in {wall:.0f} s ({cpu:.0f} s of processor time here), memory {before} MiB before, {_memory()} MiB after"
    )


def main(server: str) -> int:
    """Measure and print; returns 1 when a page asks more of the database for many candidates than for few."""
    people.NAME = NAME
    people.set_up(server)
    sitting = fill()
    load(sitting)
    published.fill(sitting)
    from django.db import connection
    from django.test.utils import override_settings

    from permissions.models import Centre
    from permissions.roles import Role
    from services.exams.models import Candidate
    from services.releases.artefacts import Artefact
    from services.scripts.models import Script
    from tests.cast import make_member, sign_in
    from tests.exams import release

    release(sitting, *Artefact)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"{'candidates':>10} {'page':16} {'ms':>7} {'cpu ms':>7} {'db ms':>7} {'queries':>8}")
    asked: dict[str, list[float]] = {}
    with override_settings(CONN_MAX_AGE=None):
        for number, size in SIZES.items():
            centre = Centre.objects.get(number=number)
            browser = sign_in(people.with_light_hash(make_member(centre, Role.EXAMS_OFFICER, f"eo{number}@bench.example")))
            meter = people.Meter(browser)
            person = Candidate.objects.filter(centre=centre).values_list("pk", flat=True)[0]
            script = Script.objects.behind_the_gate().filter(candidate=person).values_list("pk", flat=True)[0]
            pages = published.pages(browser, SITTING, person, script)
            for name, page in pages.items():
                meter.once(page)
                cost = meter.once(page)
                asked.setdefault(name, []).append(cost["queries"])
                print(f"{size:10} {name:16} {cost['wall']:7.1f} {cost['cpu']:7.1f} {cost['database']:7.1f} {cost['queries']:8.0f}")
    connection.close()
    with psycopg.connect(server, autocommit=True) as server_connection:
        server_connection.execute(f"DROP DATABASE {NAME} WITH (FORCE)")
    return int(any(len(set(counts)) > 1 for counts in asked.values()))


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
