"""The servers of the bench: nginx with the configuration of docker-compose.yml, and behind it two gunicorns, the Portal and a bare site."""

import datetime as dt
import ipaddress
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROOT: Final = Path(__file__).resolve().parents[2]
NAMES: Final = {"portal": "portal_bench_files", "bare": "portal_bench_files_bare"}
_TICK: Final = os.sysconf("SC_CLK_TCK")
_NGINX: Final = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin")


@dataclass
class Site:
    """One of the two sites: where its gunicorn and its nginx listen, and what each visitor's cookies are."""

    kind: str
    database: str
    folder: Path
    redis: str
    inner: int = 0
    outer: int = 0
    path: str = ""
    cookies: list[str] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    def environment(self, *, accel: bool = True) -> dict[str, str]:
        """What its processes see."""
        known = {
            "DATABASE_URL": self.database, "PORTAL_ENV": "production", "SECRET_KEY": _SECRET, "ENCRYPTION_KEYS": _SECRET,
            "WEBHOOK_SECRET": _SECRET, "EMAIL_URL": "smtp://127.0.0.1:9", "SMS_URL": "json://127.0.0.1:9/", "REDIS_URL": self.redis,
            "PORTAL_BASE_URL": f"https://127.0.0.1:{self.outer}", "ALLOWED_HOSTS": "127.0.0.1", "TRUSTED_PROXIES": "127.0.0.1",
            "FILES_DIR": str(self.folder / "files"), "FILES_ACCEL": "/protected" if accel else "",
            "DJANGO_SETTINGS_MODULE": "portal.settings" if self.kind == "portal" else "bench.bare.settings",
        }  # fmt: skip
        return os.environ | known

    def fill(self, size: int, visitors: int) -> str:
        """Make the database's rows and the file; returns its SHA-256."""
        done = subprocess.run(
            [sys.executable, "-m", f"bench.files.fill_{self.kind}", str(size), str(visitors)],
            cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(done.stderr)
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        self.path, self.cookies = told["path"], told["cookies"]
        return str(told["sha256"])

    def start(self, *, accel: bool = True) -> None:
        """Start gunicorn as docker-compose.yml does, with two workers, and wait for it."""
        application = "portal.wsgi" if self.kind == "portal" else "bench.bare.site:application"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", application, f"--bind=127.0.0.1:{self.inner}", "--workers=2", "--worker-class=gthread",
             "--threads=4", "--worker-tmp-dir=/dev/shm", "--no-control-socket", "--keep-alive=75", "--timeout=30", "--log-level=error"],
            cwd=ROOT, env=self.environment(accel=accel),
        )  # fmt: skip
        _wait_for(self.inner)

    def stop(self) -> None:
        """End gunicorn."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(60)
            self.process = None

    def seconds(self) -> float:
        """Return the processor time of its workers so far."""
        assert self.process is not None
        return sum(_seconds(pid) for pid in _children(self.process.pid))


_SECRET: Final = secrets.token_urlsafe(48)


@contextmanager
def databases(server: str) -> Iterator[dict[str, str]]:
    """Make a database for each site beside the one named, and drop them."""
    with psycopg.connect(server, autocommit=True) as connection:
        for name in NAMES.values():
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name}")
        try:
            yield {kind: f"{server.rpartition('/')[0]}/{name}" for kind, name in NAMES.items()}
        finally:
            for name in NAMES.values():
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


class Proxy:
    """One nginx before both sites, each with a server of its own."""

    def __init__(self, sites: list[Site], folder: Path) -> None:
        if _NGINX is None:
            raise SystemExit("needs nginx (nginx-light)")
        _certificate(folder)
        config = folder / "nginx.conf"
        config.write_text(_config(sites, folder))
        self._process = subprocess.Popen([_NGINX, "-c", str(config), "-e", str(folder / "errors")])
        for site in sites:
            _wait_for(site.outer)

    def seconds(self) -> float:
        """Return the processor time of its workers so far."""
        return sum(_seconds(pid) for pid in _children(self._process.pid))

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(10)


def _config(sites: list[Site], folder: Path) -> str:
    """Write the configuration of production with our ports, folders and certificate; its log goes where nobody reads it."""
    text = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["configs"]["proxy"]["content"].replace("$$", "$")
    head, _server, rest = text.partition("server {\n    listen 80 default_server;")
    tls = "server {" + rest.partition("server {")[2].rpartition("}")[0]
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    head = (
        re.sub(r"upstream web \{.*?\}", temporary, head, flags=re.DOTALL)
        .replace("/dev/stdout", "/dev/null")
        .replace("/dev/stderr", f"{folder}/errors")
    )
    servers = []
    for site in sites:
        # Before nginx 1.25 HTTP/2 is said otherwise; our readers speak 1.1, for which the line changes nothing.
        one = re.sub(r"listen \[::\].*|http2 on;", "", tls).replace("listen 443 ssl", f"listen 127.0.0.1:{site.outer} ssl")
        one = one.replace("/run/secrets/certificate_key", f"{folder}/key.pem").replace(
            "/run/secrets/certificate", f"{folder}/certificate.pem"
        )
        one = one.replace("/srv/files/", f"{folder}/files/").replace("http://web", f"http://{site.kind}").replace("$host", "$http_host")
        servers.append(f"upstream {site.kind} {{ server 127.0.0.1:{site.inner} max_fails=0; keepalive 16; keepalive_timeout 60s; }}\n{one}")
    return f"daemon off; pid {folder}/pid; user root;\n{head}\n{''.join(servers)}\n}}\n"


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def free_port() -> int:
    """Return a port where nobody listens."""
    with socket.socket() as some:
        some.bind(("127.0.0.1", 0))
        return int(some.getsockname()[1])


def _wait_for(port: int) -> None:
    for _try in range(600):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("a server did not start")


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK
