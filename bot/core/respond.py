"""respond(utterance, scene, library, policy) -> Outcome: the whole decision on one event, pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

from bot.core import handoff
from bot.core import short_answers as short
from bot.core.answer import buttons, question_again, tidied
from bot.core.conversations import Conversation, Line, Mode, rested
from bot.core.decide import HandOff, Miss
from bot.core.flood import held_back, paced
from bot.core.jobs import Job
from bot.core.learning import labelled, question_jobs
from bot.core.library import Library
from bot.core.messages import (
    Attachment,
    Channel,
    Choices,
    Joined,
    Left,
    Pressed,
    Reply,
    Said,
    SettingsCard,
    Steps,
    Sticker,
    Text,
    TicketCard,
    Unsent,
    Utterance,
)
from bot.core.misses import found_misses
from bot.core.outbox import made_id, to_speaker
from bot.core.outcome import Outcome, Policy, Scene
from bot.core.reminders import REVERT_REMINDER
from bot.core.signing_in import mask_in_talk
from bot.core.talk import Turn, talk
from bot.core.tickets import Ticket
from bot.core.understanding import OUT_OF_SCOPE
from bot.core.wording import Wording, known, said

if TYPE_CHECKING:
    from bot.core.messages import Send

__all__ = ["Outcome", "Policy", "Scene", "respond"]

_REMIND_AFTER = timedelta(days=3)
_THANKS = re.compile(
    r"thank|ありがと|感謝|love|happy|joy|glad|bow|ぺこり|ok\b|yes|good|nice|great|了解", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_]")


def respond(utterance: Utterance, scene: Scene, library: Library, policy: Policy) -> Outcome:
    """Decide on one event: understand, decide, answer. Says what to save and send; does neither."""
    if scene.ticket and scene.customer and not _calls_the_bot(utterance):
        return handoff.at_desk(utterance, scene, library, policy)
    if scene.misses and isinstance(utterance.content, Pressed):
        return labelled(utterance, utterance.content, scene.misses, library, policy)
    if _overheard(utterance, policy):
        return Outcome()
    verdict, conversation = paced(utterance, scene.conversation, policy)
    if verdict != "heard":
        return held_back(verdict, utterance, conversation, library, policy)
    event = _Event(
        utterance=utterance,
        conversation=replace(rested(conversation, utterance.said_at), last_said_at=utterance.said_at),
        ticket=None if scene.customer else scene.ticket,
        library=library,
        policy=policy,
    )
    return event.outcome()


def _calls_the_bot(utterance: Utterance) -> bool:
    return isinstance(utterance.content, Said) and utterance.content.to_bot


def _overheard(utterance: Utterance, policy: Policy) -> bool:
    """Whether it is talk among operators that is none of the bot's business."""
    here, desk = utterance.address, policy.desk
    at_the_desk = desk is not None and (here.channel, here.to) == (desk.channel, desk.to)
    return at_the_desk and isinstance(utterance.content, Said) and not utterance.content.to_bot


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    """One event of a customer, or of staff who ask the bot. `ticket` is the customer's open one."""

    utterance: Utterance
    conversation: Conversation
    ticket: Ticket | None
    library: Library
    policy: Policy

    def outcome(self) -> Outcome:
        content = self.utterance.content
        match content:
            case Said(text=text):
                return self.said(text)
            case Pressed():
                return self.pressed(content)
            case Sticker():
                return self.sticker(content)
            case Attachment():
                return self.attachment(content)
            case Joined():
                return self.joined()
            case Left():
                return self.left()
            case Unsent(message_id=message_id):
                return self.unsent(message_id)
        assert_never(content)

    @property
    def staff(self) -> bool:
        return self.utterance.address.channel is Channel.SLACK

    def said(self, text: str) -> Outcome:
        if self._with_a_person():
            return self._to_people(mask_in_talk(text, self.conversation, self.library).text)
        if not _WORD.search(text):
            return self._wordless()
        if short.plain(text) == short.plain(self.library.buttons["temporary_taken"].label):
            return self.took_temporary_measure(self.conversation.slots.provider or "")
        turn = talk(text, self.conversation, self.library, staff=self.staff)
        if self.conversation.mode is Mode.WAITING and self.ticket:
            return self._while_waiting(turn, self.ticket)
        return self._learning_from(turn, self._after(turn))

    def pressed(self, button: Pressed) -> Outcome:
        """A button is as good as typing what it says."""
        match button.action:
            case "say":
                return self.said(button.value or button.label)
            case "temporary_taken":
                return self.took_temporary_measure(button.value)
            case _:
                return Outcome()

    def took_temporary_measure(self, provider_id: str) -> Outcome:
        """The customer uses the temporary values now: remember to ask in three days."""
        conversation = replace(self.conversation, topic="ssl_warning", question=None)
        facts = known(conversation.slots, self.library)
        address = self.utterance.address
        job = Job(
            id=made_id(self.utterance, REVERT_REMINDER),
            kind=REVERT_REMINDER,
            due_at=self.policy.now + _REMIND_AFTER,
            details={
                "provider": provider_id,
                "channel": address.channel,
                "to": address.to,
                "thread": address.thread,
                "team": address.team,
            },
        )
        reply = Reply(parts=(Text(text=said(self.library, Wording.TEMPORARY_NOTED, **facts)),))
        text = self.utterance.content.label if isinstance(self.utterance.content, Pressed) else ""
        return replace(self._says(reply, conversation, text=text, intent="ssl_warning"), jobs=(job,))

    def sticker(self, sticker: Sticker) -> Outcome:
        if self._with_a_person():
            return self._to_people("")
        thanks = any(_THANKS.search(keyword) for keyword in sticker.keywords)
        parts = (Text(text=said(self.library, Wording.STICKER_THANKS if thanks else Wording.STICKER)),)
        return self._aside(
            parts, fallback="resolved_thanks" if thanks or self.conversation.topic else "greeting"
        )

    def attachment(self, attachment: Attachment) -> Outcome:
        if self._with_a_person():
            return self._to_people("")
        wording = Wording.PICTURE if attachment.media == "image" else Wording.OTHER_MEDIA
        parts = (
            Text(text=said(self.library, wording, **known(self.conversation.slots, self.library))),
            Choices(prompt="", options=(self.library.buttons["person"],)),
        )
        return self._aside(parts, fallback=self.conversation.topic or OUT_OF_SCOPE)

    def joined(self) -> Outcome:
        conversation = replace(self.conversation, blocked=False)
        wording = (
            Wording.CONSOLE_WELCOME if self.utterance.address.channel is Channel.CONSOLE else Wording.WELCOME
        )
        text = said(self.library, wording, **known(conversation.slots, self.library))
        reply = Reply(parts=(Text(text=text), buttons("start", self.library)))
        return self._says(reply, conversation, text="", intent="greeting")

    def left(self) -> Outcome:
        """Nothing may be sent to someone who blocked the bot; the desk is told if it waits for them."""
        relay = self._relay("") if self.ticket else ()
        return Outcome(conversations=(replace(self.conversation, blocked=True),), sends=relay)

    def unsent(self, message_id: str) -> Outcome:
        gone = tuple(line for line in self.conversation.recent if line.message_id == message_id)
        rest = tuple(line for line in self.conversation.recent if line.message_id != message_id)
        outcome = Outcome(conversations=(replace(self.conversation, recent=rest),), forget=(message_id,))
        if not self.ticket or not gone:
            return outcome
        ticket = handoff.without(self.ticket, gone, self.library)
        wording = Wording.DESK_CUSTOMER_UNSENT
        sends = handoff.renewed(self.utterance, ticket, wording, self.library, self.policy)
        return replace(outcome, ticket=ticket, sends=sends)

    def _with_a_person(self) -> bool:
        return self.conversation.mode is Mode.HUMAN and self.ticket is not None

    def _to_people(self, text: str) -> Outcome:
        """While a person talks, the bot only carries."""
        lines = self._lines(text, Reply())
        return Outcome(
            conversations=(self._remembering(self.conversation, lines),),
            sends=self._relay(text),
            lines=tuple((self.utterance.address, line) for line in lines),
            intent="handoff",
        )

    def _after(self, turn: Turn) -> Outcome:
        reply, conversation = turn.reply, turn.conversation
        outcome = Outcome(
            understanding=turn.understanding, intent=turn.intent, asks=turn.asks, handoff=turn.handoff
        )
        decision = turn.decision
        if not isinstance(decision, HandOff):
            return self._filled(outcome, reply, conversation, turn.text)
        reply = Reply(
            parts=(*handoff.words(decision, self.ticket, self.library, self.policy).parts, *reply.parts)
        )
        outcome = self._filled(outcome, reply, conversation, turn.text)
        return self._with_ticket(outcome, decision) if decision.opens else outcome

    def _learning_from(self, turn: Turn, outcome: Outcome) -> Outcome:
        """*outcome*, and what was not understood kept to be asked about."""
        misses = found_misses(turn, self.utterance, self.conversation, self.library)
        return replace(outcome, misses=misses, jobs=(*outcome.jobs, *question_jobs(misses, self.policy)))

    def _with_ticket(self, outcome: Outcome, decision: HandOff) -> Outcome:
        """A ticket opens, or the open one learns what was left just now."""
        conversation = outcome.conversations[0]
        if self.ticket:
            ticket, sends = handoff.with_contact(
                self.utterance, self.ticket, decision.contact, self.library, self.policy
            )
        else:
            ticket = handoff.opened(self.utterance, decision, conversation, self.library, self.policy)
            sends = handoff.card_send(self.utterance, ticket, self.library, self.policy)
        mode = Mode.WAITING if self.policy.desk else conversation.mode
        return replace(
            outcome,
            conversations=(replace(conversation, mode=mode, ticket_id=ticket.id),),
            ticket=ticket,
            sends=(*outcome.sends, *sends),
        )

    def _while_waiting(self, turn: Turn, ticket: Ticket) -> Outcome:
        """A person was called and has not come yet: everything goes to the desk too, and what the bot can answer it does."""
        relay = self._relay(turn.text)
        request = turn.reading.act == "request" and turn.intent not in {"resolved_thanks", "greeting"}
        if short.cancels(turn.text) and not (request and turn.intent != "not_resolved"):
            outcome = handoff.cancelled(self.utterance, ticket, turn.conversation, self.library, self.policy)
            return replace(outcome, sends=(*relay, *outcome.sends), understanding=turn.understanding)
        if isinstance(turn.decision, Miss) or turn.intent in {
            "resolved_thanks",
            "greeting",
            OUT_OF_SCOPE,
        }:
            outcome = self._keeps_waiting(turn)
        else:
            outcome = self._after(turn)
        return replace(outcome, sends=(*relay, *outcome.sends))

    def _keeps_waiting(self, turn: Turn) -> Outcome:
        """Said once: a person has been called. After that the bot keeps silent."""
        misses = self.conversation.misses
        conversation = replace(self.conversation, misses=misses + 1, slots=turn.conversation.slots)
        facts = known(conversation.slots, self.library)
        reply = (
            Reply(parts=(Text(text=said(self.library, Wording.HANDOFF_WAITING, **facts)),))
            if misses == 0
            else Reply()
        )
        outcome = Outcome(understanding=turn.understanding, intent=turn.intent)
        return self._filled(outcome, reply, conversation, turn.text)

    def _wordless(self) -> Outcome:
        """Nothing to read: a kind word, and the open question again."""
        return self._aside((Text(text=said(self.library, Wording.EMPTY)),), fallback=OUT_OF_SCOPE)

    def _aside(self, parts: tuple[Text | Choices, ...], *, fallback: str) -> Outcome:
        """Say something small and keep the open question open."""
        question = self.conversation.question
        again = question_again(question, self.conversation.slots, self.library, staff=self.staff)
        outcome = Outcome(
            intent=question.intent if question and again else fallback,
            asks=question.slot if question and again else "",
        )
        reply = tidied((*parts, *again))
        relay = self._relay("") if self.ticket else ()
        outcome = self._filled(outcome, reply, self.conversation, "")
        return replace(outcome, sends=(*relay, *outcome.sends))

    def _says(self, reply: Reply, conversation: Conversation, *, text: str, intent: str) -> Outcome:
        return self._filled(Outcome(intent=intent), reply, conversation, text)

    def _filled(self, outcome: Outcome, reply: Reply, conversation: Conversation, text: str) -> Outcome:
        """*outcome* with the reply on its way, and both sides' words remembered."""
        lines = self._lines(text, reply)
        return replace(
            outcome,
            conversations=(self._remembering(conversation, lines),),
            sends=(*to_speaker(self.utterance, reply, self.policy), *outcome.sends),
            lines=tuple((self.utterance.address, line) for line in lines),
        )

    def _lines(self, text: str, reply: Reply) -> tuple[Line, ...]:
        at = self.utterance.said_at
        heard = Line(who="customer", text=text, said_at=at, message_id=self.utterance.message_id)
        answered = Line(who="bot", text=gist(reply), said_at=at)
        return tuple(line for line in (heard, answered) if line.text)

    def _remembering(self, conversation: Conversation, lines: tuple[Line, ...]) -> Conversation:
        return replace(conversation, recent=handoff.kept((*conversation.recent, *lines)))

    def _relay(self, text: str) -> tuple[Send, ...]:
        if not self.ticket:
            return ()
        return handoff.relayed(self.utterance, text, self.ticket, self.library, self.policy)


def gist(reply: Reply) -> str:
    """What the bot said, short, for those who read the talk later."""
    words = [word for part in reply.parts if (word := _gist_of(part))]
    text = " ".join(words).replace("\n", " ")
    return text if len(text) <= _GIST else text[: _GIST - 1] + "…"


_GIST = 120


def _gist_of(part: Text | SettingsCard | Steps | Choices | TicketCard) -> str:
    match part:
        case Text(text=text):
            return text
        case SettingsCard(title=title) | Steps(title=title) | TicketCard(title=title):
            return f"【{title}】"
        case Choices(prompt=prompt):
            return prompt
    assert_never(part)
