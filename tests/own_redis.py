"""A plugin (`-p tests.own_redis`): tests that run side by side have a Redis database each, as they have one of PostgreSQL each.

A test begins with an empty cache, and emptying it empties the whole database. Read before the settings are.
"""

import os

_worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
_url = os.environ.get("REDIS_URL", "")
if _worker and _url:
    _server, _slash, _database = _url.rpartition("/")
    os.environ["REDIS_URL"] = f"{_server}/{int(_database) + 1 + int(_worker)}"
