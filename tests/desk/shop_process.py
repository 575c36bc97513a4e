"""A small shop in a process of its own, to be killed: hears events, says which are safe, and delivers the answers.

usage: python -m tests.desk.shop_process DATABASE PLATFORM FIRST COUNT

PLATFORM is a file that stands for the platform: each row delivered adds a line `lane id call`, and like the real ones it
can be asked whether it has a call already. With COUNT 0 it hears nothing, delivers what is left and ends.
"""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.messages import Channel
from bot.core.outcome import Outcome
from bot.desk.courier import Courier
from bot.desk.reception import Reception
from bot.desk.rounds import Habits
from bot.store.store import open_store
from tests.conftest import a_send, an_address, an_utterance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.messages import Send
    from bot.desk.ports import Parcel

CUSTOMERS = 4


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(slots=True)
class FilePlatform:
    """Fulfils `bot.desk.ports.Sender`. Asks for a call only when told of a doubt, as the real senders do."""

    file: Path
    most: int = 5

    def fitting(self, sends: Sequence[Send]) -> int:
        return len(sends)

    async def deliver(self, parcel: Parcel) -> Sequence[Sequence[str]]:
        if parcel.attempt == 1 or f" {parcel.key}\n" not in self.file.read_text():
            lines = "".join(f"{send.lane} {send.id} {parcel.key}\n" for send in parcel.sends)
            descriptor = os.open(self.file, os.O_WRONLY | os.O_APPEND)
            os.write(descriptor, lines.encode())
            os.close(descriptor)
        await asyncio.sleep(0)
        return [(send.id,) for send in parcel.sends]


def answer(utterance, scene, library, policy):
    talk = replace(scene.conversation, misses=scene.conversation.misses + 1)
    send = a_send(f"to-{utterance.id}", address=utterance.address, due_at=policy.now)
    return Outcome(conversations=(talk,), sends=(send,))


async def keep_shop(database: str, platform: Path, first: int, count: int) -> None:
    clock = SystemClock()
    store = open_store(f"sqlite:///{database}", clock=clock)
    courier = Courier(
        store=store,
        senders={Channel.LINE: FilePlatform(platform)},
        clock=clock,
        owner=store.owner,
        habits=Habits(parallel=8),
    )
    reception = Reception(store=store, clock=clock, library=None, respond=answer, wake_courier=courier.wake)

    async def serve(customer: int) -> None:
        for number in range(first + customer, first + count, CUSTOMERS):
            event = f"event-{number:05}"
            heard = an_utterance(id=event, address=an_address(f"U-{customer}"), said_at=clock.now())
            await reception.hear(heard)
            os.write(sys.stdout.fileno(), f"{event}\n".encode())

    if count:
        running = asyncio.create_task(courier.run())
        await asyncio.gather(*(serve(customer) for customer in range(CUSTOMERS)))
        await courier.stop()
        await running
    else:
        await store.transact(lambda records: records.release(courier.owner))
        await courier.drain()
    await store.close()


if __name__ == "__main__":
    asyncio.run(keep_shop(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
