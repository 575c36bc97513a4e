"""The trouble radar: when far more people than usual report trouble with one provider, operators hear of it.

The statistic is the upper tail of a Poisson distribution: how likely are so many people within half an hour, if nothing
is wrong? What is usual is the trimmed mean of the same time of day over the last four weeks, so that a trouble of last
week does not hide the next one.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from bot.core.hours import JAPAN
from bot.core.jobs import Job
from bot.core.messages import Channel, Choices, Reply, Revise, Say, Send, Text
from bot.core.outbox import made_id, to_speaker
from bot.core.outcome import Outcome
from bot.core.reports import SLOT, Episode, Report, slot_of
from bot.core.servers.findings import advise
from bot.core.servers.looking import connection_trouble
from bot.core.wording import Wording, said

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from bot.core.dialogue.talk import Turn
    from bot.core.library import Library
    from bot.core.messages import Address, Part, Pressed, Utterance
    from bot.core.outcome import Policy
    from bot.core.servers.findings import Observation

RADAR = "radar"
"""The job that weighs a provider's reports."""

RADAR_CONFIRM = "radar_confirm"
RADAR_DISMISS = "radar_dismiss"
RADAR_END = "radar_end"
BUTTONS = frozenset({RADAR_CONFIRM, RADAR_DISMISS, RADAR_END})

WINDOW = timedelta(minutes=30)
HISTORY_DAYS = 28
AROUND = timedelta(hours=1)
"""How far before and after the time of day past days count: people do not keep to the minute."""

FLOOR = 5
"""People within the window. Fewer are never an alarm, however quiet it usually is."""

TIMES_USUAL = 3
"""An alarm needs this many times the usual number: Mondays are busier than other days."""

RARE = 1e-5
"""An alarm needs a number that comes about by chance no more often than this."""

LEAST_USUAL = 0.25
"""People within the window that are taken as usual at least, as nobody knows a provider well who hardly hears of it."""

NOTICE_FOR = timedelta(hours=6)
QUIET_AFTER = timedelta(hours=2)

_LEFT_OUT = 10
"""One day in so many, the busiest, is left out of what is usual: it may have been a trouble."""

_LANE = "desk:radar"
_NAMESPACE = UUID("6c1d0f0e-4f5b-5a0e-9a55-726164617221")
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How many people reported trouble within the window, how many do so usually, and how likely so many are then."""

    people: int
    usual: float
    chance: float

    @property
    def high(self) -> bool:
        """Whether it is far above what is usual."""
        return self.people >= FLOOR and self.people >= TIMES_USUAL * self.usual and self.chance < RARE


def reports_of(turn: Turn, utterance: Utterance, library: Library, policy: Policy) -> tuple[Report, ...]:
    """A report, where a customer's talk is about reaching a known provider's servers and operators can hear of it."""
    slots = turn.conversation.slots
    counted = policy.desk is not None and utterance.address.channel is not Channel.SLACK
    if not counted or slots.provider is None or slots.provider not in library.providers:
        return ()
    if turn.decision.kind != "answer" or not connection_trouble(turn.intent, slots, library):
        return ()
    day = policy.now.astimezone(JAPAN).date()
    who = hashlib.sha256(f"{day} {utterance.address.key}".encode()).hexdigest()[:16]
    return (Report(provider=slots.provider, who=who, at=slot_of(policy.now)),)


def radar_jobs(reports: Sequence[Report], policy: Policy) -> tuple[Job, ...]:
    """Weigh each provider's reports within a minute, where operators can hear of it; once for all of that minute."""
    if policy.desk is None or not reports:
        return ()
    minute = datetime.fromtimestamp((policy.now.timestamp() // 60 + 1) * 60, policy.now.tzinfo)
    return tuple(
        Job(
            id=f"{RADAR}:{report.provider}:{minute:%Y%m%dT%H%M}",
            kind=RADAR,
            due_at=minute,
            details={"provider": report.provider},
        )
        for report in reports
    )


def level(reports: Sequence[Report], now: datetime) -> Level:
    """How *reports*, of one provider and the last four weeks, stand at *now*."""
    people = len({report.who for report in reports if now - WINDOW < report.at + SLOT and report.at <= now})
    usual = _usual(reports, now)
    return Level(people=people, usual=usual, chance=poisson_tail(people, usual))


def poisson_tail(count: int, mean: float) -> float:
    """The probability of *count* or more where *mean* is usual."""
    if count <= 0:
        return 1.0
    if count <= mean:
        return 1.0 - sum(_poisson(number, mean) for number in range(count))
    term, total, number = _poisson(count, mean), 0.0, count
    while term > total * 1e-12:
        total += term
        number += 1
        term *= mean / number
    return min(total, 1.0)


def seen_again(
    before: Episode | None, provider_id: str, cause: Literal["reports", "look"], now: datetime
) -> tuple[Episode, bool]:
    """The episode that a trouble noticed at *now* belongs to, and whether it is a new one, of which operators hear."""
    if before is not None and not _is_over(before, now):
        return replace(before, seen_at=now), False
    return Episode(provider=provider_id, began_at=now, seen_at=now, cause=cause), True


def finding_words(looks: Sequence[Observation], library: Library) -> str:
    """What a look found, as operators read it beside the count."""
    advice = advise(looks)
    if advice.message and advice.message != "look_certificate_valid":
        return said(library, Wording(advice.message), **advice.slots)
    return said(library, Wording.RADAR_WELL) if any(look.greeting for look in looks) else ""


def alert(episode: Episode, found: str, seen: Level | None, library: Library, *, desk: Address) -> Send:
    """What operators hear of a new episode: the count, what a look found, and a notice for customers to confirm."""
    return Send(
        id=_alert_id(episode),
        address=desk,
        payload=Say(reply=Reply(parts=_alert(episode, found, seen, library))),
        lane=_LANE,
        due_at=episode.began_at,
    )


def decided(
    utterance: Utterance, pressed: Pressed, episode: Episode, library: Library, policy: Policy
) -> Outcome:
    """An operator pressed a button under the alert."""
    desk = policy.desk
    if desk is None or (utterance.address.channel, utterance.address.to) != (desk.channel, desk.to):
        return Outcome()
    who = utterance.speaker.name or utterance.speaker.id
    if pressed.value != _button_value(episode) or _is_over(episode, policy.now):
        return _only_told(utterance, Wording.RADAR_OVER, episode, library, policy)
    match (pressed.action, episode.state):
        case ("radar_confirm", "suspected"):
            until = policy.now + NOTICE_FOR
            after = replace(episode, state="confirmed", until=until, by=who)
        case ("radar_dismiss", "suspected"):
            after = replace(episode, state="dismissed", by=who)
        case ("radar_end", "confirmed"):
            after = replace(episode, state="ended", until=None, by=who)
        case _:
            return _only_told(utterance, Wording.RADAR_ALREADY, episode, library, policy)
    told = Revise(send_id=_alert_id(episode), reply=Reply(parts=_settled(after, library)))
    send = Send(id=made_id(utterance, "radar"), address=desk, payload=told, lane=_LANE, due_at=policy.now)
    return Outcome(episode=after, sends=(send,))


def _usual(reports: Sequence[Report], now: datetime) -> float:
    """People within a window at this time of day: the mean of past days without the busiest."""
    days = _days_on_record(reports, now)
    if days == 0:
        return LEAST_USUAL
    people: dict[int, set[str]] = defaultdict(set)
    for report in reports:
        past = round((now - report.at) / _DAY)
        from_then = report.at - (now - past * _DAY)
        if 1 <= past <= days and -WINDOW - AROUND < from_then <= AROUND:
            people[past].add(report.who)
    counts = sorted(len(people[past]) for past in range(1, days + 1))
    kept = counts[: len(counts) - math.ceil(len(counts) / _LEFT_OUT)] or counts
    windows = (WINDOW + 2 * AROUND) / WINDOW
    return max(sum(kept) / len(kept) / windows, LEAST_USUAL)


def _days_on_record(reports: Sequence[Report], now: datetime) -> int:
    """For how many whole days there are reports, so that a new bot does not take its first days for quiet ones."""
    if not reports:
        return 0
    return min((now - min(report.at for report in reports)) // _DAY, HISTORY_DAYS)


def _poisson(number: int, mean: float) -> float:
    return math.exp(number * math.log(mean) - mean - math.lgamma(number + 1))


def _is_over(episode: Episode, now: datetime) -> bool:
    """Quiet for long enough, or the notice to customers has run out."""
    if episode.state == "confirmed" and episode.until is not None:
        return now >= episode.until
    return now - episode.seen_at > QUIET_AFTER


def _alert_id(episode: Episode) -> str:
    return str(uuid5(_NAMESPACE, _button_value(episode)))


def _button_value(episode: Episode) -> str:
    return f"{episode.provider}:{int(episode.began_at.timestamp())}"


def _alert(episode: Episode, found: str, seen: Level | None, library: Library) -> tuple[Part, ...]:
    provider = library.providers[episode.provider].name
    head = (
        said(
            library,
            Wording.RADAR_ALERT,
            provider=provider,
            people=seen.people,
            minutes=WINDOW // _MINUTE,
            usual=f"{seen.usual:.1f}",
        )
        if seen
        else said(library, Wording.RADAR_VERIFY, provider=provider)
    )
    notice = said(library, Wording.TROUBLE_NOTICE, provider=provider)
    suggested = said(library, Wording.RADAR_SUGGESTED, notice=notice)
    found = said(library, Wording.RADAR_FOUND, found=found) if found else ""
    text = "\n\n".join(filter(None, (head, found, suggested)))
    return (Text(text=text), _buttons(episode, library, RADAR_CONFIRM, RADAR_DISMISS))


def _settled(episode: Episode, library: Library) -> tuple[Part, ...]:
    """The alert once an operator has decided."""
    provider = library.providers[episode.provider].name
    match episode.state:
        case "confirmed":
            assert episode.until is not None
            until = episode.until.astimezone(JAPAN)
            text = said(
                library, Wording.RADAR_CONFIRMED, provider=provider, who=episode.by, until=f"{until:%H:%M}"
            )
            return (Text(text=text), _buttons(episode, library, RADAR_END))
        case "dismissed":
            return (Text(text=said(library, Wording.RADAR_DISMISSED, provider=provider, who=episode.by)),)
        case "ended" | "suspected":
            return (Text(text=said(library, Wording.RADAR_ENDED, provider=provider, who=episode.by)),)


def _buttons(episode: Episode, library: Library, *names: str) -> Choices:
    value = _button_value(episode)
    return Choices(prompt="", options=tuple(replace(library.buttons[name], value=value) for name in names))


def _only_told(
    utterance: Utterance, wording: Wording, episode: Episode, library: Library, policy: Policy
) -> Outcome:
    provider = library.providers.get(episode.provider)
    text = said(library, wording, provider=provider.name if provider else episode.provider, who=episode.by)
    reply = Reply(parts=(Text(text=text),))
    return Outcome(sends=to_speaker(utterance, reply, policy, only_for=utterance.speaker.id))
