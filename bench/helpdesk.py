"""What the help desk's search costs with 5,000 centres and 10,000 people (issue: Manage accounts, How it is judged).

    python -m bench.helpdesk postgres://postgres@127.0.0.1:5432/postgres

Makes a database beside the one named, fills it, and searches as staff, in this process. Target: under 50 ms of server time a page, the same
number of queries whatever is asked ("list" is Django's own page, for comparison).
"""

import sys
from typing import Any, Final

import psycopg

from bench import people

NAME: Final = "portal_bench_helpdesk"
SIZE: Final = 5_000
TARGET_MS: Final = 50
ASKED: Final = ("sian llywelyn", "p777@", "Ŵyn", "jones", "coleg", "68001", "12345", "zzzz")


def fill() -> Any:
    """Write 5,000 centres with an Exams Officer each, and 5,000 people at one more; returns a member of staff."""
    from permissions.models import Centre
    from tests.cast import make_person

    Centre.objects.bulk_create(Centre(number=f"{10_000 + number}", name=f"Ysgol {number}") for number in range(people.CENTRES))
    people.write_people(Centre.objects.all(), one_each=True)
    people.write_people([Centre.objects.create(number="68001", name="Coleg Mawr")] * SIZE)
    return people.with_light_hash(make_person("staff@board.example", is_staff=True, is_superuser=True))


def main(server: str) -> int:
    """Measure and print; returns 1 when a page is over the target."""
    people.NAME = NAME
    people.set_up(server)
    staff = fill()
    from django.db import connection
    from django.test.utils import override_settings

    from tests.cast import sign_in

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    slow = False
    print(f"{'search':16} {'ms':>7} {'cpu ms':>7} {'db ms':>7} {'queries':>8}")
    with override_settings(CONN_MAX_AGE=None):
        browser = sign_in(staff)
        meter = people.Meter(browser)
        pages = {asked: browser.post("/admin/find/", {"search": asked})["Location"] for asked in ASKED}
        listed = browser.post("/admin/accounts/user/", {"q": "sian"})["Location"]
        for asked, page in {"(empty)": "/admin/find/", **pages, "list": listed}.items():
            cost = meter.once(page)
            slow |= asked != "list" and cost["cpu"] > TARGET_MS
            print(f"{asked:16} {cost['wall']:7.1f} {cost['cpu']:7.1f} {cost['database']:7.1f} {cost['queries']:8.0f}")
    connection.close()
    with psycopg.connect(server, autocommit=True) as server_connection:
        server_connection.execute(f"DROP DATABASE {NAME} WITH (FORCE)")
    return int(slow)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
