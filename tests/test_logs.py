from __future__ import annotations

import asyncio
import io
import json
import logging

import pytest

from bot.desk.watching import caused_by
from bot.logs import JsonLines, TurnByTurn


class Stream(io.StringIO):
    """Keeps what is written, writing by writing."""

    def __init__(self):
        super().__init__()
        self.written = []

    def write(self, text):
        self.written.append(text)


@pytest.fixture
def stream():
    return Stream()


@pytest.fixture
def log(stream):
    log = logging.getLogger("turn by turn")
    log.setLevel(logging.INFO)
    handler = TurnByTurn(stream)
    log.addHandler(handler)
    yield log
    log.removeHandler(handler)


def line(**extra):
    record = logging.makeLogRecord(
        {"name": "bot.desk", "levelname": "INFO", "levelno": logging.INFO, "msg": "heard", **extra}
    )
    return json.loads(JsonLines().format(record))


def test_every_line_has_the_same_keys():
    assert list(line()) == ["time", "level", "logger", "message"]


def test_a_line_names_the_event_that_it_was_written_for():
    with caused_by("event-1"):
        inside = line(action="hear")

    assert inside["cause"] == "event-1"
    assert inside["action"] == "hear"
    assert "cause" not in line()


def test_a_line_end_in_a_value_makes_no_second_line():
    record = logging.makeLogRecord({"msg": "one\ntwo", "why": "three\nfour"})

    assert "\n" not in JsonLines().format(record)


async def test_lines_of_one_turn_are_written_in_one_go(log, stream):
    log.info("one")
    log.info("two")
    before = list(stream.written)
    await asyncio.sleep(0)
    log.info("three")
    await asyncio.sleep(0)

    assert ([], ["one\ntwo\n", "three\n"]) == (before, stream.written)


async def test_a_warning_is_written_at_once_with_what_waits_before_it(log, stream):
    log.info("one")
    log.warning("two")

    assert ["one\ntwo\n"] == stream.written


async def test_a_line_of_another_thread_is_written_at_once_in_its_place(log, stream):
    log.info("one")
    await asyncio.to_thread(log.info, "two")
    log.info("three")
    await asyncio.sleep(0)

    assert "one\ntwo\nthree\n" == "".join(stream.written)


def test_without_an_event_loop_each_line_is_written_at_once(log, stream):
    log.info("one")
    log.info("two")

    assert ["one\n", "two\n"] == stream.written


async def test_a_reader_who_went_away_costs_nothing(log, stream):
    stream.close()
    stream.write = io.StringIO.write.__get__(stream)

    log.warning("nobody reads this")
    log.info("nor this")
    await asyncio.sleep(0)
