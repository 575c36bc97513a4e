"""What an event costs, part by part, each alone in this process: microseconds of CPU."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from bench.edges import calls, webhooks
from bench.http1 import cut
from bench.load import Plan, webhook
from bench.loops import run
from bench.processes import SECRET
from bot.app.clock import SystemClock
from bot.channels.line.inbound import utterance_of
from bot.content.library import load_library
from bot.core.conversations import Conversation
from bot.core.messages import Channel, Say, Utterance
from bot.core.outcome import Policy, Scene
from bot.core.respond import respond
from bot.desk.courier import Courier
from bot.desk.reception import Reception
from bot.store.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from bot.core.library import Library
    from bot.core.messages import Address, Send
    from bot.core.outcome import Outcome
    from bot.desk.ports import Parcel, Sender

T = TypeVar("T")

EVENTS = 1600
USERS = 200


def parts(folder: Path) -> Mapping[str, float]:
    """Microseconds of CPU an event, by part."""
    library = load_library()
    plan = Plan(port=0, secret=SECRET, events=EVENTS, users=USERS)
    bodies = [message.body for n in range(EVENTS) if (message := cut(bytearray(webhook(n, plan))))]
    utterances = [_read(body) for body in bodies]
    outcomes, responding = _timed(lambda: _answered(utterances, library))
    sends = [send for each in outcomes for send in each.sends if isinstance(send.payload, Say)]
    return {
        "webhook: HTTP, signature, utterance": run(webhooks(EVENTS)),
        "respond: understand, decide, answer": responding,
        "store: hear, lease, note as sent": run(_kept(utterances, outcomes, library, folder)),
        "answer: messages, call to LINE": run(calls(sends)),
    }


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    began = time.process_time()
    result = work()
    return result, _an_event(began)


def _an_event(began: float) -> float:
    return (time.process_time() - began) / EVENTS * 1e6


def _read(body: bytes) -> Utterance:
    utterance = utterance_of(json.loads(body)["events"][0], received_at=datetime.now(UTC))
    assert isinstance(utterance, Utterance)
    return utterance


def _answered(utterances: Sequence[Utterance], library: Library) -> list[Outcome]:
    talks: dict[Address, Conversation] = {}
    outcomes = []
    for utterance in utterances:
        before = talks.get(utterance.address) or Conversation(address=utterance.address)
        outcome = respond(utterance, Scene(conversation=before), library, Policy(now=datetime.now(UTC)))
        talks |= {each.address: each for each in outcome.conversations}
        outcomes.append(outcome)
    return outcomes


class _Nowhere:
    """Fulfils `bot.desk.ports.Sender`: takes everything at once."""

    most = 1

    def fitting(self, sends: Sequence[Send]) -> int:
        del sends
        return self.most

    async def deliver(self, parcel: Parcel) -> Sequence[Sequence[str]]:
        return [(send.id,) for send in parcel.sends]


async def _kept(
    utterances: Sequence[Utterance], outcomes: Sequence[Outcome], library: Library, folder: Path
) -> float:
    """What everything that the store does for an event costs, with the answers known beforehand."""
    clock = SystemClock()
    store = await asyncio.to_thread(open_store, f"sqlite:///{folder / 'parts.sqlite3'}", clock=clock)
    known = {utterance.id: outcome for utterance, outcome in zip(utterances, outcomes, strict=True)}

    def answer(utterance: Utterance, scene: Scene, library: Library, policy: Policy) -> Outcome:
        del library, policy
        outcome = known[utterance.id]
        return replace(
            outcome,
            conversations=tuple(
                replace(each, version=scene.conversation.version) for each in outcome.conversations
            ),
        )

    senders: dict[Channel, Sender] = {Channel.LINE: _Nowhere()}
    courier = Courier(store=store, senders=senders, clock=clock, owner=store.owner)
    reception = Reception(store=store, clock=clock, library=library, respond=answer)
    began = time.process_time()
    for start in range(0, EVENTS, USERS):
        await asyncio.gather(*(reception.hear(each) for each in utterances[start : start + USERS]))
        await courier.drain()
    cost = _an_event(began)
    await store.close()
    return cost
