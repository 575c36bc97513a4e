"""A story told to the pure core: what is on record is kept here, as the store would keep it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.channels.console.render import choices_of, text_of
from bot.core.conversations import Conversation
from bot.core.library import Library
from bot.core.messages import Address, Channel, Handle, Pressed, Revise, Said, Say, Speaker, Utterance
from bot.core.outcome import Policy
from bot.core.reports import Standing
from bot.core.respond import Outcome, Scene, respond
from tests.fakes.clock import START

HANAKO = Address(channel=Channel.LINE, to="U-hanako")
DESK = Address(channel=Channel.SLACK, to="C-desk", team="T-shop")
THREAD = replace(DESK, thread="100.1")


@dataclass
class Story:
    """`desk` None: no operators' channel is configured; `decides` is what else the deployment decides."""

    library: Library
    desk: Address | None = DESK
    now: object = START
    conversations: dict = field(default_factory=dict)
    ticket: object = None
    outcome: Outcome = field(default_factory=Outcome)
    heard: int = 0
    standing: Standing = field(default_factory=Standing)
    decides: dict = field(default_factory=dict)

    def says(self, text, at=HANAKO, **changes):
        return self.hears(Said(text=text), at=at, **changes)

    def hears(self, content, at=HANAKO, **changes):
        """What is told back at the place it was said."""
        utterance = self._utterance(content, at, Speaker(id="U-hanako", name="花子"), **changes)
        ticket = self.ticket if self.ticket and self.ticket.open and self.ticket.customer == at else None
        return self._settled(utterance, Scene(conversation=self._conversation(at), ticket=ticket))

    def operator(self, text, who="U-ken"):
        return self._from_desk(Said(text=text), who)

    def presses(self, action, who="U-ken"):
        return self._from_desk(Pressed(action=action, value=self.ticket.id), who)

    def _from_desk(self, content, who):
        utterance = self._utterance(content, THREAD, Speaker(id=who, name=who.removeprefix("U-")))
        customer = self._conversation(self.ticket.customer)
        scene = Scene(conversation=self._conversation(THREAD), ticket=self.ticket, customer=customer)
        return self._settled(utterance, scene)

    def _utterance(self, content, at, speaker, **changes):
        self.heard += 1
        self.now += timedelta(seconds=30)
        plain = Utterance(
            id=f"event-{self.heard}",
            address=at,
            speaker=speaker,
            content=content,
            said_at=self.now,
            message_id=f"message-{self.heard}",
        )
        return replace(plain, **changes)

    def _conversation(self, at):
        return self.conversations.get(at, Conversation(address=at))

    def _settled(self, utterance, scene):
        scene = replace(scene, standing=self.standing)
        self.outcome = respond(
            utterance, scene, self.library, Policy(now=self.now, desk=self.desk, **self.decides)
        )
        for changed in self.outcome.conversations:
            self.conversations[changed.address] = changed
        self.ticket = self.outcome.ticket or self.ticket
        return self.told(utterance.address)

    def told(self, address):
        """The text sent to *address* in the last turn."""
        return text_of([payload.reply for payload in self._payloads(address) if isinstance(payload, Say)])

    def choices(self, address=HANAKO):
        """The labels under the last message to *address*."""
        payloads = self._payloads(address)
        return [
            c.label for c in choices_of([payload.reply for payload in payloads if isinstance(payload, Say)])
        ]

    def revised(self):
        """The cards that were renewed in the last turn."""
        return [p.reply.parts[0] for p in self._payloads(DESK) if isinstance(p, Revise)]

    def _payloads(self, address):
        return [send.payload for send in self.outcome.sends if send.address == address]

    @property
    def hanako(self):
        return self._conversation(HANAKO)


def a_handle():
    return Handle(token="reply-token", expires_at=START + timedelta(hours=1))
