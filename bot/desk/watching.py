"""Who watches the work: what is counted, what is traced, and for which event everything is done."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CAUSE: ContextVar[str] = ContextVar("cause", default="")
"""The event (or HTTP request) that is being worked for: it stands on every log line, from the webhook to the send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundings:
    """How things stand in the database: sends and jobs that wait or were given up, open tickets by state.

    `up_to_date`: no migration is missing.
    """

    waiting: int
    oldest_due_at: datetime | None
    dead: int
    jobs_due: int
    jobs_dead: int
    tickets: Mapping[str, int]
    up_to_date: bool


@contextmanager
def caused_by(cause: str) -> Iterator[None]:
    """Everything inside is done for *cause*."""
    token = CAUSE.set(cause)
    try:
        yield
    finally:
        CAUSE.reset(token)


class Unwatched:
    """Fulfils `bot.desk.ports.Watcher` by looking away."""

    def heard(self, channel: str, content: str, result: str) -> None:
        del channel, content, result

    def understood(self, verdict: str, intent: str) -> None:
        del verdict, intent

    def sent(self, channel: str, result: str, seconds: float) -> None:
        del channel, result, seconds

    def worked(self, kind: str, result: str) -> None:
        del kind, result

    def span(self, name: str, cause: str) -> AbstractContextManager[None]:
        del name, cause
        return nullcontext()
