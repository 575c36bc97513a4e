"""What docs/howto-add-an-intent.md tells people to write works as it says."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from bot.channels.console.render import text_of
from bot.channels.console.talks import Talks
from bot.cli.check import check
from bot.content.library import load_library
from bot.core.messages import Address, Channel, Said

HOWTO = Path(__file__).parents[2] / "docs" / "howto-add-an-intent.md"
INTENT, *_, DIALOGUE = re.findall(r"```yaml\n(.*?)```", HOWTO.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(name="folder")
def _folder(tmp_path):
    folder = tmp_path / "intents"
    folder.mkdir()
    (folder / "change_address.yaml").write_text(INTENT, encoding="utf-8")
    return folder


def test_the_example_passes_the_check(folder):
    result = CliRunner().invoke(check, [str(folder)])

    assert result.exit_code == 0, result.output
    assert "change_address" not in result.output  # not even a warning


def test_the_example_talk_goes_as_written(folder, tmp_path):
    talks = Talks(library=load_library(intents_dir=folder, cache=tmp_path))
    here = Address(channel=Channel.LINE, to="someone")

    for turn in yaml.safe_load(DIALOGUE)[0]["turns"]:
        outcome, replies = talks.hear(
            Said(text=turn["user"]), at=here, now=datetime(2026, 11, 24, tzinfo=UTC)
        )

        said = text_of(replies)
        assert turn["intent"] == outcome.intent
        assert turn.get("asks", "") == outcome.asks
        assert [words for words in turn.get("says", ()) if words not in said] == []
        assert [words for words in turn.get("never", ()) if words in said] == []


def test_a_short_question_for_the_price_is_answered_by_the_block_of_that_name(folder, tmp_path):
    (folder / "prices.yaml").write_text(
        "id: prices\ntitle: 料金のこと\nreply: [{text: opening}, price]\n"
        "texts: {opening: 料金のことですね。}\nphrases: [料金のことを聞きたい]\n",
        encoding="utf-8",
    )
    talks = Talks(library=load_library(intents_dir=folder, cache=tmp_path))
    here, now = Address(channel=Channel.LINE, to="someone"), datetime(2026, 11, 24, tzinfo=UTC)
    talks.hear(Said(text="料金のことを聞きたい"), at=here, now=now)

    outcome, replies = talks.hear(Said(text="いくら？"), at=here, now=now)

    assert outcome.intent == "prices"
    assert text_of(replies).startswith("料金のご案内です")
