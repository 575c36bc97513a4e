"""Misses: messages that were not understood, what operators said of them, and what is to be exported."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, bindparam, delete, func, or_, select, text, update

from bot.core.hours import JAPAN
from bot.core.learning.teaching import Tally
from bot.core.messages import Reply, Say
from bot.core.messages import Text as Words
from bot.core.misses import IGNORED, FiledMiss, Label, Miss
from bot.core.understanding import OUT_OF_SCOPE
from bot.store.erasure import ERASED
from bot.store.shapes import PAYLOAD, Shape
from bot.store.tables import UNLABELLED, for_both, lines, misses, outbox

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row

MISS = Shape(TypeAdapter(Miss))

QUESTIONS_LOCK = 770_002
"""Any number, the same in every process: on PostgreSQL one at a time decides what operators are asked."""

MOST_WAITING = 2_000

ADD = for_both(lambda insert: insert(misses).on_conflict_do_nothing())

GET = select(misses).where(misses.c.id == bindparam("of_id")).with_for_update()

WAITING = (
    select(misses)
    .where(or_(UNLABELLED, misses.c.asked_at >= bindparam("since")))
    .order_by(misses.c.said_on.desc(), misses.c.id)
    .limit(MOST_WAITING)
)

SAVE = (
    update(misses)
    .where(misses.c.id == bindparam("of_id"))
    .values(
        label=bindparam("now_label"),
        labelled_by=bindparam("now_by"),
        labelled_at=bindparam("now_at"),
        question_id=bindparam("now_question"),
        asked_at=bindparam("now_asked"),
        exported_at=bindparam("now_exported"),
    )
)

OF_MESSAGES = select(misses.c.id, misses.c.question_id).where(
    misses.c.message_id.in_(bindparam("message_ids", expanding=True))
)

DELETE = delete(misses).where(misses.c.id.in_(bindparam("ids", expanding=True)))

BLANK_QUESTION = (
    update(outbox).where(outbox.c.id == bindparam("of_id")).values(payload=bindparam("new_payload"))
)

REASONS = (
    select(misses.c.reason, func.count().label("times"))
    .where(misses.c.said_on >= bindparam("first"), misses.c.said_on < bindparam("behind"))
    .group_by(misses.c.reason)
)

ANSWERED = (
    select(func.count())
    .select_from(lines)
    .where(lines.c.who == "bot", lines.c.said_at >= bindparam("since"), lines.c.said_at < bindparam("until"))
)

LABELLED = select(misses).where(
    misses.c.labelled_at >= bindparam("since"), misses.c.labelled_at < bindparam("until")
)

PROPOSALS = (
    select(misses)
    .where(misses.c.label.not_in(["", IGNORED]))
    .order_by(misses.c.label, misses.c.said_on, misses.c.id)
)


class SqlMisses:
    """Fulfils `bot.desk.ports.MissRecords` on one connection, inside its transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name

    def add(self, found: Sequence[Miss]) -> None:
        if found:
            self._connection.execute(ADD[self._dialect], [_values(miss) for miss in found])

    def get(self, miss_id: str) -> FiledMiss | None:
        row = self._connection.execute(GET, {"of_id": miss_id}).one_or_none()
        return _read(row) if row else None

    def waiting(self, since: datetime) -> Sequence[FiledMiss]:
        if self._dialect == "postgresql":
            self._connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": QUESTIONS_LOCK})
        return [_read(row) for row in self._connection.execute(WAITING, {"since": since})]

    def save(self, filed: FiledMiss) -> None:
        label = filed.label
        values = {
            "of_id": filed.miss.id,
            "now_label": label.intent if label else "",
            "now_by": label.by if label else "",
            "now_at": label.at if label else None,
            "now_question": filed.question_id,
            "now_asked": filed.asked_at,
            "now_exported": filed.exported_at,
        }
        self._connection.execute(SAVE, values)

    def forget(self, message_ids: Sequence[str]) -> Sequence[str]:
        named = [message_id for message_id in message_ids if message_id]
        found = self._connection.execute(OF_MESSAGES, {"message_ids": named}).all() if named else []
        if not found:
            return ()
        self._connection.execute(DELETE, {"ids": [row.id for row in found]})
        asked = [row.question_id for row in found if row.question_id]
        blank = PAYLOAD.write(Say(reply=Reply(parts=(Words(text=ERASED),))))
        for question_id in asked:
            self._connection.execute(BLANK_QUESTION, {"of_id": question_id, "new_payload": blank})
        return asked

    def tally(self, since: datetime, until: datetime) -> Tally:
        span = {"since": since, "until": until}
        days = {
            "first": since.astimezone(JAPAN).date().isoformat(),
            "behind": until.astimezone(JAPAN).date().isoformat(),
        }
        reasons = {row.reason: row.times for row in self._connection.execute(REASONS, days)}
        labelled = [_read(row) for row in self._connection.execute(LABELLED, span)]
        return Tally(
            answered=self._connection.scalar(ANSWERED, span) or 0,
            unknown=reasons.get("unknown", 0),
            denied=reasons.get("denied", 0),
            handed_off=reasons.get("handed_off", 0),
            labelled=len(labelled),
            guessed=sum(_guessed(filed) for filed in labelled),
            rightly_unknown=sum(
                filed.label is not None and filed.label.intent == OUT_OF_SCOPE for filed in labelled
            ),
        )

    def all(self) -> Sequence[FiledMiss]:
        """Every miss on record, newest first."""
        newest_first = select(misses).order_by(misses.c.said_on.desc(), misses.c.id)
        return [_read(row) for row in self._connection.execute(newest_first)]

    def proposals(self) -> Sequence[FiledMiss]:
        """What operators gave an intent, exported or not, in the order of intents."""
        return [_read(row) for row in self._connection.execute(PROPOSALS)]

    def mark_exported(self, proposals: Sequence[FiledMiss], at: datetime) -> None:
        for proposal in proposals:
            self.save(replace(proposal, exported_at=at))


def _values(miss: Miss) -> dict[str, object]:
    return {
        "id": miss.id,
        "message_id": miss.message_id,
        "reason": miss.reason,
        "said_on": miss.said_on.isoformat(),
        "body": MISS.write(miss),
    }


def _read(row: Row[*tuple[Any, ...]]) -> FiledMiss:
    label = Label(intent=row.label, by=row.labelled_by, at=row.labelled_at) if row.label else None
    return FiledMiss(
        miss=MISS.read(row.body),
        label=label,
        question_id=row.question_id,
        asked_at=row.asked_at,
        exported_at=row.exported_at,
    )


def _guessed(filed: FiledMiss) -> bool:
    """Whether the bot's first guess was what the operator said."""
    best = filed.miss.guesses[0].intent if filed.miss.guesses else ""
    return filed.label is not None and filed.label.intent == best != OUT_OF_SCOPE
