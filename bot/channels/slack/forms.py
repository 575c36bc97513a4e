"""Forms (modals): how a closed ticket ended, handing it over by name, mending a draft, taking in a phone call.

Sending a form off is heard like the button it belongs to, with fields. Closing needs no form: the ticket is closed when
the button is pressed, and the form asks how it ended, so that nobody waits for a form that was never sent off. Where a
form cannot be opened (the three seconds of its trigger are over), the button is heard as it is.
"""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from bot.channels.slack.failures import translated
from bot.channels.slack.inbound import FormAbout, form_fields, from_form
from bot.channels.slack.mrkdwn import shortened
from bot.core.desk import cards
from bot.core.desk.intake_form import INTAKE_FORM
from bot.core.desk.operators import ENDINGS_OFFERED, ticket_of
from bot.core.desk.phone import written
from bot.core.messages import Pressed
from bot.core.tickets import TicketState
from bot.core.wording import Wording
from bot.errors import ChannelError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.channels.slack.people import People
    from bot.core.messages import Utterance
    from bot.core.tickets import Ticket
    from bot.desk.ports import Clock

    Payload = Mapping[str, Any]
    Block = dict[str, Any]

INTAKE_SHORTCUT = "take_in_phone_call"

_SECONDS = 2.0
_TITLE, _LABEL, _OPTION, _TEXT = 24, 150, 75, 3_000
_MOST_OPTIONS = 100

log = logging.getLogger(__name__)


class Office(Protocol):
    """What forms and listeners need to know of tickets."""

    async def ticket(self, ticket_id: str) -> Ticket | None:
        """The ticket, as it stands now."""
        ...

    async def awaits_a_card(self) -> bool:
        """Whether it is not noted yet of an open ticket where its card stands."""
        ...

    async def free_times(self) -> Sequence[tuple[str, str]]:
        """The visits that may be booked: how they are called, and what they are known by."""
        ...

    def words(self, wording: Wording) -> str:
        """A text for people."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """`instead`: it stands in for the button, which does nothing by itself; else it only asks for more."""

    view: Block
    instead: bool


class Forms:
    """Opens forms, and reads what was filled in."""

    def __init__(
        self, client: AsyncWebClient, people: People, office: Office | None, *, clock: Clock, channel: str
    ) -> None:
        self._client = client
        self._people = people
        self._office = office
        self._clock = clock
        self._channel = channel

    async def form_for(self, pressed: Utterance) -> Form | None:
        """The form that belongs to the pressed button, if it has one and who pressed may send it off."""
        button = pressed.content
        if self._office is None or not isinstance(button, Pressed) or button.action not in _FORMS:
            return None
        ticket = await self._office.ticket(ticket_of(button.value))
        if ticket is None or not _may_fill_in(button.action, ticket, pressed.speaker.id):
            return None
        desk = ticket.desk
        about = FormAbout(
            channel=desk.to if desk else self._channel,
            thread=desk.thread if desk else "",
            value=ticket.id,
        )
        return Form(view=self._form(button, about, self._office), instead=button.action != cards.TICKET_CLOSE)

    async def open(self, form: Form, body: Payload) -> bool:
        """Show *form*; whether Slack did."""
        return await self._open(form.view, body)

    async def open_intake(self, body: Payload) -> bool:
        """The form for somebody on the telephone."""
        if self._office is None or not self._channel:
            return False
        times = await self._office.free_times()
        return await self._open(_intake(self._office, times, FormAbout(channel=self._channel)), body)

    def faults(self, body: Payload) -> dict[str, str]:
        """What must be filled in otherwise, by block."""
        view = body.get("view") or {}
        if view.get("callback_id") != INTAKE_FORM or self._office is None:
            return {}
        if written(form_fields(view).get("phone", "")):
            return {}
        return {"phone": self._office.words(Wording.PHONE_BROKEN)}

    async def read(self, body: Payload) -> Utterance | None:
        """A form that was sent off; whoever is named in it by their id is known by name after this."""
        utterance = self._read(body)
        if utterance is None or not isinstance(utterance.content, Pressed):
            return utterance
        to = dict(utterance.content.fields).get("to", "")
        if not to:
            return utterance
        fields = (*utterance.content.fields, ("to_name", await self._people.name_of(to)))
        return replace(utterance, content=replace(utterance.content, fields=fields))

    def _read(self, body: Payload) -> Utterance | None:
        view = body.get("view") or {}
        try:
            about = FormAbout(**json.loads(view.get("private_metadata") or "{}"))
        except (ValueError, TypeError):
            return None
        return from_form(body, str(view.get("callback_id", "")), about, self._clock.now())

    def _form(self, button: Pressed, about: FormAbout, office: Office) -> Block:
        match button.action:
            case cards.TICKET_CLOSE:
                return _closing(office, about)
            case cards.TICKET_TRANSFER:
                return _transfer(office, about)
            case _:
                return _draft(office, about, button.value.partition(":")[2])

    async def _open(self, view: Block, body: Payload) -> bool:
        try:
            async with asyncio.timeout(_SECONDS):
                with translated("views.open"):
                    await self._client.views_open(trigger_id=str(body.get("trigger_id", "")), view=view)
        except (ChannelError, TimeoutError) as error:
            log.warning("no form: %s", error, extra={"action": "slack_form"})
            return False
        return True


_FORMS = frozenset({cards.TICKET_CLOSE, cards.TICKET_TRANSFER, cards.TICKET_DRAFT_EDIT})


def _may_fill_in(action: str, ticket: Ticket, user: str) -> bool:
    """A form is opened only for who may send it off; the others are told why at once."""
    if ticket.state is TicketState.WAITING:
        return action == cards.TICKET_CLOSE
    return ticket.state is TicketState.TAKEN and ticket.taker_id == user


def _closing(office: Office, about: FormAbout) -> Block:
    options = [_option(office.words(wording), ending) for ending, wording in ENDINGS_OFFERED.items()]
    ending = {"type": "radio_buttons", "action_id": "ending", "options": options}
    note = {"type": "plain_text_input", "action_id": "note", "multiline": True}
    return _view(
        cards.TICKET_CLOSE,
        office,
        (Wording.FORM_CLOSE, Wording.FORM_CLOSE_SEND),
        about,
        [
            _input("ending", office.words(Wording.FORM_ENDING), ending),
            _input("note", office.words(Wording.FORM_NOTE), note, optional=True),
        ],
    )


def _transfer(office: Office, about: FormAbout) -> Block:
    to = {"type": "users_select", "action_id": "to"}
    return _view(
        cards.TICKET_TRANSFER,
        office,
        (Wording.FORM_TRANSFER, Wording.FORM_TRANSFER_SEND),
        about,
        [_input("to", office.words(Wording.FORM_TO), to)],
    )


def _draft(office: Office, about: FormAbout, text: str) -> Block:
    written_text = {
        "type": "plain_text_input",
        "action_id": "text",
        "multiline": True,
        "initial_value": text[:_TEXT],
    }
    return _view(
        cards.TICKET_DRAFT_SEND,
        office,
        (Wording.FORM_DRAFT, Wording.FORM_DRAFT_SEND),
        about,
        [_input("text", office.words(Wording.FORM_TEXT), written_text)],
    )


def _intake(office: Office, times: Sequence[tuple[str, str]], about: FormAbout) -> Block:
    def line(name: str, wording: Wording, *, optional: bool = False) -> Block:
        field = {"type": "plain_text_input", "action_id": name}
        return _input(name, office.words(wording), field, optional=optional)

    blocks = [
        line("name", Wording.FORM_NAME),
        line("phone", Wording.FORM_PHONE),
        line("computers", Wording.FORM_COMPUTERS, optional=True),
        line("program", Wording.FORM_PROGRAM, optional=True),
    ]
    if times:
        options = [_option(label, value) for label, value in times[:_MOST_OPTIONS]]
        select = {"type": "static_select", "action_id": "visit", "options": options}
        blocks.append(_input("visit", office.words(Wording.FORM_VISIT), select, optional=True))
    blocks.append(line("time", Wording.FORM_TIME, optional=True))
    note = {"type": "plain_text_input", "action_id": "note", "multiline": True}
    blocks.append(_input("note", office.words(Wording.FORM_NOTE), note, optional=True))
    return _view(INTAKE_FORM, office, (Wording.FORM_INTAKE, Wording.FORM_INTAKE_SEND), about, blocks)


def _view(
    callback: str,
    office: Office,
    titles: tuple[Wording, Wording],
    about: FormAbout,
    blocks: list[Block],
) -> Block:
    title, send = titles
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": json.dumps(asdict(about)),
        "title": _plain(office.words(title), _TITLE),
        "submit": _plain(office.words(send), _TITLE),
        "close": _plain(office.words(Wording.FORM_CANCEL), _TITLE),
        "blocks": blocks,
    }


def _input(block: str, label: str, element: Block, *, optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": block,
        "label": _plain(label, _LABEL),
        "element": element,
        "optional": optional,
    }


def _option(label: str, value: str) -> Block:
    return {"text": _plain(label, _OPTION), "value": value}


def _plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": shortened(text, limit), "emoji": False}
