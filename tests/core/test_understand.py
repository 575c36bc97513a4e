"""What a text is taken for, when an author has said so in these very words."""

from __future__ import annotations

import pytest

from bot.content.library import load_library
from bot.core.understand import understand

WORDS = "今夜はしょうゆラーメンが食べたい"


@pytest.fixture(scope="module", name="taught")
def _taught(tmp_path_factory):
    """A library whose owner says that these words are about a full mailbox, and others about nothing of ours."""
    folder = tmp_path_factory.mktemp("intents")
    for intent, phrase in (("mailbox_full", WORDS), ("out_of_scope", "メールが届かんのやけどラーメンの話")):
        (folder / f"{intent}.yaml").write_text(
            f"id: {intent}\ntitle: {intent}\nphrases: [{phrase}]\n", encoding="utf-8"
        )
    return load_library(intents_dir=folder, cache=tmp_path_factory.mktemp("cache"))


def test_the_very_words_of_an_author_decide(library, taught):
    assert understand(WORDS, library).intent == "out_of_scope"

    understanding = understand(WORDS, taught)

    assert (understanding.intent, understanding.verdict) == ("mailbox_full", "clear")
    assert understanding.matches[0].phrase == WORDS


def test_marks_and_widths_do_not_matter(taught):
    assert understand("今夜はしょうゆﾗｰﾒﾝが食べたい！！", taught).intent == "mailbox_full"


def test_other_words_are_weighed_as_before(taught):
    assert understand("今夜はみそラーメンと餃子が食べたい", taught).verdict != "clear"


def test_an_author_may_also_say_what_is_out_of_scope(taught):
    understanding = understand("メールが届かんのやけどラーメンの話", taught)

    assert (understanding.intent, understanding.verdict) == ("out_of_scope", "unknown")


def test_every_shipped_phrase_is_understood_as_its_intent(library):
    wrong = [
        (phrase, intent.id)
        for intent in library.intents.values()
        for phrase in intent.phrases
        if understand(phrase, library).intent != intent.id
    ]

    assert wrong == []
