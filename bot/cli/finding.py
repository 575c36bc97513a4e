"""What `madoguchi doctor` found of one thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "off", "bad"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at. `cure` says what to do, in Japanese; "" when nothing is to be done."""

    what: str
    verdict: Verdict
    seen: str
    cure: str = ""
