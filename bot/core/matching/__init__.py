"""Matching: which intent a text is about. See docs/understanding.md."""

from __future__ import annotations

from bot.core.matching.matcher import Matcher

__all__ = ["Matcher"]
