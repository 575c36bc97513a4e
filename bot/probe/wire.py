"""One connection to a server that may be slow, broken or hostile: read line by line, never too long, never too much."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import ssl
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from bot.probe.stopped import StoppedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.servers.findings import Trouble

UNREACHABLE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})
HUNG_UP = "the server hung up during the TLS handshake"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a look waits and how much it reads; times in seconds, sizes in bytes."""

    step: float = 5.0
    total: float = 25.0
    parting: float = 1.0
    line: int = 2048
    lines: int = 100
    all: int = 64 * 1024
    addresses: int = 4


async def first_answer(addresses: Sequence[str], port: int, limits: Limits) -> tuple[socket.socket, str]:
    """A socket connected to the first of *addresses* that answers, and which it was.

    Raises:
        StoppedError: none did.
    """
    refusals: list[StoppedError] = []
    for address in addresses[: limits.addresses]:
        try:
            return await _connected(address, port, limits), address
        except StoppedError as stopped:
            refusals.append(stopped)
    gravest = next((one for one in refusals if one.trouble != "unreachable"), refusals[0])
    raise StoppedError(gravest.trouble, "; ".join(one.detail for one in refusals))


class Wire:
    """A connection. Every wait is bounded; what goes wrong is a StoppedError, a failed handshake an ssl.SSLError."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, limits: Limits) -> None:
        self._reader = reader
        self._writer = writer
        self._limits = limits
        self._unread = bytearray()
        self._received = 0

    @classmethod
    async def over(
        cls, sock: socket.socket, *, limits: Limits, context: ssl.SSLContext | None, host: str
    ) -> Self:
        """Talk over a connected *sock*; with a *context*, encrypted from the start, as to *host*."""
        try:
            async with asyncio.timeout(limits.step):
                reader, writer = await asyncio.open_connection(
                    sock=sock,
                    limit=limits.line * 4,
                    ssl=context,
                    server_hostname=host if context else None,
                    ssl_shutdown_timeout=limits.parting if context else None,
                )
        except TimeoutError:
            raise StoppedError("tls_failed", "the server did not finish the TLS handshake") from None
        except ConnectionError as error:
            raise ssl.SSLError(ssl.SSL_ERROR_EOF, HUNG_UP) from error
        return cls(reader, writer, limits=limits)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Hang up without waiting for the other side."""
        self._writer.transport.abort()
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(self._limits.parting):
                await self._writer.wait_closed()

    async def say(self, command: str) -> None:
        """Send one line."""
        try:
            async with asyncio.timeout(self._limits.step):
                self._writer.write(command.encode("ascii") + b"\r\n")
                await self._writer.drain()
        except TimeoutError:
            raise StoppedError("timed_out", "the server stopped reading") from None
        except OSError as error:
            raise StoppedError("closed", str(error)) from error

    async def line(self) -> str:
        """The next line, without its end, fit to be shown."""
        try:
            async with asyncio.timeout(self._limits.step):
                return shown(await self._raw_line())
        except TimeoutError:
            trouble: Trouble = "timed_out" if self._received else "silent"
            raise StoppedError(trouble, f"no line within {self._limits.step:g} s") from None
        except OSError as error:
            raise StoppedError("closed", str(error)) from error

    async def encrypt(self, context: ssl.SSLContext, host: str) -> None:
        """Go over to TLS, as after STARTTLS. What came before it in the clear is thrown away."""
        self._unread.clear()
        try:
            async with asyncio.timeout(self._limits.step):
                await self._writer.start_tls(context, server_hostname=host)
        except TimeoutError:
            raise StoppedError("tls_failed", "the server did not finish the TLS handshake") from None
        except ConnectionError as error:
            raise ssl.SSLError(ssl.SSL_ERROR_EOF, HUNG_UP) from error

    @property
    def tls(self) -> ssl.SSLObject | None:
        """The TLS session, once there is one."""
        session: ssl.SSLObject | None = self._writer.get_extra_info("ssl_object")
        return session

    @property
    def own_address(self) -> str:
        return str(self._writer.get_extra_info("sockname")[0])

    async def part(self, command: str) -> None:
        """Say goodbye and give the server a moment to answer it."""
        with contextlib.suppress(StoppedError, TimeoutError):
            async with asyncio.timeout(self._limits.parting):
                await self.say(command)
                await self.line()

    async def _raw_line(self) -> bytes:
        while b"\n" not in self._unread:
            if len(self._unread) > self._limits.line or self._received > self._limits.all:
                raise StoppedError("too_much", f"no end of line after {len(self._unread)} bytes")
            data = await self._reader.read(self._limits.line)
            if not data:
                raise StoppedError("closed", "the server hung up")
            self._received += len(data)
            self._unread += data
        end = self._unread.index(b"\n")
        if end > self._limits.line:
            raise StoppedError("too_much", f"a line of {end} bytes")
        line = bytes(self._unread[:end])
        del self._unread[: end + 1]
        return line.rstrip(b"\r")


def shown(data: bytes | str, *, length: int = 512) -> str:
    """What a stranger sent, made harmless for terminals and logs: no control or direction signs, cut to *length*."""
    text = data.decode("utf-8", errors="replace") if isinstance(data, bytes) else data
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(sign)[0] == "C" else sign
        for sign in text[:length]
    )


async def _connected(address: str, port: int, limits: Limits) -> socket.socket:
    """A socket connected to *address*: to this very address, so that no second look at the name can lead elsewhere."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        sock = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise StoppedError("unreachable", f"{address}: {error.strerror or error}") from error
    try:
        sock.setblocking(False)
        async with asyncio.timeout(limits.step):
            await asyncio.get_running_loop().sock_connect(sock, (address, port))
    except BaseException as error:
        sock.close()
        if isinstance(error, TimeoutError):
            raise StoppedError("timed_out", f"{address}: no answer within {limits.step:g} s") from None
        if isinstance(error, ConnectionRefusedError):
            raise StoppedError("refused", f"{address}: connection refused") from None
        if isinstance(error, OSError):
            trouble: Trouble = "unreachable" if error.errno in UNREACHABLE else "failed"
            raise StoppedError(trouble, f"{address}: {error.strerror or error}") from error
        raise
    return sock
