"""Logs: one JSON object a line on stderr, with stable keys; never on stdout."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
from contextlib import nullcontext, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TextIO

from bot.desk.watching import CAUSE

if TYPE_CHECKING:
    from collections.abc import Iterable

MASK = "***"

_SHORTEST = 4
"""A shorter secret would star half of every line, and is none."""

_TICKET = re.compile(r"((?:ticket|token|access_token|client_secret|signature)=)[^&\s\"'\\]+", re.IGNORECASE)
"""What stands in addresses and is as good as a password: Slack's web sockets carry one."""

_ENCODE = json.JSONEncoder(ensure_ascii=False, default=str).encode
"""`json.dumps` makes itself an encoder for every line."""

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """*secrets* never leave: wherever one would stand in a line, in an exception or in a library's words, stars do.

    A record as one line of JSON: `time`, `level`, `logger`, `message`, `cause` (the event or request that is worked for),
    and the keys given in `extra`.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        # The longest first, so that a secret that holds another one goes as a whole. As they stand in JSON.
        self._secrets = sorted(
            (json.dumps(s, ensure_ascii=False)[1:-1] for s in secrets if len(s) >= _SHORTEST),
            key=len,
            reverse=True,
        )

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
        return self._without_secrets(_ENCODE(line))

    def _without_secrets(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return _TICKET.sub(rf"\1{MASK}", text) if "=" in text else text


class TurnByTurn(logging.StreamHandler[TextIO]):
    """Writes the lines of one turn of the event loop in one go, and warnings at once with what waits before them.

    Each writing gives away the interpreter's lock: under load a line of its own for every event would let the loop wait
    for the database's thread as often.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._lines.append(self.format(record) + self.terminator)
        except Exception:  # noqa: BLE001 - as the library's own handlers do: a line that cannot be made costs no event
            self.handleError(record)
        else:
            if record.levelno >= logging.WARNING or not self._is_written_later():
                self.flush()

    def flush(self) -> None:
        """Write what waits."""
        with self.lock or nullcontext():
            lines, self._lines = self._lines, []
            with suppress(
                OSError, ValueError
            ):  # nobody reads any more, or the disk is full: there is nobody to tell
                self.stream.write("".join(lines))
                self.stream.flush()

    def _is_written_later(self) -> bool:
        """Whether the event loop of this thread, if it runs one, has been asked to write."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return False
        if len(self._lines) == 1:
            loop.call_soon(self.flush)
        return True


def log_to_stderr(level: int, *, secrets: Iterable[str] = ()) -> None:
    """Write all logs of *level* and above to stderr, without *secrets*. Libraries that talk at INFO are held at WARNING."""
    # Nobody is told from where in the code, or on which thread, a line was written: finding out costs a third of the line.
    logging._srcfile = None  # noqa: SLF001 - as logging's own documentation has it
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = TurnByTurn(sys.stderr)
    handler.setFormatter(JsonLines(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("uvicorn", "slack_bolt", "slack_sdk", "linebot", "alembic", "aiohttp"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
