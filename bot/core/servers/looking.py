"""Looks at mail servers that a talk gives reason for, and the second message with what they found."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from bot.core.conversations import Line, Mode
from bot.core.desk.handoff import kept
from bot.core.dialogue.reading import SYMPTOMS
from bot.core.jobs import Job
from bot.core.messages import Address, Channel, Reply, Say, Send, Text
from bot.core.outcome import Outcome
from bot.core.servers.findings import advise
from bot.core.servers.reminders import REVERT_REMINDER
from bot.core.wording import Wording, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.conversations import Conversation
    from bot.core.dialogue.talk import Turn
    from bot.core.library import Library
    from bot.core.messages import Part, Utterance
    from bot.core.outcome import Policy
    from bot.core.providers import Provider, Server
    from bot.core.servers.findings import Observation
    from bot.core.slots import Slots

LOOK = "look"
"""The job that looks at a provider's servers for one talk."""

RENEWAL_WATCH = "renewal_watch"
"""The job that looks whether a certificate was renewed, for someone who took the temporary measure."""

FRESH_FOR = timedelta(minutes=10)
"""How long a look stands for the servers as they are; sooner nobody looks at them again."""

WATCH_EVERY = timedelta(hours=6)

_SOON = timedelta(minutes=1)
_MOST_LINES = 6
_GIST = 120
_NAMESPACE = UUID("6c1d0f0e-4f5b-5a0e-9a55-6c6f6f6b7321")
_VALID = "look_certificate_valid"


def connection_trouble(intent: str, slots: Slots, library: Library) -> bool:
    """Whether a talk about this is about reaching the provider's servers."""
    if intent in SYMPTOMS or intent == "ssl_warning":
        return True
    code = library.error_codes.get(slots.error_code or "")
    return intent == "error_code" and code is not None and code.connection


def lines_to_look_at(provider: Provider) -> tuple[Server, ...]:
    """The encrypted lines that customers use; none where names differ per account, or the service has ended."""
    if provider.ended:
        return ()
    lines = [line for line in provider.servers if line.usable and line.port and not line.host_varies]
    return tuple(lines[:_MOST_LINES])


def look_jobs(turn: Turn, utterance: Utterance, library: Library, policy: Policy) -> tuple[Job, ...]:
    """A look, where the talk gives reason for one; for one talk not more often than a look is good for."""
    slots = turn.conversation.slots
    provider = library.providers.get(slots.provider or "")
    if not policy.look or provider is None or not lines_to_look_at(provider):
        return ()
    if turn.decision.kind != "answer" or not connection_trouble(turn.intent, slots, library):
        return ()
    return (_job(LOOK, provider.id, utterance.address, policy.now, intent=turn.intent),)


def place(job: Job) -> Address:
    """The talk that *job* is for."""
    told = job.details
    return Address(channel=Channel(told["channel"]), to=told["to"], thread=told["thread"], team=told["team"])


def address_details(address: Address) -> dict[str, str]:
    """*address* in a job's details; `place` reads it back."""
    return {
        "channel": address.channel,
        "to": address.to,
        "thread": address.thread,
        "team": address.team,
    }


def look_told(
    job: Job, conversation: Conversation, looks: Sequence[Observation], library: Library, now: datetime
) -> Outcome:
    """The second message, where it helps: not while a person talks, and not that all is well to those who were not
    warned of a certificate.
    """
    provider_id = job.details["provider"]
    moved_on = conversation.slots.provider != provider_id or conversation.mode is Mode.HUMAN
    if conversation.blocked or moved_on:
        return Outcome()
    text = _words(looks, provider_id, job.details["intent"], library)
    if not text or _was_said(text, conversation):
        return Outcome()
    return said_later((Text(text=text),), conversation, send_id=str(uuid5(_NAMESPACE, job.id)), now=now)


def said_later(
    parts: tuple[Part, ...], conversation: Conversation, *, send_id: str, now: datetime
) -> Outcome:
    """*parts* as a message of their own, remembered as said."""
    line = Line(
        who="bot", text=_gist(next(part.text for part in parts if isinstance(part, Text))), said_at=now
    )
    send = Send(
        id=send_id,
        address=conversation.address,
        payload=Say(reply=Reply(parts=parts)),
        lane=conversation.address.key,
        due_at=now,
    )
    return Outcome(
        conversations=(replace(conversation, recent=kept((*conversation.recent, line))),),
        sends=(send,),
        lines=((conversation.address, line),),
    )


def renewal_watch(reminder: Job, now: datetime) -> Job:
    """The first look for someone whose reminder to go back is *reminder*: how the certificates are now."""
    return _watch(reminder, now + _SOON, seen="")


def watch_again(watch: Job, looks: Sequence[Observation], now: datetime) -> tuple[Job, ...]:
    """The look after *watch*; none when the reminder itself comes first."""
    reminder = watched_reminder(watch)
    due = now + WATCH_EVERY
    return (
        (_watch(reminder, due, seen=watch.details["seen"] or _seen(looks)),) if due < reminder.due_at else ()
    )


def watched_reminder(watch: Job) -> Job:
    """The reminder that *watch* may make come sooner."""
    told = dict(watch.details)
    reminder_id, until = told.pop("reminder"), told.pop("until")
    del told["seen"]
    return Job(id=reminder_id, kind=REVERT_REMINDER, due_at=datetime.fromisoformat(until), details=told)


def renewed(watch: Job, looks: Sequence[Observation]) -> bool:
    """Whether certificates are other ones than when the watch began, and all is well with them."""
    if not watch.details["seen"] or any(look.faults or look.trouble for look in looks):
        return False
    return bool(_seen(looks)) and _seen(looks) != watch.details["seen"]


def _watch(reminder: Job, due: datetime, *, seen: str) -> Job:
    details = {
        **reminder.details,
        "reminder": reminder.id,
        "until": reminder.due_at.isoformat(),
        "seen": seen,
    }
    watch_id = str(uuid5(_NAMESPACE, f"{reminder.id}\n{due.isoformat()}"))
    return Job(id=watch_id, kind=RENEWAL_WATCH, due_at=due, details=details)


def _seen(looks: Sequence[Observation]) -> str:
    """The certificates, so that a later look can tell whether they are still the same."""
    return " ".join(
        sorted(
            f"{look.host}:{look.port}:{look.certificate.not_after:%Y%m%d%H%M}:{'bad' if look.faults else 'good'}"
            for look in looks
            if look.certificate is not None
        )
    )


def _job(kind: str, provider_id: str, address: Address, now: datetime, **details: str) -> Job:
    slot = int(now.timestamp() // FRESH_FOR.total_seconds())
    return Job(
        id=str(uuid5(_NAMESPACE, f"{kind}\n{provider_id}\n{slot}\n{address.key}")),
        kind=kind,
        due_at=now,
        details={"provider": provider_id, **address_details(address), **details},
    )


def _words(looks: Sequence[Observation], provider_id: str, intent: str, library: Library) -> str:
    advice = advise(looks)
    provider = library.providers[provider_id]
    about_certificates = intent == "ssl_warning"
    lines = []
    if advice.message and (advice.message != _VALID or about_certificates):
        lines.append(said(library, Wording(advice.message), **advice.slots))
    measure = provider.temporary_measure
    if about_certificates and measure and measure.enabled and not advice.temporary_measure:
        lines.append(said(library, Wording.LOOK_PLAIN_CLOSED, provider=provider.name))
    return "\n\n".join(lines)


def _was_said(text: str, conversation: Conversation) -> bool:
    return any(line.who == "bot" and line.text == _gist(text) for line in conversation.recent)


def _gist(text: str) -> str:
    flat = text.replace("\n", " ")
    return flat if len(flat) <= _GIST else f"{flat[: _GIST - 1]}…"
