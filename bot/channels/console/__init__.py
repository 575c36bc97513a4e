"""The terminal: a talk without any platform, kept in memory."""

from __future__ import annotations
