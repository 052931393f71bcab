"""One JSON line a log record, so that a name or a browser's header cannot forge lines (A113)."""

import json
import logging
from datetime import UTC, datetime


class JsonLine(logging.Formatter):
    """Format a record as one line of JSON: when, level, logger, message, and the exception's text if there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True)
