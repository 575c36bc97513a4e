"""The owner's list of the short words of a talk."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.channels.console.talks import Talks
from bot.content.checking import problems
from bot.content.collecting import collect
from bot.content.library import load_library
from bot.content.locate import shipped_root
from bot.core.messages import Address, Channel, Said
from tests.content.conftest import an_intent

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
HERE = Address(channel=Channel.LINE, to="someone")
SHIPPED = (shipped_root() / "intents/_lists/small_words.yaml").read_text(encoding="utf-8")


def test_a_word_of_the_owners_asks_about_what_its_list_is_named_for(folder, tmp_path):
    folder.write(
        "intents/_lists/small_words.yaml", SHIPPED.replace("words: [値段,", "words: [なんぼじゃろ, 値段,")
    )
    library = load_library(intents_dir=folder.intents, cache=tmp_path / "cache")
    talks = Talks(library=library)

    talks.hear(Said(text="ライブメールの引っ越しをお願いできますか"), at=HERE, now=NOON)
    outcome, _ = talks.hear(Said(text="ナンボジャロ"), at=HERE, now=NOON)

    assert "migration" == outcome.intent


def test_the_lists_that_the_program_asks_for_must_be_there(folder):
    folder.write("intents/cannot_receive.yaml", an_intent())
    folder.write(
        "intents/_lists/small_words.yaml",
        SHIPPED.replace("  hard:", "  hards:").partition("subjects:")[0]
        + """
subjects:
  cannot_recieve:
    patterns: ["(届"]
""",
    )

    found = [str(fault).partition(": ")[2] for fault in problems(collect(folder.places))]

    assert [
        "言葉の並び「hard」がありません",
        "用件「cannot_recieve」はありません（「cannot_receive」のことでしょうか）",
        "「patterns」: missing ), unterminated subpattern at position 0",
    ] == found
