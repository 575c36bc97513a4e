"""The owner's list of short words that lean on what was just talked about."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.channels.console.talks import Talks
from bot.content.checking import problems
from bot.content.collecting import collect
from bot.content.library import load_library
from bot.core.messages import Address, Channel, Said
from tests.content.conftest import an_intent

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
HERE = Address(channel=Channel.LINE, to="someone")


def test_a_word_of_the_owners_asks_for_the_text_that_stands_beside_it(folder, tmp_path):
    folder.write(
        "intents/_lists/follow_ups.yaml",
        """
        follow_ups:
          - {after: [ssl_warning], words: [ホットイテ], intent: revert_settings, text: how_long}
        """,
    )
    library = load_library(intents_dir=folder.intents, cache=tmp_path / "cache")
    talks = Talks(library=library)

    talks.hear(Said(text="OCNで証明書の警告が出ます"), at=HERE, now=NOON)
    outcome, _ = talks.hear(Said(text="ほっといてもええんか"), at=HERE, now=NOON)

    assert "revert_settings" == outcome.intent


def test_what_a_follow_up_names_must_exist(folder):
    folder.write("intents/cannot_receive.yaml", an_intent())
    folder.write(
        "intents/_lists/follow_ups.yaml",
        """
        follow_ups:
          - after: [cannot_recieve]
            words: [なぜ]
            patterns: ["(なぜ"]
            intent: cannot_receive
        """,
    )

    found = [str(fault) for fault in problems(collect(folder.places))]

    assert [
        "intents/_lists/follow_ups.yaml:2: 用件「cannot_recieve」はありません（「cannot_receive」のことでしょうか）",
        "intents/_lists/follow_ups.yaml:4: 「patterns」: missing ), unterminated subpattern at position 0",
    ] == found
