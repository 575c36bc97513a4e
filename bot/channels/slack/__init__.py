"""Slack: the only user of slack_bolt and slack_sdk.

Heard by `listeners` (over HTTP through `endpoint`, or over `socket_mode`), turned into our values by `inbound`;
said by `sender`, in the Block Kit of `render`.
"""

from __future__ import annotations
