"""Intent records: one YAML file an intent."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field, WithJsonSchema

from bot.content.phrases import expand
from bot.content.records import Record, Words, closest
from bot.content.telling import told
from bot.core.intents import BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS: tuple[str, ...] = get_args(BlockKind)
SlotName = Literal[
    "provider", "client", "protocol", "direction", "error_code", "ports", "contact", "name", "phone", "time"
]
_ROLES = ("both", "incoming", "outgoing")


def _known_block(entry: str | dict[str, str | list[str]]) -> str | dict[str, str | list[str]]:
    if isinstance(entry, dict) and len(entry) != 1:
        raise ValueError(told("one_key_a_block"))
    kind, argument = block(entry)
    if kind not in KINDS:
        raise ValueError(told("no_such_block", name=kind, hint=closest(kind, KINDS)))
    if kind in {"settings", "steps"} and argument not in {"", *_ROLES}:
        raise ValueError(told("role_of_block", kind=kind, roles="、".join(_ROLES), argument=argument))
    if kind in {"text", "choices"} and not argument:
        raise ValueError(told("block_needs_name", kind=kind))
    return entry


def _template(text: str) -> str:
    expand(text)
    return text


BlockEntry = Annotated[
    str | dict[str, str | list[str]],
    AfterValidator(_known_block),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": KINDS},
                {"type": "object", "propertyNames": {"enum": KINDS}, "minProperties": 1, "maxProperties": 1},
            ]
        }
    ),
]
"""A building block: its kind alone (`- steps`) or with what it needs (`- text: opening`)."""


def block(entry: str | dict[str, str | list[str]]) -> tuple[str, str]:
    """Kind and argument of an entry; the names of several buttons have a comma between."""
    if isinstance(entry, str):
        return entry, ""
    kind, argument = next(iter(entry.items()))
    return kind, argument if isinstance(argument, str) else ",".join(argument)


class TestRecord(Record):
    """A sentence that must be understood as this intent; `madoguchi check` tries it."""

    __test__ = False

    say: Words
    intent: str = ""
    """Left out: the intent of this file."""
    provider: str | None = None
    client: str | None = None
    protocol: Literal["pop", "imap", "smtp"] | None = None
    direction: Literal["incoming", "outgoing"] | None = None
    error_code: str | None = None


class IntentRecord(Record):
    """One thing people want, and how the bot answers it."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    """The file's name without `.yaml`."""
    title: Annotated[str, Field(min_length=1, max_length=20)]
    """How the bot names it, in Japanese; also its button (at most 20 characters)."""
    needs: tuple[SlotName, ...] = ()
    """What the bot asks for before it answers, in order."""
    reply: tuple[BlockEntry, ...] = ()
    """The answer, block by block."""
    terse: tuple[BlockEntry, ...] = ()
    """The answer for staff in Slack; left out: a short form of `reply`."""
    texts: dict[str, Annotated[str, Field(min_length=1)]] = Field(default_factory=dict)
    """Named texts, with `{slots}` to be filled in."""
    choices: tuple[str, ...] = ()
    """Names of buttons out of _buttons.yaml."""
    phrases: tuple[Annotated[Words, AfterValidator(_template)], ...] = ()
    """How people say it: `[may be left out]`, `(this|that)`."""
    tests: tuple[TestRecord, ...] = ()

    def blocks(self) -> Iterator[tuple[tuple[str, int], str, str]]:
        """Every block: where it stands, its kind, its argument."""
        for key in ("reply", "terse"):
            for n, entry in enumerate(getattr(self, key)):
                yield ((key, n), *block(entry))

    def plain(self) -> dict[str, Any]:
        """The fields of the core's Intent, as plain data, phrases expanded."""
        phrases = dict.fromkeys(phrase for template in self.phrases for phrase in expand(template))
        return {
            "id": self.id,
            "title": self.title,
            "phrases": list(phrases),
            "needs": self.needs,
            "reply": [block(entry) for entry in self.reply],
            "terse": [block(entry) for entry in self.terse],
            "texts": {name: text.rstrip("\n") for name, text in self.texts.items()},
            "choices": self.choices,
        }


def placeholders(text: str) -> list[str]:
    """The names in `{…}` of a text.

    Raises:
        ValueError: the braces do not match, or a name is written with a format.
    """
    found = [
        (name, style, conversion)
        for _, name, style, conversion in Formatter().parse(text)
        if name is not None
    ]
    odd = next(
        (name for name, style, conversion in found if style or conversion or not name.isidentifier()), None
    )
    if odd is not None:
        raise ValueError(told("odd_placeholder", name=odd))
    return [name for name, _, _ in found]
