"""Mail servers on loopback: real SMTP (aiosmtpd), real Dovecot where it is installed, small POP3 and IMAP servers
where no real one can be had in a test, and servers that misbehave. And names that lead to them.
"""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, AuthResult

from bot.probe.names import Service
from bot.probe.stopped import StoppedError

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Names:
    """A resolver that knows a few names; each question is written down in `asked`."""

    hosts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    records: Mapping[str, Sequence[Service]] = field(default_factory=dict)
    takers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    down: bool = False
    asked: list[str] = field(default_factory=list)

    async def addresses(self, host):
        self.asked.append(host)
        if self.down:
            raise StoppedError("dns_failed", "the name servers are down")
        if host not in self.hosts:
            raise StoppedError("no_such_host", "the name does not exist")
        return self.hosts[host]

    async def services(self, name):
        self.asked.append(name)
        return self.records.get(name, ())

    async def exchangers(self, domain):
        self.asked.append(domain)
        return self.takers.get(domain, ())


class Authority:
    """A certificate authority of the test's own."""

    def __init__(self) -> None:
        self.ca = trustme.CA()

    def server(self, *names: str, not_before=None, not_after=None) -> ssl.SSLContext:
        """TLS of a server that shows a certificate for *names*."""
        leaf = self.ca.issue_cert(*names, not_before=not_before, not_after=not_after)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        leaf.configure_cert(context)
        return context

    def expired_server(self, *names: str) -> ssl.SSLContext:
        now = datetime.now(UTC)
        return self.server(*names, not_before=now - timedelta(days=400), not_after=now - timedelta(days=3))

    def trust(self) -> ssl.SSLContext:
        """TLS of a client that trusts this authority."""
        context = ssl.create_default_context()
        self.ca.configure_trust(context)
        return context


@dataclass
class Visits:
    """What a server heard, line by line, and how many connections it had open at once at most."""

    heard: list[str] = field(default_factory=list)
    open: int = 0
    most: int = 0
    count: int = 0


@asynccontextmanager
async def listening(behaviour: Behaviour, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"):
    """A server that treats each connection as *behaviour* says; yields its port."""
    talks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.create_task(_until_gone(behaviour, reader, writer)))

    server = await asyncio.start_server(connected, host, 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


async def _until_gone(
    behaviour: Behaviour, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
        try:
            await behaviour(reader, writer)
        finally:
            writer.transport.abort()


def pop3(
    *,
    greeting: str = "+OK ready",
    capabilities: Sequence[str] | None = ("USER", "UIDL", "SASL PLAIN LOGIN"),
    tls: ssl.SSLContext | None = None,
    visits: Visits | None = None,
) -> Behaviour:
    """A small POP3 server: CAPA, STLS when *tls* is given, QUIT; it does not sign anybody in."""
    log = visits if visits is not None else Visits()

    async def talk(reader, writer) -> None:
        log.count += 1
        log.open += 1
        log.most = max(log.most, log.open)
        try:
            writer.write(f"{greeting}\r\n".encode())
            while line := (await reader.readline()).decode("ascii", "replace").strip():
                log.heard.append(line)
                if line == "CAPA" and capabilities is None:
                    writer.write(b"-ERR unknown command\r\n")
                elif line == "CAPA":
                    stls = ["STLS"] if tls and not writer.get_extra_info("ssl_object") else []
                    writer.write(("\r\n".join(["+OK", *capabilities, *stls, "."]) + "\r\n").encode())
                elif line == "STLS" and tls:
                    writer.write(b"+OK begin\r\n")
                    await writer.drain()
                    await writer.start_tls(tls)
                elif line == "QUIT":
                    writer.write(b"+OK bye\r\n")
                    await writer.drain()
                    return
                else:
                    writer.write(b"-ERR what?\r\n")
                await writer.drain()
        finally:
            log.open -= 1

    return talk


def imap(
    *,
    greeting: str = "* OK ready",
    capabilities: str = "IMAP4rev1 AUTH=PLAIN",
    tls: ssl.SSLContext | None = None,
    visits: Visits | None = None,
) -> Behaviour:
    """A small IMAP server: CAPABILITY, STARTTLS when *tls* is given, LOGOUT."""
    log = visits if visits is not None else Visits()

    async def talk(reader, writer) -> None:
        writer.write(f"{greeting}\r\n".encode())
        while line := (await reader.readline()).decode("ascii", "replace").strip():
            log.heard.append(line)
            tag, _, command = line.partition(" ")
            if command == "CAPABILITY":
                more = " STARTTLS LOGINDISABLED" if tls and not writer.get_extra_info("ssl_object") else ""
                writer.write(f"* CAPABILITY {capabilities}{more}\r\n{tag} OK done\r\n".encode())
            elif command == "STARTTLS" and tls:
                writer.write(f"{tag} OK begin\r\n".encode())
                await writer.drain()
                await writer.start_tls(tls)
            elif command == "LOGOUT":
                writer.write(f"* BYE\r\n{tag} OK bye\r\n".encode())
                await writer.drain()
                return
            else:
                writer.write(f"{tag} BAD what?\r\n".encode())
            await writer.drain()

    return talk


def saying(*chunks: bytes, then_hang: bool = True) -> Behaviour:
    """A server that says this, whatever it hears, and then either waits for ever or hangs up."""

    async def talk(reader, writer) -> None:
        for chunk in chunks:
            writer.write(chunk)
            await writer.drain()
        if then_hang:
            await asyncio.Event().wait()

    return talk


def pouring(chunk: bytes, *, first: bytes = b"") -> Behaviour:
    """A server that never stops talking."""

    async def talk(reader, writer) -> None:
        writer.write(first)
        while True:
            writer.write(chunk)
            await writer.drain()
            await asyncio.sleep(0)

    return talk


def dripping() -> Behaviour:
    """A server that sends one byte at a time, and no line ever ends."""

    async def talk(reader, writer) -> None:
        while True:
            writer.write(b"+")
            await writer.drain()
            await asyncio.sleep(0.02)

    return talk


@asynccontextmanager
async def real_smtp(
    *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    """aiosmtpd, with sign-in offered: encrypted from the start with *tls*, or offering STARTTLS; yields its port."""
    loop = asyncio.get_running_loop()
    protocols: list[SMTP] = []

    def serve() -> SMTP:
        protocol = SMTP(
            Sink(),
            hostname="mail.example.jp",
            tls_context=starttls,
            authenticator=lambda *_: AuthResult(success=False),
            auth_require_tls=tls is None,
            loop=loop,
        )
        protocols.append(protocol)
        return protocol

    server = await loop.create_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for protocol in protocols:
            if protocol.transport is not None:
                protocol.transport.abort()
        handlers = [protocol._handler_coroutine for protocol in protocols if protocol._handler_coroutine]
        await asyncio.gather(*handlers, return_exceptions=True)


def dovecot_missing() -> str:
    """Why Dovecot cannot be used here; "" when it can."""
    if sys.platform != "linux":
        return "only Linux has a second loopback address"
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if program is None:
        return "Dovecot is not installed"
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return (
        ""
        if version.startswith("2.3")
        else f"the test's configuration is for Dovecot 2.3, not {version.strip()}"
    )


@contextlib.contextmanager
def real_dovecot(leaf: trustme.LeafCert, ports: Mapping[str, int]):
    """Dovecot on the *ports* imap, imaps, pop3, pop3s of 127.0.0.2: on one's own address it would trust everybody."""
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "timeout": 60}
    with tempfile.TemporaryDirectory(
        prefix="dovecot-", dir="/tmp"
    ) as short:  # its sockets' paths have little room
        configuration = _dovecot_configuration(Path(short), leaf, ports)
        subprocess.run([program, "-c", str(configuration)], check=True, **quiet)  # returns once it listens
        try:
            yield
        finally:
            subprocess.run([program, "-c", str(configuration), "stop"], check=True, **quiet)


def _dovecot_configuration(folder: Path, leaf: trustme.LeafCert, ports: Mapping[str, int]) -> Path:
    folder.chmod(0o755)
    leaf.private_key_pem.write_to_path(str(folder / "key.pem"))
    for number, blob in enumerate(leaf.cert_chain_pems):
        blob.write_to_path(str(folder / "cert.pem"), append=number > 0)
    lines = [
        f"base_dir = {folder}/run",
        f"state_dir = {folder}/state",
        f"log_path = {folder}/log",
        "listen = 127.0.0.2",
        "protocols = imap pop3",
        "ssl = yes",
        f"ssl_cert = <{folder}/cert.pem",
        f"ssl_key = <{folder}/key.pem",
        "disable_plaintext_auth = yes",
        "auth_mechanisms = plain login",
        "mail_location = maildir:~/Maildir",
        "passdb {\n driver = static\n args = nopassword=n\n}",
        f"userdb {{\n driver = static\n args = uid=65534 gid=65534 home={folder}/home\n}}",
    ]
    for kind in ("imap", "pop3"):
        plain = f"inet_listener {kind} {{\n port = {ports[kind]}\n }}"
        encrypted = f"inet_listener {kind}s {{\n port = {ports[f'{kind}s']}\n ssl = yes\n }}"
        lines.append(f"service {kind}-login {{\n chroot =\n {plain}\n {encrypted}\n}}")
    if os.geteuid() != 0:
        lines += [f"default_internal_user = {getpass.getuser()}", f"default_login_user = {getpass.getuser()}"]
    configuration = folder / "dovecot.conf"
    configuration.write_text("\n".join(lines) + "\n")
    return configuration
