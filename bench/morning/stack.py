"""The Portal as docker-compose.yml starts it: gunicorn by its own command, nginx by its own configuration, on free ports of loopback."""

import contextlib
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import psycopg
import yaml

from bench.faults.servers import free_port

ROOT: Final = Path(__file__).resolve().parents[2]
HOST: Final = "portal.example"
_COMPOSE: Final[dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
_KEY: Final = secrets.token_urlsafe(48)
_NGINX: Final = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or "nginx"


@dataclass
class Stack:
    """One Portal on a database of its own beside the one named by `server`; `workers` is WEB_WORKERS."""

    server: str
    redis: str
    name: str = "portal_bench_morning"
    workers: int = 2
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="portal-morning-")))
    port: int = field(default_factory=free_port)
    web_port: int = field(default_factory=free_port)
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def database(self) -> str:
        """Where it keeps everything."""
        return f"{self.server.rpartition('/')[0]}/{self.name}"

    @property
    def environment(self) -> dict[str, str]:
        """What its processes see: production, over TLS, behind a proxy."""
        return {
            "PORTAL_ENV": "production", "DJANGO_SETTINGS_MODULE": "portal.settings", "SECRET_KEY": _KEY, "ENCRYPTION_KEYS": _KEY,
            "WEBHOOK_SECRET": _KEY, "DATABASE_URL": self.database, "REDIS_URL": self.redis, "EMAIL_URL": "smtp://127.0.0.1:9",
            "SMS_URL": "json://127.0.0.1:9/", "PORTAL_BASE_URL": f"https://{HOST}", "ALLOWED_HOSTS": HOST, "TRUSTED_PROXIES": "127.0.0.1",
            "FILES_DIR": str(self.folder / "files"), "FILES_ACCEL": "/protected", "PATH": os.environ["PATH"], "HOME": str(self.folder),
        }  # fmt: skip

    def __enter__(self) -> Self:
        try:
            self.folder.chmod(0o755)  # nginx works as somebody who is not root
            self._make_database()
            self.manage("migrate", "--verbosity", "0")
            self.manage("collectstatic", "--noinput", "--verbosity", "0")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_raised: object) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(60)
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
        self._forget_calls()
        shutil.rmtree(self.folder, ignore_errors=True)

    def manage(self, *arguments: str) -> None:
        """Run a management command."""
        self.run("manage.py", *arguments)

    def run(self, *arguments: str) -> str:
        """Run some Python inside it; returns what it prints."""
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    def start(self) -> None:
        """Start web and proxy and wait until both answer."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        self._spawn("web", self._gunicorn())
        self._certify()
        (self.folder / "nginx.conf").write_text(self._proxy())
        self._spawn("proxy", [_NGINX, "-c", str(self.folder / "nginx.conf"), "-g", "daemon off;", "-e", str(self.folder / "nginx.log")])
        asked = urllib.request.Request(f"http://127.0.0.1:{self.web_port}/ready", headers={"Host": HOST})
        for _try in range(300):
            with contextlib.suppress(OSError), urllib.request.urlopen(asked, timeout=5):
                return
            time.sleep(0.1)
        raise SystemExit(f"the Portal did not start:\n{self.logs()}")

    def logs(self) -> str:
        """Return the last lines of each process."""
        return "\n".join(f"--- {path}\n{path.read_text(errors='replace')[-2000:]}" for path in sorted(self.folder.glob("*.log")))

    def _make_database(self) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {self.name}")

    def _gunicorn(self) -> list[str]:
        """Return the command of the service `web`."""
        own = {"--bind=0.0.0.0:8000": f"--bind=127.0.0.1:{self.web_port}", "--workers=${WEB_WORKERS:-3}": f"--workers={self.workers}"}
        program, *command = _COMPOSE["services"]["web"]["command"]
        assert own.keys() <= set(command), command
        return [sys.executable, "-m", program, *(own.get(word, word) for word in command)]

    def _proxy(self) -> str:
        """Return the configuration of the service `proxy`, with our ports and folders in it, in the notation of the nginx that is here."""
        text = _COMPOSE["configs"]["proxy"]["content"].replace("$$", "$")
        own = {
            r"listen 443 ssl default_server;": f"listen 127.0.0.1:{self.port} ssl http2;",
            r"listen 80 default_server;": f"listen 127.0.0.1:{free_port()};",
            r"listen \[::\]:\d+[^;]*;": "",
            r"http2 on;": "",
            r"/run/secrets/certificate_key;": f"{self.folder}/key.pem;",
            r"/run/secrets/certificate;": f"{self.folder}/certificate.pem;",
            r"server web:8000 ": f"server 127.0.0.1:{self.web_port} ",
            r"alias /srv/files/;": f"alias {self.folder}/files/;",
            r"/dev/stdout plain;": f"{self.folder}/access.txt plain;",
            r"/dev/stderr warn;": f"{self.folder}/proxy.log warn;",
            r"http \{": "http {\n" + "".join(
                f"  {kind}_temp_path {self.folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "scgi", "uwsgi")
            ),
        }  # fmt: skip
        for theirs, ours in own.items():
            text, found = re.subn(theirs, lambda _found, ours=ours: ours, text)  # type: ignore[misc]
            assert found, theirs
        return f"pid {self.folder}/nginx.pid;\n{text}"

    def _certify(self) -> None:
        command = (
            f"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN={HOST} -keyout key.pem -out certificate.pem"
        )
        subprocess.run(["openssl", *command.split()], cwd=self.folder, check=True, capture_output=True)  # noqa: S607

    def _spawn(self, name: str, command: list[str]) -> None:
        log = (self.folder / f"{name}.log").open("ab")
        self.processes[name] = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT)

    def _forget_calls(self) -> None:
        """Take our calls to workers, which nobody heard, out of Redis."""
        import redis

        with contextlib.suppress(redis.RedisError), redis.Redis.from_url(self.redis) as client:
            client.delete("codes", "notices", "bulk")
