"""The desk's watcher: counts for Prometheus, and traces where they are wanted."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.watching.metrics import Metrics
    from bot.watching.traces import Traces


class Watch:
    """Fulfils `bot.desk.ports.Watcher`."""

    def __init__(self, metrics: Metrics, traces: Traces | None = None) -> None:
        self._metrics = metrics
        self._traces = traces

    def heard(self, channel: str, content: str, result: str) -> None:
        self._metrics.events.labels(channel, content, result).inc()

    def understood(self, verdict: str, intent: str) -> None:
        self._metrics.understood.labels(verdict, intent).inc()

    def sent(self, channel: str, result: str, seconds: float) -> None:
        self._metrics.sends.labels(channel, result).inc()
        self._metrics.send_seconds.labels(channel).observe(seconds)

    def worked(self, kind: str, result: str) -> None:
        self._metrics.jobs.labels(kind, result).inc()

    def span(self, name: str, cause: str) -> AbstractContextManager[None]:
        return nullcontext() if self._traces is None else self._traces.span(name, cause)
