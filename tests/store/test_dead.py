"""Dead letters from the outside: `madoguchi dead list` and `retry` on the database of the settings."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner

from bot.cli.dead import dead
from tests.conftest import a_job, a_send
from tests.fakes.clock import START

LATER = START + timedelta(days=9999)


@pytest.fixture
def run(url, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MADOGUCHI_DATABASE_URL", url)

    def run(*words):
        result = CliRunner().invoke(dead, words)
        return result.exit_code, result.output

    return run


@pytest.fixture(name="buried")
async def _buried(store):
    """A send that was refused, one that the quota holds back, a job that failed, and a send that lives."""

    def work(records):
        records.outbox.add([a_send(name, lane=name) for name in ("refused", "quota", "alive", "settled")])
        records.jobs.add([a_job("failed")])
        records.outbox.bury("refused", START, "LINE 400: blocked")
        records.outbox.hold("quota", START, "monthly limit")
        records.jobs.bury("failed", START, "ZeroDivisionError")
        records.outbox.hold("settled", START, "monthly limit")
        records.outbox.settle(["settled"], "said in the next free reply")

    await store.transact(work)


async def leased(store):
    def work(records):
        sends = records.outbox.lease("us", LATER, LATER, 9)
        jobs = records.jobs.lease("us", LATER, LATER, 9)
        return {due.send.id: due.attempt for due in sends} | {due.job.id: due.attempt for due in jobs}

    return await store.transact(work)


@pytest.mark.usefixtures("buried")
async def test_the_list_says_what_was_given_up_and_why(run):
    code, shown = run("list")

    assert code == 0
    assert {line.split()[0] for line in shown.splitlines()} == {"refused", "quota", "failed"}
    assert "LINE 400: blocked" in shown
    assert "今月の上限のため保留" in shown
    assert "job remind" in shown


async def test_an_empty_list_says_so(run, store):
    assert run("list") == (0, "あきらめた送信や仕事はありません\n")


@pytest.mark.usefixtures("buried")
async def test_a_retried_send_is_tried_again_as_one_that_may_have_arrived(run, store):
    code, _ = run("retry", "refused")

    assert code == 0
    assert await leased(store) == {"alive": 1, "refused": 2}


@pytest.mark.usefixtures("buried")
async def test_all_can_be_retried_at_once_but_nothing_that_was_settled(run, store):
    code, shown = run("retry", "--all")

    assert (code, shown) == (0, "3 件を、もう一度ためします\n")
    assert await leased(store) == {"alive": 1, "refused": 2, "quota": 1, "failed": 2}


@pytest.mark.usefixtures("buried")
async def test_what_is_not_dead_is_not_retried(run, store):
    code, shown = run("retry", "alive", "nobody")

    assert code == 1
    assert "alive: あきらめたものの中にありません" in shown
    assert "nobody: あきらめたものの中にありません" in shown
    assert await leased(store) == {"alive": 1}


async def test_what_was_in_one_call_is_tried_again_in_one_call(run, store):
    def one_call_in_vain(records):
        records.outbox.add([a_send("first"), a_send("second"), a_send("third")])
        (due,) = records.outbox.lease("us", START, START, 9)
        records.outbox.join(due, records.outbox.companions(due, START, 1), "us", START)
        for send_id in ("first", "second"):
            records.outbox.bury(send_id, START, "no answer")

    await store.transact(one_call_in_vain)

    code, shown = run("retry", "--all")

    assert (code, shown) == (0, "2 件を、もう一度ためします\n")
    (due,) = await store.transact(lambda records: records.outbox.lease("us", LATER, LATER, 9))
    companions = await store.transact(lambda records: records.outbox.companions(due, LATER, 9))
    assert (due.send.id, due.attempt, [each.id for each in companions]) == ("first", 2, ["second"])


async def test_what_the_quota_had_held_may_leave_in_one_call(run, store):
    def held(records):
        records.outbox.add([a_send("first"), a_send("second")])
        for send_id in ("first", "second"):
            records.outbox.hold(send_id, START, "monthly limit")

    await store.transact(held)

    run("retry", "--all")

    (due,) = await store.transact(lambda records: records.outbox.lease("us", LATER, LATER, 9))
    companions = await store.transact(lambda records: records.outbox.companions(due, LATER, 9))
    assert [each.id for each in companions] == ["second"]


async def test_nothing_named_is_used_wrongly(run):
    code, _ = run("retry")

    assert code != 0
