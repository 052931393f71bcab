"""Keys and algorithms can be changed: everything encrypted is written anew by one command (ASVS 11.2.2)."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from accounts.models import Factor
from portal.outbox.models import Message
from tests.cast import Cast, let_in

OLD, NEW = "old-key-old-key-old-key-old-key-old-key-0", "new-key-new-key-new-key-new-key-new-key-1"


def _stored() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT seed FROM accounts_factor WHERE seed <> '' UNION SELECT secret FROM outbox_message WHERE secret <> ''")
        return [value for (value,) in cursor.fetchall()]


def test_v11_2_2_everything_is_written_anew_and_opens_without_the_old_key(cast: Cast, settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    for person in (cast.user, cast.admin):
        Factor.objects.filter(user=person.user).update(seed=person.seed)
    Factor.objects.exclude(user__in=[cast.user.user, cast.admin.user]).delete()
    waiting = Message.objects.create(kind="ground", recipient="a@example.org", language="en", secret="12345678")
    wiped = Message.objects.create(kind="ground", recipient="b@example.org", language="en")
    before = _stored()
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    said = StringIO()
    call_command("encrypt_anew", stdout=said)
    assert "accounts.Factor: 2 rows written anew, 0 could not be opened" in said.getvalue()
    assert "outbox.Message: 1 rows written anew" in said.getvalue()
    assert not set(before) & set(_stored())
    settings.ENCRYPTION_KEYS = [NEW]
    assert Message.objects.get(pk=waiting.pk).secret == "12345678"
    assert Message.objects.get(pk=wiped.pk).secret == ""
    assert Factor.objects.get(user=cast.user.user).seed == cast.user.seed
    let_in(cast.user)


def test_what_no_key_opens_is_left_as_it_is_and_said(db: None, settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    Message.objects.create(kind="ground", recipient="a@example.org", language="en", secret="12345678")
    before = _stored()
    settings.ENCRYPTION_KEYS = [NEW]
    with pytest.raises(CommandError, match="1 rows could not be opened"):
        call_command("encrypt_anew", stdout=StringIO())
    assert _stored() == before
