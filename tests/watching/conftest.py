"""The whole service, as in the flows."""

from __future__ import annotations

from tests.flows.conftest import _line, _shop, _slack

__all__ = ["_line", "_shop", "_slack"]
