"""The live look at mail servers: connects, reads what they say of themselves, never logs in."""

from __future__ import annotations
