"""LINE: the webhook's way in and the Messaging API's way out. The only user of line-bot-sdk."""

from __future__ import annotations
