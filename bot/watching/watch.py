"""The desk's watcher: counts for Prometheus, and traces where they are wanted."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.watching.metrics import Metrics
    from bot.watching.traces import Traces


class Watch:
    """Fulfils `bot.desk.ports.Watcher`."""

    def __init__(self, metrics: Metrics, traces: Traces | None = None) -> None:
        self._traces = traces
        # To find a counter by its labels takes longer than to count; there are few of them.
        self._events = cache(metrics.events.labels)
        self._understood = cache(metrics.understood.labels)
        self._sends = cache(metrics.sends.labels)
        self._send_seconds = cache(metrics.send_seconds.labels)
        self._jobs = cache(metrics.jobs.labels)

    def heard(self, channel: str, content: str, result: str) -> None:
        self._events(channel, content, result).inc()

    def understood(self, verdict: str, intent: str) -> None:
        self._understood(verdict, intent).inc()

    def sent(self, channel: str, result: str, seconds: float) -> None:
        self._sends(channel, result).inc()
        self._send_seconds(channel).observe(seconds)

    def worked(self, kind: str, result: str) -> None:
        self._jobs(kind, result).inc()

    def span(self, name: str, cause: str) -> AbstractContextManager[None]:
        return nullcontext() if self._traces is None else self._traces.span(name, cause)
