"""Reading EMAIL_URL and DATABASE_URL (contract.md, Environment)."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives
from django.utils.module_loading import import_string
from pytest_django import Settings

from portal import database_url, mail_url
from portal.env import weak
from portal.mail_url import Mail

SMTP = "django.core.mail.backends.smtp.EmailBackend"
ANYMAIL = "anymail.backends.{}.EmailBackend"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", Mail(SMTP, "mail.example", 25)),
        ("smtp://127.0.0.1:2525", Mail(SMTP, "127.0.0.1", 2525)),
        ("smtps://u:p@mail.example", Mail(SMTP, "mail.example", 465, "u", "p", ssl=True)),
        ("smtp+tls://u%40x:p%2F%23@mail.example:587", Mail(SMTP, "mail.example", 587, "u@x", "p/#", starttls=True)),
    ],
)
def test_smtp_in_its_three_kinds(url: str, expected: Mail) -> None:
    assert mail_url.read(url, testing=False) == expected


@pytest.mark.parametrize(
    ("url", "provider", "options"),
    [
        ("postmark://token", "postmark", {"POSTMARK_SERVER_TOKEN": "token"}),
        ("sendgrid://SG.Key_1", "sendgrid", {"SENDGRID_API_KEY": "SG.Key_1"}),
        ("mailgun://key@mg.example", "mailgun", {"MAILGUN_API_KEY": "key", "MAILGUN_SENDER_DOMAIN": "mg.example"}),
        ("mailjet://key:secret", "mailjet", {"MAILJET_API_KEY": "key", "MAILJET_SECRET_KEY": "secret"}),
        ("brevo://key?api_url=https://eu.example/", "brevo", {"BREVO_API_KEY": "key", "BREVO_API_URL": "https://eu.example/"}),
    ],
)
def test_providers(url: str, provider: str, options: dict[str, str]) -> None:
    mail = mail_url.read(url, testing=False)
    assert mail.backend == ANYMAIL.format(provider)
    assert {name: value for name, value in mail.anymail.items() if not name.endswith("_SEND_DEFAULTS")} == options


@pytest.mark.parametrize("url", ["mailgun://k@mg.example", "mailjet://k:s", "postmark://t", "sendgrid://k", "sparkpost://k"])
def test_mail1_a_provider_that_would_track_is_told_not_to(url: str, settings: Settings) -> None:
    mail = mail_url.read(url, testing=False)
    settings.ANYMAIL = mail.anymail
    message = EmailMultiAlternatives("Subject", "Text", "portal@board.example", ["nia@glan.example"])
    backend = import_string(mail.backend)()
    payload = backend.build_message_payload(message, backend.send_defaults)
    said = str(getattr(payload, "data", "")).lower()
    assert re.search("track", said)
    assert not re.search(r"track[^,]*(true|yes|htmlandtext|'enabled')", said), said


@pytest.mark.parametrize("url", ["brevo://k", "resend://k", "ses://eu-west-2"])
def test_one_that_does_not_know_the_wish_is_not_asked(url: str) -> None:
    assert not [name for name in mail_url.read(url, testing=False).anymail if name.endswith("_SEND_DEFAULTS")]


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("ses://", {}),
        ("ses://eu-west-2", {"region_name": "eu-west-2"}),
        ("ses://key:s%2Fecret@eu-west-2", {"region_name": "eu-west-2", "aws_access_key_id": "key", "aws_secret_access_key": "s/ecret"}),
    ],
)
def test_amazon_takes_its_key_from_the_address_or_the_machine(url: str, named: dict[str, str]) -> None:
    parameters: dict[str, Any] = mail_url.read(url, testing=False).anymail["AMAZON_SES_CLIENT_PARAMS"]
    assert {name: value for name, value in parameters.items() if name != "config"} == named
    assert parameters["config"]["read_timeout"] == 10


def test_files_and_nothing_at_all() -> None:
    assert mail_url.read("file:///var/mail%20out", testing=False).folder == "/var/mail out"
    assert mail_url.read("", testing=True).backend.endswith("locmem.EmailBackend")
    assert mail_url.read("", testing=False).backend.endswith("dummy.EmailBackend")


@pytest.mark.parametrize("url", ["smtp://", "file://", "postmark://", "mailgun://key", "mailjet://key", "fax://1", "mail.example"])
def test_an_address_that_cannot_send_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        mail_url.read(url, testing=False)


def test_postgresql_gets_its_time_limits() -> None:
    read = database_url.read("postgres://me:p%40ss@db:6432/exams?sslmode=require", production=True, statement_seconds=5)
    assert (read["USER"], read["PASSWORD"], read["HOST"], read["PORT"], read["NAME"]) == ("me", "p@ss", "db", "6432", "exams")
    assert read["OPTIONS"]["sslmode"] == "require"
    assert read["OPTIONS"]["options"] == "-c lock_timeout=2s -c statement_timeout=5s"
    assert (read["OPTIONS"]["connect_timeout"], read["OPTIONS"]["tcp_user_timeout"]) == ("5", "20000")


def test_f29_a_migration_may_take_its_time_but_waits_two_seconds_for_a_lock() -> None:
    options = database_url.read("postgres://me@db/exams", production=True, statement_seconds=0)["OPTIONS"]
    assert options["options"] == "-c lock_timeout=2s"


@pytest.mark.parametrize(
    ("places", "hosts", "ports", "patience"),
    [
        ("one:5432,two:5433", "one,two", "5432,5433", "2"),
        ("one,two", "one,two", "", "2"),
        ("one:6432,two", "one,two", "6432,", "2"),
        ("[::1]:5433", "::1", "5433", "5"),
        ("", "", "", "5"),
    ],
)
def test_f33_a_standby_is_named_beside_the_primary_and_is_never_read_from(places: str, hosts: str, ports: str, patience: str) -> None:
    read = database_url.read(f"postgres://me:p%2Cw@{places}/exams", production=True, statement_seconds=5)
    assert (read["HOST"], read["PORT"], read["PASSWORD"]) == (hosts, ports, "p,w")
    assert (read["OPTIONS"]["target_session_attrs"], read["OPTIONS"]["connect_timeout"]) == ("read-write", patience)


@pytest.mark.parametrize("wish", ["any", "read-only", "standby", "prefer-standby"])
def test_f33_who_wants_to_read_from_a_standby_is_refused(wish: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="primary only"):
        database_url.read(f"postgres://me@one,two/exams?target_session_attrs={wish}", production=False, statement_seconds=5)


@pytest.mark.parametrize("path", ["/srv/portal #1/50%/p?.sqlite3", "/plain.sqlite3"])
def test_a_database_file_may_lie_anywhere(path: str) -> None:
    url = database_url.sqlite(Path(path))
    assert database_url.read(url, production=False, statement_seconds=5)["NAME"] == path


def test_a_relative_database_file() -> None:
    assert database_url.read("sqlite:///var/p.sqlite3", production=False, statement_seconds=5)["NAME"] == "var/p.sqlite3"


@pytest.mark.parametrize(
    "key", ["", "short", "x" * 100, "abcabcabcabc" * 5, "0123456789" * 4, "django-insecure-Zq8v1N4mT7yXw2Lk9PdRb6HsGf3JcUeA"]
)
def test_weak_keys_are_known(key: str) -> None:
    assert weak(key)


def test_a_random_key_is_not_weak() -> None:
    assert not weak("Zq8v1N4mT7yXw2Lk9PdRb6HsGf3JcUeA0oKiV5tY")
