"""What Manage Users costs with 10,000 people in a centre, against 1,000 (issue: Manage accounts, How it is judged).

    python -m bench.people postgres://postgres@127.0.0.1:5432/postgres

Makes a database beside the one named, fills it with 5,000 centres and two big ones, and opens pages as an Exams Officer, in this process, so
that the processor time of Python and of the database's own process are both counted. Targets: at most 1.2 times the processor time, last page
and search at most 3 times the first page's database time, under 50 ms a page, the same number of queries.
"""

import os
import secrets
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

TICK = os.sysconf("SC_CLK_TCK")
NAME = "portal_bench_people"
ROUNDS = 12
TIMES = 3
SIZES = (1_000, 10_000)
CENTRES = 5_000
FIRST = ("Nia", "Siân", "Llŷr", "Rhys", "Bethan", "Owain", "Megan", "Ffion", "Tom", "Priya", "Chloe", "Ioan")
LAST = ("Jones", "Davies", "Llywelyn", "Chambers", "Rhydderch", "O’Neill", "Ŵyn", "Ffoulkes", "Thomas", "Shah", "Ddafydd", "Price")


def set_up(server: str) -> None:
    """Make the database and tell Django of it."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {NAME}")
    secret = secrets.token_urlsafe(48)
    os.environ.update(
        PORTAL_ENV="test", DJANGO_SETTINGS_MODULE="bench.light_hash", DATABASE_URL=f"{server.rpartition('/')[0]}/{NAME}", SECRET_KEY=secret,
        ENCRYPTION_KEYS=secret, WEBHOOK_SECRET=secret, PORTAL_BASE_URL="http://testserver", ALLOWED_HOSTS="testserver",
    )  # fmt: skip
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def fill() -> dict[int, Any]:
    """Write the centres and their people; returns an Exams Officer for each size."""
    from permissions.models import Centre
    from permissions.roles import Role
    from tests.cast import make_member

    Centre.objects.bulk_create(Centre(number=f"{10_000 + number}", name=f"Ysgol {number}") for number in range(CENTRES))
    write_people(Centre.objects.all(), one_each=True)
    officers = {}
    for number, size in enumerate(SIZES):
        centre = Centre.objects.create(number=f"6800{number}", name=f"Coleg {size}")
        officers[size] = with_light_hash(make_member(centre, Role.EXAMS_OFFICER, f"eo{size}@bench.example"))
        write_people([centre] * (size - 1))
    return officers


def with_light_hash(person: Any) -> Any:
    """Give one of the cast, whose hash is the real one, a password that the hasher of this run can check."""
    person.user.set_password(person.password)
    person.user.save()
    return person


def write_people(centres: Any, *, one_each: bool = False) -> None:
    """Write a person or an invite for each of the centres given."""
    from datetime import timedelta

    from accounts.models import Factor, Invitation, User
    from permissions.levels import Level, Service
    from permissions.membership.listing import listed_as
    from permissions.models import Grant, Membership
    from permissions.roles import Role
    from portal import clock
    from portal.outbox.models import Message

    now = clock.now()
    people, places, invites, posts = [], [], [], []
    for number, centre in enumerate(centres):
        who = {
            "first_name": FIRST[number % len(FIRST)], "last_name": f"{LAST[number // 12 % len(LAST)]} {chr(97 + number % 26)}{number}",
            "email": f"p{number}@c{centre.number}.example",
        }  # fmt: skip
        invited = not one_each and number % 10 == 0
        person = User(last_login=now - timedelta(hours=number), **who)
        role = Role.EXAMS_OFFICER if one_each else Role.USER
        place = Membership(
            centre=centre, user=None if invited else person, role=role, accepted_at=None if invited else now, **listed_as(person)
        )
        places.append(place)
        if invited:
            invite = Invitation(centre=centre, membership=place, role=role, expires_at=now + timedelta(days=30), **who)
            invites.append(invite)
            posts.append(
                Message(kind="invite", recipient=who["email"], language="both-cy", about=f"invitation:{invite.pk}", state="accepted")
            )
        else:
            people.append(person)
    size = 2_000
    User.objects.bulk_create(people, size)
    Membership.objects.bulk_create(places, size)
    Invitation.objects.bulk_create(invites, size)
    Message.objects.bulk_create(posts, size)
    Factor.objects.bulk_create((Factor(user=one, method="email", name="email", confirmed=True) for one in people), size)
    rights = ((Service.RESOURCES, Level.VIEW), (Service.ENTRIES, Level.VIEW), (Service.RESULTS, Level.VIEW_RELEASED))
    Grant.objects.bulk_create((Grant(membership=one, service=what, level=level) for one in places for what, level in rights), size)


class Meter:
    """Opens a page and tells what it cost: processor time of both processes, time in the database, queries, milliseconds."""

    def __init__(self, browser: Any) -> None:
        from django.db import connection

        self.browser = browser
        self.connection = connection
        self.backend = connection.connection.info.backend_pid
        self.database = 0.0
        self.queries = 0

    def once(self, address: str) -> dict[str, float]:
        """Return what a page costs, the mean of a few times."""
        self.database, self.queries = 0.0, 0
        start, python, server = time.perf_counter(), time.process_time(), self._server()
        with self.connection.execute_wrapper(self._watch):
            for _time in range(TIMES):
                answer = self.browser.get(address)
                assert answer.status_code == 200, answer.status_code
        wall, python, server = time.perf_counter() - start, time.process_time() - python, self._server() - server
        return {
            "cpu": python / TIMES * 1000,
            "server": server / TIMES * 1000,
            "database": self.database / TIMES * 1000,
            "wall": wall / TIMES * 1000,
            "queries": self.queries / TIMES,
        }

    def _watch(self, execute: Callable[..., Any], *asked: Any) -> Any:
        before = time.perf_counter()
        try:
            return execute(*asked)
        finally:
            self.database += time.perf_counter() - before
            self.queries += 1

    def _server(self) -> float:
        fields = Path(f"/proc/{self.backend}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK


def pages(browser: Any) -> dict[str, str]:
    """Return the addresses that are opened, as a person would come to them."""
    import re
    from html import unescape

    first = "/manage-users/"
    links = {
        name: unescape(link)
        for link, name in re.findall(r'href="(/manage-users/\?page=[^"]+)">([\w ]+)<', browser.get(first).content.decode())
    }
    middle = browser.get(links["Next page"]).content.decode()
    onward = re.search(r'rel="next" href="([^"]+)"', middle)
    assert onward
    return {
        "home page": "/",
        "first page": first,
        "next page": unescape(onward[1]),
        "last page": links["Last page"],
        "search": browser.post(first, {"search": "sian"})["Location"],
        "search: few": browser.post(first, {"search": "p777@"})["Location"],
        "User, no MFA": "/manage-users/?role=user&mfa=none",
        "access": "/manage-users/?access=entries.view",
        "by last sign in": "/manage-users/?sort=-last",
    }


def main(server: str) -> None:
    """Measure and print."""
    set_up(server)
    officers = fill()
    from django.db import connection
    from django.test.utils import override_settings

    from tests.cast import sign_in

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    found: dict[int, dict[str, dict[str, float]]] = {size: {} for size in SIZES}
    with override_settings(CONN_MAX_AGE=None):
        addresses = {size: pages(sign_in(officer)) for size, officer in officers.items()}
        for name in addresses[SIZES[0]]:
            # Signed in afresh: who they are must have been proved in the last 15 minutes (P19). In turn, so that other work of the machine
            # disturbs both sizes alike; the round that was disturbed least counts.
            meters = {size: Meter(sign_in(officer)) for size, officer in officers.items()}
            rounds = [{size: meters[size].once(addresses[size][name]) for size in SIZES} for _round in range(ROUNDS)]
            for size in SIZES:
                found[size][name] = {what: min(one[size][what] for one in rounds) for what in rounds[0][size]}
                # The kernel counts hundredths of a second, too coarse for a round: of the database's process all rounds together.
                found[size][name]["cpu"] += statistics.mean(one[size]["server"] for one in rounds)
    small, big = (found[size] for size in SIZES)
    first = big["first page"]["database"]
    print(f"{'page':16} {'ms':>7} {'cpu ms':>7} {'x 1,000':>8} {'db ms':>7} {'x first':>8} {'queries':>8}")
    for name, cost in big.items():
        print(
            f"{name:16} {cost['wall']:7.1f} {cost['cpu']:7.1f} {cost['cpu'] / small[name]['cpu']:8.2f} {cost['database']:7.1f} "
            f"{cost['database'] / first:8.2f} {small[name]['queries']:4.0f}/{cost['queries']:.0f}"
        )
    connection.close()
    with psycopg.connect(server, autocommit=True) as server_connection:
        server_connection.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


if __name__ == "__main__":
    main(sys.argv[1])
