"""What is heard in Slack: bolt's listeners, each of which hands over our Utterance and then acknowledges.

Bolt answers for us only after the listener is done (`process_before_response`): nothing is acknowledged before it is
saved. What cannot be saved is answered 500 (in Socket Mode: not at all), and Slack delivers it again.
"""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse

from bot.channels.slack.failures import translated
from bot.channels.slack.forms import INTAKE_SHORTCUT, Forms
from bot.channels.slack.inbound import (
    COMMAND,
    LOOK_UP_SHORTCUT,
    asks_in_private,
    command_text,
    from_action,
    from_change,
    from_command,
    from_message,
    from_shortcut,
    read_message,
)
from bot.channels.slack.metadata import send_id_of
from bot.channels.slack.people import People
from bot.channels.slack.render import render
from bot.core.messages import Choice, Reply
from bot.errors import ChannelError, MadoguchiError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from slack_bolt.context.ack.async_ack import AsyncAck
    from slack_bolt.request.async_request import AsyncBoltRequest

    from bot.channels.slack.forms import Office
    from bot.channels.slack.inbound import Message
    from bot.channels.slack.workspace import Workspace
    from bot.core.messages import Address, Utterance
    from bot.desk.ports import Clock, Listener

EVENTS = (
    "app_mention",
    "message",
    "app_home_opened",
    "assistant_thread_started",
    "assistant_thread_context_changed",
)

_HELP = frozenset({"", "help", "ヘルプ", "使い方"})
_FORM = frozenset({"new", "受付", "引っ越し", "引っ越し受付"})
_MAX_PROMPTS = 4
_PROMPTS_SECONDS = 2

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackOptions:
    """What the deployment decides: the secret that Slack signs with, the answer to `/mail help`, the channel in
    whose threads everything is heard ("" for none), and what an assistant thread offers at its start.
    """

    signing_secret: str
    command_help: Reply
    operator_channel: str = ""
    prompts: tuple[Choice, ...] = ()


class SlackListeners:
    """Hears what is meant for the bot: mentions, direct messages, threads it takes part in, the operators' threads,
    `/mail`, the message shortcut and buttons. Everything else is acknowledged and left alone.

    `knows` tells whether the bot takes part in the talk at an address (a thread it was mentioned in). `office` knows the
    tickets that forms are about; without it there are none. `home` shows a person their App Home.
    """

    def __init__(  # noqa: PLR0913 - one argument a part of the deployment
        self,
        workspace: Workspace,
        options: SlackOptions,
        *,
        listener: Listener,
        knows: Callable[[Address], Awaitable[bool]],
        clock: Clock,
        office: Office | None = None,
        home: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        self._workspace = workspace
        self._client = workspace.client
        self._options = options
        self._listener = listener
        self._knows = knows
        self._clock = clock
        self._people = People(self._client)
        self._forms = Forms(self._client, self._people, office, clock=clock, channel=options.operator_channel)
        self._home = home
        self._office = office
        self.app = self._bolt_app()

    def _bolt_app(self) -> AsyncApp:
        async def authorize() -> AuthorizeResult:
            return await self._authorize()

        app = AsyncApp(
            name="madoguchi",
            logger=_bolt_log(),
            client=self._client,
            signing_secret=self._options.signing_secret,
            authorize=authorize,
            process_before_response=True,
            raise_error_for_unhandled_request=True,
            ssl_check_enabled=False,  # it would answer 200 to requests without a signature
        )
        app.event("app_mention")(self._on_mention)
        app.event("message")(self._on_message)
        app.event("assistant_thread_started")(self._on_assistant_thread)
        app.event("assistant_thread_context_changed")(_acknowledge)
        app.event("app_home_opened")(self._on_home)
        app.command(COMMAND)(self._on_command)
        app.shortcut({"type": "message_action", "callback_id": LOOK_UP_SHORTCUT})(self._on_shortcut)
        app.shortcut({"type": "shortcut", "callback_id": INTAKE_SHORTCUT})(self._on_intake_shortcut)
        app.view(re.compile("."))(self._on_form)
        app.action(re.compile("."))(self._on_action)
        app.error(_on_error)
        return app

    async def _authorize(self) -> AuthorizeResult:
        """Bolt's own check takes Slack's being away for a missing installation, and answers 200: the event is lost."""
        me = await self._workspace.identity()
        return AuthorizeResult(
            enterprise_id=None,
            team_id=me.team,
            bot_token=self._client.token,
            bot_id=me.bot,
            bot_user_id=me.user,
        )

    async def _on_mention(self, body: dict[str, Any]) -> None:
        message = read_message(body, (await self._workspace.identity()).user)
        if message is None:
            _passed_over(body)
            return
        await self._hear(*[await self._introduced(each) for each in from_message(message)])

    async def _on_message(self, body: dict[str, Any]) -> None:
        me = await self._workspace.identity()
        change = from_change(body, me.user)
        if change is not None and await self._is_ours(change.address):
            await self._hear(change)
            return
        message = read_message(body, me.user)
        if message is None or not await self._concerns_us(message):
            _passed_over(body)
            return
        begun_by = await self._begun_by(message)
        said = [replace(each, begun_by=begun_by) for each in from_message(message)]
        await self._hear(*([await self._introduced(each) for each in said] if message.direct else said))

    async def _concerns_us(self, message: Message) -> bool:
        if message.direct:
            return True
        return bool(message.thread) and await self._is_ours(message.place)

    async def _begun_by(self, message: Message) -> str:
        """The Send that began the thread of *message*, as Slack tells it, while cards are awaited at the desk: theirs is
        read there before Slack's answer to it is noted here, and what is written below it must not be lost.
        """
        at_desk = message.thread and message.channel == self._options.operator_channel
        if not at_desk or self._office is None or not await self._office.awaits_a_card():
            return ""
        try:
            with translated("conversations.replies"):
                thread = await self._client.conversations_replies(
                    channel=message.channel, ts=message.thread, limit=1, include_all_metadata=True
                )
        except RefusedError as error:
            log.warning("cannot see what began a thread: %s", error, extra={"action": "slack_thread"})
            return ""
        first: list[dict[str, Any]] = thread.get("messages", [])[:1]
        return send_id_of(first[0]) if first else ""

    async def _is_ours(self, place: Address) -> bool:
        return place.to == self._options.operator_channel or await self._knows(place)

    async def _on_command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        if command_text(body).lower() in _HELP:
            shown = render(self._options.command_help)
            await ack(text=shown.text, blocks=list(shown.blocks), response_type="ephemeral")
            return
        if command_text(body).lower() in _FORM and await self._forms.open_intake(body):
            await ack()
            return
        await self._hear(await self._introduced(from_command(body, self._clock.now())))
        await ack()

    async def _on_intake_shortcut(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await self._forms.open_intake(body)
        await ack()

    async def _on_form(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        faults = self._forms.faults(body)
        if faults:
            await ack(response_action="errors", errors=faults)
            return
        await self._hear(await self._introduced(await self._forms.read(body)))
        await ack()

    async def _on_home(self, event: dict[str, Any]) -> None:
        if event.get("tab") == "home" and self._home is not None:
            await self._home(str(event.get("user", "")))

    async def _on_shortcut(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await self._hear(await self._introduced(from_shortcut(body, self._clock.now())))
        await ack()

    async def _on_action(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        pressed = await self._introduced(from_action(body, self._clock.now()))
        form = await self._forms.form_for(pressed) if pressed else None
        if form is None or not form.instead or not await self._forms.open(form, body):
            await self._hear(pressed)
        if form is not None and not form.instead:
            await self._forms.open(form, body)
        await ack()

    async def _introduced(self, utterance: Utterance | None) -> Utterance | None:
        """*utterance* by a speaker who is called as colleagues call them. What was said where nobody else reads it belongs
        to their direct talk with the bot: there a person's words reach them later, and are not gone when Slack is reloaded.
        """
        if utterance is None:
            return None
        speaker, address = utterance.speaker, utterance.address
        if asks_in_private(utterance):
            name, talk = await self._people.name_and_talk(speaker.id)
            address = replace(address, to=talk, thread="") if talk else address
        else:
            name = await self._people.name_of(speaker.id)
        return replace(utterance, speaker=replace(speaker, name=name or speaker.name), address=address)

    async def _hear(self, *utterances: Utterance | None) -> None:
        for utterance in utterances:
            if utterance is None:
                log.info("payload without the fields it should have", extra={"action": "slack_malformed"})
                continue
            await self._listener.hear(utterance)

    async def _on_assistant_thread(self, event: dict[str, Any]) -> None:
        """Offer prompts in a new assistant thread. Needs a paid plan in places; without it nothing is lost."""
        # Not as one of bolt's lazy listeners: those copy the request deeply, with the running loop in it.
        thread = event.get("assistant_thread")
        if not self._options.prompts or not isinstance(thread, dict):
            return
        prompts = [
            {"title": prompt.label, "message": prompt.says or prompt.label}
            for prompt in self._options.prompts[:_MAX_PROMPTS]
        ]
        try:
            async with asyncio.timeout(_PROMPTS_SECONDS):
                with translated("assistant.threads.setSuggestedPrompts"):
                    await self._client.assistant_threads_setSuggestedPrompts(
                        channel_id=thread.get("channel_id", ""),
                        thread_ts=thread.get("thread_ts", ""),
                        prompts=prompts,
                    )
        except (ChannelError, TimeoutError) as error:
            log.info("no suggested prompts: %s", error, extra={"action": "slack_prompts"})


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()


async def _on_error(error: Exception, request: AsyncBoltRequest) -> BoltResponse:
    match error:
        case BoltUnhandledRequestError():
            kind = str(request.body.get("type", ""))[:40]
            log.info("nothing to do for this request", extra={"action": "slack_unhandled", "kind": kind})
            return BoltResponse(status=200, body="")
        case MadoguchiError():
            log.error("not acknowledged: %s", type(error).__name__, extra={"action": "slack_not_saved"})
        case _:
            log.error("not acknowledged", exc_info=error, extra={"action": "slack_failed"})
    return BoltResponse(status=500, body="")


def _passed_over(body: dict[str, Any]) -> None:
    event = body["event"]
    log.debug(
        "not for the bot",
        extra={
            "action": "slack_passed_over",
            "kind": event.get("type"),
            "subtype": event.get("subtype"),
            "ts": event.get("ts"),
        },
    )


def _bolt_log() -> logging.Logger:
    """Bolt writes whole requests at INFO and advice to programmers at WARNING; only its errors are of use here."""
    bolt = logging.getLogger(f"{__name__}.bolt")
    bolt.setLevel(logging.ERROR)
    return bolt
