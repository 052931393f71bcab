"""The rest of what is published beside results: item marks and scripts of every candidate, boundaries, past papers, key dates; and every page of it.

Called by `bench.results`; rows are written past the deeds of staff, since it is pages that are measured here.
"""

from datetime import timedelta
from typing import Any, Final

ITEMS: Final = 5
BOUNDARIES: Final = 300
PAPERS: Final = 3_000
DATES: Final = 300
_ALL: Final = {"all": [70_000, 69_000, 210], "male": [35_000, 34_500, 208], "female": [35_000, 34_500, 212]}


def fill(sitting: Any) -> None:
    """Give every candidate marks and a script in one paper, and the board its boundaries, papers and dates."""
    from portal import clock
    from services.dates.models import KeyDate
    from services.exams.models import Candidate
    from services.files.models import PublishedFile
    from services.reports.models import ItemMark, Report, ReportIssue
    from services.resources.models import Resource
    from services.scripts.models import Script
    from tests.exams import make_option
    from tests.reports import item, make_paper, notional, publish, subject

    paper, now = make_paper(), clock.now()
    publish(sitting, Report.ITEMS, *(item(str(number)) for number in range(1, ITEMS + 1)), item("6", figures=_ALL))
    publish(sitting, Report.SUBJECT, *(subject(code=f"4{number:03}QS") for number in range(BOUNDARIES)))
    publish(sitting, Report.NOTIONAL, notional())
    slot = {"series": sitting.series, "level": sitting.level}
    issued = ReportIssue.objects.create(**slot, kind=Report.MARKS, number=1)
    clean = {"size": 1, "digest": "0" * 64, "state": "clean", "said": "OK", "scanned_at": now}
    people = Candidate.objects.values_list("pk", "centre").iterator(chunk_size=5_000)
    for some in _some(people, 5_000):
        ItemMark.objects.bulk_create(
            ItemMark(**slot, issue=issued, centre_id=centre, candidate_id=pk, component=paper, item=str(number), maximum=4, mark=2, sex="F")
            for pk, centre in some
            for number in range(1, ITEMS + 1)
        )
        files = PublishedFile.objects.bulk_create(PublishedFile(kind="script", name="script.pdf", **clean) for _one in some)
        Script.objects.bulk_create(
            Script(**slot, centre_id=centre, candidate_id=pk, component=paper, file=kept)
            for (pk, centre), kept in zip(some, files, strict=True)
        )
    files = PublishedFile.objects.bulk_create(PublishedFile(kind="paper", name="paper.pdf", **clean) for _one in range(PAPERS))
    whole = make_option().qualification
    Resource.objects.bulk_create(
        Resource(
            subject=whole.subject, qualification=whole, component=paper, kind="paper", language="en", year=2000 + number % 26, month=6,
            title_en=f"Unit {number}", title_cy=f"Uned {number}", file=kept, general_at=now, searched=f" unit {number} mathematics",
        )
        for number, kept in enumerate(files)
    )  # fmt: skip
    KeyDate.objects.bulk_create(
        KeyDate(day=now.date() + timedelta(days=number), title_en=f"Date {number}", title_cy=f"Dyddiad {number}") for number in range(DATES)
    )


def pages(browser: Any, sitting: str, person: Any, script: Any) -> dict[str, str]:
    """Return the addresses of every page, by a short name, as a person would come to them; the searches ask for something."""
    from django.urls import reverse

    results, papers = f"/services/results/{sitting}", reverse("past-papers")
    marks, boundaries = reverse("item-level-data-paper", args=[sitting, "3300QS/01"]).rstrip("/"), reverse("grade-boundaries").rstrip("/")
    return {
        "home": "/", "services": "/services/?q=results", "results": "/services/results/", "results day": "/services/results/day/",
        "candidates": f"{results}/candidates/", "last page": f"{results}/candidates/?page=99999",
        "search": browser.post(f"{results}/candidates/", {"search": "cadwaladr"})["Location"], "candidate": f"{results}/candidates/{person}/",
        "subjects": f"{results}/subjects/", "subject": f"{results}/subjects/3003QS/", "file": f"{results}/file/", "file: edi": f"{results}/file/edi/",
        "boundaries": f"{boundaries}/", "... subject": f"{boundaries}/{sitting}/subject/", "... notional": f"{boundaries}/{sitting}/notional/",
        "items": reverse("item-level-data"), "in context": f"{marks}/", "marks": f"{marks}/candidates/", "marks: last": f"{marks}/candidates/?page=99999",
        "marks: one": f"{marks}/candidates/{person}/", "marks: file": f"{marks}/file/", "figures": f"{marks}/figures/",
        "scripts": reverse("scripts"), "scripts: list": reverse("scripts-candidates", args=[sitting]),
        "script": reverse("scripts-script", args=[sitting, script]),
        "papers": papers, "papers: search": f"{papers}?q=unit+7&kind=paper", "papers: one": f"{papers}mathematics/", "dates": reverse("key-dates"),
    }  # fmt: skip


def _some(rows: Any, many: int) -> Any:
    from itertools import islice

    rest = iter(rows)
    while found := list(islice(rest, many)):
        yield found
