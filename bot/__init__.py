"""madoguchi (窓口): a mail-trouble support bot for LINE and Slack."""

from __future__ import annotations

__version__ = "0.1.0"
