"""A database user that runs the Portal and owns nothing: the trail is out of its reach even without the triggers (A135)."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from portal.audit.chain import lengthen
from portal.audit.models import AuditEvent
from portal.outbox.relay import sweep
from tests.cast import let_in, make_cast

USER = "portal_least_test"


@pytest.fixture
def as_app_user(db: None) -> Iterator[None]:
    """Go on as that user; the role is made in the transaction of the test and goes with it."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {USER} NOLOGIN")
    call_command("least_rights", USER, stdout=StringIO())
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {USER}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def _refused(statement: str) -> str:
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(refusal.value)


@pytest.mark.services
def test_a135_the_app_user_runs_the_portal_and_cannot_touch_the_trail(as_app_user: None) -> None:
    cast = make_cast()
    browser = let_in(cast.exams_officer)
    assert browser.get("/manage-users/").status_code == 200
    assert browser.post("/sign-out/").status_code == 302
    assert lengthen() > 0
    sweep()
    call_command("check_audit", stdout=StringIO())
    assert AuditEvent.objects.exists()
    for statement in (
        "UPDATE audit_auditevent SET actor_name = 'nobody'",
        "DELETE FROM audit_auditevent",
        "TRUNCATE audit_auditevent",
        "DELETE FROM audit_link",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now())",
    ):
        assert "permission denied" in _refused(statement), statement
    for statement in (
        "ALTER TABLE audit_auditevent DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_append_only ON audit_auditevent",
        "DROP TABLE audit_auditevent",
        "ALTER TABLE audit_auditevent OWNER TO CURRENT_USER",
    ):
        assert "must be owner" in _refused(statement), statement
    assert "permission denied" in _refused("CREATE TABLE mine (id int)")


@pytest.mark.services
@pytest.mark.parametrize("name", ["portal; DROP TABLE x", 'a"b', "", "Portal"])
def test_an_odd_name_is_refused(db: None, name: str) -> None:
    with pytest.raises(CommandError, match="small letters"):
        call_command("least_rights", name)


def test_other_databases_know_no_users(db: None) -> None:
    if connection.vendor != "postgresql":
        with pytest.raises(CommandError, match="Only PostgreSQL"):
            call_command("least_rights", "portal_app")
