from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.content.library import load_library
from bot.core.learning.teaching import question_jobs
from bot.core.library import Library
from bot.core.messages import Channel, Choices, Text
from bot.core.misses import Label, Miss
from bot.core.outcome import Policy
from bot.desk.apprentice import MOST_A_DAY, Apprentice
from bot.desk.clerk import Clerk
from bot.store.store import SqlStore
from tests.conftest import a_desk, a_job
from tests.fakes.clock import FakeClock

WORDS = [
    "あれがまたなっとる",
    "きいろいしかくがじゃまや",
    "孫の便りがとんとご無沙汰で",
    "赤いランプがぴかぴかする",
    "ぽちっとしても空っぽのまま",
    "画面がぐるぐる回りよる",
    "箱がぱんぱんやて怒られた",
    "英語ばっかり出てきよった",
    "封筒の絵がどこにもない",
    "鍵のしるしが割れとるんよ",
    "昨日のあれをもう一回たのむ",
    "名前のとこが真っ白けや",
]


@pytest.fixture(scope="module", name="library")
def _library(tmp_path_factory):
    return load_library(cache=tmp_path_factory.mktemp("library"))


@dataclass(kw_only=True)
class Desk:
    """The operators' desk over a real store: what is kept, what the clerk does of it, what is posted."""

    store: SqlStore
    clock: FakeClock
    library: Library
    kept: int = 0
    apprentice: Apprentice = field(init=False)

    def __post_init__(self):
        self.apprentice = Apprentice(clock=self.clock, desk=a_desk(), library=lambda: self.library)

    def a_clerk(self, owner="us"):
        return Clerk(store=self.store, handlers=self.apprentice.handlers(), clock=self.clock, owner=owner)

    async def keeps(self, *texts, reason="unknown"):
        """Keep messages as the reception would: each with the job that asks about it."""
        self.kept += 1
        misses = [
            Miss(
                id=f"miss-{self.kept}-{n:02}",
                text=text,
                reason=reason,
                channel=Channel.LINE,
                said_on=self.clock.now().date(),
            )
            for n, text in enumerate(texts)
        ]

        def save(records):
            records.misses.add(misses)
            records.jobs.add(question_jobs(misses, Policy(now=self.clock.now(), desk=a_desk())))

        await self.store.transact(save)

    async def works(self):
        """Do what is due; what was posted for it."""
        clerk = self.a_clerk()
        while await clerk.run_once():
            pass
        return await self.posted()

    async def posted(self):
        now = self.clock.now()
        found = []
        while due := await self.store.transact(
            lambda r: r.outbox.lease("test", now, now + timedelta(days=99), 99)
        ):
            for each in due:
                assert each.send.address == a_desk()
                found.append(each.send.payload.reply)
                await self.store.transact(lambda r, send=each.send: r.outbox.sent(send.id, now, ["1.1"]))
        return found

    async def answers_all(self):
        def answer(records):
            label = Label(intent="ssl_warning", by="U-ken", at=self.clock.now())
            for filed in records.misses.all():
                records.misses.save(replace(filed, label=label))

        await self.store.transact(answer)

    async def begins(self):
        await self.store.transact(self.apprentice.begin)


@pytest.fixture(name="desk")
def _desk(store, clock, library):
    return Desk(store=store, clock=clock, library=library)


def questions(replies):
    return [reply for reply in replies if any(isinstance(part, Choices) for part in reply.parts)]


def digests(replies):
    return [reply for reply in replies if "📮" in words_of(reply)]


def words_of(reply):
    return "\n".join(part.text for part in reply.parts if isinstance(part, Text))


async def test_operators_are_asked_about_a_miss(desk):
    await desk.keeps("あれがまたなっとる")

    (reply,) = await desk.works()

    assert "あれがまたなっとる" in words_of(reply)


async def test_what_is_like_an_open_question_waits(desk):
    await desk.keeps("あれがまたなっとる", "あれがまたなっとるわ", "アレがまたなっとる")
    at_once = await desk.works()

    await desk.keeps("あれがまたなっとる")
    later = await desk.works()

    assert (len(at_once), len(later)) == (1, 0)


async def test_once_answered_the_same_kind_may_be_asked_again(desk):
    await desk.keeps("あれがまたなっとる")
    await desk.works()
    await desk.answers_all()

    await desk.keeps("あれがまたなっとるわ")

    assert len(await desk.works()) == 1


async def test_there_are_at_most_ten_questions_a_day_answered_or_not(desk):
    await desk.keeps(*WORDS[:8])
    first = await desk.works()
    await desk.answers_all()

    await desk.keeps(*WORDS[8:])
    second = await desk.works()

    assert (len(first), len(second)) == (8, MOST_A_DAY - 8)


async def test_the_next_day_there_are_questions_again(desk):
    await desk.keeps(*WORDS)
    today = await desk.works()
    desk.clock.advance(24 * 3600)

    await desk.keeps("やっぱり紫のもやもやが晴れんのよ")
    tomorrow = await desk.works()

    assert (len(today), len(tomorrow)) == (MOST_A_DAY, 1)


async def test_after_a_wish_for_a_person_the_question_comes_ten_minutes_later(desk):
    await desk.keeps("OCNのメールが届きません", reason="handed_off")
    at_once = await desk.works()

    desk.clock.advance(600)

    assert (len(at_once), len(await desk.works())) == (0, 1)


async def test_what_has_its_answer_or_is_gone_is_not_asked_about(desk):
    await desk.keeps("あれがまたなっとる")
    await desk.answers_all()
    await desk.store.transact(
        lambda records: records.jobs.add([a_job(kind="miss_question", details={"miss": "gone"})])
    )

    assert await desk.works() == []


MONDAY = datetime(2026, 4, 6, 0, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


async def test_the_digest_comes_on_monday_and_again_a_week_later(desk):
    await desk.begins()
    await desk.keeps("あれがまたなっとる")
    await desk.works()

    desk.clock.at = MONDAY - timedelta(seconds=1)
    before = await desk.works()
    desk.clock.at = MONDAY
    (first,) = await desk.works()
    desk.clock.at = MONDAY + WEEK
    (second,) = await desk.works()

    assert before == []
    assert "意味が分からなかった：1" in words_of(first)
    assert "意味が分からなかった：0" in words_of(second)


async def test_several_processes_make_one_digest(desk):
    clerks = [desk.a_clerk("one"), desk.a_clerk("two")]
    for _ in range(3):
        await desk.begins()
    await desk.keeps("あれがまたなっとる")
    desk.clock.at = MONDAY

    await asyncio.gather(*(clerk.run_once() for clerk in (*clerks, *clerks)))

    jobs = await desk.store.transact(lambda r: r.jobs.lease("test", MONDAY + WEEK, MONDAY + 2 * WEEK, 9))
    assert len(digests(await desk.posted())) == 1
    assert [due.job.id for due in jobs] == ["miss_digest:2026-04-13"]


async def test_after_weeks_of_rest_there_is_one_digest_and_not_one_a_week(desk):
    await desk.begins()
    await desk.keeps("あれがまたなっとる")

    desk.clock.at = MONDAY + timedelta(days=22)

    assert len(digests(await desk.works())) == 1


async def test_with_the_digest_come_questions_about_what_waited(desk):
    await desk.begins()
    await desk.keeps(*WORDS)
    asked_then = questions(await desk.works())

    desk.clock.at = MONDAY
    first, *rest = await desk.works()

    assert len(asked_then) == MOST_A_DAY
    assert digests([first]) == [first]
    assert len(questions(rest)) == len(WORDS) - MOST_A_DAY


async def test_a_week_in_which_nothing_happened_is_passed_over_in_silence(desk):
    await desk.begins()

    desk.clock.at = MONDAY

    assert await desk.works() == []
