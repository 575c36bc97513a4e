"""Lists beside the intents: mail programs, error codes, lifecycle dates, follow-ups, small words (intents/_lists)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from bot.content.records import Day, Record, SourceNames, Sources, Words, evidence

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$")]
Code = Annotated[str, Field(pattern=r"^(0x[0-9A-F]{8}|\d{3,5})$")]


class ClientRecord(Record):
    """A mail program."""

    name: Words
    aliases: tuple[Words, ...] = ()
    steps: tuple[Words, ...] = ()
    """The way to the screen with the port and SSL of incoming mail: one action a line, in Japanese."""
    outgoing_steps: tuple[Words, ...] = ()
    """The same for outgoing mail, where it is another screen."""
    caution: str = ""
    """What a customer should know before, in Japanese."""
    ended: Day | None = None
    """The day its support ended; left out while it is supported."""
    evidence: SourceNames

    def plain(self, key: str, sources: Sources) -> dict[str, Any]:
        return self.model_dump() | {
            "id": key,
            "ended": self.ended or "",
            "evidence": evidence(self.evidence, sources),
        }


class ErrorCodeRecord(Record):
    """An error code of a mail program, or a reply of an SMTP server."""

    meaning: Words
    """In Japanese that a seventy-year-old understands."""
    causes: tuple[Words, ...] = ()
    first_check: Words
    """The first thing to look at, in Japanese."""
    symbol: str = ""
    """The constant's name, for staff."""
    temporary: bool = False
    """It may go away by itself."""
    connection: bool = False
    """The server was not reached, or not securely: a look at it may tell why."""
    evidence: SourceNames

    def plain(self, key: str, sources: Sources) -> dict[str, Any]:
        return self.model_dump() | {"code": key, "evidence": evidence(self.evidence, sources)}


class LifecycleRecord(Record):
    """A date on which the support of something ends or ended."""

    product: Words
    date: Annotated[str, Field(pattern=r"^(\d{4}(-\d{2}){0,2})?$")]
    """YYYY, YYYY-MM or YYYY-MM-DD; "" when no source bears one."""
    text: Words
    """A sentence for customers, in Japanese."""
    evidence: SourceNames

    def plain(self, key: str, sources: Sources) -> dict[str, Any]:
        return self.model_dump() | {"id": key, "evidence": evidence(self.evidence, sources)}


class WordListRecord(Record):
    """What people say for one thing."""

    words: tuple[Words, ...] = ()
    """Any of these, in any script."""
    patterns: tuple[Words, ...] = ()
    """Regular expressions, on lower case and hiragana."""


class FollowUpRecord(WordListRecord):
    """Short words that lean on what was just talked about."""

    after: Annotated[tuple[Id, ...], Field(min_length=1)]
    """The intents after which the words mean this."""
    intent: Id
    """The intent that answers."""
    text: str = ""
    """One of its texts, or one block of its reply; left out: all of it."""
    afresh: bool = False
    """Answer from the start, as if it had not been talked about."""


class ClientsRecord(Record):
    """intents/_lists/clients.yaml"""

    clients: dict[Id, ClientRecord]
    sources: Sources

    @property
    def facts(self) -> dict[str, ClientRecord]:
        return self.clients

    def plain(self) -> list[dict[str, Any]]:
        return [record.plain(key, self.sources) for key, record in self.clients.items()]


class ErrorCodesRecord(Record):
    """intents/_lists/error_codes.yaml"""

    error_codes: dict[Code, ErrorCodeRecord]
    """By code: upper-case hex with 0x, or the digits of an SMTP reply or socket error."""
    sources: Sources

    @property
    def facts(self) -> dict[str, ErrorCodeRecord]:
        return self.error_codes

    def plain(self) -> list[dict[str, Any]]:
        return [record.plain(key, self.sources) for key, record in self.error_codes.items()]


class LifecycleListRecord(Record):
    """intents/_lists/lifecycle.yaml"""

    lifecycle: dict[Id, LifecycleRecord]
    sources: Sources

    @property
    def facts(self) -> dict[str, LifecycleRecord]:
        return self.lifecycle

    def plain(self) -> list[dict[str, Any]]:
        return [record.plain(key, self.sources) for key, record in self.lifecycle.items()]


class FollowUpsRecord(Record):
    """intents/_lists/follow_ups.yaml"""

    follow_ups: tuple[FollowUpRecord, ...]

    def plain(self) -> list[dict[str, Any]]:
        return [record.model_dump() for record in self.follow_ups]


class SmallWordsRecord(Record):
    """intents/_lists/small_words.yaml"""

    said: dict[Id, WordListRecord]
    """By what they say."""
    aspects: dict[Id, WordListRecord]
    """By what a short question asks about."""
    subjects: dict[Id, WordListRecord]
    """By intent: the words without one of which nobody leaves a topic for it."""

    def plain(self) -> dict[str, Any]:
        return self.model_dump()
