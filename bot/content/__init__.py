"""YAML content (intents, providers, facts, the shop) turned into core values."""

from __future__ import annotations
