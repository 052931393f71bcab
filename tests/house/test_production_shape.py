"""What docker-compose.yml promises an auditor: TLS, least privilege, nothing beside the code in the image, addresses that cannot be forged."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text()
PROXY = COMPOSE.partition("worker_processes")[2]


def _block(name: str) -> str:
    """Return the lines of one service."""
    found = re.search(rf"^  {name}:\n((?:    .*\n|\n)+)", COMPOSE, re.MULTILINE)
    assert found, name
    return found[1]


def test_tls_is_new_strong_and_the_only_way_in() -> None:
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in PROXY
    (ciphers,) = re.findall(r"ssl_ciphers (.+);", PROXY)
    assert all(re.fullmatch(r"ECDHE\+(AESGCM|CHACHA20)", cipher) for cipher in ciphers.split(":"))
    plain = PROXY.partition("listen 80")[2].partition("server {")[0]
    assert "return 308 https://" in plain
    assert "proxy_pass" not in plain


def test_a136_what_a_client_says_of_itself_is_overwritten() -> None:
    for header, value in {
        "X-Forwarded-For": "$$remote_addr",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": '""',
        "Host": "$$host",
    }.items():
        assert f"proxy_set_header {header} {value};" in PROXY
    # The proxy's own address, and only that, may say so.
    (address,) = re.findall(r"ipv4_address: (\S+)", COMPOSE)
    assert f"TRUSTED_PROXIES: {address}\n" in COMPOSE


def test_the_proxy_tells_no_version_keeps_no_query_and_waits_for_nobody() -> None:
    assert "server_tokens off;" in PROXY
    assert "$$uri" in PROXY
    assert "$$request_uri $$" not in PROXY
    assert "$$args" not in PROXY
    assert "autoindex" not in PROXY
    for limit in ("client_max_body_size 6m;", "client_header_timeout", "client_body_timeout", "limit_conn clients", "proxy_read_timeout"):
        assert limit in PROXY


def test_f34_no_kept_connection_is_closed_under_a_request_and_no_form_is_sent_twice() -> None:
    """Gunicorn's two seconds met a request now and then, which the proxy then answered with 502."""
    (web,) = re.findall(r"--keep-alive=(\d+)", COMPOSE)
    (proxy,) = re.findall(r"upstream web \{.*keepalive_timeout (\d+)s;.*\}", PROXY)
    assert int(web) > int(proxy)
    assert "proxy_next_upstream error;" in PROXY
    assert "non_idempotent" not in PROXY


def test_our_processes_may_do_as_little_as_they_can() -> None:
    portal = COMPOSE.partition("x-portal: &portal")[2].partition("\nservices:")[0]
    for line in ("USER portal", "read_only: true", "cap_drop: [ALL]", 'security_opt: ["no-new-privileges:true"]'):
        assert line in portal


def test_a141_the_image_holds_the_floors_and_nothing_else() -> None:
    """No tests, no bench, no .git, no .env: what is not copied cannot be served."""
    copied = re.findall(r"^ +COPY (\S+) ", COMPOSE, re.MULTILINE)
    assert set(copied) == {
        "requirements.lock",
        "manage.py",
        "portal",
        "permissions",
        "accounts",
        "services",
        "templates",
        "static",
        "locale",
    }
    assert "pip install --no-cache-dir --require-hashes" in COMPOSE


@pytest.mark.parametrize("name", ["db", "redis"])
def test_what_keeps_data_is_reached_from_inside_only(name: str) -> None:
    block = _block(name)
    assert "networks: [back]" in block
    assert "ports:" not in block
    assert re.search(r"^  back:\n    internal: true", COMPOSE, re.MULTILINE)


def test_no_secret_stands_in_the_file() -> None:
    for name in ("SECRET_KEY", "ENCRYPTION_KEYS", "WEBHOOK_SECRET", "POSTGRES_PASSWORD", "EMAIL_URL", "SMS_URL"):
        assert f"${{{name}:?" in COMPOSE
    assert "PORTAL_ENV: production" in COMPOSE


def test_no_environment_file_is_kept_with_the_code() -> None:
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert {".env", "var/"} <= set(ignored)


def test_f32_the_database_is_backed_up_every_night_and_archived_every_five_minutes() -> None:
    database, backup = _block("db"), _block("backup")
    for word in ("archive_mode=on", "archive_timeout=300", "archive_command=test ! -f /backups/archive/%f || exec cmp"):
        assert f"- {word}" in database
    assert "cp %p /backups/archive/%f.part && sync /backups/archive/%f.part && mv" in database
    assert '"backups:/backups"' in database
    assert '"backups:/backups"' in backup
    assert "gosu postgres sh /backup.sh /backups" in backup
    assert "sleep 86400" in backup
    assert "exit 1" in backup  # after a restart of the database it has to join its network anew
    for name in ("backup", "restore"):
        assert re.search(rf"^  {name}:\n    file: deploy/{name}\.sh\n", COMPOSE, re.MULTILINE)
        assert (ROOT / "deploy" / f"{name}.sh").exists()
