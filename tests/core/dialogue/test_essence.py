"""What is asked beside a name."""

from __future__ import annotations

import pytest

from bot.core.dialogue.essence import beyond_the_name
from bot.core.understand import understand


@pytest.mark.parametrize(
    ("text", "intent", "provider"),
    [
        ("OCNです。証明書の警告が何度も出ます", "ssl_warning", "ocn"),
        ("ぷららを使っています。パスワードを何度も聞かれます", "auth_failed", "plala"),
        ("OCNの受信ポートを教えてください", "port_settings", "ocn"),
    ],
)
def test_a_name_at_the_start_does_not_hide_the_request(library, text, intent, provider):
    asked = beyond_the_name(understand(text, library), library)

    assert (intent, provider, text) == (asked.intent, asked.slots.provider, asked.text)
