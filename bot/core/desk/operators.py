"""What operators do at the desk: press, speak, edit, take back. Each is one move of the ticket or none at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from bot.core.conversations import Line
from bot.core.desk import cards, drafts, promises, survey, timers
from bot.core.desk.handoff import kept
from bot.core.desk.relay import Heard, is_note, spoken
from bot.core.desk.states import (
    Close,
    Operator,
    Refusal,
    Release,
    Reopen,
    Return,
    Take,
    Transfer,
    may_reopen,
    moved,
)
from bot.core.messages import (
    Attachment,
    Channel,
    Edited,
    Joined,
    Lapsed,
    Left,
    Media,
    Pressed,
    Reply,
    Said,
    Sticker,
    Text,
    Unsent,
)
from bot.core.outcome import Outcome
from bot.core.safety.privacy import mask
from bot.core.tickets import Ending, TicketState
from bot.core.wording import Wording

if TYPE_CHECKING:
    from bot.core.desk.matter import Matter
    from bot.core.desk.states import Move
    from bot.core.messages import Choice, Send
    from bot.core.tickets import Ticket

DELIVERED, FAILED, INSIDE = "✅", "⚠", "🗒"
"""How a message in the thread is marked: LINE took it, LINE did not, it stayed here."""

ENDINGS_OFFERED = {
    "solved": Wording.ENDING_SOLVED,
    "visit": Wording.ENDING_VISIT,
    "migration": Wording.ENDING_MIGRATION,
    "no_answer": Wording.ENDING_NO_ANSWER,
}
"""How a ticket may end by its taker's word."""

_ONE_CALL = 12_000
"""Characters: at most 24,000 UTF-16 units, so that nothing is cut off whatever they are."""

_REFUSED = {
    Refusal.CLOSED: Wording.DESK_ALREADY_CLOSED,
    Refusal.OPEN: Wording.DESK_ALREADY_TAKEN,
    Refusal.TAKEN: Wording.DESK_ALREADY_TAKEN,
    Refusal.YOURS: Wording.DESK_YOURS_ALREADY,
    Refusal.NOT_YOURS: Wording.DESK_NOT_YOURS,
    Refusal.NOT_TAKEN: Wording.DESK_NOT_TAKEN_YET,
    Refusal.TOO_LATE: Wording.DESK_ALREADY_CLOSED,
}


def at_desk(matter: Matter) -> Outcome:
    """Everything that follows from an operator's event, or from time, about *matter*."""
    content = matter.utterance.content
    match content:
        case Pressed():
            return _pressed(content, matter)
        case Said(text=text):
            return _said(text, matter)
        case Edited():
            return _edited(content, matter)
        case Unsent(message_id=message_id):
            return _taken_back(message_id, matter)
        case Attachment():
            return _shown(content, matter)
        case Lapsed():
            return timers.lapsed(content, matter)
        case Sticker() | Joined() | Left():
            return Outcome()
    assert_never(content)


def _pressed(button: Pressed, matter: Matter) -> Outcome:
    fields = dict(button.fields)
    match button.action:
        case cards.TICKET_TAKE:
            return _take(matter)
        case cards.TICKET_REOPEN:
            return _take_again(matter)
        case cards.TICKET_TRANSFER:
            return _transfer(fields.get("to", ""), fields.get("to_name", ""), matter)
        case cards.TICKET_RELEASE:
            return _released(matter)
        case cards.TICKET_RETURN:
            return _ended(Return(by=_operator(matter)), Wording.DESK_RETURNED, matter)
        case cards.TICKET_CLOSE:
            return _closed(fields, matter)
        case cards.TICKET_DRAFT | cards.TICKET_DRAFT_SEND | cards.TICKET_DRAFT_DROP | cards.TICKET_CANNED:
            return _helped(button, matter)
        case _:
            return Outcome()


def _operator(matter: Matter) -> Operator:
    return Operator(id=matter.utterance.speaker.id, name=matter.utterance.speaker.name)


def _moved(move: Move, matter: Matter) -> Matter | Refusal:
    after = moved(matter.ticket, move, matter.policy.now)
    return after if isinstance(after, Refusal) else matter.now_at(after)


def _refused(refusal: Refusal, matter: Matter) -> Outcome:
    """Told to who pressed, alone; whose it is can be taken over from there."""
    buttons: tuple[Choice, ...] = ()
    if refusal in {Refusal.TAKEN, Refusal.NOT_YOURS} and matter.ticket.state is TicketState.TAKEN:
        buttons = (cards.take_over_button(matter.ticket, matter.library),)
    if refusal is Refusal.CLOSED and _may_be_taken_again(matter):
        buttons = (cards.reopen_button(matter.ticket, matter.library),)
    return Outcome(sends=matter.aside(_REFUSED[refusal], buttons=buttons), intent="handoff")


def _take(matter: Matter) -> Outcome:
    after = _moved(Take(by=_operator(matter)), matter)
    if isinstance(after, Refusal):
        return _refused(after, matter)
    return _in_hands(after, Wording.DESK_TAKEN, "taken")


def _take_again(matter: Matter) -> Outcome:
    """A ticket that was closed too early: its thread reaches the customer once more."""
    if not matter.ticket.open and not _may_be_taken_again(matter):
        return _refused(Refusal.TOO_LATE, matter)
    opened = _moved(Reopen(), matter)
    if isinstance(opened, Refusal):
        return _take(matter)
    after = _moved(Take(by=_operator(matter)), opened)
    assert not isinstance(after, Refusal)  # it is open, and nobody's
    return _in_hands(after, Wording.DESK_TAKEN_AGAIN, "reopened")


def _may_be_taken_again(matter: Matter) -> bool:
    """Soon after the end, and unless the customer is with people in another matter by now."""
    return may_reopen(matter.ticket, matter.ticket.kind, matter.policy.now) and not matter.customer.ticket_id


def _in_hands(after: Matter, wording: Wording, kind: str) -> Outcome:
    """Somebody new holds the ticket: card, thread, customer and timers know it."""
    told = () if after.ticket.answered_at else after.customer_told(Wording.HANDOFF_TAKEN)
    return after.outcome(
        *after.card(),
        *after.note(wording),
        *_quota_warning(after),
        *told,
        jobs=promises.owes_an_answer(after.ticket, after.library),
        events=(after.event(kind, after.ticket.taker_name),),
    )


def _quota_warning(matter: Matter) -> tuple[Send, ...]:
    pushes = matter.scene.pushes
    if pushes is None or pushes.left != 0 or matter.ticket.customer.channel is not Channel.LINE:
        return ()
    return matter.note(Wording.DESK_QUOTA_USED_UP)


def _transfer(to: str, to_name: str, matter: Matter) -> Outcome:
    """To somebody by name; without one the taker lets go, and anybody else takes over."""
    by = _operator(matter)
    if not to and by.id == matter.ticket.taker_id:
        return _released(matter)
    target = Operator(id=to, name=to_name) if to and to != by.id else by
    after = _moved(Transfer(by=by, to=target), matter)
    if isinstance(after, Refusal):
        return _refused(after, matter)
    outcome = _in_hands(after, Wording.DESK_TRANSFERRED, "transferred")
    if target.id == by.id:
        return outcome
    called = after.note(Wording.DESK_YOUR_TURN, mentions=(target.id,))
    return replace(outcome, sends=(*outcome.sends, *called))


def _released(matter: Matter) -> Outcome:
    after = _moved(Release(by=_operator(matter)), matter)
    if isinstance(after, Refusal):
        return _refused(after, matter)
    return timers.free_again(after, Wording.DESK_RELEASED, "released")


def _closed(fields: dict[str, str], matter: Matter) -> Outcome:
    ending, note = fields.get("ending", ""), fields.get("note", "").strip()
    if not matter.ticket.open and (ending or note):
        return _annotated(ending, mask(note).text, matter)
    chosen: Ending = ending if ending in ENDINGS_OFFERED else ""  # type: ignore[assignment]  # checked in this line
    move = Close(by=_operator(matter), ending=chosen, note=mask(note).text)
    return _ended(move, Wording.DESK_CLOSED, matter)


def _annotated(ending: str, note: str, matter: Matter) -> Outcome:
    """How it ended, told once the ticket was closed: no move of it, only what the card and the history say."""
    known = matter.ticket
    chosen: Ending = ending if ending in ENDINGS_OFFERED else known.ending  # type: ignore[assignment]  # checked here
    after = replace(matter, ticket=replace(known, ending=chosen, note=note or known.note))
    return Outcome(
        ticket=after.ticket, sends=after.card(), events=(after.event("ending", chosen),), intent="handoff"
    )


def _ended(move: Close | Return, wording: Wording, matter: Matter) -> Outcome:
    after = _moved(move, matter)
    if isinstance(after, Refusal):
        return _refused(after, matter)
    words = Wording.HANDOFF_RETURNED if isinstance(move, Return) else Wording.HANDOFF_CLOSED
    reply = Reply(parts=(Text(text=after.words(words)),))
    if isinstance(move, Close):
        reply = survey.asked(reply, after)
    return after.outcome(
        *after.card(),
        *after.note(wording),
        *after.customer_hears(reply, purpose="closed"),
        events=(after.event("closed", after.ticket.ending),),
    )


def _said(text: str, matter: Matter) -> Outcome:
    """Only the taker's words reach the customer; other people's, and notes, stay in the thread and are marked."""
    result = spoken(text, matter.utterance.speaker.id, matter.ticket)
    match result.heard:
        case Heard.INTERNAL:
            return Outcome(sends=matter.mark(INSIDE))
        case Heard.NOBODY:
            buttons = (cards.take_button(matter.ticket, matter.library),)
            return Outcome(
                sends=(*matter.mark(INSIDE), *matter.aside(Wording.DESK_NOT_TAKEN_YET, buttons=buttons))
            )
        case Heard.CLOSED:
            refused = _refused(Refusal.CLOSED, matter)
            return replace(refused, sends=(*matter.mark(INSIDE), *refused.sends))
        case Heard.CUSTOMER:
            marks = matter.mark(INSIDE) if result.noted else ()
            outcome = answered(Reply(parts=(Text(text=result.outward),)), result.outward, matter)
            return replace(outcome, sends=(*outcome.sends, *marks))
    assert_never(result.heard)


def answered(reply: Reply, text: str, matter: Matter) -> Outcome:
    """The taker's words on their way to the customer, and the timers that follow from them."""
    if matter.customer.blocked:
        return Outcome(sends=(*matter.mark(FAILED), *matter.aside(Wording.DESK_CUSTOMER_LEFT)))
    now, before = matter.policy.now, matter.ticket
    first = before.answered_at is None
    ticket = replace(
        before,
        answered_at=before.answered_at or now,
        operator_said_at=now,
        unanswered_since=None,
        silence_asked_at=None,
    )
    message_id = matter.utterance.message_id
    line = Line(who="operator", text=mask(text).text, said_at=matter.utterance.said_at, message_id=message_id)
    recent = kept((*matter.customer.recent, line)) if line.text else matter.customer.recent
    after = replace(matter, ticket=ticket, customer=replace(matter.customer, recent=recent))
    replies = _in_calls(reply)
    sends = [
        send
        for place, part in enumerate(replies)
        for send in after.customer_hears(
            part,
            purpose=f"answer:{message_id}:{place}",
            sender=ticket.taker_name,
            # They leave in order: once the last one has arrived, all have.
            origins=(message_id,) if message_id and place == len(replies) - 1 else (),
        )
    ]
    waited = str(int((now - before.opened_at).total_seconds()))
    return after.outcome(
        *sends,
        jobs=promises.awaits_the_customer(ticket, matter.library),
        lines=(line,) if line.text else (),
        events=(after.event("answered", waited),) if first else (),
    )


def _in_calls(reply: Reply) -> tuple[Reply, ...]:
    """*reply*, in as many calls as its text needs: LINE takes five messages of 5,000 units in one."""
    match reply.parts:
        case (Text(text=text),) if len(text) > _ONE_CALL:
            cuts = range(0, len(text), _ONE_CALL)
            return tuple(Reply(parts=(Text(text=text[cut : cut + _ONE_CALL]),)) for cut in cuts)
        case _:
            return (reply,)


def _shown(attachment: Attachment, matter: Matter) -> Outcome:
    """A picture or file of the taker, as a link that the customer's LINE can open for a while."""
    if matter.utterance.speaker.id != matter.ticket.taker_id or not matter.ticket.open:
        return Outcome(sends=matter.mark(INSIDE))
    if not matter.policy.media and matter.ticket.customer.channel is Channel.LINE:
        return Outcome(sends=(*matter.mark(FAILED), *matter.aside(Wording.DESK_NO_MEDIA)))
    media = Media(
        media=attachment.media,
        source=Channel.SLACK,
        content_id=attachment.content_id,
        name=attachment.name,
    )
    return answered(Reply(parts=(media,)), matter.words(Wording.SHOWN_FILE, file=attachment.name), matter)


def _edited(edited: Edited, matter: Matter) -> Outcome:
    """What the customer has cannot be changed: they are told how it should read. What has not gone yet goes as it reads
    now, or not at all. Nothing else leaves by an edit.
    """
    relayed = matter.scene.relayed
    if relayed is None:
        return Outcome()
    result = spoken(edited.text, matter.utterance.speaker.id, matter.ticket)
    about = replace(matter, utterance=replace(matter.utterance, message_id=edited.message_id))
    on_its_way = not relayed.copies
    if result.heard is not Heard.CUSTOMER:
        if on_its_way and is_note(edited.text):
            return Outcome(sends=about.mark(INSIDE), withdrawn=(relayed.send_id,))
        return Outcome(sends=matter.aside(Wording.DESK_EDIT_NOT_SENT))
    words = result.outward if on_its_way else matter.words(Wording.CORRECTION, text=result.outward)
    outcome = answered(Reply(parts=(Text(text=words),)), words, about)
    return replace(outcome, withdrawn=(relayed.send_id,)) if on_its_way else outcome


def _taken_back(message_id: str, matter: Matter) -> Outcome:
    """A deleted message: not sent if it has not gone yet; else the customer is told to pass it over."""
    relayed = matter.scene.relayed
    if relayed is None or relayed.origin != message_id:
        return Outcome(forget=(message_id,))
    if not relayed.copies:
        return Outcome(withdrawn=(relayed.send_id,), forget=(message_id,))
    line = matter.scene.line
    quote = drafts.short(line.text) if line else ""
    words = Wording.WITHDRAWAL if quote else Wording.WITHDRAWAL_UNQUOTED
    told = matter.customer_hears(
        Reply(parts=(Text(text=matter.words(words, quote=quote)),)), purpose="withdrawal"
    )
    return matter.outcome(*told, forget=(message_id,))


def _helped(button: Pressed, matter: Matter) -> Outcome:
    """A draft of the bot's, or a ready-made reply: to the taker alone until they send it."""
    ticket = matter.ticket
    if matter.utterance.speaker.id != ticket.taker_id:
        return _refused(Refusal.NOT_YOURS if ticket.open else Refusal.CLOSED, matter)
    _, _, carried = button.value.partition(":")
    match button.action:
        case cards.TICKET_DRAFT:
            return drafts.offered(matter)
        case cards.TICKET_DRAFT_DROP:
            return Outcome(sends=matter.aside(Wording.DRAFT_DROPPED))
        case cards.TICKET_CANNED:
            return canned(carried, matter)
        case _:
            return _sent_for_the_taker(dict(button.fields).get("text", "") or carried, matter)


def canned(name: str, matter: Matter) -> Outcome:
    """The ready-made reply called *name*, with the customer's facts filled in."""
    if matter.utterance.speaker.id != matter.ticket.taker_id:
        return _refused(Refusal.NOT_YOURS if matter.ticket.open else Refusal.CLOSED, matter)
    text = matter.library.replies.get(name)
    if text is None:
        names = "、".join(matter.library.replies)
        return Outcome(sends=matter.aside(Wording.CANNED_UNKNOWN, wanted=name, names=names))
    return _sent_for_the_taker(drafts.filled(text, matter), matter)


def _sent_for_the_taker(text: str, matter: Matter) -> Outcome:
    """Words the taker chose rather than typed: sent, and shown in the thread so that everybody sees what went out."""
    result = spoken(text, matter.utterance.speaker.id, matter.ticket)
    if result.heard is not Heard.CUSTOMER:
        return Outcome(sends=matter.aside(Wording.DESK_EDIT_NOT_SENT))
    plain = replace(matter, utterance=replace(matter.utterance, message_id=""))
    outcome = answered(Reply(parts=(Text(text=result.outward),)), result.outward, plain)
    copy = matter.note(Wording.DESK_SENT_FOR, text=result.outward)
    sent = matter.aside(Wording.DESK_SENT_OK)
    return replace(outcome, sends=(*outcome.sends, *copy, *sent))


def ticket_of(value: str) -> str:
    """The ticket's id in a button's value, which may carry more behind a colon."""
    return value.partition(":")[0]


def held_tickets(tickets: tuple[Ticket, ...], operator_id: str) -> tuple[Ticket, ...]:
    return tuple(ticket for ticket in tickets if ticket.taker_id == operator_id)
