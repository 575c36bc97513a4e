"""The question about a miss, its buttons, and what becomes of the answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.conversations import Conversation
from bot.core.intents import Match
from bot.core.learning import teaching
from bot.core.learning.clusters import clustered
from bot.core.learning.teaching import Tally
from bot.core.messages import Channel, Choices, Pressed, Revise, Say, Speaker, Text
from bot.core.misses import FiledMiss, Label, Miss
from bot.core.outcome import Policy, Scene
from bot.core.respond import respond
from tests.conftest import a_desk, an_utterance
from tests.fakes.clock import START

MISS = Miss(
    id="miss-1",
    text="あれがまたなっとる",
    reason="unknown",
    channel=Channel.LINE,
    said_on=date(2026, 4, 1),
    guesses=(
        Match(intent="out_of_scope", score=0.6),
        Match(intent="ssl_warning", score=0.2),
        Match(intent="cannot_receive", score=0.1),
    ),
)
ASKED = FiledMiss(miss=MISS, question_id="question-1", asked_at=START)


def asked(library):
    return teaching.question(MISS, a_desk(), library, START)


def pressed(library, value, *misses, who="U-ken"):
    utterance = an_utterance(
        address=a_desk(thread="1.1"),
        speaker=Speaker(id=who, name="健"),
        content=Pressed(action="miss_label", value=value, label="…"),
    )
    scene = Scene(conversation=Conversation(address=utterance.address), misses=misses)
    return respond(utterance, scene, library, Policy(now=START, desk=a_desk()))


def shown(outcome):
    (send,) = outcome.sends
    return "\n".join(part.text for part in send.payload.reply.parts if isinstance(part, Text))


def test_the_question_shows_the_words_and_offers_the_best_guesses_first(library):
    text, best, rest = asked(library).payload.reply.parts

    assert "あれがまたなっとる" in text.text
    assert "LINE" in text.text
    assert [choice.value for choice in best.options] == ["miss-1:ssl_warning", "miss-1:cannot_receive"]
    assert [choice.value for choice in rest.options][-2:] == ["miss-1:out_of_scope", "miss-1:ignored"]


def test_every_intent_has_one_button_with_the_fixed_action(library):
    choices = [
        choice
        for part in asked(library).payload.reply.parts
        if isinstance(part, Choices)
        for choice in part.options
    ]

    assert {choice.action for choice in choices} == {"miss_label"}
    assert sorted(choice.value.partition(":")[2] for choice in choices) == sorted(
        [*library.intents, "ignored"]
    )
    assert [choice.label for choice in choices][-2:] == ["対象外", "無視"]
    assert all(
        len(part.options) <= 25 for part in asked(library).payload.reply.parts if isinstance(part, Choices)
    )


def test_an_answer_is_kept_with_who_and_when_and_shown_in_the_same_message(library):
    outcome = pressed(library, "miss-1:ssl_warning", ASKED)

    assert outcome.filed == (replace(ASKED, label=Label(intent="ssl_warning", by="U-ken", at=START)),)
    (send,) = outcome.sends
    assert isinstance(send.payload, Revise)
    assert send.payload.send_id == "question-1"
    assert "健" in shown(outcome)
    assert library.intents["ssl_warning"].title in shown(outcome)


@pytest.mark.parametrize(("label", "word"), [("out_of_scope", "対象外"), ("ignored", "無視")])
def test_out_of_scope_and_ignored_are_answers_too(library, label, word):
    outcome = pressed(library, f"miss-1:{label}", ASKED)

    assert outcome.filed[0].label.intent == label
    assert word in shown(outcome)


def test_misses_of_the_very_same_words_are_settled_with_it_and_those_only_alike_are_not(library):
    same = FiledMiss(miss=replace(MISS, id="miss-2", text="アレがまたなっとる。"))
    only_alike = FiledMiss(miss=replace(MISS, id="miss-3", text="あれがまたなっとるのに"))

    outcome = pressed(library, "miss-1:ssl_warning", ASKED, same, only_alike)

    assert [(each.miss.id, each.label.intent) for each in outcome.filed] == [
        ("miss-1", "ssl_warning"),
        ("miss-2", "ssl_warning"),
    ]


def test_the_second_operator_is_told_the_first_ones_answer_alone(library):
    answered = replace(ASKED, label=Label(intent="ssl_warning", by="U-ken", at=START))

    outcome = pressed(library, "miss-1:cannot_send", answered, who="U-mari")

    assert outcome.filed == ()
    assert library.intents["ssl_warning"].title in shown(outcome)
    assert outcome.sends[0].payload.only_for == "U-mari"


def test_an_answer_can_be_taken_back_and_the_question_stands_again(library):
    answered = replace(ASKED, label=Label(intent="ssl_warning", by="U-ken", at=START))

    outcome = pressed(library, "miss-1:", answered)

    assert outcome.filed == (ASKED,)
    assert outcome.sends[0].payload.reply == asked(library).payload.reply


def test_what_was_exported_stays_as_it_is(library):
    exported = replace(
        ASKED, label=Label(intent="ssl_warning", by="U-ken", at=START), exported_at=START + timedelta(days=1)
    )

    for value in ("miss-1:", "miss-1:cannot_send"):
        outcome = pressed(library, value, exported)

        assert outcome.filed == ()
        assert isinstance(outcome.sends[0].payload, Say)


def test_a_button_of_an_intent_that_is_gone_changes_nothing(library):
    assert pressed(library, "miss-1:no_such_intent", ASKED).filed == ()


def test_a_button_of_a_miss_that_is_gone_does_nothing(library):
    assert pressed(library, "miss-9:ssl_warning") == respond_to_nothing(library)


def respond_to_nothing(library):
    utterance = an_utterance(content=Pressed(action="no_such_action"))
    scene = Scene(conversation=Conversation(address=utterance.address))
    return respond(utterance, scene, library, Policy(now=START, desk=a_desk()))


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 4, 1, 0, 0, tzinfo=UTC), "2026-04-06"),  # a Wednesday
        (datetime(2026, 4, 5, 23, 59, tzinfo=UTC), "2026-04-06"),  # Monday 8:59 in Japan
        (
            datetime(2026, 4, 6, 0, 0, tzinfo=UTC),
            "2026-04-13",
        ),  # Monday 9:00 in Japan: this one is just being done
        (datetime(2026, 4, 6, 0, 1, tzinfo=UTC), "2026-04-13"),
    ],
)
def test_the_digest_falls_due_on_monday_at_nine_in_japan(now, day):
    job = teaching.digest_job(now)

    assert job.id == f"miss_digest:{day}"
    assert job.due_at == datetime.fromisoformat(f"{day}T00:00:00+00:00")
    assert job.due_at > now


def test_the_digest_counts_the_week_and_names_the_largest_clusters(library):
    job = teaching.digest_job(START)
    tally = Tally(answered=120, unknown=6, denied=2, handed_off=1, labelled=4, guessed=3, rightly_unknown=1)
    misses = [replace(MISS, id=f"m{n}") for n in range(3)]

    send = teaching.digest(
        job, tally=tally, clusters=clustered(misses), desk=a_desk(), library=library, now=job.due_at
    )

    text = send.payload.reply.parts[0].text
    assert "3/30〜4/5" in text
    assert "120" in text
    assert "6（5.0％）" in text
    assert "「あれがまたなっとる」 3回" in text
    assert "4 件" in text


def test_a_digest_without_answers_gives_no_hint_and_divides_by_nothing(library):
    job = teaching.digest_job(START)

    send = teaching.digest(job, tally=Tally(), clusters=(), desk=a_desk(), library=library, now=job.due_at)

    assert "みなさんの答え" not in send.payload.reply.parts[0].text
