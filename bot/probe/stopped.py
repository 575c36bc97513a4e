"""How a look ends early, inside this package: the look turns it into a finding, so nobody outside ever sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import MadoguchiError

if TYPE_CHECKING:
    from bot.core.servers.findings import Trouble


class StoppedError(MadoguchiError):
    """The look cannot go on; `trouble` names why, `detail` explains it in English."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(f"{trouble}: {detail}" if detail else trouble)
        self.trouble = trouble
        self.detail = detail
