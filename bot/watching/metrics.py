"""What is counted, in the words of Prometheus. Labels are few and fixed: never a person, a text or an id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.watching import Soundings

CONTENT_TYPE = CONTENT_TYPE_LATEST

_ACK_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
_SEND_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """One service's counters. The registry is its own, so that several services in one process do not mix."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self.events = Counter(
            "madoguchi_events",
            "Events that came in, by what became of them.",
            ["channel", "content", "result"],
            registry=self._registry,
        )
        self.understood = Counter(
            "madoguchi_understood",
            "Texts that were understood, or not.",
            ["verdict", "intent"],
            registry=self._registry,
        )
        self.acks = Histogram(
            "madoguchi_ack_seconds",
            "From a platform's HTTP call to its acknowledgement.",
            ["path", "status"],
            buckets=_ACK_SECONDS,
            registry=self._registry,
        )
        self.sends = Counter(
            "madoguchi_sends", "Tries of deliveries.", ["channel", "result"], registry=self._registry
        )
        self.send_seconds = Histogram(
            "madoguchi_send_seconds",
            "How long a delivery takes.",
            ["channel"],
            buckets=_SEND_SECONDS,
            registry=self._registry,
        )
        self.jobs = Counter("madoguchi_jobs", "Tries of jobs.", ["kind", "result"], registry=self._registry)
        self._waiting = self._gauge("madoguchi_outbox_waiting", "Sends that are not delivered yet.")
        self._oldest = self._gauge(
            "madoguchi_outbox_oldest_seconds", "How long the oldest send has been due for."
        )
        self._dead = self._gauge("madoguchi_dead_letters", "Sends that were given up and not settled.")
        self._jobs_waiting = self._gauge("madoguchi_jobs_due", "Jobs that are due and not done.")
        self._jobs_dead = self._gauge("madoguchi_jobs_dead", "Jobs that were given up.")
        self._tickets = self._gauge("madoguchi_tickets_open", "Open tickets.", ["state"])
        self._heartbeat = self._gauge("madoguchi_courier_silent_seconds", "Since the courier's last round.")
        self._quota_used = self._gauge("madoguchi_line_quota_used", "Pushes of this month.")
        self._quota_limit = self._gauge("madoguchi_line_quota_limit", "Pushes that the month allows.")
        self._socket = self._gauge(
            "madoguchi_slack_socket_connected", "1 while the web socket to Slack lives."
        )

    def sounded(self, soundings: Soundings, now: datetime) -> None:
        """What the database says at this moment."""
        self._waiting.set(soundings.waiting)
        oldest = soundings.oldest_due_at
        self._oldest.set(max((now - oldest).total_seconds(), 0.0) if oldest else 0.0)
        self._dead.set(soundings.dead)
        self._jobs_waiting.set(soundings.jobs_due)
        self._jobs_dead.set(soundings.jobs_dead)
        for state in ("waiting", "taken"):
            self._tickets.labels(state).set(soundings.tickets.get(state, 0))

    def courier(self, silent_for: float) -> None:
        self._heartbeat.set(silent_for)

    def quota(self, used: int, limit: int | None) -> None:
        self._quota_used.set(used)
        if limit is not None:
            self._quota_limit.set(limit)

    def socket(self, *, connected: bool) -> None:
        self._socket.set(connected)

    def exposed(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self._registry)

    def _gauge(self, name: str, what: str, labels: tuple[str, ...] | list[str] = ()) -> Gauge:
        return Gauge(name, what, labels, registry=self._registry)
