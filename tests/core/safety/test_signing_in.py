from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.core.conversations import Question
from bot.core.safety.privacy import MASK, mask
from bot.core.safety.signing_in import mask_in_talk, signing_in
from tests.conftest import a_conversation, a_line
from tests.core.story import Story

DATA = Path(__file__).parent / "passwords"
MARKED = re.compile("【(.*?)】")
SIGNING_IN = a_conversation(topic="auth_failed")


def lines(name):
    return [line.replace("↵", "\n") for line in (DATA / name).read_text("utf-8").splitlines() if line]


def test_a_password_alone_vanishes_while_the_talk_is_about_signing_in(library):
    told = lines("bare.txt")
    messages = {MARKED.sub(r"\1", line): MARKED.findall(line) for line in told}

    kept = [
        text
        for text, secrets in messages.items()
        if any(secret in mask_in_talk(text, SIGNING_IN, library).text for secret in secrets)
    ]

    recall = 1 - len(kept) / len(messages)
    assert recall >= 0.95, f"bare password recall {recall:.3f} of {len(messages)}; kept: {kept}"


def test_nothing_else_vanishes_there(library):
    innocent = lines("bare_not.txt")

    touched = [text for text in innocent if mask(text).text != mask_in_talk(text, SIGNING_IN, library).text]

    told = len(lines("bare.txt"))
    precision = told / (told + len(touched))
    assert len(innocent) >= 90
    assert precision >= 0.97, f"precision {precision:.3f} beside {len(innocent)}; touched: {touched}"


def test_the_same_word_elsewhere_stays(library):
    elsewhere = a_conversation(topic="receive_fails")

    assert mask_in_talk("Neko1948", elsewhere, library).text == "Neko1948"


def test_an_app_password_vanishes_wherever_it_stands_in_the_sentence(library):
    masked = mask_in_talk("作ったら abcd-efgh-ijkl-mnop と出ました", SIGNING_IN, library)

    assert masked.text == f"作ったら {MASK} と出ました"
    assert "password" in masked.found


@pytest.mark.parametrize(
    "said", ["パスワードは書かないでください", "PWは合っていますか", "暗証番号のことですか"]
)
def test_words_about_passwords_just_before_make_it_so(said, library):
    talk = a_conversation(recent=(a_line(said, who="bot"),))

    masked = mask_in_talk("Neko1948", talk, library)

    assert masked.text == MASK
    assert masked.found == {"password"}


def test_of_a_talk_with_an_operator_the_last_question_counts():
    about_numbers = a_conversation(
        topic="auth_failed", recent=(a_line("お客様番号を教えてください", who="operator"), a_line("はい"))
    )
    about_passwords = a_conversation(recent=(a_line("パスワードは変えましたか", who="operator"),))

    assert not signing_in(about_numbers)
    assert signing_in(about_passwords)


def test_digits_that_answer_a_question_of_the_bot_stay(library):
    asked = a_conversation(topic="auth_failed", question=Question(slot="error_code", intent="error_code"))

    assert mask_in_talk("12345", asked, library).text == "12345"
    assert mask_in_talk("Neko1948", asked, library).text == MASK


def test_it_is_neither_remembered_nor_written_nor_relayed(library):
    story = Story(library)
    story.says("パスワードを何度も聞かれます")

    told = story.says("Neko1948です")

    assert "Neko1948" not in repr(story.outcome)
    assert "新しいパスワードに変更" in told
