"""Core values out of plain, checked data. Kept apart from the records so that a warm start needs no pydantic."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.core.facts import Client, ErrorCode, LifecycleDate
from bot.core.hours import Opening, Span
from bot.core.intents import Block, FollowUp, Intent
from bot.core.library import Promises, Shop
from bot.core.messages import Choice
from bot.core.providers import Evidence, Provider, Server, TemporaryMeasure
from bot.core.visits import Visits
from bot.core.word_lists import SmallWords, WordList

Plain = dict[str, Any]


def provider(plain: Plain) -> Provider:
    measure = plain["temporary_measure"]
    return Provider(
        **plain
        | {
            "aliases": tuple(plain["aliases"]),
            "domains": tuple(plain["domains"]),
            "servers": tuple(_server(line) for line in plain["servers"]),
            "candidates": tuple(_server(line) for line in plain["candidates"]),
            "temporary_measure": _measure(measure) if measure else None,
            "notes": tuple(plain["notes"]),
        }
    )


def intent(plain: Plain) -> Intent:
    return Intent(
        **plain
        | {
            "phrases": tuple(plain["phrases"]),
            "needs": tuple(plain["needs"]),
            "reply": tuple(Block(kind=kind, argument=argument) for kind, argument in plain["reply"]),
            "terse": tuple(Block(kind=kind, argument=argument) for kind, argument in plain["terse"]),
            "choices": tuple(plain["choices"]),
        }
    )


def client(plain: Plain) -> Client:
    return Client(
        **plain
        | {
            "aliases": tuple(plain["aliases"]),
            "steps": tuple(plain["steps"]),
            "outgoing_steps": tuple(plain["outgoing_steps"]),
            "evidence": _evidence(plain),
        }
    )


def error_code(plain: Plain) -> ErrorCode:
    return ErrorCode(**plain | {"causes": tuple(plain["causes"]), "evidence": _evidence(plain)})


def lifecycle_date(plain: Plain) -> LifecycleDate:
    return LifecycleDate(**plain | {"evidence": _evidence(plain)})


def follow_up(plain: Plain) -> FollowUp:
    given = {key: plain[key] for key in ("intent", "text", "afresh")}
    return FollowUp(**given, after=frozenset(plain["after"]), said=_word_list(plain))


def small_words(plain: dict[str, dict[str, Plain]]) -> SmallWords:
    return SmallWords(
        **{
            section: {name: _word_list(words) for name, words in lists.items()}
            for section, lists in plain.items()
        }
    )


def _word_list(plain: Plain) -> WordList:
    return WordList(words=tuple(plain["words"]), patterns=tuple(plain["patterns"]))


def shop(plain: Plain) -> Shop:
    opening, visits = plain["opening"], plain["visits"]
    return Shop(
        **plain
        | {
            "people": tuple(plain["people"]),
            "opening": _opening(opening) if opening else None,
            "promises": Promises(**plain["promises"]),
            "visits": Visits(**visits | {"times": _spans(visits["times"])}) if visits else None,
        }
    )


def _opening(plain: Plain) -> Opening:
    return Opening(
        week=tuple(_spans(day) for day in plain["week"]),
        holidays=frozenset(map(date.fromisoformat, plain["holidays"])),
        closed=frozenset(map(date.fromisoformat, plain["closed"])),
    )


def _spans(ranges: list[list[int]]) -> tuple[Span, ...]:
    return tuple(Span(start=start, end=end) for start, end in ranges)


def button(plain: Plain) -> Choice:
    return Choice(**plain)


def _server(plain: Plain) -> Server:
    return Server(**plain | {"evidence": _evidence(plain)})


def _measure(plain: Plain) -> TemporaryMeasure:
    return TemporaryMeasure(**plain | {"remarks": tuple(plain["remarks"]), "evidence": _evidence(plain)})


def _evidence(plain: Plain) -> tuple[Evidence, ...]:
    return tuple(Evidence(**source) for source in plain["evidence"])
