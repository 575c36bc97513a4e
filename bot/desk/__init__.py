"""Use cases, channel-neutral: hear what was said, send what was saved, do what falls due."""

from __future__ import annotations
