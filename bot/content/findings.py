"""check_content(): everything there is to say about the content, for `madoguchi check`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.content.checking import problems
from bot.content.collecting import collect
from bot.content.doubts import warnings
from bot.content.library import build_library, checked
from bot.content.locate import find_places, shipped_root
from bot.content.telling import term, told
from bot.core.understand import understand
from bot.errors import ContentError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from bot.content.collecting import Collection
    from bot.content.intents import TestRecord
    from bot.content.reading import Fault
    from bot.core.library import Library
    from bot.core.understanding import Understanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """`problems` keep the content from being used; `warnings` do not. Both are lines of `path:line: what`.

    `of_shipped` are warnings about the providers that come with madoguchi: no matter for a shop.
    `tried` is how many of the authors' sentences were tried: none while there are problems.
    """

    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    of_shipped: tuple[str, ...] = ()
    intents: int = 0
    providers: int = 0
    tried: int = 0


def check_content(
    *, today: date, intents_dir: Path | None = None, providers_dir: Path | None = None
) -> Findings:
    """Check the shipped content with the owner's folders laid over it, the authors' sentences included."""
    places = find_places(intents_dir=intents_dir, providers_dir=providers_dir)
    content = collect(places)
    found = [str(fault) for fault in problems(content)]
    tried = 0
    if not found:
        try:
            library = build_library(content.plain(), places)
            found = [str(fault) for fault in misunderstood(content, library)]
            tried = sum(len(entry.record.tests) for entry in content.intents.values())
        except ContentError as error:
            found = list(error.problems)
    doubts = warnings(content, today)
    of_shipped = [fault for fault in doubts if fault.path.is_relative_to(shipped_root() / "providers")]
    return Findings(
        problems=tuple(found),
        warnings=tuple(str(fault) for fault in doubts if fault not in of_shipped),
        of_shipped=tuple(map(str, of_shipped)),
        intents=len(content.intents),
        providers=len(content.providers),
        tried=tried,
    )


def proven_library(*, intents_dir: Path | None = None, providers_dir: Path | None = None) -> Library:
    """The library of content that passes the check, the authors' sentences included.

    Raises:
        ContentError: with every problem.
    """
    places = find_places(intents_dir=intents_dir, providers_dir=providers_dir)
    content = checked(places)
    library = build_library(content.plain(), places)
    wrong = [str(fault) for fault in misunderstood(content, library)]
    if wrong:
        raise ContentError(wrong)
    return library


def misunderstood(content: Collection, library: Library) -> Iterator[Fault]:
    """The authors' sentences that are not understood as their `tests` say."""
    for entry in content.intents.values():
        for n, test in enumerate(entry.record.tests):
            wrong = _wrong(test, test.intent or entry.record.id, understand(test.say, library))
            if wrong:
                yield entry.document.fault(
                    ("tests", n), told("misunderstood", say=test.say, wrong="、".join(wrong))
                )


def _wrong(test: TestRecord, intent: str, understood: Understanding) -> list[str]:
    slots = understood.slots
    pairs = [
        ("intent", intent, understood.intent),
        ("provider", test.provider, slots.provider),
        ("client", test.client, slots.client),
        ("protocol", test.protocol, slots.protocol),
        ("direction", test.direction, slots.direction),
        ("error_code", test.error_code, slots.error_code),
    ]
    return [
        told(
            "misunderstood_as",
            what=term("of_understanding", name),
            got=got or term("of_understanding", "nothing"),
            wanted=wanted,
        )
        for name, wanted, got in pairs
        if wanted and got != wanted
    ]
