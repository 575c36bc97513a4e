"""Reading autoconfig files of strangers, and telling a known provider by who takes its mail."""

from __future__ import annotations

import pytest

from bot.core.providers import Evidence, Provider, Server
from bot.core.servers.discovery import LARGEST, is_host_name, provider_of, read_autoconfig
from bot.errors import ContentError

EVIDENCE = Evidence(source="https://autoconfig.example.jp/", kind="unverified")
SERVER = (
    '<{role} type="{kind}"><hostname>{host}</hostname><port>{port}</port><socketType>{security}</socketType>'
    "<username>{username}</username><authentication>password-cleartext</authentication></{role}>"
)


def a_server(
    *, kind="imap", host="imap.example.jp", port="993", security="SSL", username="%EMAILADDRESS%", role=None
):
    role = role or ("outgoingServer" if kind == "smtp" else "incomingServer")
    return SERVER.format(role=role, kind=kind, host=host, port=port, security=security, username=username)


def a_file(*servers: str, before: str = "") -> bytes:
    inside = "".join(servers or (a_server(),))
    return (
        f'<?xml version="1.0"?>{before}<clientConfig version="1.1"><emailProvider id="example.jp">'
        f"<domain>example.jp</domain><domain>%bad</domain><displayName>例</displayName>{inside}</emailProvider></clientConfig>"
    ).encode()


def read(xml: bytes, **more):
    return read_autoconfig(xml, evidence=EVIDENCE, **more)


class TestReading:
    def test_servers_names_and_domains_are_read(self):
        config = read(
            a_file(a_server(), a_server(kind="smtp", host="smtp.example.jp", port="587", security="STARTTLS"))
        )

        imap, smtp = config.servers
        assert (
            imap.protocol,
            imap.host,
            imap.port,
            imap.security,
            imap.username,
        ) == ("imap", "imap.example.jp", 993, "ssl", "full_address")
        assert (smtp.protocol, smtp.port, smtp.security) == ("smtp", 587, "starttls")
        assert (config.id, config.name, config.domains) == ("example.jp", "例", ("example.jp",))

    def test_nothing_that_is_read_may_be_given_out(self):
        (server,) = read(a_file()).servers

        assert (server.usable, server.evidence) == (False, (EVIDENCE,))

    def test_a_placeholder_in_a_host_is_filled_in_or_kept_as_varying(self):
        xml = a_file(a_server(host="mail.%EMAILDOMAIN%"))

        (filled,) = read(xml, domain="shop.example.jp").servers
        (varying,) = read(xml).servers

        assert (filled.host, filled.host_varies) == ("mail.shop.example.jp", False)
        assert (varying.host, varying.host_varies) == ("mail.<emaildomain>", True)

    @pytest.mark.parametrize(
        "flaw",
        [
            {"kind": "exchange"},
            {"port": "0"},
            {"port": "65536"},
            {"port": "９９３"},
            {"port": "-1"},
            {"port": ""},
            {"security": "ssl3"},
            {"host": "127.0.0.1"},
            {"host": "localhost"},
            {"host": "a b.example.jp"},
            {"host": "-x.example.jp"},
            {"host": ""},
            {"kind": "smtp", "role": "incomingServer"},
            {"kind": "imap", "role": "outgoingServer"},
        ],
    )
    def test_a_line_that_makes_no_sense_is_left_out(self, flaw):
        config = read(a_file(a_server(**flaw), a_server(host="good.example.jp")))

        assert [server.host for server in config.servers] == ["good.example.jp"]

    def test_no_more_than_a_dozen_servers_are_taken(self):
        assert len(read(a_file(*[a_server()] * 40)).servers) == 12


HOSTILE = {
    "entities that grow": a_file(
        before='<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    ),
    "an entity from a file": a_file(before='<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
    "a document type from elsewhere": a_file(before='<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">'),
    "a document type at all": a_file(before="<!DOCTYPE clientConfig>"),
    "too large": a_file() + b" " * LARGEST,
    "not XML": b"\x00\xff<<<",
    "nothing": b"",
    "an unknown encoding": b'<?xml version="1.0" encoding="x-nothing"?><clientConfig/>',
    "cut off": a_file()[:-20],
    "another kind of file": b"<html><body>hello</body></html>",
    "no provider": b'<clientConfig version="1.1"/>',
    "no server": b'<clientConfig version="1.1"><emailProvider id="x"/></clientConfig>',
    "nested without end": b"<a>" * 20000,
}


class TestHostileFiles:
    @pytest.mark.parametrize("what", HOSTILE)
    def test_it_is_refused_in_one_sentence(self, what):
        with pytest.raises(ContentError) as refused:
            read(HOSTILE[what])

        (problem,) = refused.value.problems
        assert len(problem) < 300

    def test_deep_nesting_that_is_well_formed_does_no_harm(self):
        deep = b"<x>" * 4000 + b"</x>" * 4000
        xml = a_file().replace(b"<displayName>", deep + b"<displayName>")

        assert len(read(xml).servers) == 1


class TestHostNames:
    @pytest.mark.parametrize("name", ["example.jp", "a.b-c.example.ne.jp", "xn--wgv71a.jp"])
    def test_these_are_host_names(self, name):
        assert is_host_name(name)

    @pytest.mark.parametrize(
        "name",
        [
            "",
            "jp",
            "localhost",
            "1.2.3.4",
            "0x7f.1",
            "::1",
            "a..jp",
            "A.jp",
            "a.jp/",
            "a_b.jp",
            "日本.jp",
            "a.jp\n",
            "x" * 64 + ".jp",
        ],
    )
    def test_these_are_not(self, name):
        assert not is_host_name(name)


def a_provider(name: str, host: str, *domains: str, **more) -> Provider:
    return Provider(
        id=name,
        name=name,
        domains=domains,
        servers=(Server(protocol="pop", host=host, port=995, security="ssl"),),
        **more,
    )


class TestKnownProvider:
    PROVIDERS = (
        a_provider("ocn", "pop.ocn.ne.jp", "ocn.ne.jp", "*.ocn.ne.jp"),
        a_provider("gmail", "imap.gmail.com", "gmail.com"),
        a_provider("odd", "mail.ne.jp", "odd.example"),
        a_provider("goo", "pop.mail.goo.ne.jp", "goo.jp", ended="2026-02-25"),
    )

    @pytest.mark.parametrize(
        ("exchangers", "found"),
        [
            (["mx1.ocn.ne.jp"], "ocn"),
            (["MX.Gmail.com"], "gmail"),
            (["mx.unknown.example", "mx.ocn.ne.jp"], "ocn"),
            (["mx.other.ne.jp"], None),
            (["mx.notocn.ne.jp"], None),
            (["mx.mail.goo.ne.jp"], None),
            (["jp"], None),
            ([], None),
        ],
    )
    def test_it_is_told_by_the_hosts_that_take_the_mail(self, exchangers, found):
        provider = provider_of(exchangers, self.PROVIDERS)

        assert found == (provider.id if provider else None)
