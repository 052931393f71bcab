"""Write the centres, their people, and what came out this morning: run inside the stack by `python -m bench.morning.people CENTRES PEOPLE`.

Prints the people as JSON lines. Each candidate's surname bears the mark of their centre, so that a reader can tell whose page it is.
"""

import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

CANDIDATES: Final = 30
EACH: Final = 8
"""Results of a candidate."""
OPTIONS: Final = 24
PASSWORD: Final = "velvet compass 31"  # noqa: S105
SITTING: Final = "2026-06-level-2"


def mark_of(centre: int) -> str:
    """Return how every surname of a centre begins."""
    return "Zq" + "".join(chr(ord("a") + centre // 26**place % 26) for place in (2, 1, 0)) + "qz"


def main(centres: int, people: int) -> None:
    """Write everything and print the people."""
    import django

    django.setup()
    places = _write_centres(centres)
    _publish()
    for person in _write_people(places, people):
        sys.stdout.write(json.dumps(person) + "\n")


def _write_centres(many: int) -> list[tuple[Any, str]]:
    """Return each centre with the id of a candidate of its own."""
    from permissions.models import Centre
    from services.exams.models import Candidate
    from tests.exams import letters, make_sitting

    series = make_sitting(month=6).series
    centres = Centre.objects.bulk_create(Centre(number=f"{10_000 + number}", name=f"Ysgol {number}") for number in range(many))
    rows = [
        Candidate(
            centre=centre, series=series, number=f"{number:04}", surname=f"{mark_of(place)} {letters(number)}", forenames="Mali"
        ).prepared()
        for place, centre in enumerate(centres)
        for number in range(1, CANDIDATES + 1)
    ]
    Candidate.objects.bulk_create(rows, batch_size=2_000)
    return [(centre, str(rows[place * CANDIDATES].pk)) for place, centre in enumerate(centres)]


def _publish() -> None:
    """Issue results and boundaries, and let them have come out an hour ago."""
    from services.exams.levels import ExamLevel
    from services.exams.models import Candidate
    from services.releases.artefacts import Artefact
    from services.reports.models import Report
    from services.results.issuing import Line, issue
    from tests.exams import BOTH, make_option, make_sitting, release
    from tests.reports import publish, subject

    sitting = make_sitting(month=6)
    options = [make_option(f"{3000 + number}QS", f"Subject {number}").pk for number in range(OPTIONS)]

    def lines() -> Iterator[Line]:
        for pk, number in Candidate.objects.order_by("centre", "number").values_list("pk", "number").iterator(chunk_size=2_000):
            for place in range(EACH):
                yield Line(candidate=pk, option=options[(int(number) + place * 3) % OPTIONS], grade="ABCDEFGU"[(int(number) + place) % 8])

    issue(actor=None, series=sitting.series, level=ExamLevel.LEVEL_2, lines=lines())
    publish(sitting, Report.SUBJECT, *(subject(code=f"{3000 + number}QS") for number in range(OPTIONS)))
    release(sitting, *BOTH, Artefact.SUBJECT_BOUNDARIES)


def _write_people(places: list[tuple[Any, str]], many: int) -> Iterator[dict[str, Any]]:
    """Make Exams Officers, then Admins, then Users, a round of the centres at a time; all have signed in before, from browsers long forgotten."""
    from django.contrib.auth.hashers import make_password

    from accounts.factors.totp.key import new_seed
    from accounts.models import Factor, Method, User
    from permissions.membership.flow import accept, open_membership
    from permissions.policy import default_rights
    from permissions.roles import Role
    from portal import clock

    hashed, before = make_password(PASSWORD), clock.now() - timedelta(days=30)
    rounds = (Role.EXAMS_OFFICER, Role.ADMIN, Role.ADMIN, Role.ADMIN, *[Role.USER] * 100)
    who = [(rounds[number // len(places)], places[number % len(places)], number) for number in range(many)]
    for role, (centre, candidate), number in who:
        user = User.objects.create(
            email=f"p{number}@c{centre.number}.example", password=hashed, first_name="Nia", last_name="Jones", last_login=before
        )
        seed = new_seed()
        Factor.objects.create(user=user, method=Method.APP, name="app", seed=seed, confirmed=True)
        rights = default_rights(role) | (default_rights(Role.EXAMS_OFFICER) & _released())
        accept(membership=open_membership(centre=centre, role=role, rights=rights), user=user)
        yield {"email": user.email, "seed": seed, "centre": number % len(places), "number": centre.number, "candidate": candidate}


def _released() -> frozenset[Any]:
    from permissions.levels import Level, Service

    return frozenset({(Service.RESULTS, Level.VIEW_RELEASED)})


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
