"""What docs/howto-add-a-provider.md tells owners to do has the effect that it says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.channels.console.render import text_of
from bot.channels.console.talks import Talks
from bot.content.library import load_library
from bot.content.locate import shipped_root
from bot.core.messages import Address, Channel, Said


@pytest.fixture(name="say")
def _say(tmp_path):
    """What a customer of the shop with these files of its own reads at last."""

    def say(*words, **files):
        own = tmp_path / "providers"
        own.mkdir()
        for name, text in files.items():
            (own / f"{name}.yaml").write_text(text, encoding="utf-8")
        talks = Talks(library=load_library(providers_dir=own, cache=tmp_path / "cache"))
        here = Address(channel=Channel.LINE, to="someone")
        for each in words:
            _, replies = talks.hear(Said(text=each), at=here, now=datetime(2026, 11, 24, tzinfo=UTC))
        return text_of(replies)

    return say


def test_the_temporary_measure_is_switched_off_by_one_word(say):
    ocn = (shipped_root() / "providers" / "ocn.yaml").read_text(encoding="utf-8")
    before, mark, measure = ocn.partition("temporary_measure:")
    off = before + mark + measure.replace("enabled: true", "enabled: false", 1)

    told = say("OCNで証明書の警告が出ます", ocn=off)

    assert "110" not in told
    assert "設定を変えて警告を消す方法はおすすめしていません" in told


def test_as_shipped_it_is_offered_with_the_numbers_of_the_article(say):
    told = say("OCNで証明書の警告が出ます")

    assert "110" in told


def test_the_cable_company_of_the_example_is_answered_with_its_own_numbers(say):
    howto = (shipped_root() / "docs" / "howto-add-a-provider.md").read_text(encoding="utf-8")
    example = howto.partition("```yaml\n")[2].partition("```")[0]

    told = say(
        "メールの設定を教えてください", "アドレスは hanako@wagamachi.example です", **{"our-cable": example}
    )

    assert "pop.wagamachi.example" in told
    assert "パスワードは「会員登録証」に書かれています。" in told
