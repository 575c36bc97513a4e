from __future__ import annotations

from datetime import timedelta

import pytest

from bot.content.library import load_library
from bot.core.messages import Text
from bot.core.outcome import Outcome
from bot.desk.reception import Reception
from bot.desk.renewal import Renewal
from tests.conftest import a_desk, an_utterance


@pytest.fixture(scope="module", name="library")
def _library(tmp_path_factory):
    return load_library(cache=tmp_path_factory.mktemp("library"))


@pytest.fixture(name="seen")
def _seen():
    return []


@pytest.fixture(name="reception")
def _reception(store, clock, library, seen):
    def respond(utterance, scene, library, policy):
        seen.append(library)
        return Outcome()

    return Reception(store=store, clock=clock, library=library, respond=respond, desk=a_desk())


@pytest.fixture(name="renewal")
def _renewal(store, clock, reception):
    return Renewal(store=store, clock=clock, reception=reception, desk=a_desk())


@pytest.fixture(name="told")
def _told(store, clock):
    async def told():
        later = clock.now() + timedelta(days=1)
        found = []
        while due := await store.transact(lambda records: records.outbox.lease("test", later, later, 99)):
            for each in due:
                (part,) = each.send.payload.reply.parts
                assert isinstance(part, Text)
                found.append(part.text)
                await store.transact(
                    lambda records, send=each.send: records.outbox.sent(send.id, later, ["1.1"])
                )
        return found

    return told


async def test_the_next_event_is_answered_from_the_new_library(renewal, reception, seen, tmp_path, told):
    newer = load_library(cache=tmp_path)
    await reception.hear(an_utterance(id="before"))

    await renewal.renewed(newer)
    await reception.hear(an_utterance(id="after"))

    assert seen[1] is newer is not seen[0]
    assert await told() == []


async def test_a_refused_edit_changes_nothing_and_operators_read_every_line(
    renewal, reception, library, told
):
    await renewal.refused(["intents/own.yaml:3: unknown key `titel`", "providers/ocn.yaml:9: wrong"])

    (text,) = await told()
    assert reception.library is library
    assert "intents/own.yaml:3: unknown key `titel`" in text
    assert "providers/ocn.yaml:9: wrong" in text


async def test_only_the_first_of_very_many_problems_are_told(renewal, told):
    await renewal.refused([f"intents/own.yaml:{n}: wrong" for n in range(200)])

    (text,) = await told()
    assert "own.yaml:9:" in text
    assert "own.yaml:10:" not in text
    assert "190" in text


async def test_operators_hear_when_it_is_mended(renewal, library, told):
    await renewal.refused(["intents/own.yaml:3: wrong"])
    await renewal.renewed(library)
    await renewal.renewed(library)

    assert len(await told()) == 2


async def test_two_processes_tell_of_one_edit_once(renewal, reception, store, clock, told):
    other = Renewal(store=store, clock=clock, reception=reception, desk=a_desk())

    await renewal.refused(["intents/own.yaml:3: wrong"])
    await other.refused(["intents/own.yaml:3: wrong"])

    assert len(await told()) == 1


async def test_without_a_desk_nobody_is_told(store, clock, reception, told):
    await Renewal(store=store, clock=clock, reception=reception).refused(["intents/own.yaml:3: wrong"])

    assert await told() == []
