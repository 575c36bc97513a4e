from __future__ import annotations

from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot.watching.metrics import Metrics
from bot.watching.traces import ENDPOINT, Traces, open_traces
from bot.watching.watch import Watch


def test_without_an_endpoint_nothing_is_traced():
    assert open_traces({}) is None


def test_what_is_done_for_one_event_is_one_trace_also_across_processes():
    exporters = [InMemorySpanExporter(), InMemorySpanExporter()]
    for exporter, name in zip(exporters, ("hear", "send"), strict=True):
        traces = open_traces({ENDPOINT: "http://127.0.0.1:9"}, exporter=exporter)
        assert isinstance(traces, Traces)
        with Watch(Metrics(), traces).span(name, "event-1"):
            pass
        traces.close()

    spans = [exporter.get_finished_spans()[0] for exporter in exporters]

    assert [span.name for span in spans] == ["hear", "send"]
    assert spans[0].context.trace_id == spans[1].context.trace_id
    assert spans[0].attributes == {"madoguchi.cause": "event-1"}


def test_events_do_not_share_a_trace():
    exporter = InMemorySpanExporter()
    traces = open_traces({ENDPOINT: "http://127.0.0.1:9"}, exporter=exporter)
    for event in ("event-1", "event-2", ""):
        with traces.span("hear", event):
            pass
    traces.close()

    assert len({span.context.trace_id for span in exporter.get_finished_spans()}) == 3
