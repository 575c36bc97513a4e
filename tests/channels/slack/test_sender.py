"""What is sent, through the real SDK: once, where it belongs, and with the right error when Slack does not take it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.channels.slack.sender import SlackSender
from bot.channels.slack.workspace import Workspace, open_client
from bot.core.messages import (
    Address,
    Channel,
    Handle,
    React,
    Reply,
    Revise,
    Say,
    Send,
    Text,
)
from bot.desk.ports import Parcel
from bot.errors import AmbiguousError, RefusedError, RetryableError
from tests.fakes.slack import Accepted, FakeSlack, Hang, RateLimited, Refused, Reset, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.messages import Payload
    from tests.channels.slack.conftest import FixedClock

CHANNEL = Address(channel=Channel.SLACK, to="C1", team="T1")
HELLO = Say(reply=Reply(parts=(Text(text="こんにちは"),)))


def a_send(payload: Payload = HELLO, **more: object) -> Send:
    send = Send(
        id="5f0c1d2e-0000-4000-8000-000000000001",
        address=CHANNEL,
        payload=payload,
        lane=CHANNEL.key,
        due_at=datetime.now(UTC),
    )
    return replace(send, **more)  # type: ignore[arg-type]  # the tests name only fields there are


async def deliver(
    sender: SlackSender,
    send: Send,
    *,
    attempt: int = 1,
    target: Address = CHANNEL,
    revised: Sequence[str] = (),
) -> Sequence[str]:
    parcel = Parcel(sends=(send,), key=send.id, attempt=attempt, target=target, revised=revised)
    (ids,) = await sender.deliver(parcel)
    return ids


async def test_a_reply_is_posted_with_its_sends_id(slack: FakeSlack, sender: SlackSender) -> None:
    ids = await deliver(sender, a_send())

    (post,) = slack.posts
    assert ids == (post.ts,)
    assert (post.channel, post.thread, post.shown) == ("C1", "", "こんにちは")
    assert post.metadata == {"event_type": "madoguchi_send", "event_payload": {"id": a_send().id}}
    assert slack.complaints == []


async def test_a_reply_goes_into_the_thread_of_its_target(slack: FakeSlack, sender: SlackSender) -> None:
    root = slack.someone_says("C1", "質問")

    await deliver(sender, a_send(), target=replace(CHANNEL, thread=root.ts))

    assert slack.posts[-1].thread == root.ts


async def test_silence_is_not_sent(slack: FakeSlack, sender: SlackSender) -> None:
    assert await deliver(sender, a_send(Say(reply=Reply()))) == ()
    assert slack.calls == []


@pytest.mark.parametrize("thread", ["", "1767000000.000001"])
async def test_a_reply_whose_answer_was_lost_is_found_and_not_said_twice(
    slack: FakeSlack, sender: SlackSender, thread: str
) -> None:
    target = replace(CHANNEL, thread=thread)
    slack.fail("chat.postMessage", Accepted(then=Reset()))

    with pytest.raises(AmbiguousError):
        await deliver(sender, a_send(), target=target)
    ids = await deliver(sender, a_send(), attempt=2, target=target)

    assert ids == (slack.posts[0].ts,)
    assert len(slack.posts) == 1


async def test_a_reply_that_never_arrived_is_said_at_the_second_try(
    slack: FakeSlack, sender: SlackSender
) -> None:
    slack.fail("chat.postMessage", Reset())
    slack.someone_says("C1", "べつの話")

    with pytest.raises(AmbiguousError):
        await deliver(sender, a_send())
    ids = await deliver(sender, a_send(), attempt=2)

    assert [post.ts for post in slack.posts if post.user == slack.bot_user] == list(ids)


async def test_the_search_for_an_earlier_try_turns_pages(slack: FakeSlack, sender: SlackSender) -> None:
    slack.page_size = 2
    (first,) = await deliver(sender, a_send())
    for number in range(5):
        await deliver(sender, a_send(id=f"5f0c1d2e-0000-4000-8000-10000000000{number}"))

    assert await deliver(sender, a_send(), attempt=2) == (first,)


async def test_without_the_right_to_search_it_is_said_again_rather_than_never(
    slack: FakeSlack, sender: SlackSender
) -> None:
    slack.scopes = {"chat:write"}

    await deliver(sender, a_send(), attempt=2)

    assert len(slack.posts) == 1


async def test_what_is_for_one_person_is_shown_to_that_person_alone(
    slack: FakeSlack, sender: SlackSender
) -> None:
    thread = "1767000000.000001"

    ids = await deliver(sender, a_send(replace(HELLO, only_for="U7")), target=replace(CHANNEL, thread=thread))

    (shown,) = slack.ephemerals
    assert (shown["user"], shown["channel"], shown["thread_ts"]) == ("U7", "C1", thread)
    assert (len(ids), slack.posts) == (1, [])


async def test_the_answer_to_a_command_goes_by_its_response_url(
    slack: FakeSlack, sender: SlackSender, clock: FixedClock
) -> None:
    handle = Handle(token=slack.response_url(), expires_at=clock.now() + timedelta(minutes=1))
    slack.not_member = {"C1"}

    ids = await deliver(sender, a_send(handle=handle), target=replace(CHANNEL, thread="@U7"))

    (answer,) = slack.responses
    assert (answer["response_type"], answer["replace_original"]) == ("ephemeral", False)
    assert (list(ids), slack.calls) == ([], [])


async def test_without_a_live_response_url_a_command_is_answered_ephemerally(
    slack: FakeSlack, sender: SlackSender, clock: FixedClock
) -> None:
    alone = replace(CHANNEL, thread="@U7")
    spent = Handle(token=slack.response_url(), expires_at=clock.now() + timedelta(minutes=1))
    slack.used_response_urls = {spent.token}
    late = replace(spent, token=slack.response_url(), expires_at=clock.now())
    foreign = replace(spent, token="https://hooks.slack.com.evil.example/x")

    for handle in (None, spent, late, foreign):
        await deliver(sender, a_send(handle=handle), target=alone)

    assert [(shown["user"], "thread_ts" in shown) for shown in slack.ephemerals] == [("U7", False)] * 4
    assert slack.responses == []


@pytest.mark.parametrize(
    ("fault", "expected"),
    [(RateLimited(after=7), RetryableError), (Status(503), AmbiguousError), (Reset(), AmbiguousError)],
    ids=str,
)
async def test_a_fault_of_the_response_url_is_tried_again(
    slack: FakeSlack,
    sender: SlackSender,
    clock: FixedClock,
    fault: RateLimited | Status | Reset,
    expected: type[Exception],
) -> None:
    handle = Handle(token=slack.response_url(), expires_at=clock.now() + timedelta(minutes=1))
    slack.fail("response_url", fault)

    with pytest.raises(expected):
        await deliver(sender, a_send(handle=handle), target=replace(CHANNEL, thread="@U7"))


async def test_a_shortcut_where_the_bot_is_no_member_is_answered_to_who_chose_it(
    slack: FakeSlack, sender: SlackSender, clock: FixedClock
) -> None:
    handle = Handle(token=slack.response_url(), expires_at=clock.now() + timedelta(minutes=1))
    slack.not_member = {"C1"}

    await deliver(sender, a_send(handle=handle), target=replace(CHANNEL, thread="1767000000.000001"))

    assert len(slack.responses) == 1


async def test_a_card_is_revised_in_place(slack: FakeSlack, sender: SlackSender) -> None:
    (ts,) = await deliver(sender, a_send())
    revise = Revise(send_id=a_send().id, reply=Reply(parts=(Text(text="終了しました"),)))

    ids = await deliver(sender, a_send(revise), revised=[ts])

    assert ids == (ts,)
    assert [post.shown for post in slack.posts] == ["終了しました"]


async def test_what_was_never_posted_cannot_be_revised(sender: SlackSender) -> None:
    with pytest.raises(RefusedError, match="nothing to revise"):
        await deliver(sender, a_send(Revise(send_id="x", reply=HELLO.reply)))


@pytest.mark.parametrize("emoji", ["✅", "white_check_mark", ":white_check_mark:"])
async def test_a_mark_is_put_on_a_message_and_a_second_time_is_fine(
    slack: FakeSlack, sender: SlackSender, emoji: str
) -> None:
    post = slack.someone_says("C1", "お待たせしました")
    react = a_send(React(message_id=post.ts, emoji=emoji))

    await deliver(sender, react)
    await deliver(sender, react)

    assert slack.reactions == [("C1", post.ts, "white_check_mark")]


async def test_the_warning_sign_is_known_with_its_variation_selector(
    slack: FakeSlack, sender: SlackSender
) -> None:
    post = slack.someone_says("C1", "x")

    await deliver(sender, a_send(React(message_id=post.ts, emoji="⚠️")))

    assert post.reactions == ["warning"]


async def test_a_rate_limit_names_when_to_come_back(slack: FakeSlack, sender: SlackSender) -> None:
    slack.fail("chat.postMessage", RateLimited(after=30))

    with pytest.raises(RetryableError) as caught:
        await deliver(sender, a_send())

    assert (caught.value.after, type(caught.value)) == (30.0, RetryableError)


@pytest.mark.parametrize(
    "fault",
    [Status(500), Status(502), Status(200), Reset(), Refused("internal_error"), Refused("fatal_error")],
    ids=str,
)
async def test_without_a_clear_answer_it_may_have_arrived(
    slack: FakeSlack, sender: SlackSender, fault: Status | Reset | Refused
) -> None:
    slack.fail("chat.postMessage", fault)

    with pytest.raises(AmbiguousError):
        await deliver(sender, a_send())


async def test_an_answer_that_takes_too_long_may_have_arrived(slack: FakeSlack, clock: FixedClock) -> None:
    slack.fail("chat.postMessage", Accepted(then=Hang()))

    async with open_client(slack.token, base_url=slack.url, seconds=0.2) as client:
        with pytest.raises(AmbiguousError):
            await deliver(SlackSender(client, clock=clock), a_send())


async def test_a_slack_that_cannot_be_reached_has_taken_nothing(
    slack: FakeSlack, sender: SlackSender
) -> None:
    await slack.stop()

    with pytest.raises(RetryableError) as caught:
        await deliver(sender, a_send())

    assert type(caught.value) is RetryableError


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        ("invalid_auth", "SLACK_BOT_TOKEN"),
        ("token_revoked", "reinstall"),
        ("is_archived", "archived"),
        ("restricted_action", "docs.slack.dev"),
    ],
)
async def test_a_refusal_says_what_to_do(
    slack: FakeSlack, sender: SlackSender, error: str, advice: str
) -> None:
    slack.fail("chat.postMessage", Refused(error))

    with pytest.raises(RefusedError, match=advice) as caught:
        await deliver(sender, a_send())

    assert error in str(caught.value)


async def test_a_missing_scope_is_named(slack: FakeSlack, sender: SlackSender) -> None:
    slack.scopes = set()

    with pytest.raises(RefusedError, match=r"chat:write.*slack-manifest"):
        await deliver(sender, a_send())


async def test_a_channel_without_the_bot_is_named_as_such(slack: FakeSlack, sender: SlackSender) -> None:
    slack.not_member = {"C1"}

    with pytest.raises(RefusedError, match="/invite"):
        await deliver(sender, a_send())


async def test_a_wrong_token_is_refused(slack: FakeSlack) -> None:
    async with open_client("wrong", base_url=slack.url) as client:
        with pytest.raises(RefusedError, match="SLACK_BOT_TOKEN"):
            await Workspace(client).identity()


async def test_the_bot_asks_once_who_it_is(slack: FakeSlack) -> None:
    async with open_client(slack.token, base_url=slack.url) as client:
        workspace = Workspace(client)

        first, second = await workspace.identity(), await workspace.identity()

    assert first == second
    assert (first.team, first.user, first.bot) == ("T1", "UBOT", "BBOT")
    assert [call.method for call in slack.calls] == ["auth.test"]


async def test_the_proxy_of_the_environment_is_not_used_for_this_machine(
    slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    async with open_client(slack.token, base_url=slack.url) as client:
        identity = await Workspace(client).identity()

    assert identity.team == "T1"
