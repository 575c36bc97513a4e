"""The words, cards and buttons for what was decided."""

from __future__ import annotations

import pytest

from bot.channels.console.render import choices_of, text_of
from bot.core.conversations import Question
from bot.core.dialogue.answer import answer
from bot.core.dialogue.decisions import Answer, AskSlot, Confirm, Miss, Offer, Serving
from bot.core.dialogue.reading import Reading
from bot.core.intents import Block
from bot.core.messages import Choices, SettingsCard, Text
from bot.core.slots import Slots
from bot.core.wording import Wording

PLAIN = Reading(act="request", intent="cannot_receive")


@pytest.fixture(name="say")
def _say(library):
    def say(decision, *, staff=False, act="request", **slots):
        reading = Reading(act=act, intent="cannot_receive", told=Slots(**slots), slots=Slots(**slots))
        return answer(decision, reading, library, staff=staff)

    return say


def labels(reply):
    return [choice.label for choice in choices_of([reply])]


def serving(*kinds, intent="cannot_receive"):
    blocks = tuple(
        Block(kind=kind, argument=argument) for kind, _, argument in (k.partition(":") for k in kinds)
    )
    return Answer(servings=(Serving(intent=intent, blocks=blocks),))


def test_all_buttons_stand_at_the_end_in_one_place(say):
    reply = say(serving("choices:solved", "text:opening", "choices:person"))

    assert ["text", "choices"] == [part.kind for part in reply.parts]
    assert ["直りました", "担当者と話す"] == labels(reply)


def test_a_question_brings_its_own_buttons_and_no_others(say):
    decision = serving("text:opening", "choices:solved,person")
    asking = Answer(servings=decision.servings, question=Question(slot="client", intent="cannot_receive"))

    reply = say(asking)

    assert "Outlook" in labels(reply)
    assert "直りました" not in labels(reply)
    assert "どのソフト" in text_of([reply])


def test_a_question_asked_before_is_called_so(say):
    question = Question(slot="provider", intent="cannot_receive", asked=2)
    decision = Answer(servings=serving("text:opening").servings, question=question, repeats=True)

    assert "先ほどの続きです" in text_of([say(decision)])


def test_never_more_buttons_than_line_shows(say, library):
    every = ",".join(name for name, choice in library.buttons.items() if not choice.action)

    assert 13 == len(labels(say(serving(f"choices:{every}"))))


def test_an_intent_may_stand_as_a_button(say):
    assert ["設定画面の開き方"] == labels(say(serving("choices:open_settings")))


def test_a_block_about_an_unknown_domain_says_so(say):
    text = text_of([say(serving("settings:both"), unknown_domain="cable.example")])

    assert "「cable.example」の設定は、こちらの資料にまだありません" in text


def test_short_texts_share_a_bubble_and_cards_stand_alone(say):
    reply = say(serving("text:opening", "text:after", "settings:incoming", "text:after"), provider="ocn")

    assert [Text, SettingsCard, Text] == [type(part) for part in reply.parts]


def test_staff_are_asked_in_a_word(say):
    decision = Answer(servings=(), question=Question(slot="provider", intent="port_settings"))

    reply = say(decision, staff=True)

    assert ("プロバイダは？", []) == (text_of([reply]), labels(reply))


def test_which_of_these_offers_the_titles_and_a_way_out(say):
    reply = say(Confirm(candidates=("ssl_warning", "auth_failed")))

    assert ["証明書の警告が出る", "パスワードを聞かれる", "どれでもない"] == labels(reply)
    assert "どちらのことでしょうか" in text_of([reply])


def test_help_to_find_the_answer_comes_with_the_same_buttons(say):
    question = Question(slot="provider", intent="cannot_receive", asked=2)

    reply = say(AskSlot(question=question, how=Wording.ASK_PROVIDER_HOW))

    assert "請求書" in text_of([reply])
    assert "OCN" in labels(reply)


def test_an_offer_can_be_taken_with_one_button(say):
    assert ["担当者を呼ぶ", "今はいいです"] == labels(say(Offer(how=Wording.NO_MATTER)))


def test_a_miss_says_what_can_be_done(say):
    reply = say(Miss())

    assert "次のようなことをお手伝いできます" in text_of([reply])
    assert isinstance(reply.parts[-1], Choices)


def test_every_error_code_is_explained(say, library):
    for code, known in library.error_codes.items():
        text = text_of([say(serving("error_code", intent="error_code"), error_code=code)])

        assert code in text
        assert known.meaning in text


def test_a_code_nobody_knows_is_said_to_be_unknown(say):
    text = text_of([say(serving("error_code", intent="error_code"), error_code="0x80041234")])

    assert "「0x80041234」という番号は、こちらの資料にありませんでした" in text


@pytest.mark.parametrize("staff", [True, False])
def test_every_intent_can_be_answered_whatever_is_known(library, staff):
    known = (
        {},
        {"provider": "ocn"},
        {"provider": "plala", "client": "livemail"},
        {"unknown_domain": "x.example", "client": "iphone"},
    )
    for intent in library.intents.values():
        for slots in known:
            blocks = tuple(
                block
                for block in (intent.terse if staff and intent.terse else intent.reply)
                if block.kind not in {"settings", "compare", "steps", "provider_page", "temporary_measure"}
                or slots
            )
            reading = Reading(act="request", intent=intent.id, slots=Slots(**slots))

            answer(
                Answer(servings=(Serving(intent=intent.id, blocks=blocks),)), reading, library, staff=staff
            )
