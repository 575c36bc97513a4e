"""Word from process to process that something was saved: PostgreSQL's LISTEN/NOTIFY.

Only a wake-up. What is due is found by asking the tables, and they are asked every second without any word too.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import URL

log = logging.getLogger(__name__)

CHANNEL = "madoguchi"

NOTIFY = select(func.pg_notify(CHANNEL, bindparam("owner")))

LEAST_PAUSE_SECONDS = 0.1
"""Between two words of one process: commits that NOTIFY wait for one another, so it is not done at every event."""

CONNECT_SECONDS = 5
CHECK_SECONDS = 0.5
AGAIN_SECONDS = 5.0


class Nudges:
    """Listens on a connection of its own, in a thread of its own, and tells when *owner* may say a word again."""

    def __init__(self, url: URL, owner: str) -> None:
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._owner = owner
        self._last = 0.0
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def due(self) -> bool:
        """Whether a word may be said now; then it counts as said."""
        now = time.monotonic()
        if now - self._last < LEAST_PAUSE_SECONDS:
            return False
        self._last = now
        return True

    def listen(self, heard: Callable[[], None]) -> None:
        """Call *heard*, in the listening thread, at every word of another process."""
        self._thread = threading.Thread(target=self._listen, args=(heard,), name="store-nudges", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join()

    def _listen(self, heard: Callable[[], None]) -> None:
        import psycopg  # noqa: PLC0415 - 0.1 s that a service on SQLite need not spend

        while not self._closing.is_set():
            try:
                self._listen_once(heard)
            except psycopg.Error as error:
                log.warning(
                    "not listening to other processes",
                    extra={"action": "nudges", "error": type(error).__name__},
                )
                self._closing.wait(AGAIN_SECONDS)

    def _listen_once(self, heard: Callable[[], None]) -> None:
        import psycopg  # noqa: PLC0415 - as above

        with psycopg.connect(self._address, autocommit=True, connect_timeout=CONNECT_SECONDS) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            heard()  # for what was said while nobody listened
            while not self._closing.is_set():
                for word in connection.notifies(timeout=CHECK_SECONDS):
                    if word.payload != self._owner:
                        heard()
