"""Benchmarks: `python -m bench` (or `make bench`) prints figures and ratios of one run on this machine."""

from __future__ import annotations
