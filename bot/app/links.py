"""Addresses of our own that people are given: there are none without a public address of the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.links import SetupLinks, signing_key
from bot.desk.media import MediaLinks

if TYPE_CHECKING:
    from bot.desk.ports import Clock
    from bot.settings import Settings


def media_links(settings: Settings, clock: Clock) -> MediaLinks | None:
    """Where operators' pictures are shown to customers."""
    secret = settings.line_channel_secret
    if not settings.madoguchi_public_url or secret is None:
        return None
    return MediaLinks(
        public_url=settings.madoguchi_public_url,
        secret=signing_key(secret.get_secret_value(), "media"),
        clock=clock,
    )


def setup_links(settings: Settings) -> SetupLinks | None:
    """Where programs find settings. The key comes from a secret that is there anyway."""
    secrets = (settings.line_channel_secret, settings.slack_signing_secret, settings.slack_bot_token)
    secret = next((secret for secret in secrets if secret is not None), None)
    if not settings.madoguchi_public_url or secret is None:
        return None
    key = signing_key(secret.get_secret_value(), "setup")
    return SetupLinks(public_url=settings.madoguchi_public_url, key=key)
