"""Watching: counters for Prometheus, traces for OpenTelemetry, and whether the service is well."""

from __future__ import annotations
