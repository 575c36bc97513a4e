"""Every error that madoguchi raises on purpose.

MadoguchiError
├── SettingsError          an environment variable or .env line is missing or wrong
├── ContentError           a YAML file of intents, providers or the shop has faults (all of them, as path:line)
├── StoreError             the database refused or is away
│   ├── StaleRowError      someone else changed the row first
│   └── BusyError          more comes in than this process takes; to be delivered again
├── ChannelError           a platform refused a call
│   ├── RetryableError     worth another try (429 rate, 5xx, time-out); may name when
│   ├── AmbiguousError     no answer came, so it may or may not have been accepted
│   ├── QuotaExhaustedError  the month's pushes are used up
│   └── RefusedError       will never be accepted as it is (400, blocked user, unknown channel)
└── UsageError             a command was called wrongly
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class MadoguchiError(Exception):
    """Base of all errors of this project."""


class SettingsError(MadoguchiError):
    """Settings are wrong; `faults` names each variable and what to do about it."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class ContentError(MadoguchiError):
    """YAML content is wrong; `problems` are lines of the form `path:line: what is wrong`."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class StoreError(MadoguchiError):
    """The database refused or is away."""


class StaleRowError(StoreError):
    """The row was changed by someone else since it was read."""


class BusyError(StoreError):
    """More comes in than this process takes: nothing was saved, the platform is to deliver it again."""


class ChannelError(MadoguchiError):
    """A platform refused a call.

    `code` is the platform's own name or number for why, `needed` the permission that it misses; "" where it does not say.
    """

    def __init__(self, message: str, *, code: str = "", needed: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.needed = needed


class RetryableError(ChannelError):
    """Worth another try; `after` is the platform's wish in seconds, if it named one."""

    def __init__(self, message: str, *, after: float | None = None, code: str = "") -> None:
        super().__init__(message, code=code)
        self.after = after


class AmbiguousError(RetryableError):
    """No answer came: the platform may or may not have accepted the call."""


class QuotaExhaustedError(ChannelError):
    """The month's pushes are used up; replies still work."""


class RefusedError(ChannelError):
    """The platform will never accept this call as it is."""


class UsageError(MadoguchiError):
    """A command was called wrongly."""
