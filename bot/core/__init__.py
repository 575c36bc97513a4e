"""Pure core: values in, values out. No clock, files, network or log (held by import-linter)."""

from __future__ import annotations
