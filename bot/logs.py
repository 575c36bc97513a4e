"""Logs: one JSON object a line on stderr, with stable keys; never on stdout."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from bot.desk.watching import CAUSE

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """A record as one line of JSON: `time`, `level`, `logger`, `message`, `cause` (the event or request that is worked for),
    and the keys given in `extra`.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if cause := CAUSE.get():
            line["cause"] = cause
        line |= {key: value for key, value in vars(record).items() if key not in _STANDARD}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_to_stderr(level: int) -> None:
    """Write all logs of *level* and above to stderr. Libraries that talk at INFO are held at WARNING."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("uvicorn", "slack_bolt", "slack_sdk", "linebot", "alembic", "aiohttp"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
