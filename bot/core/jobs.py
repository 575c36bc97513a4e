"""Work that falls due later: reminders, escalations, looks at servers. Saved with the event that caused it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`id` is unique and made from its cause, so that the same cause never makes it twice; `kind` names what to do,
    `details` what with.
    """

    id: str
    kind: str
    due_at: datetime
    details: Mapping[str, str] = field(default_factory=dict)
