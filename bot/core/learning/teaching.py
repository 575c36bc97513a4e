"""What operators are asked about misses, what becomes of their answers, and the weekly digest, in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from bot.core.hours import JAPAN
from bot.core.jobs import Job
from bot.core.messages import Channel, Choice, Choices, Pressed, Reply, Revise, Say, Send, Text
from bot.core.misses import IGNORED, FiledMiss, Label, Miss
from bot.core.outbox import made_id, to_speaker
from bot.core.outcome import Outcome
from bot.core.text import fold
from bot.core.understanding import OUT_OF_SCOPE
from bot.core.wording import Wording, said

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.learning.clusters import Cluster
    from bot.core.library import Library
    from bot.core.messages import Address, Utterance
    from bot.core.misses import Reason
    from bot.core.outcome import Policy

MISS_LABEL = "miss_label"
"""The buttons under a miss; the value is the miss's id, a colon, and the label ("" takes the last answer back)."""

MISS_QUESTION = "miss_question"
"""The job that asks operators about one miss."""

MISS_DIGEST = "miss_digest"
"""The job that reports every Monday morning."""

LANE = "desk:learning"

_AFTER_HAND_OFF = timedelta(minutes=10)
_MOST_GUESSES = 3
_SHOWN_CLUSTERS = 5
_QUOTED = 60
_DIGEST_AT = time(9, 0)
_WEEK = timedelta(days=7)
_NAMESPACE = UUID("6c1d0f0e-4f5b-5a0e-9a55-6c6561726e73")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts of a span of time: messages the bot answered, misses by reason, labels that operators gave, and of those how often the bot's best guess had been right (`guessed`) or its answer out of scope was (`rightly_unknown`)."""

    answered: int = 0
    unknown: int = 0
    denied: int = 0
    handed_off: int = 0
    labelled: int = 0
    guessed: int = 0
    rightly_unknown: int = 0

    @property
    def misses(self) -> int:
        return self.unknown + self.denied + self.handed_off


def question_jobs(misses: Iterable[Miss], policy: Policy) -> tuple[Job, ...]:
    """One job a miss, where there are operators to ask. After a wish for a person they have something better to do first."""
    if policy.desk is None:
        return ()
    return tuple(
        Job(
            id=f"{MISS_QUESTION}:{miss.id}",
            kind=MISS_QUESTION,
            due_at=policy.now + (_AFTER_HAND_OFF if miss.reason == "handed_off" else timedelta()),
            details={"miss": miss.id},
        )
        for miss in misses
    )


def digest_job(now: datetime) -> Job:
    """The next digest after *now*. Its id is made from its day, so that however many processes want it, it is one job."""
    today = now.astimezone(JAPAN)
    monday = datetime.combine(today.date() - timedelta(days=today.weekday()), _DIGEST_AT, JAPAN)
    due = monday if monday > today else monday + _WEEK
    return Job(
        id=f"{MISS_DIGEST}:{due.date().isoformat()}", kind=MISS_DIGEST, due_at=due.astimezone(now.tzinfo)
    )


def question_id(miss: Miss) -> str:
    """The id of the send that asks about *miss*."""
    return str(uuid5(_NAMESPACE, f"question {miss.id}"))


def question(miss: Miss, desk: Address, library: Library, now: datetime) -> Send:
    """「これはどの用件？」, at the desk."""
    return _at_desk(question_id(miss), Say(reply=_asking(miss, library)), desk, now)


def labelled(
    utterance: Utterance, pressed: Pressed, misses: Sequence[FiledMiss], library: Library, policy: Policy
) -> Outcome:
    """An operator answered. *misses*: the one the button names, then others still open.

    Those that say the very same, letter by letter, are settled with it; others only look alike.
    """
    named, *others = misses
    _, _, intent = pressed.value.partition(":")
    if named.exported_at is not None:
        return _only_told(utterance, Wording.LEARN_EXPORTED, named, library, policy)
    if not intent:
        return _reopened(utterance, named, library, policy)
    if named.label is not None:
        return _only_told(utterance, Wording.LEARN_ALREADY, named, library, policy)
    if intent not in {*library.intents, OUT_OF_SCOPE, IGNORED}:
        return _only_told(utterance, Wording.LEARN_INTENT_GONE, named, library, policy)
    label = Label(intent=intent, by=utterance.speaker.id, at=policy.now)
    words = fold(named.miss.text)
    same = [other for other in others if fold(other.miss.text) == words]
    filed = tuple(replace(each, label=label) for each in (named, *same))
    told = _settled(filed[0], utterance.speaker.name or utterance.speaker.id, library)
    return Outcome(filed=filed, sends=_revised(utterance, named, told, policy))


def withdrawn(utterance: Utterance, send_id: str, library: Library, policy: Policy) -> tuple[Send, ...]:
    """The customer took the message back: nothing of it stays at the desk."""
    desk = policy.desk
    if desk is None or not send_id:
        return ()
    told = Reply(parts=(Text(text=said(library, Wording.LEARN_WITHDRAWN)),))
    payload = Revise(send_id=send_id, reply=told)
    return (_at_desk(made_id(utterance, f"withdrawn {send_id}"), payload, desk, policy.now),)


def digest(  # noqa: PLR0913 - all of one message
    job: Job, *, tally: Tally, clusters: Sequence[Cluster], desk: Address, library: Library, now: datetime
) -> Send:
    """The week that ended when *job* fell due, in one message."""
    lines = [_counts(job, tally, library)]
    if tally.labelled:
        lines.append(said(library, Wording.DIGEST_HINT, **_fields(tally)))
    if clusters:
        shown = [_cluster_line(cluster, library) for cluster in clusters[:_SHOWN_CLUSTERS]]
        lines.append("\n".join([said(library, Wording.DIGEST_CLUSTERS), *shown]))
    lines.append(said(library, Wording.DIGEST_HOW if clusters else Wording.DIGEST_NOTHING_OPEN))
    send_id = str(uuid5(_NAMESPACE, job.id))
    return _at_desk(send_id, Say(reply=Reply(parts=(Text(text="\n\n".join(lines)),))), desk, now)


def reason_words(reason: Reason, library: Library) -> str:
    return said(library, _REASONS[reason])


_REASONS = {
    "unknown": Wording.LEARN_UNKNOWN,
    "denied": Wording.LEARN_DENIED,
    "handed_off": Wording.LEARN_HANDED_OFF,
}


def label_words(intent: str, library: Library) -> str:
    """The label as people call it."""
    if intent == IGNORED:
        return library.buttons["miss_ignored"].label
    if intent == OUT_OF_SCOPE or intent not in library.intents:
        return library.buttons["miss_out_of_scope"].label if intent == OUT_OF_SCOPE else intent
    return library.intents[intent].title


def _asking(miss: Miss, library: Library) -> Reply:
    shown = Text(
        text=said(library, Wording.LEARN_QUESTION, reason=reason_words(miss.reason, library), **_of(miss))
    )
    guesses = [
        match.intent
        for match in miss.guesses
        if match.intent in library.intents and match.intent != OUT_OF_SCOPE
    ]
    best = guesses[:_MOST_GUESSES]
    rest = [intent for intent in library.intents if intent not in {*best, OUT_OF_SCOPE}]
    neither = tuple(
        replace(library.buttons[name], value=f"{miss.id}:{intent}")
        for name, intent in (("miss_out_of_scope", OUT_OF_SCOPE), ("miss_ignored", IGNORED))
    )
    return Reply(
        parts=(
            shown,
            Choices(prompt=said(library, Wording.LEARN_WHICH), options=_buttons(miss, best, library)),
            Choices(
                prompt=said(library, Wording.LEARN_OTHERS), options=(*_buttons(miss, rest, library), *neither)
            ),
        )
    )


def _buttons(miss: Miss, intents: Iterable[str], library: Library) -> tuple[Choice, ...]:
    return tuple(
        Choice(label=library.intents[intent].title, action=MISS_LABEL, value=f"{miss.id}:{intent}")
        for intent in intents
    )


def _reopened(utterance: Utterance, named: FiledMiss, library: Library, policy: Policy) -> Outcome:
    """The answer is taken back, and the question stands there again."""
    return Outcome(
        filed=(replace(named, label=None),),
        sends=_revised(utterance, named, _asking(named.miss, library), policy),
    )


def _settled(filed: FiledMiss, who: str, library: Library) -> Reply:
    assert filed.label is not None
    wording = Wording.LEARN_IGNORED if filed.label.intent == IGNORED else Wording.LEARN_LABELLED
    told = said(library, wording, who=who, label=label_words(filed.label.intent, library), **_of(filed.miss))
    again = replace(library.buttons["miss_again"], value=f"{filed.miss.id}:")
    return Reply(parts=(Text(text=told), Choices(prompt="", options=(again,))))


def _only_told(
    utterance: Utterance, wording: Wording, named: FiledMiss, library: Library, policy: Policy
) -> Outcome:
    label = label_words(named.label.intent, library) if named.label else ""
    reply = Reply(parts=(Text(text=said(library, wording, label=label, **_of(named.miss))),))
    return Outcome(sends=to_speaker(utterance, reply, policy, only_for=utterance.speaker.id))


def _revised(utterance: Utterance, named: FiledMiss, reply: Reply, policy: Policy) -> tuple[Send, ...]:
    if policy.desk is None or not named.question_id:
        return ()
    payload = Revise(send_id=named.question_id, reply=reply)
    return (_at_desk(made_id(utterance, "labelled"), payload, policy.desk, policy.now),)


def _at_desk(send_id: str, payload: Say | Revise, desk: Address, now: datetime) -> Send:
    return Send(id=send_id, address=desk, payload=payload, lane=LANE, due_at=now)


def _of(miss: Miss) -> dict[str, str]:
    return {
        "text": miss.text,
        "channel": _CHANNELS[miss.channel],
        "month": str(miss.said_on.month),
        "day": str(miss.said_on.day),
    }


_CHANNELS = {Channel.LINE: "LINE", Channel.SLACK: "Slack", Channel.CONSOLE: "chat"}


def _counts(job: Job, tally: Tally, library: Library) -> str:
    behind = job.due_at.astimezone(JAPAN)
    start, end = behind - _WEEK, behind - timedelta(days=1)
    return said(
        library,
        Wording.DIGEST_COUNTS,
        start=f"{start.month}/{start.day}",
        end=f"{end.month}/{end.day}",
        share=_per_cent(tally.unknown, tally.answered),
        **_fields(tally),
    )


def _fields(tally: Tally) -> dict[str, int]:
    return {
        "answered": tally.answered,
        "misses": tally.misses,
        "unknown": tally.unknown,
        "denied": tally.denied,
        "handed_off": tally.handed_off,
        "labelled": tally.labelled,
        "guessed": tally.guessed,
        "rightly_unknown": tally.rightly_unknown,
    }


def _per_cent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "0"


def _cluster_line(cluster: Cluster, library: Library) -> str:
    best = next((match.intent for match in cluster.guesses if match.intent in library.intents), "")
    text = cluster.leader.text
    return said(
        library,
        Wording.DIGEST_CLUSTER,
        text=text if len(text) <= _QUOTED else f"{text[: _QUOTED - 1]}…",
        count=len(cluster.misses),
        guess=label_words(best, library) if best else "—",
    )
