"""Reads the slots of one message; `SlotFinder` is all that others need."""

from __future__ import annotations

from bot.core.extract.finder import SlotFinder

__all__ = ["SlotFinder"]
