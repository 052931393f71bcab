"""One JSON line a log record, so that a name or a browser's header cannot forge lines (A113)."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

from portal.web import origin


class JsonLine(logging.Formatter):
    """Format a record as one line of JSON: when, level, logger, message, who asked from where, and the exception's text if there is one.

    A person is named by their id only; the help desk finds them by it.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_who(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True)


def _who(record: logging.LogRecord) -> dict[str, Any]:
    """Say who asked: Django hands the request on with what it refuses, after the request is over; else whatever runs now knows."""
    request = getattr(record, "request", None)
    if not isinstance(request, HttpRequest):
        address = origin.current().address
        return {"address": address} if address else {}
    # Only what somebody has asked for already: a line about a broken database must not ask the database.
    person = getattr(request, "_cached_user", None)
    known = {"person": str(person.pk)} if person is not None and person.pk else {}
    return {"address": origin.client_address(request), "method": request.method, "status": getattr(record, "status_code", 0), **known}
