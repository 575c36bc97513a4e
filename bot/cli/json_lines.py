"""One record a line, as the commands with --jsonl answer."""

from __future__ import annotations

import json
from typing import Any

_LINE_ENDS = {code: f"\\u{code:04x}" for code in (0x85, 0x2028, 0x2029)}
"""What ends a line for some readers (Python's `str.splitlines` is one), and may stand as it is in JSON (RFC 8259, 7)."""


def as_line(record: Any) -> str:
    """*record* as JSON that every reader takes for one line, whatever its texts hold."""
    return json.dumps(record, ensure_ascii=False).translate(_LINE_ENDS)
