"""Finds mail addresses and server names in a text, and whose domains they are."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TYPED_DOT = re.compile(r"(?<=[a-z0-9])[。、,・](?=(?:ne|or|co|com|jp|net)\b)")
_HOST = re.compile(
    r"(?<![a-z0-9.@_+\-])(?P<at>[a-z0-9._%+*×○◯\-]{0,64}@)?(?P<host>(?:[a-z0-9*?×○◯_\-]+\.)+[a-z]{2,})(?![a-z0-9_\-]*@)",
)
_TOP_LEVEL = frozenset(
    {
        "jp",
        "com",
        "net",
        "org",
        "info",
        "biz",
        "me",
        "tv",
        "io",
        "cc",
        "asia",
        "email",
        "con",
        "cm",
        "jo",
        "np",
    }
)
_MAIL_LABEL = re.compile(r"(pop3?s?|imap4?s?|smtps?|mail|mx|sv\d*)\d*(?:[.\-]|$)")
_PUBLIC_SUFFIX = re.compile(r"(?:(?:ne|or|co|ad|go|ac|gr)\.)?[a-z]+")
_PROTOCOLS = {"pop": "pop", "ima": "imap", "smt": "smtp"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A domain written down, alone or in an address."""

    name: str
    in_address: bool
    start: int
    end: int

    @property
    def protocol(self) -> str | None:
        """What its first label promises: pop., imap., smtp."""
        found = _MAIL_LABEL.match(self.name)
        return _PROTOCOLS.get(found[1][:3]) if found else None

    @property
    def for_mail(self) -> bool:
        """Whether it is an address's domain or names itself a mail server."""
        return self.in_address or _MAIL_LABEL.match(self.name) is not None

    @property
    def is_server(self) -> bool:
        return not self.in_address and (_MAIL_LABEL.match(self.name) is not None or self.name.count(".") > 2)


class Domains:
    """Which provider a domain belongs to. Patterns such as `*.ocn.ne.jp` or `a?.auone-net.jp` stand for all below them."""

    def __init__(self, domains: Mapping[str, Iterable[str]], hosts: Mapping[str, Iterable[str]]) -> None:
        """From each provider's *domains* and the *hosts* of its servers; a host of several tells nothing."""
        self._owners: dict[str, str] = {}
        for owner, patterns in domains.items():
            for pattern in patterns:
                self._note(owner, pattern)
        listed = Counter(host for each in hosts.values() for host in set(each))
        self._servers = {host: owner for owner, each in hosts.items() for host in each if listed[host] == 1}
        for host, owner in self._servers.items():
            if self.owner(_fixed_part(host)) is None:
                self._note(owner, host)
        self._squeezed = {domain.replace(".", ""): domain for domain in self._owners if len(domain) > 6}

    def _note(self, owner: str, pattern: str) -> None:
        domain = _fixed_part(pattern)
        if domain and not _PUBLIC_SUFFIX.fullmatch(domain):
            self._owners.setdefault(domain, owner)

    def owner(self, host: str) -> str | None:
        """The provider whose server *host* is, or below whose domain it lies."""
        if owner := self._servers.get(host):
            return owner
        labels = host.split(".")
        for start in range(len(labels) - 1):
            if owner := self._owners.get(".".join(labels[start:])):
                return owner
        return None

    def owner_of_misspelled(self, host: str) -> str | None:
        """The provider whose domain *host* is but for one slip after its first label (ocn.ne.jo, gmail.con)."""
        squeezed, head = host.replace(".", ""), host.partition(".")[0]
        for spelling, domain in self._squeezed.items():
            if (domain.partition(".")[0] == head or len(spelling) > 9) and OSA.distance(
                spelling, squeezed, score_cutoff=1
            ) <= 1:
                return self._owners[domain]
        return None


def find_hosts(text: str) -> tuple[Host, ...]:
    """Every domain in *text* (plain): alone, where it ends as domains do here; in an address, however it ends."""
    if "." not in text and "@" not in text:
        return ()
    return tuple(
        Host(
            name=found["host"],
            in_address=found["at"] is not None,
            start=found.start("host"),
            end=found.end("host"),
        )
        for found in _HOST.finditer(_TYPED_DOT.sub(".", text))
        if found["at"] is not None or found["host"].rsplit(".", 1)[-1] in _TOP_LEVEL
    )


def _fixed_part(pattern: str) -> str:
    """The domain below the last label that holds a wildcard or placeholder."""
    labels = pattern.lower().lstrip("@").split(".")
    varying = [place for place, label in enumerate(labels) if not re.fullmatch(r"[a-z0-9\-]+", label)]
    fixed = labels[varying[-1] + 1 :] if varying else labels
    return ".".join(fixed)
