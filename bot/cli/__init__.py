"""Commands: one file each. They print and exit; nothing else does."""

from __future__ import annotations
