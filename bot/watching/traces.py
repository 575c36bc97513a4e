"""Traces, where OTEL_EXPORTER_OTLP_ENDPOINT is set and `madoguchi[otel]` is installed.

The trace's id is made from the event's id: what one process heard and another one sent is one trace, and nothing has to be
carried between them.
"""

from __future__ import annotations

import hashlib
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"

log = logging.getLogger(__name__)


class Traces:
    """Spans of one service, sent in the background. Use `open_traces` to make one."""

    def __init__(self, provider: Any) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("madoguchi")

    @contextmanager
    def span(self, name: str, cause: str) -> Iterator[None]:
        """A stretch of work for *cause*; without one it belongs to no trace of an event."""
        with self._tracer.start_as_current_span(name, context=_parent(cause)) as span:
            span.set_attribute("madoguchi.cause", cause)
            yield

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()


def open_traces(environ: Mapping[str, str], *, exporter: Any = None) -> Traces | None:
    """Traces as the environment wishes; None where it names no endpoint. *exporter* stands in for the network's."""
    if not environ.get(ENDPOINT):
        return None
    try:
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - only who wants traces needs it
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

        if exporter is None:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
                OTLPSpanExporter,
            )

            exporter = OTLPSpanExporter()
    except ImportError:
        log.warning(
            "%s is set, but OpenTelemetry is not installed: pip install 'madoguchi[otel]'",
            ENDPOINT,
            extra={"action": "traces_missing"},
        )
        return None
    name = environ.get("OTEL_SERVICE_NAME", "madoguchi")
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return Traces(provider)


def _parent(cause: str) -> Any:
    from opentelemetry import trace  # noqa: PLC0415 - as above

    if not cause:
        return None
    digest = hashlib.sha256(cause.encode()).digest()
    parent = trace.SpanContext(
        trace_id=int.from_bytes(digest[:16]) or 1,
        span_id=int.from_bytes(digest[16:24]) or 1,
        is_remote=True,
        trace_flags=trace.TraceFlags(trace.TraceFlags.SAMPLED),
    )
    return trace.set_span_in_context(trace.NonRecordingSpan(parent))
