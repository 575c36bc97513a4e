from __future__ import annotations

import json
import logging

from bot.desk.watching import caused_by
from bot.logs import JsonLines


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
