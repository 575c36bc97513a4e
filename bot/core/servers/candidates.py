"""Values that nobody has verified: what to look at for them, and when a look makes them values that may be given out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.providers import Evidence, Provider, Server
from bot.core.servers.findings import JAPAN, OLD_TLS, Observation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.core.providers import Protocol, Security

USUAL_PORTS: Mapping[Protocol, tuple[tuple[int, Security], ...]] = {
    "pop": ((995, "ssl"),),
    "imap": ((993, "ssl"),),
    "smtp": ((465, "ssl"), (587, "starttls")),
}
SSL_PORTS = frozenset({465, 993, 995})
TRUSTED_FOR = timedelta(days=365)


def concrete(candidate: Server) -> tuple[Server, ...]:
    """The lines worth a look for a candidate that leaves out port or security: the usual ones, best first."""
    if candidate.port is None:
        return tuple(
            replace(candidate, port=port, security=how) for port, how in USUAL_PORTS[candidate.protocol]
        )
    if candidate.security == "unspecified":
        return (replace(candidate, security="ssl" if candidate.port in SSL_PORTS else "starttls"),)
    return (candidate,)


def proves(observation: Observation) -> bool:
    """Whether the look proves the line: encrypted as it says, the right certificate, the right protocol."""
    if observation.security not in {"ssl", "starttls"} or observation.certificate is None:
        return False
    if observation.trouble or observation.faults or observation.weakness:
        return False
    return bool(observation.tls_version) and observation.tls_version not in OLD_TLS


def with_verified(provider: Provider, observations: Sequence[Observation], *, now: datetime) -> Provider:
    """*provider* with each candidate moved among the usable lines that its latest look, at most a year old, proves.

    Values are given out at all once both receiving and sending are usable: unless they were so before, for then the
    record keeps its values back for a reason that no look can remove.
    """
    proved = {line: _proved_lines(line, observations, now) for line in provider.candidates}
    gained = tuple(line for lines in proved.values() for line in lines)
    if not gained or provider.ended:
        return provider
    servers = (*provider.servers, *gained)
    complete = provider.answer_with_values or (_complete(servers) and not _complete(provider.servers))
    return replace(
        provider,
        servers=servers,
        candidates=tuple(line for line, lines in proved.items() if not lines),
        answer_with_values=complete,
        why_no_values="" if complete else provider.why_no_values,
    )


def evidence_of(observation: Observation) -> Evidence:
    """The look as a piece of evidence."""
    until = (
        f", certificate until {observation.certificate.not_after:%Y-%m-%d}" if observation.certificate else ""
    )
    source = (
        f"live look at {observation.host}:{observation.port} ({observation.tls_version or 'no TLS'}{until})"
    )
    return Evidence(source=source, kind="look", date=f"{observation.looked_at.astimezone(JAPAN):%Y-%m-%d}")


def _complete(servers: Sequence[Server]) -> bool:
    """Whether both receiving and sending are usable."""
    return {server.incoming for server in servers if server.usable} == {True, False}


def _proved_lines(
    candidate: Server, observations: Sequence[Observation], now: datetime
) -> tuple[Server, ...]:
    looks = [(line, _proof(line, observations, now)) for line in concrete(candidate)]
    return tuple(
        replace(line, usable=True, evidence=(*line.evidence, evidence_of(look)))
        for line, look in looks
        if look is not None
    )


def _proof(line: Server, observations: Sequence[Observation], now: datetime) -> Observation | None:
    looks = [one for one in observations if one.is_of(line) and now - one.looked_at <= TRUSTED_FOR]
    latest = max(looks, key=lambda look: look.looked_at, default=None)
    return latest if latest is not None and proves(latest) else None
