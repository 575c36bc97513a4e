from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from bot.channels.line.sender import Content, LineSender, Profile, Quota
from bot.core.messages import Address, Channel, Handle, React, Reply, Revise, Say, Send, Text
from bot.errors import (
    AmbiguousError,
    MadoguchiError,
    QuotaExhaustedError,
    RefusedError,
    RetryableError,
)
from tests.conftest import a_parcel
from tests.fakes.line import GROUP, USER, Fault

NOBODY = "U" + "0" * 32


@pytest.fixture(name="send")
def _send(line, clock):
    """A saved answer; with a fresh reply token unless told otherwise."""

    def a_send(*texts, token=None, to=USER, payload=None, name="", seconds=50):
        token = line.token(to) if token is None else token
        handle = Handle(token=token, expires_at=clock.now() + timedelta(seconds=seconds)) if token else None
        parts = tuple(Text(text=text) for text in texts or ("答え",))
        return Send(
            id=str(uuid.uuid4()),
            address=Address(channel=Channel.LINE, to=to),
            payload=payload or Say(reply=Reply(parts=parts), sender=name),
            lane=to,
            due_at=clock.now(),
            handle=handle,
        )

    return a_send


@pytest.fixture(name="deliver")
def _deliver(sender):
    async def deliver(send, attempt=1):
        (ids,) = await sender.deliver(a_parcel(send, attempt=attempt))
        return ids

    return deliver


@pytest.fixture(name="deliver_impatiently")
def _deliver_impatiently(impatient):
    async def deliver(send, attempt=1):
        (ids,) = await impatient.deliver(a_parcel(send, attempt=attempt))
        return ids

    return deliver


def calls(line):
    return [(call.name, call.status) for call in line.calls]


# Reply first


async def test_an_answer_goes_out_as_a_free_reply(line, send, deliver):
    ids = await deliver(send("一", "二"))

    assert [sent.texts for sent in line.replies] == [["一", "二"]]
    assert list(ids) == line.replies[0].ids
    assert line.pushes == []


async def test_a_reply_carries_no_retry_key(line, send, deliver):
    await deliver(send())

    assert "X-Line-Retry-Key" not in line.calls[0].headers


async def test_without_a_token_it_is_pushed_with_the_rows_id_as_retry_key(line, send, deliver):
    row = send(token="")

    ids = await deliver(row)

    assert [(sent.to, sent.retry_key) for sent in line.pushes] == [(USER, row.id)]
    assert list(ids) == line.pushes[0].ids


async def test_a_token_that_the_clock_says_is_over_is_not_tried(line, send, deliver, clock):
    row = send()
    clock.advance(50)

    await deliver(row)

    assert calls(line) == [("push", 200)]


async def test_a_dead_token_is_followed_by_a_push(line, send, deliver):
    await deliver(send(token="never given out"))

    assert calls(line) == [("reply", 400), ("push", 200)]


async def test_a_push_goes_to_the_group(line, send, deliver):
    await deliver(send(token="", to=GROUP))

    assert [sent.to for sent in line.pushes] == [GROUP]


async def test_the_operators_name_is_shown(line, send, deliver):
    await deliver(send(name="担当 佐藤"))

    assert line.replies[0].messages[0]["sender"] == {"name": "担当 佐藤"}


async def test_an_empty_reply_is_silence(line, send, deliver):
    assert list(await deliver(send(payload=Say(reply=Reply())))) == []
    assert line.calls == []


# Once, and only once


@pytest.mark.parametrize("fault", [Fault.ACCEPTED_RESET, Fault.ACCEPTED_HANG])
async def test_a_reply_whose_answer_was_lost_is_not_sent_twice(line, send, deliver_impatiently, fault):
    line.fail("reply", fault)

    ids = await deliver_impatiently(send())

    assert list(ids) == []
    assert calls(line) == [("reply", fault), ("reply", 400)]
    assert len(line.sent) == 1


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.HANG])
async def test_a_reply_that_never_arrived_is_sent_by_its_second_try(line, send, deliver_impatiently, fault):
    line.fail("reply", fault)

    ids = await deliver_impatiently(send())

    assert list(ids) == line.replies[0].ids
    assert len(line.sent) == 1


async def test_a_reply_without_any_answer_stays_in_doubt(line, send, deliver_impatiently):
    line.fail("reply", Fault.ACCEPTED_HANG, Fault.HANG)
    row = send()

    with pytest.raises(AmbiguousError):
        await deliver_impatiently(row)
    await deliver_impatiently(row, attempt=2)

    assert len(line.sent) == 1


async def test_a_reply_that_was_accepted_and_answered_with_500_is_not_sent_twice(line, send, deliver):
    line.fail("reply", Fault.ACCEPTED_ERROR)
    row = send()

    with pytest.raises(AmbiguousError):
        await deliver(row)
    await deliver(row, attempt=2)

    assert calls(line) == [("reply", Fault.ACCEPTED_ERROR), ("reply", 400)]
    assert len(line.sent) == 1


async def test_a_failed_reply_is_sent_by_the_next_attempt(line, send, deliver):
    line.fail("reply", Fault.ERROR)
    row = send()

    with pytest.raises(AmbiguousError):
        await deliver(row)
    await deliver(row, attempt=2)

    assert len(line.replies) == 1


async def test_a_token_that_was_dead_at_once_does_not_count_as_arrived_later(line, send, deliver):
    line.fail("push", Fault.ERROR)
    row = send(token="never given out")

    with pytest.raises(RetryableError):
        await deliver(row)
    await deliver(row, attempt=2)

    assert calls(line) == [("reply", 400), ("push", Fault.ERROR), ("push", 200)]


async def test_a_token_refused_after_a_rate_limit_was_surely_not_used_by_us(line, send, deliver):
    line.fail("reply", Fault.RATE)
    row = send(token="never given out")

    with pytest.raises(RetryableError):
        await deliver(row)
    await deliver(row, attempt=2)

    assert calls(line) == [("reply", Fault.RATE), ("reply", 400), ("push", 200)]


async def test_a_try_in_doubt_stays_in_doubt_after_a_rate_limit(line, send, deliver):
    line.fail("reply", Fault.ACCEPTED_ERROR, Fault.RATE)
    row = send()

    for attempt in (1, 2):
        with pytest.raises(RetryableError):
            await deliver(row, attempt=attempt)
    await deliver(row, attempt=3)

    assert len(line.sent) == 1


@pytest.mark.parametrize("fault", [Fault.ACCEPTED_ERROR, Fault.ACCEPTED_RESET, Fault.ACCEPTED_HANG])
async def test_a_push_whose_answer_was_lost_is_not_sent_twice(line, send, deliver_impatiently, fault):
    line.fail("push", fault)
    row = send(token="")

    with pytest.raises(RetryableError):
        await deliver_impatiently(row)
    ids = await deliver_impatiently(row, attempt=2)

    assert calls(line) == [("push", fault), ("push", 409)]
    assert list(ids) == line.pushes[0].ids


async def test_a_success_without_json_is_a_success(line, send, deliver):
    line.fail("reply", Fault.GARBAGE)

    assert list(await deliver(send())) == []
    assert len(line.calls) == 1


# What LINE refuses


@pytest.mark.parametrize("call", ["reply", "push"])
async def test_too_many_calls_are_worth_another_try_when_line_says(line, send, deliver, call):
    line.fail(call, Fault.RATE)

    with pytest.raises(RetryableError) as refusal:
        await deliver(send(token=None if call == "reply" else ""))

    assert refusal.value.after == 7
    assert not isinstance(refusal.value, AmbiguousError)


async def test_the_months_limit_is_no_matter_of_waiting(line, send, deliver):
    line.quota = 1
    await deliver(send(token=""))

    with pytest.raises(QuotaExhaustedError):
        await deliver(send(token=""))


async def test_replies_work_when_the_months_pushes_are_used_up(line, send, deliver):
    line.quota = 0

    await deliver(send())

    assert len(line.replies) == 1


async def test_someone_who_blocked_the_bot_is_refused_with_lines_words(line, send, deliver):
    line.blocked.add(USER)

    with pytest.raises(RefusedError, match="Failed to send messages"):
        await deliver(send(token=""))


async def test_an_id_that_is_none_is_refused_with_the_place_of_the_fault(send, deliver):
    with pytest.raises(RefusedError, match=r"LINE 400: .*; to: The property"):
        await deliver(send(token="", to="nobody"))


async def test_a_token_that_must_be_renewed_is_worth_another_try(line, send, deliver):
    line.access_token = "renewed"

    with pytest.raises(RetryableError, match="Authentication failed"):
        await deliver(send())


async def test_a_platform_that_is_away_is_worth_another_try(line, send, deliver):
    row = send()
    await line.stop()

    with pytest.raises(RetryableError) as refusal:
        await deliver(row)

    assert not isinstance(refusal.value, AmbiguousError)


@pytest.mark.parametrize(
    "payload",
    [React(message_id="1", emoji="eyes"), Revise(send_id="1", reply=Reply())],
    ids=["react", "revise"],
)
async def test_what_line_cannot_do_is_refused(line, send, deliver, payload):
    with pytest.raises(RefusedError, match="LINE"):
        await deliver(send(payload=payload))

    assert line.calls == []


async def test_a_refusal_names_no_secret(line, send, deliver):
    row = send(token="never given out", to="nobody")

    with pytest.raises(RefusedError) as refusal:
        await deliver(row)

    assert line.access_token not in str(refusal.value)
    assert "答え" not in str(refusal.value)


# Beside the messages


async def test_a_profile_has_a_name_and_a_picture(line, sender):
    line.profiles[USER] = {"displayName": "山田", "pictureUrl": "https://example.com/p"}

    assert await sender.profile(USER) == Profile(name="山田", picture_url="https://example.com/p")


async def test_a_profile_that_is_hidden_is_refused(sender):
    with pytest.raises(RefusedError):
        await sender.profile(NOBODY)


async def test_content_comes_from_the_other_host(line, sender):
    line.contents["5001"] = (b"\x89PNG", "image/png")

    assert await sender.content("5001") == Content(data=b"\x89PNG", media_type="image/png")


async def test_content_that_is_gone_is_refused(sender):
    with pytest.raises(RefusedError):
        await sender.content("5001")


async def test_content_too_large_is_refused(line, sender):
    line.contents["5001"] = (b"x" * 200_000, "video/mp4")

    with pytest.raises(RefusedError, match="larger than 100000 bytes"):
        await sender.content("5001", limit=100_000)


async def test_content_that_does_not_come_is_worth_another_try(line, impatient):
    line.fail("content", Fault.HANG)

    with pytest.raises(RetryableError):
        await impatient.content("5001")


async def test_the_quota_tells_what_is_allowed_and_used(line, sender, send, deliver):
    line.quota = 200
    await deliver(send(token=""))

    assert await sender.quota() == Quota(limit=200, used=1)


async def test_a_plan_without_a_limit_has_none(sender):
    assert await sender.quota() == Quota(limit=None, used=0)


async def test_a_sender_that_is_not_started_says_so(clock, send):
    row = send()

    with pytest.raises(MadoguchiError, match="not started"):
        await LineSender("t", clock).deliver(a_parcel(row))
