"""One look at one server line: name, connection, TLS and certificate, greeting, capabilities, and the plain port."""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.core.providers import Protocol
from bot.core.servers.candidates import SSL_PORTS
from bot.core.servers.findings import Observation
from bot.probe.certificates import all_faults, fault_named_by, lenient_context, read_certificate
from bot.probe.dialogues import dialogue_over
from bot.probe.names import Resolver, permitted_addresses
from bot.probe.stopped import StoppedError
from bot.probe.wire import Limits, Wire, first_answer

if TYPE_CHECKING:
    from bot.core.providers import Server
    from bot.core.servers.findings import CertificateFault, Plain
    from bot.probe.dialogues import Abilities, Dialogue

log = logging.getLogger(__name__)

MAIL_PORTS = frozenset({25, 110, 143, 465, 587, 993, 995})


def _usual_plain_ports() -> dict[Protocol, int]:
    return {"pop": 110, "imap": 143}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How to look. `trust` is the TLS that an up-to-date mail program would demand; `allow_private` opens in-house
    addresses and any port that the record names; `plain_ports` are where unencrypted receiving would be.
    """

    resolver: Resolver
    trust: ssl.SSLContext
    allow_private: bool = False
    limits: Limits = field(default_factory=Limits)
    plain_ports: Mapping[Protocol, int] = field(default_factory=_usual_plain_ports)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


async def look(server: Server, rules: Rules) -> Observation:
    """Look at *server* once. Whatever goes wrong is in the observation; only cancelling ends a look otherwise."""
    this = _Look(server, rules)
    started = time.monotonic()
    try:
        async with asyncio.timeout(rules.limits.total):
            await this.run()
    except StoppedError as stopped:
        this.add(trouble=stopped.trouble, detail=stopped.detail)
    except TimeoutError:
        this.add(trouble="timed_out", detail=f"the whole look took more than {rules.limits.total:g} s")
    except Exception as error:  # whatever a stranger's server provokes is a finding, not a crash
        extra = {"action": "look", "host": server.host, "port": server.port}
        log.warning("look failed", extra=extra, exc_info=True)
        this.add(trouble="failed", detail=f"{type(error).__name__}: {error}")
    return replace(this.seen, seconds=round(time.monotonic() - started, 3))


class _Look:
    """One look under way; `seen` is what is known so far, kept when the look stops half-way."""

    def __init__(self, server: Server, rules: Rules) -> None:
        self._server = server
        self._rules = rules
        self._limits = rules.limits
        self.seen = Observation(
            protocol=server.protocol,
            host=server.host,
            port=server.port,
            security=server.security,
            looked_at=rules.now(),
        )

    def add(self, **seen: Any) -> None:
        self.seen = replace(self.seen, **seen)

    async def run(self) -> None:
        port = _permitted_port(self._server, allow_private=self._rules.allow_private)
        private = self._rules.allow_private
        self.add(
            addresses=await permitted_addresses(
                self._server.host, self._rules.resolver, allow_private=private
            )
        )
        try:
            await self._talk(port, self._rules.trust)
        except ssl.SSLCertVerificationError as error:
            await self._explain_certificate(port, fault_named_by(error))
        except ssl.SSLError as error:
            self.add(weakness=_reason(error))
            await self._talk_to_anyone(port)
        await self._look_at_plain_port(port)

    async def _explain_certificate(self, port: int, first: CertificateFault) -> None:
        """Connect once more, taking any certificate, to see what is wrong with it."""
        self.add(faults=(first,))
        try:
            await self._talk_to_anyone(port)
        finally:
            found = self.seen.certificate
            self.add(
                faults=all_faults(self.seen.faults, found, host=self._server.host, now=self._rules.now())
            )

    async def _talk_to_anyone(self, port: int) -> None:
        try:
            await self._talk(port, lenient_context())
        except ssl.SSLError as error:
            raise StoppedError("tls_failed", _reason(error)) from error

    async def _talk(self, port: int, context: ssl.SSLContext) -> None:
        """The whole talk with the server line, noting as it goes. Raises ssl.SSLError when the handshake fails."""
        security, host = self._server.security, self._server.host
        implicit = security == "ssl" or (security == "unspecified" and port in SSL_PORTS)
        addresses = (self.seen.address,) if self.seen.address else self.seen.addresses
        sock, address = await first_answer(addresses, port, self._limits)
        self.add(address=address)
        async with await Wire.over(
            sock, limits=self._limits, context=context if implicit else None, host=host
        ) as wire:
            dialogue = dialogue_over(wire, self._server.protocol, self._limits)
            self._add_tls(wire.tls)
            try:
                await self._talk_over(wire, dialogue, None if implicit else context)
            finally:
                await dialogue.part()

    async def _talk_over(self, wire: Wire, dialogue: Dialogue, context: ssl.SSLContext | None) -> None:
        """Greeting and capabilities; with a *context*, on to TLS where it is promised or offered."""
        self.add(greeting=await dialogue.greeting())
        abilities = await dialogue.abilities()
        self._add_abilities(abilities)
        if context is None:
            return
        if self._server.port == self._rules.plain_ports.get(self._server.protocol):
            self.add(plain=_taking_passwords(abilities), plain_port=self._server.port)
        if self._server.security == "starttls" and not abilities.starttls:
            raise StoppedError("no_starttls", "STARTTLS is not offered")
        if self._server.security == "none" or not abilities.starttls:
            return
        await dialogue.ask_for_tls()
        await wire.encrypt(context, self._server.host)
        self._add_tls(wire.tls)
        self._add_abilities(await dialogue.abilities())

    async def _look_at_plain_port(self, port: int) -> None:
        """Whether the server that answered still takes passwords unencrypted."""
        plain_port = self._rules.plain_ports.get(self._server.protocol)
        if plain_port is None or plain_port == port:
            return
        self.add(plain=await self._state_of_plain_port(plain_port), plain_port=plain_port)

    async def _state_of_plain_port(self, port: int) -> Plain:
        try:
            sock, _ = await first_answer((self.seen.address,), port, self._limits)
            async with await Wire.over(sock, limits=self._limits, context=None, host="") as wire:
                dialogue = dialogue_over(wire, self._server.protocol, self._limits)
                try:
                    await dialogue.greeting()
                    return _taking_passwords(await dialogue.abilities())
                finally:
                    await dialogue.part()
        except StoppedError as stopped:
            return "not_looked" if stopped.trouble in {"turned_away", "failed"} else "closed"

    def _add_abilities(self, abilities: Abilities) -> None:
        self.add(capabilities=abilities.capabilities, sign_in=abilities.sign_in)

    def _add_tls(self, session: ssl.SSLObject | None) -> None:
        if session is None:
            return
        cipher = session.cipher()
        der = session.getpeercert(binary_form=True)
        certificate = read_certificate(der) if der else None
        faults = self.seen.faults if certificate else (*self.seen.faults, "unreadable")
        self.add(
            tls_version=session.version() or "",
            cipher=cipher[0] if cipher else "",
            certificate=certificate,
            faults=tuple(dict.fromkeys(faults)),
        )


def _permitted_port(server: Server, *, allow_private: bool) -> int:
    if server.host_varies:
        raise StoppedError("host_varies", "the host name differs per account")
    if server.port is None:
        raise StoppedError("no_port", "the record names no port")
    if server.port not in MAIL_PORTS and not allow_private:
        raise StoppedError("port_not_allowed", f"{server.port} is not a mail port")
    return server.port


def _taking_passwords(abilities: Abilities) -> Plain:
    return "open" if abilities.takes_plain_passwords else "tls_only"


def _reason(error: ssl.SSLError) -> str:
    named: str | None = getattr(error, "reason", None)  # only OpenSSL's own errors bear one
    return named.replace("_", " ").lower() if named else str(error.strerror or error)
