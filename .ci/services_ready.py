"""Say at once, and why, when PostgreSQL, Redis or Chromium is not there: the tests of `make test-services` are never skipped silently."""

import os
import shutil
import sys
from ctypes.util import find_library

import psycopg
import redis

DATABASE = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
BROKER = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")


def main() -> int:
    """Return 0 when everything answers."""
    problems = []
    try:
        psycopg.connect(DATABASE.rsplit("/", 1)[0] + "/postgres", connect_timeout=5).close()
    except psycopg.Error as error:
        problems.append(f"PostgreSQL does not answer at {DATABASE.rpartition('@')[2]}: {error}")
    try:
        redis.Redis.from_url(BROKER, socket_connect_timeout=5).ping()
    except redis.RedisError as error:
        problems.append(f"Redis does not answer: {error}")
    if not find_library("zbar"):
        problems.append("zbar is not installed (Debian: apt-get install libzbar0)")
    if not (shutil.which("chromium") or os.environ.get("CHROMIUM")):
        problems.append("Chromium is not installed (Debian: apt-get install chromium)")
    for problem in problems:
        sys.stderr.write(f"make test-services cannot run: {problem}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
