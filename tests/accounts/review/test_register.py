"""MAN-3: the account register as a file: everybody of the centre, what they may open, MFA and last sign-in; formula-safe and recorded."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.events import Event
from permissions.levels import Level, Service
from permissions.membership.access import set_rights
from permissions.review.flow import confirm
from permissions.roles import Role
from permissions.scope import today
from portal import clock
from portal.audit.models import AuditEvent
from tests.cast import Cast, Person, invite, make_member

SignIn = Callable[[Person], Client]
PAGE = "/account-register/"


def download(browser: Client) -> list[dict[str, str]]:
    answer = browser.post(PAGE)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8").removeprefix("\ufeff"))))


def test_man3_the_register_holds_everybody_with_access_mfa_and_last_sign_in(cast: Cast, signed_in: SignIn) -> None:
    until = today() + timedelta(days=9)
    set_rights(actor=cast.exams_officer.membership, membership=cast.user.membership, rights=[(Service.ENTRIES, Level.VIEW)], ends_on=until)
    confirm(actor=cast.exams_officer.membership, places=[cast.user.membership.pk])
    invite(cast.exams_officer, "elin@glan.example")
    make_member(cast.other_centre, Role.USER, "stranger@cwm.example")
    browser = signed_in(cast.admin)
    rows = {row["Email address"]: row for row in download(browser)}
    assert set(rows) == {"eo@glan.example", "admin@glan.example", "user@glan.example", "elin@glan.example"}
    user, day = rows["user@glan.example"], clock.london(clock.now()).date().isoformat()
    assert (user["Last name"], user["First name"], user["Account type"], user["Status"]) == ("Price", "Lowri", "User", "Active")
    assert (user["Access"], user["Access that ends"]) == ("View Entries, Resources", until.isoformat())
    assert (user["MFA"], user["Last sign in (UK time)"], user["Last confirmed"]) == ("Authenticator App", "Never signed in", day)
    assert rows["admin@glan.example"]["Last sign in (UK time)"].startswith(day)
    assert rows["admin@glan.example"]["Access"] == "All services"
    assert (rows["elin@glan.example"]["Status"], rows["elin@glan.example"]["MFA"]) == ("Invited", "Not set up")


def test_man3_the_download_is_named_with_its_date_and_recorded(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    assert "Download register (CSV)" in browser.get(PAGE).content.decode()
    assert not AuditEvent.objects.filter(number=Event.REGISTER_EXPORTED.number).exists()
    answer = browser.post(PAGE)
    assert answer["Content-Disposition"] == f'attachment; filename="account-register-{cast.centre.number}-{today().isoformat()}.csv"'
    event = AuditEvent.objects.get(number=Event.REGISTER_EXPORTED.number)
    assert (event.actor_name, event.centre_number, event.detail) == ("Nia Jones", cast.centre.number, {"rows": 3})
    assert signed_in(cast.user).post(PAGE).status_code == 403


def test_a110_formulas_in_names_and_roles_are_neutralised(cast: Cast, signed_in: SignIn) -> None:
    for number, text in enumerate(("=1+1", "+44", "-1", "@SUM", "\t=1", "\r=1", "\uff1d1")):
        make_member(cast.centre, Role.USER, f"p{number}@glan.example", first_name=text, last_name=text, job_role=text)
    rows = [row for row in download(signed_in(cast.exams_officer)) if row["Email address"].startswith("p")]
    assert len(rows) == 7
    for row in rows:
        assert all(row[name].startswith("'") for name in ("First name", "Last name", "Job role"))


def test_man3_the_header_is_in_the_language_of_the_page(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    browser.cookies["portal_language"] = "cy"
    assert "Cyfenw,Enw cyntaf,Teitl" in browser.post(PAGE).content.decode()


def test_man3_the_file_costs_the_same_queries_for_three_people_and_for_fifty(cast: Cast, signed_in: SignIn) -> None:
    browser, counts = signed_in(cast.exams_officer), []
    for more in (0, 50):
        for number in range(more):
            make_member(cast.centre, Role.USER, f"p{number}@glan.example")
        with CaptureQueriesContext(connection) as asked:
            assert browser.post(PAGE).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert reverse("account-register") == PAGE
