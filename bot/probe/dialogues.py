"""What is said to a POP3, IMAP or SMTP server: a greeting, its capabilities, STARTTLS, goodbye. Never a sign-in."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, assert_never

from bot.probe.stopped import StoppedError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.core import providers
    from bot.core.servers.findings import Trouble
    from bot.probe.wire import Limits, Wire

MOST_CAPABILITIES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What a server says it can do: its capabilities, the ways to sign in, and whether it goes over to TLS."""

    capabilities: tuple[str, ...] = ()
    sign_in: tuple[str, ...] = ()
    starttls: bool = False
    takes_plain_passwords: bool = False


class Dialogue(Protocol):
    """One protocol's side of the talk."""

    async def greeting(self) -> str: ...
    async def abilities(self) -> Abilities: ...
    async def ask_for_tls(self) -> None:
        """Returns once the server has agreed; the handshake comes next."""
        ...

    async def part(self) -> None: ...


def dialogue_over(wire: Wire, protocol: providers.Protocol, limits: Limits) -> Dialogue:
    """The talk that *protocol* asks for."""
    match protocol:
        case "pop":
            return _Pop(wire, limits)
        case "imap":
            return _Imap(wire, limits)
        case "smtp":
            return _Smtp(wire, limits)
        case _:
            assert_never(protocol)


class _Pop:
    """RFC 1939, CAPA of RFC 2449, STLS of RFC 2595."""

    def __init__(self, wire: Wire, limits: Limits) -> None:
        self._wire = wire
        self._limits = limits

    async def greeting(self) -> str:
        line = await self._wire.line()
        if line.startswith("-ERR"):
            raise StoppedError("turned_away", line)
        if not line.startswith("+OK"):
            raise StoppedError("garbage", f"not a POP3 greeting: {line[:80]}")
        return line

    async def abilities(self) -> Abilities:
        await self._wire.say("CAPA")
        first = await self._wire.line()
        if first.startswith("-ERR"):
            return Abilities(takes_plain_passwords=True)  # older than CAPA: USER and PASS are all it knows
        if not first.startswith("+OK"):
            raise StoppedError("garbage", f"not an answer to CAPA: {first[:80]}")
        lines = [line.upper() async for line in self._until_dot()]
        words = [line.split() for line in lines if line.strip()]
        sasl = next((tuple(parts[1:]) for parts in words if parts[0] == "SASL"), ())
        user = any(parts[0] == "USER" for parts in words)
        return Abilities(
            capabilities=tuple(lines[:MOST_CAPABILITIES]),
            sign_in=(("USER",) if user else ()) + sasl,
            starttls=any(parts[0] == "STLS" for parts in words),
            takes_plain_passwords=user or bool({"PLAIN", "LOGIN"} & set(sasl)),
        )

    async def ask_for_tls(self) -> None:
        await self._wire.say("STLS")
        answer = await self._wire.line()
        if not answer.startswith("+OK"):
            raise StoppedError("no_starttls", answer)

    async def part(self) -> None:
        await self._wire.part("QUIT")

    async def _until_dot(self) -> AsyncIterator[str]:
        for _ in range(self._limits.lines):
            line = await self._wire.line()
            if line == ".":
                return
            yield line
        raise StoppedError("too_much", f"more than {self._limits.lines} lines")


class _Imap:
    """RFC 9051: CAPABILITY, STARTTLS, LOGOUT."""

    def __init__(self, wire: Wire, limits: Limits) -> None:
        self._wire = wire
        self._limits = limits
        self._count = 0

    async def greeting(self) -> str:
        line = await self._wire.line()
        if line.upper().startswith("* BYE"):
            raise StoppedError("turned_away", line)
        if not line.upper().startswith(("* OK", "* PREAUTH")):
            raise StoppedError("garbage", f"not an IMAP greeting: {line[:80]}")
        return line

    async def abilities(self) -> Abilities:
        words: list[str] = []
        async for line in self._answers("CAPABILITY"):
            if line.upper().startswith("* CAPABILITY "):
                words.extend(line.upper().split()[2:])
        sign_in = tuple(word.removeprefix("AUTH=") for word in words if word.startswith("AUTH="))
        login = "LOGINDISABLED" not in words
        return Abilities(
            capabilities=tuple(words[:MOST_CAPABILITIES]),
            sign_in=(("LOGIN",) if login else ())
            + tuple(way for way in sign_in if way != "LOGIN" or not login),
            starttls="STARTTLS" in words,
            takes_plain_passwords=login,
        )

    async def ask_for_tls(self) -> None:
        async for _ in self._answers("STARTTLS", refusal="no_starttls"):
            pass

    async def part(self) -> None:
        await self._wire.part("z LOGOUT")

    async def _answers(self, command: str, *, refusal: Trouble = "garbage") -> AsyncIterator[str]:
        """The untagged lines before the server's OK."""
        self._count += 1
        tag = f"a{self._count}"
        await self._wire.say(f"{tag} {command}")
        for _ in range(self._limits.lines):
            line = await self._wire.line()
            if line.startswith(f"{tag} "):
                if not line.upper().startswith(f"{tag.upper()} OK"):
                    raise StoppedError(refusal, line)
                return
            if not line.startswith("* "):
                raise StoppedError("garbage", f"not an answer to {command}: {line[:80]}")
            yield line
        raise StoppedError("too_much", f"more than {self._limits.lines} lines")


class _Smtp:
    """RFC 5321: EHLO, AUTH of RFC 4954, STARTTLS of RFC 3207."""

    def __init__(self, wire: Wire, limits: Limits) -> None:
        self._wire = wire
        self._limits = limits

    async def greeting(self) -> str:
        code, lines = await self._reply()
        if code != "220":
            raise StoppedError("turned_away", lines[0])
        return lines[0]

    async def abilities(self) -> Abilities:
        await self._wire.say(f"EHLO {_literal(self._wire.own_address)}")
        code, lines = await self._reply()
        if code != "250":
            raise StoppedError("turned_away", lines[0])
        words = [line[4:].upper().split() for line in lines[1:]]
        named = [parts for parts in words if parts]
        sign_in = next((tuple(parts[1:]) for parts in named if parts[0] == "AUTH"), ())
        return Abilities(
            capabilities=tuple(" ".join(parts) for parts in named[:MOST_CAPABILITIES]),
            sign_in=sign_in,
            starttls=any(parts[0] == "STARTTLS" for parts in named),
            takes_plain_passwords=bool(sign_in),
        )

    async def ask_for_tls(self) -> None:
        await self._wire.say("STARTTLS")
        code, lines = await self._reply()
        if code != "220":
            raise StoppedError("no_starttls", lines[0])

    async def part(self) -> None:
        await self._wire.part("QUIT")

    async def _reply(self) -> tuple[str, list[str]]:
        """One reply: its code, and its lines."""
        lines: list[str] = []
        for _ in range(self._limits.lines):
            line = await self._wire.line()
            if not (line[:3].isascii() and line[:3].isdigit() and line[3:4] in {"", " ", "-"}):
                raise StoppedError("garbage", f"not an SMTP reply: {line[:80]}")
            lines.append(line)
            if line[3:4] != "-":
                return line[:3], lines
        raise StoppedError("too_much", f"more than {self._limits.lines} lines")


def _literal(address: str) -> str:
    """How a client without a name of its own introduces itself."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    return f"[IPv6:{ip}]" if ip.version == 6 else f"[{ip}]"
