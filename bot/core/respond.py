"""respond(utterance, scene, library, policy) -> Outcome: the whole decision on one event, pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, assert_never

from bot.core.conversations import Conversation, Line, Mode, rested
from bot.core.desk import canned, customers, handoff, intake, intake_form, operators, promises, survey
from bot.core.desk.matter import Matter
from bot.core.desk.quota import with_held
from bot.core.desk.states import Refusal, Reopen, may_reopen, moved
from bot.core.dialogue import short_answers as short
from bot.core.dialogue.answer import buttons, question_again, tidied
from bot.core.dialogue.decisions import HandOff
from bot.core.dialogue.talk import Turn, talk_masked
from bot.core.jobs import Job
from bot.core.learning.misses import found_misses
from bot.core.learning.teaching import labelled, question_jobs
from bot.core.library import Library
from bot.core.limits import Pace
from bot.core.messages import (
    Attachment,
    Channel,
    Choices,
    Document,
    Edited,
    Joined,
    Lapsed,
    Left,
    Media,
    Pressed,
    Reply,
    Said,
    Say,
    SettingsCard,
    Steps,
    Sticker,
    Text,
    TicketCard,
    Unsent,
    Utterance,
)
from bot.core.one_tap.setup import SETUP, can_be_offered, link_reply, with_offer
from bot.core.outbox import made_id, to_speaker
from bot.core.outcome import Outcome, Policy, Scene
from bot.core.safety.flood import paced, too_quick
from bot.core.safety.signing_in import mask_in_talk
from bot.core.servers import radar
from bot.core.servers.discovered import discovery_jobs
from bot.core.servers.looking import look_jobs, renewal_watch
from bot.core.servers.radar import radar_jobs, reports_of
from bot.core.servers.reminders import REVERT_REMINDER
from bot.core.servers.standing import as_it_stands, notice
from bot.core.spelling import one_spelling
from bot.core.tickets import Ticket
from bot.core.understanding import OUT_OF_SCOPE
from bot.core.wording import Wording, known, said

if TYPE_CHECKING:
    from bot.core.messages import Part, Send
    from bot.core.understanding import Understanding

__all__ = ["Outcome", "Policy", "Scene", "respond"]

_REMIND_AFTER = timedelta(days=3)
_THANKS = re.compile(
    r"thank|ありがと|感謝|love|happy|joy|glad|bow|ぺこり|ok\b|yes|good|nice|great|了解", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_]")


def respond(utterance: Utterance, scene: Scene, library: Library, policy: Policy) -> Outcome:
    """Decide on one event: understand, decide, answer. Says what to save and send; does neither."""
    return with_held(_decided(utterance, scene, library, policy), utterance, scene, policy)


def _decided(utterance: Utterance, scene: Scene, library: Library, policy: Policy) -> Outcome:
    if scene.ticket and scene.customer and _is_for_the_desk(utterance, scene.ticket):
        matter = Matter(
            utterance=utterance,
            scene=scene,
            ticket=scene.ticket,
            customer=scene.customer,
            library=library,
            policy=policy,
        )
        name = canned.asked(utterance)
        return operators.at_desk(matter) if name is None else operators.canned(name, matter)
    if isinstance(utterance.content, Lapsed):
        return Outcome()
    if isinstance(utterance.content, Pressed) and utterance.content.action == intake_form.INTAKE_FORM:
        return intake_form.taken_in(utterance, utterance.content, scene, library, policy)
    if (name := canned.asked(utterance)) is not None:
        return canned.which(name, scene.theirs, utterance, library, policy)
    if scene.episode and isinstance(utterance.content, Pressed):
        return radar.decided(utterance, utterance.content, scene.episode, library, policy)
    if scene.misses and isinstance(utterance.content, Pressed):
        return labelled(utterance, utterance.content, scene.misses, library, policy)
    if _overheard(utterance, policy):
        return Outcome()
    verdict, pace = paced(utterance, scene.conversation, policy)
    if verdict == "ignored":
        return Outcome(pace=verdict)
    if verdict == "told":
        return too_quick(utterance, scene.conversation, pace, library, policy)
    event = _Event(
        utterance=utterance,
        conversation=rested(scene.conversation, utterance.said_at),
        pace=pace,
        scene=scene,
        ticket=_own_ticket(utterance, scene),
        library=library,
        policy=policy,
    )
    return event.outcome()


def _is_for_the_desk(utterance: Utterance, ticket: Ticket) -> bool:
    """Said or pressed by an operator about *ticket*, or brought about by time; never by its customer."""
    if isinstance(utterance.content, Lapsed):
        return True
    if utterance.address.channel is not Channel.SLACK or utterance.address == ticket.customer:
        return False
    return canned.asked(utterance) is not None or not _calls_the_bot(utterance)


def _own_ticket(utterance: Utterance, scene: Scene) -> Ticket | None:
    """The ticket of the one who speaks."""
    ticket = scene.ticket
    if ticket is None or (scene.customer is not None and ticket.customer != utterance.address):
        return None
    return ticket


def _calls_the_bot(utterance: Utterance) -> bool:
    return isinstance(utterance.content, Said) and utterance.content.to_bot


def _overheard(utterance: Utterance, policy: Policy) -> bool:
    """Whether it is talk among operators that is none of the bot's business."""
    here, desk = utterance.address, policy.desk
    at_the_desk = desk is not None and (here.channel, here.to) == (desk.channel, desk.to)
    return at_the_desk and isinstance(utterance.content, Said) and not utterance.content.to_bot


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    """One event of a customer, or of staff who ask the bot. `ticket` is the customer's open one, `pace` that of the
    conversation with this event.
    """

    utterance: Utterance
    scene: Scene
    conversation: Conversation
    pace: Pace
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
            case Edited():
                return self.edited(content)
            case Lapsed():
                return Outcome()
        assert_never(content)

    def matter(self, ticket: Ticket, conversation: Conversation | None = None) -> Matter:
        return Matter(
            utterance=self.utterance,
            scene=self.scene,
            ticket=ticket,
            customer=conversation or self.conversation,
            library=self.library,
            policy=self.policy,
        )

    @property
    def staff(self) -> bool:
        return self.utterance.address.channel is Channel.SLACK

    def said(self, text: str) -> Outcome:
        masked = mask_in_talk(text, self.conversation, self.library)
        text = masked.text
        if self._with_a_person():
            return self._to_people(text)
        if not _WORD.search(text):
            return self._wordless()
        pressed_in_words = one_spelling(text) == one_spelling(self.library.buttons["temporary_taken"].label)
        if pressed_in_words or (
            self.conversation.topic == "ssl_warning" and short.took_temporary(text, self.library)
        ):
            return self.took_temporary_measure(self.conversation.slots.provider or "")
        if one_spelling(text) == one_spelling(self.library.buttons[SETUP].label) and self._can_be_set_up():
            return self.easy_setup(self.conversation.slots.provider or "")
        library = as_it_stands(self.library, self.scene.standing)
        turn = talk_masked(masked, self.conversation, library, staff=self.staff)
        if about_the_visit := self._about_the_visit(turn):
            return about_the_visit
        if self.conversation.mode is Mode.WAITING and self.ticket and self.ticket.open:
            return self._looking_into(turn, self._while_waiting(turn, self.ticket))
        return self._looking_into(turn, self._learning_from(turn, self._after(turn)))

    def pressed(self, button: Pressed) -> Outcome:
        """A button is as good as typing what it says."""
        match button.action:
            case "say":
                return self.said(button.value or button.label)
            case "temporary_taken":
                return self.took_temporary_measure(button.value)
            case "setup":
                return self.easy_setup(button.value)
            case intake.INTAKE if self.ticket and not self._with_a_person():
                filled = intake.pressed(button.value, self.matter(self.ticket))
                return self._filled_in(filled, button.label) if filled else Outcome()
            case survey.CSAT if judged := self.ticket or self.scene.past:
                outcome, reply = survey.judged(button.value, self.matter(judged))
                told = self._says(reply, self.conversation, text=button.label, intent="resolved_thanks")
                sends = (*told.sends, *outcome.sends)
                return replace(told, ticket=outcome.ticket, sends=sends, events=outcome.events)
            case _:
                return self._to_people(button.label) if self._with_a_person() else Outcome()

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
        watch = (renewal_watch(job, self.policy.now),) if self.policy.look and provider_id else ()
        reply = Reply(parts=(Text(text=said(self.library, Wording.TEMPORARY_NOTED, **facts)),))
        text = self.utterance.content.label if isinstance(self.utterance.content, Pressed) else ""
        return replace(self._says(reply, conversation, text=text, intent="ssl_warning"), jobs=(job, *watch))

    def easy_setup(self, provider_id: str) -> Outcome:
        """The link under which a program finds the settings, or the settings themselves where there is none."""
        provider, setup = self.library.providers.get(provider_id), self.policy.setup
        if provider is None or setup is None or not can_be_offered(provider):
            return self.said(self.library.intents["port_settings"].title)
        reply = link_reply(provider, self.utterance.address.channel, self.library, setup, self.policy.now)
        text = self.utterance.content.label if isinstance(self.utterance.content, Pressed) else ""
        return self._says(reply, self.conversation, text=text, intent="port_settings")

    def _can_be_set_up(self) -> bool:
        provider = self.library.providers.get(self.conversation.slots.provider or "")
        return self.policy.setup is not None and provider is not None and can_be_offered(provider)

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
        if self.ticket and self.ticket.open:
            told = Text(text=said(self.library, Wording.HANDOFF_PASSED_ON))
            return self._aside((told,), fallback=self.conversation.topic or OUT_OF_SCOPE)
        wording = Wording.PICTURE if attachment.media == "image" else Wording.OTHER_MEDIA
        parts = (
            Text(text=said(self.library, wording, **known(self.conversation.slots, self.library))),
            Choices(prompt="", options=(self.library.buttons["person"],)),
        )
        return self._aside(parts, fallback=self.conversation.topic or OUT_OF_SCOPE)

    def joined(self) -> Outcome:
        conversation = replace(self.conversation, blocked=False)
        if self.ticket and self.ticket.open:
            ticket, sends = customers.came_back(self.matter(self.ticket, conversation))
            kept = self._remembering(conversation)
            return Outcome(conversations=(kept,), ticket=ticket, sends=sends, intent="greeting")
        wording = (
            Wording.CONSOLE_WELCOME if self.utterance.address.channel is Channel.CONSOLE else Wording.WELCOME
        )
        text = said(self.library, wording, **known(conversation.slots, self.library))
        reply = Reply(parts=(Text(text=text), buttons("start", self.library)))
        return self._says(reply, conversation, text="", intent="greeting")

    def left(self) -> Outcome:
        """Nothing may be sent to someone who blocked the bot; the desk is told if it waits for them."""
        gone = self._remembering(replace(self.conversation, blocked=True, handle=None))
        if not self.ticket or not self.ticket.open:
            return Outcome(conversations=(gone,))
        ticket, sends = customers.left(self.matter(self.ticket, gone))
        return Outcome(conversations=(gone,), ticket=ticket, sends=sends)

    def unsent(self, message_id: str) -> Outcome:
        gone = tuple(line for line in self.conversation.recent if line.message_id == message_id)
        rest = tuple(line for line in self.conversation.recent if line.message_id != message_id)
        without = self._remembering(replace(self.conversation, recent=rest))
        outcome = Outcome(conversations=(without,), forget=(message_id,))
        if not self.ticket or not (gone or self.scene.relayed):
            return outcome
        ticket = handoff.without(self.ticket, gone, self.library)
        return replace(outcome, ticket=ticket, sends=customers.took_back(self.matter(ticket)))

    def edited(self, edited: Edited) -> Outcome:
        """A colleague changed what they wrote: the desk hears how it reads now; the bot answers nothing twice."""
        if not self.ticket or not self.ticket.open:
            return Outcome()
        text = mask_in_talk(edited.text, self.conversation, self.library).text
        return Outcome(sends=customers.carried(self.matter(self.ticket), text))

    def _with_a_person(self) -> bool:
        return self.conversation.mode is Mode.HUMAN and self.ticket is not None and self.ticket.open

    def _to_people(self, text: str) -> Outcome:
        """While a person talks, the bot only carries."""
        assert self.ticket is not None
        lines = self._lines(text, Reply())
        ticket, jobs = customers.heard(self.matter(self.ticket))
        card = self.matter(ticket).card() if ticket.contact != self.ticket.contact else ()
        return Outcome(
            conversations=(self._remembering(self._answerable(self.conversation), lines),),
            ticket=ticket,
            sends=(*self._passed_on(), *self._relay(text), *card),
            jobs=jobs,
            lines=tuple((self.utterance.address, line) for line in lines),
            intent="handoff",
        )

    def _passed_on(self) -> tuple[Send, ...]:
        """Who gives a command sees nothing of it in the talk: they are told that it went to people."""
        if not self.staff or self.utterance.handle is None:
            return ()
        told = Text(text=said(self.library, Wording.HANDOFF_PASSED_ON))
        return to_speaker(self.utterance, Reply(parts=(told,)), self.policy)

    def _answerable(self, conversation: Conversation) -> Conversation:
        """The bot keeps silent: its free way to answer is left for the person who answers next."""
        if self.utterance.handle is None or self.utterance.address.channel is not Channel.LINE:
            return conversation
        return replace(conversation, handle=self.utterance.handle)

    def _about_the_visit(self, turn: Turn) -> Outcome | None:
        """The form of a migration goes on, or its visit is moved or called off; None: it is talk like any other."""
        ticket = self.ticket or self.scene.past
        if ticket is None or ticket.kind != "migration":
            return None
        matter = self.matter(ticket)
        if intake.wants_cancel(turn.text, ticket, self.policy.now):
            return self._filled_in(intake.called_off(matter), turn.text)
        if intake.wants_change(turn.text, ticket, self.policy.now):
            return self._reopened_for(turn, ticket)
        filled = intake.answered(turn.text, turn.understanding.slots, matter) if ticket.open else None
        return self._filled_in(filled, turn.text) if filled else None

    def _reopened_for(self, turn: Turn, ticket: Ticket) -> Outcome:
        """A booked visit is to be moved: its ticket is open again for that."""
        again = ticket if ticket.open else moved(ticket, Reopen(), self.policy.now)
        assert not isinstance(again, Refusal)  # a visit ahead keeps its ticket
        waiting, jobs = (again, ()) if ticket.open else promises.waits(again, self.library, self.policy.now)
        matter = self.matter(waiting).now_at(waiting)
        filled = intake.changing(matter)
        return self._filled_in(replace(filled, jobs=(*filled.jobs, *jobs)), turn.text, matter.customer)

    def _filled_in(
        self, filled: intake.Filled, text: str, conversation: Conversation | None = None
    ) -> Outcome:
        """The form after an answer: the desk sees it too."""
        reply = tidied(filled.reply.parts)
        told = self._says(reply, conversation or self.conversation, text=text, intent="migration")
        relay = customers.carried(self.matter(filled.ticket), text) if filled.ticket.open else ()
        return replace(
            told,
            handoff=True,
            ticket=filled.ticket,
            jobs=filled.jobs,
            sends=(*told.sends, *relay, *filled.sends),
        )

    def _after(self, turn: Turn) -> Outcome:
        reply, conversation = turn.reply, turn.conversation
        decision = turn.decision
        if isinstance(decision, HandOff):
            first = handoff.words(decision, self.ticket, self.library, self.policy).parts
        else:
            first = notice(turn, self.scene.standing, self.library)
            if not self.staff:
                reply = with_offer(reply, turn, self.library, self.policy.setup)
        outcome = self._says(
            Reply(parts=(*first, *reply.parts)),
            conversation,
            text=turn.text,
            intent=turn.intent,
            asks=turn.asks,
            handoff=turn.handoff,
            understanding=turn.understanding,
        )
        if isinstance(decision, HandOff) and decision.opens:
            return self._with_ticket(outcome, decision)
        return outcome

    def _learning_from(self, turn: Turn, outcome: Outcome) -> Outcome:
        """*outcome*, and what was not understood kept to be asked about."""
        misses = found_misses(turn, self.utterance, self.conversation, self.library)
        if not misses:
            return outcome
        return replace(outcome, misses=misses, jobs=(*outcome.jobs, *question_jobs(misses, self.policy)))

    def _looking_into(self, turn: Turn, outcome: Outcome) -> Outcome:
        """*outcome*, and what the trouble of this talk gives reason to look at and to count."""
        reports = reports_of(turn, self.utterance, self.library, self.policy)
        jobs = (
            *look_jobs(turn, self.utterance, self.library, self.policy),
            *discovery_jobs(turn, self.utterance, self.policy),
            *radar_jobs(reports, self.policy),
        )
        if not reports and not jobs:
            return outcome
        return replace(outcome, reports=reports, jobs=(*outcome.jobs, *jobs))

    def _with_ticket(self, outcome: Outcome, decision: HandOff) -> Outcome:
        """A ticket opens, the last one opens again, or the open one learns what was left just now."""
        conversation = outcome.conversations[0]
        if self.ticket and self.ticket.open:
            ticket = handoff.with_contact(self.ticket, decision.contact)
            return self._standing(outcome, ticket, conversation, self.matter(ticket).card())
        past = self.scene.past
        if past is not None and may_reopen(past, decision.ticket, self.policy.now):
            ticket = handoff.reopened(past, decision, conversation, self.library, self.policy)
            return self._begins(outcome, ticket, conversation, "reopened")
        ticket = handoff.opened(self.utterance, decision, conversation, self.library, self.policy)
        return self._begins(outcome, ticket, conversation, "opened")

    def _begins(
        self, outcome: Outcome, ticket: Ticket, conversation: Conversation, how: Literal["opened", "reopened"]
    ) -> Outcome:
        """The ticket waits from now on: its promise runs, its card stands, its form begins."""
        ticket, timers = promises.waits(ticket, self.library, self.policy.now)
        if how == "opened" and ticket.kind == "migration":
            ticket = intake.begun(ticket, conversation.slots, self.library)
            outcome = self._asking_on(outcome, intake.question(self.matter(ticket, conversation)))
        matter = self.matter(ticket, conversation)
        if how == "opened":
            sends = handoff.card_send(self.utterance, ticket, self.library, self.policy)
            jobs = (*timers, *handoff.profile_job(ticket, self.policy))
        else:
            sends, jobs = handoff.back_again(matter), timers
        if self.policy.desk is None:
            jobs = ()
        outcome = replace(outcome, jobs=(*outcome.jobs, *jobs), events=(matter.event(how, ticket.kind),))
        return self._standing(outcome, ticket, conversation, sends)

    def _asking_on(self, outcome: Outcome, question: Reply) -> Outcome:
        """The reply of this turn with the form's first question after it."""
        reply = next((send for send in outcome.sends if isinstance(send.payload, Say)), None)
        if reply is None or not isinstance(reply.payload, Say):
            return outcome
        parts = tidied((*reply.payload.reply.parts, *question.parts))
        longer = replace(reply, payload=replace(reply.payload, reply=parts))
        return replace(outcome, sends=tuple(longer if send is reply else send for send in outcome.sends))

    def _standing(
        self, outcome: Outcome, ticket: Ticket, conversation: Conversation, sends: tuple[Send, ...]
    ) -> Outcome:
        mode = Mode.WAITING if self.policy.desk else conversation.mode
        after = replace(conversation, mode=mode, ticket_id=ticket.id, last_ticket_id=ticket.id)
        return replace(outcome, conversations=(after,), ticket=ticket, sends=(*outcome.sends, *sends))

    def _while_waiting(self, turn: Turn, ticket: Ticket) -> Outcome:
        """A person was called and has not come yet: everything goes to the desk too, and what the bot can answer it does."""
        relay = self._relay(turn.text)
        asks = turn.reading.act in {"request", "follow_up", "focus"}
        no_more = {"resolved_thanks", "greeting", "not_resolved", ticket.kind}
        something_else = asks and turn.intent not in no_more
        over = turn.intent == "resolved_thanks" and short.works_now(turn.text, self.library)
        if (over or short.cancels(turn.text, self.library)) and not something_else:
            outcome = customers.cancelled(self.matter(ticket, self._remembering(turn.conversation)))
            if outcome is not None:
                return replace(outcome, sends=(*relay, *outcome.sends), understanding=turn.understanding)
        if turn.reading.act in {"miss", "unclear"} or turn.intent in {
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
        question = conversation.question
        again = question_again(question, conversation.slots, self.library, staff=self.staff)
        booked = self.ticket is not None and self.ticket.confirmed
        waiting = Wording.INTAKE_STANDS if booked else Wording.HANDOFF_WAITING
        reply = (
            Reply(parts=(Text(text=said(self.library, waiting, **facts)), *again)) if misses == 0 else Reply()
        )
        asks = question.slot if question and again and reply.parts else ""
        about = turn.intent if turn.intent in {"resolved_thanks", "greeting"} else "handoff"
        return self._says(
            reply,
            conversation if reply else self._answerable(conversation),
            text=turn.text,
            intent=about,
            asks=asks,
            understanding=turn.understanding,
        )

    def _wordless(self) -> Outcome:
        """Nothing to read: a kind word, and the open question again."""
        return self._aside((Text(text=said(self.library, Wording.EMPTY)),), fallback=OUT_OF_SCOPE)

    def _aside(self, parts: tuple[Text | Choices, ...], *, fallback: str) -> Outcome:
        """Say something small and keep the open question open."""
        question = self.conversation.question
        again = question_again(question, self.conversation.slots, self.library, staff=self.staff)
        outcome = self._says(
            tidied((*parts, *again)),
            self.conversation,
            text="",
            intent=question.intent if question and again else fallback,
            asks=question.slot if question and again else "",
        )
        return replace(outcome, sends=(*self._relay(""), *outcome.sends))

    def _says(  # noqa: PLR0913 - keyword-only and all of one turn
        self,
        reply: Reply,
        conversation: Conversation,
        *,
        text: str,
        intent: str,
        asks: str = "",
        handoff: bool = False,
        understanding: Understanding | None = None,
    ) -> Outcome:
        """The reply on its way, and both sides' words remembered."""
        lines = self._lines(text, reply)
        return Outcome(
            conversations=(self._remembering(conversation, lines),),
            sends=to_speaker(self.utterance, reply, self.policy),
            lines=tuple((self.utterance.address, line) for line in lines),
            understanding=understanding,
            intent=intent,
            asks=asks,
            handoff=handoff,
        )

    def _lines(self, text: str, reply: Reply) -> tuple[Line, ...]:
        at = self.utterance.said_at
        heard = Line(who="customer", text=text, said_at=at, message_id=self.utterance.message_id)
        answered = Line(who="bot", text=gist(reply), said_at=at)
        return tuple(line for line in (heard, answered) if line.text)

    def _remembering(self, conversation: Conversation, lines: tuple[Line, ...] = ()) -> Conversation:
        """*conversation* as it is kept after this event."""
        return replace(
            conversation,
            recent=handoff.kept((*conversation.recent, *lines)),
            last_said_at=self.utterance.said_at,
            pace=self.pace,
        )

    def _relay(self, text: str) -> tuple[Send, ...]:
        if not self.ticket or not self.ticket.open:
            return ()
        return customers.carried(self.matter(self.ticket), text)


def gist(reply: Reply) -> str:
    """What the bot said, short, for those who read the talk later."""
    words = [word for part in reply.parts if (word := _gist_of(part))]
    text = " ".join(words).replace("\n", " ")
    return text if len(text) <= _GIST else text[: _GIST - 1] + "…"


_GIST = 120


def _gist_of(part: Part) -> str:
    match part:
        case Text(text=text):
            return text
        case SettingsCard(title=title) | Steps(title=title) | TicketCard(title=title):
            return f"【{title}】"
        case Choices(prompt=prompt):
            return prompt
        case Media(name=name) | Document(name=name):
            return name
    assert_never(part)
