"""The outbox: what is to be delivered, lane by lane."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, delete, exists, select, update

from bot.core.messages import Handle, Send
from bot.desk.ports import DueSend, Receipt
from bot.store.bulk import Among, Bulk, named
from bot.store.prepared import Prepared
from bot.store.shapes import IDS, PAYLOAD
from bot.store.tables import (
    ADDRESS,
    EPOCH,
    HELD,
    PENDING,
    address_values,
    for_both,
    message_map,
    outbox,
    read_address,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Row

VALUES = (
    "id",
    "lane",
    *ADDRESS,
    "payload",
    "handle_token",
    "handle_expires_at",
    "ticket_id",
    "due_at",
    "origins",
    "cause",
)

ADD = Bulk(lambda given: given.insert(outbox).on_conflict_do_nothing(), named(outbox, *VALUES))

_waiting = outbox.alias("waiting")

# A scalar subquery and not NOT EXISTS, which PostgreSQL turns into a join of a long lane with itself.
_first_of_its_lane = (
    select(_waiting.c.seq)
    .where(_waiting.c.lane == outbox.c.lane, _waiting.c.sent_at.is_(None), _waiting.c.dead_at.is_(None))
    .order_by(_waiting.c.seq)
    .limit(1)
    .scalar_subquery()
)

_behind = outbox.alias("behind")

_has_others = exists().where(
    _behind.c.lane == outbox.c.lane,
    _behind.c.seq > outbox.c.seq,
    _behind.c.sent_at.is_(None),
    _behind.c.dead_at.is_(None),
)

FIRST_OF_EACH_LANE = Prepared(
    select(outbox, _has_others.label("others"))
    .where(
        PENDING,
        outbox.c.due_at <= bindparam("now"),
        outbox.c.lease_until <= bindparam("now"),
        outbox.c.seq == _first_of_its_lane,
    )
    .order_by(outbox.c.due_at, outbox.c.seq)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=outbox)
)

LEASE = Among(
    lambda ids: (
        update(outbox)
        .where(outbox.c.id.in_(ids))
        .values(
            attempts=outbox.c.attempts + 1, lease_owner=bindparam("owner"), lease_until=bindparam("until")
        )
    )
)

HEAD_OF_LANE = Prepared(
    select(outbox)
    .where(PENDING, outbox.c.lane == bindparam("lane"))
    .order_by(outbox.c.seq)
    .limit(bindparam("most"))
)

JOINED = (
    select(outbox)
    .where(PENDING, outbox.c.lane == bindparam("lane"), outbox.c.batch == bindparam("key"))
    .order_by(outbox.c.seq)
)

JOIN = (
    update(outbox)
    .where(PENDING, outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        batch=bindparam("key"),
        attempts=outbox.c.attempts + 1,
        lease_owner=bindparam("owner"),
        lease_until=bindparam("until"),
    )
)

RENEW = (
    update(outbox)
    .where(
        PENDING,
        outbox.c.id.in_(bindparam("ids", expanding=True)),
        outbox.c.lease_owner == bindparam("owner"),
    )
    .values(lease_until=bindparam("until"))
)

_row = update(outbox).where(outbox.c.id == bindparam("of_id"), outbox.c.sent_at.is_(None))

SENT = Bulk(
    lambda given: (
        update(outbox)
        .where(outbox.c.id == given["of_id"], outbox.c.sent_at.is_(None))
        .values(
            sent_at=given["at"],
            message_ids=given["ids"],
            error="",
            lease_owner="",
            lease_until=EPOCH,
            dead_at=None,
            held=0,
        )
    ),
    {"of_id": outbox.c.id, "at": outbox.c.sent_at, "ids": outbox.c.message_ids},
)

RETRY = _row.values(due_at=bindparam("at"), error=bindparam("why"), lease_owner="", lease_until=EPOCH)

BURY = _row.values(dead_at=bindparam("at"), error=bindparam("why"), lease_owner="", lease_until=EPOCH)

HOLD = _row.values(
    dead_at=bindparam("at"), error=bindparam("why"), held=1, batch="", lease_owner="", lease_until=EPOCH
)

# Its own id as the key, and never tried: it is joined to nothing again.
PART = _row.values(due_at=bindparam("at"), batch=outbox.c.id, attempts=0, lease_owner="", lease_until=EPOCH)

SETTLE = _row.values(
    dead_at=bindparam("at"),  # also of what was held: it is no dead letter any more
    error=bindparam("why"),
    held=0,
    lease_owner="",
    lease_until=EPOCH,
)

HELD_ROWS = Prepared(
    select(outbox)
    .where(outbox.c.lane == bindparam("lane"), HELD, outbox.c.dead_at.is_not(None))
    .order_by(outbox.c.seq)
    .with_for_update()
)

HOLDING = Among(
    lambda lanes: (
        select(outbox.c.lane).distinct().where(outbox.c.lane.in_(lanes), HELD, outbox.c.dead_at.is_not(None))
    )
)

MAP = for_both(lambda insert: insert(message_map).on_conflict_do_nothing())

UNCARRIED = delete(message_map).where(
    message_map.c.send_id == bindparam("of_send"),
    message_map.c.copy == "",
)

RELEASE = (
    update(outbox)
    .where(PENDING, outbox.c.lease_owner == bindparam("owner"))
    .values(lease_owner="", lease_until=EPOCH)
)

MESSAGE_IDS = select(outbox.c.message_ids).where(outbox.c.id == bindparam("id"))


class SqlOutbox:
    """Fulfils `bot.desk.ports.OutboxRecords` on one connection, inside its transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name

    def add(self, sends: Sequence[Send]) -> None:
        if not sends:
            return
        ADD.change_each(self._connection, map(_values, sends))
        carried = [_carried(send, origin, "") for send in sends for origin in send.origins]
        if carried:
            self._connection.execute(MAP[self._dialect], carried)

    def lease(self, owner: str, now: datetime, until: datetime, limit: int) -> Sequence[DueSend]:
        rows = FIRST_OF_EACH_LANE.rows(self._connection, {"now": now, "most": limit})
        if not rows:
            return ()
        LEASE.change(self._connection, [row.id for row in rows], owner=owner, until=until)
        return [
            DueSend(
                send=_read(row), attempt=row.attempts + 1, key=row.batch or row.id, others=bool(row.others)
            )
            for row in rows
        ]

    def companions(self, due: DueSend, now: datetime, most: int) -> Sequence[Send]:
        lane = due.send.lane
        if due.attempt > 1:
            rows = self._connection.execute(JOINED, {"lane": lane, "key": due.key}).all()
            return [_read(row) for row in rows if row.id != due.send.id]
        first, *behind = HEAD_OF_LANE.rows(self._connection, {"lane": lane, "most": most + 1})
        if first.id != due.send.id or first.batch:
            return ()
        untried = takewhile(lambda row: not (row.attempts or row.batch) and row.due_at <= now, behind)
        return list(takewhile(lambda send: send.address == due.send.address, map(_read, untried)))

    def join(self, due: DueSend, companions: Sequence[Send], owner: str, until: datetime) -> None:
        ids = [each.id for each in companions]
        self._connection.execute(JOIN, {"ids": ids, "key": due.key, "owner": owner, "until": until})

    def part(self, send_ids: Sequence[str], at: datetime) -> None:
        self._connection.execute(PART, [{"of_id": send_id, "at": at} for send_id in send_ids])

    def renew(self, owner: str, send_ids: Sequence[str], until: datetime) -> None:
        if send_ids:
            self._connection.execute(RENEW, {"ids": send_ids, "owner": owner, "until": until})

    def sent(self, send_id: str, at: datetime, message_ids: Sequence[str]) -> None:
        self.all_sent([Receipt(send_id=send_id, at=at, message_ids=message_ids)])

    def all_sent(self, receipts: Sequence[Receipt]) -> None:
        rows = [
            {"of_id": each.send_id, "at": each.at, "ids": IDS.write(tuple(each.message_ids))}
            for each in receipts
        ]
        if rows:
            SENT.change_each(self._connection, rows)

    def retry(self, send_id: str, at: datetime, error: str) -> None:
        self._connection.execute(RETRY, {"of_id": send_id, "at": at, "why": error})

    def bury(self, send_id: str, at: datetime, error: str) -> None:
        self._connection.execute(BURY, {"of_id": send_id, "at": at, "why": error})

    def hold(self, send_id: str, at: datetime, error: str) -> None:
        self._connection.execute(HOLD, {"of_id": send_id, "at": at, "why": error})

    def held(self, lane: str) -> Sequence[Send]:
        return [_read(row) for row in HELD_ROWS.rows(self._connection, {"lane": lane})]

    def holding(self, lanes: Iterable[str]) -> set[str]:
        """Which of *lanes* keep something for their next free reply."""
        return {row.lane for row in HOLDING.rows(self._connection, list(lanes))}

    def settle(self, send_ids: Sequence[str], reason: str) -> None:
        for send_id in send_ids:
            self._connection.execute(SETTLE, {"of_id": send_id, "at": EPOCH, "why": reason})
            self._connection.execute(UNCARRIED, {"of_send": send_id})

    def carried(self, send: Send, message_ids: Sequence[str]) -> None:
        """Note under which ids the other side has what *send* carried."""
        copies = [_carried(send, origin, copy) for origin in send.origins for copy in message_ids]
        if not copies:
            return
        self._connection.execute(UNCARRIED, {"of_send": send.id})
        self._connection.execute(MAP[self._dialect], copies)

    def message_ids(self, send_id: str) -> Sequence[str]:
        ids = self._connection.execute(MESSAGE_IDS, {"id": send_id}).scalar_one_or_none()
        return () if ids is None else IDS.read(ids)

    def release(self, owner: str) -> None:
        """Give back the leases of *owner* on rows that are not finished."""
        self._connection.execute(RELEASE, {"owner": owner})


def _values(send: Send) -> dict[str, object]:
    return {
        "id": send.id,
        "lane": send.lane,
        **address_values(send.address),
        "payload": PAYLOAD.write(send.payload),
        "handle_token": send.handle and send.handle.token,
        "handle_expires_at": send.handle and send.handle.expires_at,
        "ticket_id": send.ticket_id,
        "due_at": send.due_at,
        "origins": IDS.write(send.origins),
        "cause": send.cause,
    }


def _carried(send: Send, origin: str, copy: str) -> dict[str, str]:
    return {"send_id": send.id, "ticket_id": send.ticket_id, "origin": origin, "copy": copy}


def _read(row: Row[*tuple[Any, ...]]) -> Send:
    handle = row.handle_token and Handle(token=row.handle_token, expires_at=row.handle_expires_at)
    return Send(
        id=row.id,
        address=read_address(row),
        payload=PAYLOAD.read(row.payload),
        lane=row.lane,
        due_at=row.due_at,
        handle=handle or None,
        ticket_id=row.ticket_id,
        origins=IDS.read(row.origins),
        cause=row.cause,
    )
