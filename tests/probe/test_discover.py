"""Autodiscovery for unknown domains, and the resolver, against sites and name servers on loopback."""

from __future__ import annotations

import gzip
import socket

import dns.asyncresolver
import dns.rcode
import pytest
from aiohttp import web

from bot.core.providers import Provider, Server
from bot.probe.discover import DiscoveryRules, discover, permitted_url
from bot.probe.names import DnsResolver, Service
from bot.probe.stopped import StoppedError
from tests.fakes.mailservers import Authority, Names
from tests.fakes.websites import name_server, website

DOMAIN = "shop.example.jp"
AUTOCONFIG = f"autoconfig.{DOMAIN}"
FIRST, SECOND = f"{AUTOCONFIG}/mail/config-v1.1.xml", f"{DOMAIN}/.well-known/autoconfig/mail/config-v1.1.xml"
XML = (
    '<clientConfig version="1.1"><emailProvider id="x"><domain>x.jp</domain>'
    '<incomingServer type="imap"><hostname>{host}</hostname><port>993</port><socketType>{security}</socketType>'
    "<username>%EMAILADDRESS%</username></incomingServer></emailProvider></clientConfig>"
)
NAMES = {AUTOCONFIG: ["127.0.0.1"], DOMAIN: ["127.0.0.1"], "other.example.jp": ["127.0.0.1"]}
OCN = Provider(
    id="ocn", name="OCN", servers=(Server(protocol="pop", host="pop.ocn.ne.jp", port=995, security="ssl"),)
)


def answering(**response):
    async def answer(request):
        return web.Response(**response)

    return answer


def xml(host: str = "imap.example.jp", security: str = "SSL"):
    return answering(text=XML.format(host=host, security=security))


def moved(place: str):
    return answering(status=302, headers={"Location": place})


@pytest.fixture(name="authority", scope="module")
def _authority() -> Authority:
    return Authority()


@pytest.fixture(name="tls", scope="module")
def _tls(authority):
    return authority.server(*NAMES)


@pytest.fixture(name="search")
def _search(authority):
    async def search(*, port=1, names=None, domain=DOMAIN, providers=(), **more):
        settings = {"allow_private": True, "seconds": 240.0, "step": 60.0} | more
        rules = DiscoveryRules(
            resolver=names or Names(hosts=NAMES), trust=authority.trust(), https_port=port, **settings
        )
        return await discover(domain, providers, rules)

    return search


class TestAutoconfig:
    async def test_the_domains_own_file_is_found_and_stays_unverified(self, search, tls):
        async with website({FIRST: xml()}, tls) as port:
            found = await search(port=port)

        (server,) = found.servers
        assert ("autoconfig", DOMAIN) == (found.how, found.domain)
        assert ("imap.example.jp", 993, False) == (server.host, server.port, server.usable)
        assert ["unverified"] == [evidence.kind for evidence in server.evidence]

    async def test_the_second_place_is_tried_after_the_first(self, search, tls):
        heard = []

        async with website({SECOND: xml()}, tls, heard=heard) as port:
            found = await search(port=port)

        assert (f"https://{SECOND}", [FIRST, SECOND]) == (found.source, heard)

    async def test_only_the_domain_is_told_never_an_address(self, search, tls):
        heard = []

        async with website({}, tls, heard=heard) as port:
            await search(port=port)

        assert not any("@" in place or "?" in place or "%40" in place for place in heard)

    async def test_a_redirect_to_another_named_host_is_followed(self, search, tls):
        answers = {FIRST: moved("https://other.example.jp/here.xml"), "other.example.jp/here.xml": xml()}

        async with website(answers, tls) as port:
            found = await search(port=port)

        assert "autoconfig" == found.how

    @pytest.mark.parametrize(
        "place",
        [
            "http://other.example.jp/here.xml",
            "https://127.0.0.1/here.xml",
            "https://[::1]/here.xml",
            "https://2130706433/here.xml",
            "https://localhost/here.xml",
            "https://other.example.jp:8443/here.xml",
            "https://user@other.example.jp/here.xml",
            "file:///etc/passwd",
            "",
            f"https://{FIRST}",
        ],
    )
    async def test_a_redirect_elsewhere_is_not_followed(self, search, tls, place):
        async with website({FIRST: moved(place), "other.example.jp/here.xml": xml()}, tls) as port:
            found = await search(port=port)

        assert "nothing" == found.how

    async def test_a_name_that_leads_into_a_private_network_is_not_asked(self, search, tls):
        heard = []

        async with website({FIRST: xml()}, tls, heard=heard) as port:
            found = await search(port=port, allow_private=False)

        assert ("nothing", []) == (found.how, heard)

    @pytest.mark.parametrize(
        "answer",
        [
            answering(body=b"<clientConfig>" + b" " * 70000),
            answering(
                body=gzip.compress(XML.format(host="imap.example.jp", security="SSL").encode()),
                headers={"Content-Encoding": "gzip"},
            ),
            answering(text='<!DOCTYPE x [<!ENTITY a "aaa">]><clientConfig/>'),
            answering(text="<html>"),
            answering(status=500),
            xml(security="plain"),
            xml(host="127.0.0.1"),
        ],
        ids=[
            "too large",
            "packed",
            "entities",
            "a web page",
            "an error",
            "unencrypted",
            "an address as host",
        ],
    )
    async def test_a_file_that_is_hostile_or_unfit_is_not_taken(self, search, tls, answer):
        async with website({FIRST: answer}, tls) as port:
            found = await search(port=port)

        assert "nothing" == found.how

    async def test_a_file_without_end_is_not_read_to_its_end(self, search, tls):
        sent = []

        async def endless(request):
            response = web.StreamResponse()
            await response.prepare(request)
            while len(sent) < 3000:
                await response.write(b" " * 10_000)
                sent.append(10_000)
            return response

        async with website({FIRST: endless}, tls) as port:
            found = await search(port=port)

        assert found.how == "nothing"
        assert sum(sent) < 20_000_000

    async def test_a_site_with_a_wrong_certificate_is_not_believed(self, search):
        async with website({FIRST: xml(), SECOND: xml()}, Authority().server(*NAMES)) as port:
            found = await search(port=port)

        assert "nothing" == found.how


class TestUrls:
    def test_https_to_a_named_host_is_permitted(self):
        assert permitted_url("https://example.jp:443/a?b#c") == "https://example.jp/a?b"

    @pytest.mark.parametrize(
        "url",
        [
            "http://example.jp/",
            "ftp://example.jp/",
            "file:///etc/passwd",
            "//example.jp/",
            "",
            "https:///",
            "https://example.jp:8443/",
            "https://user@example.jp/",
            "https://@example.jp/",
            "https://localhost/",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://１２７.0.0.1/",
        ],
    )
    def test_anything_else_is_not(self, url):
        with pytest.raises(StoppedError):
            permitted_url(url)


class TestRecords:
    async def test_srv_records_name_the_servers(self, search):
        records = {
            f"_imaps._tcp.{DOMAIN}": [Service(host="imap.example.jp", port=993)],
            f"_submission._tcp.{DOMAIN}": [Service(host="smtp.example.jp", port=587)],
        }

        found = await search(names=Names(records=records))

        lines = [
            (server.protocol, server.host, server.port, server.security, server.usable)
            for server in found.servers
        ]
        assert "srv" == found.how
        assert [
            ("imap", "imap.example.jp", 993, "ssl", False),
            ("smtp", "smtp.example.jp", 587, "starttls", False),
        ] == lines

    @pytest.mark.parametrize(
        "service",
        [
            Service(host="imap.example.jp", port=22),
            Service(host="127.0.0.1", port=993),
            Service(host="x", port=993),
        ],
    )
    async def test_srv_records_that_lead_astray_are_left_out(self, search, service):
        found = await search(names=Names(records={f"_imaps._tcp.{DOMAIN}": [service]}))

        assert "nothing" == found.how

    async def test_a_known_provider_is_told_by_who_takes_the_mail(self, search):
        found = await search(names=Names(takers={DOMAIN: ["mx.ocn.ne.jp"]}), providers=[OCN])

        assert ("mx", "ocn", ()) == (found.how, found.provider_id, found.servers)

    async def test_what_the_domain_says_itself_comes_before_who_takes_its_mail(self, search):
        names = Names(
            records={f"_imaps._tcp.{DOMAIN}": [Service(host="imap.example.jp", port=993)]},
            takers={DOMAIN: ["mx.ocn.ne.jp"]},
        )

        assert "srv" == (await search(names=names, providers=[OCN])).how

    @pytest.mark.parametrize(
        "domain", ["", "localhost", "127.0.0.1", "a b.jp", "x" * 300, "..", "user@shop.example.jp"]
    )
    async def test_what_is_no_domain_is_not_searched_for(self, search, domain):
        names = Names()

        assert "nothing" == (await search(names=names, domain=domain)).how
        assert [] == names.asked

    async def test_a_japanese_domain_is_asked_for_in_its_ascii_form(self, search):
        found = await search(
            names=Names(takers={"xn--wgv71a119e.jp": ["mx.ocn.ne.jp"]}), domain="日本語.jp", providers=[OCN]
        )

        assert ("mx", "xn--wgv71a119e.jp") == (found.how, found.domain)


def asking(port: int, *, seconds: float = 60.0) -> DnsResolver:
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = port
    return DnsResolver(resolver, seconds=seconds)


ZONE = {
    ("mail.example.jp", "A"): ["203.0.113.5", "203.0.113.6"],
    ("mail.example.jp", "AAAA"): ["2001:db8::5"],
    ("only4.example.jp", "A"): ["203.0.113.7"],
    ("empty.example.jp", "TXT"): ["x"],
    ("example.jp", "MX"): ["20 b.example.jp.", "10 a.example.jp."],
    ("none.example.jp", "MX"): ["0 ."],
    ("_imaps._tcp.example.jp", "SRV"): [
        "2 0 993 b.example.jp.",
        "1 5 993 a.example.jp.",
        "1 9 993 c.example.jp.",
    ],
    ("_pop3s._tcp.example.jp", "SRV"): ["0 0 0 ."],
}


class TestDnsResolver:
    async def test_all_addresses_of_both_kinds_are_found(self):
        async with name_server(ZONE) as port:
            both = await asking(port).addresses("mail.example.jp")
            one = await asking(port).addresses("only4.example.jp")

        assert {"203.0.113.5", "203.0.113.6", "2001:db8::5"} == set(both)
        assert ("203.0.113.7",) == one

    @pytest.mark.parametrize(
        ("host", "detail"), [("unknown.example.jp", "does not exist"), ("empty.example.jp", "no address")]
    )
    async def test_a_name_without_address_is_no_such_host(self, host, detail):
        async with name_server(ZONE) as port:
            with pytest.raises(StoppedError, match=detail) as stopped:
                await asking(port).addresses(host)

        assert "no_such_host" == stopped.value.trouble

    async def test_a_name_server_that_fails_is_told_from_a_name_that_does_not_exist(self):
        async with name_server(ZONE, rcode=dns.rcode.SERVFAIL) as port:
            with pytest.raises(StoppedError) as stopped:
                await asking(port).addresses("mail.example.jp")

        assert "dns_failed" == stopped.value.trouble

    async def test_a_name_server_that_does_not_answer_is_a_failure_as_well(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind(("127.0.0.1", 0))
            with pytest.raises(StoppedError) as stopped:
                await asking(silent.getsockname()[1], seconds=1.0).addresses("mail.example.jp")

        assert "dns_failed" == stopped.value.trouble

    @pytest.mark.parametrize("host", ["a..b", "x" * 64 + ".jp"])
    async def test_a_name_that_cannot_be_asked_for_is_a_failure_and_no_crash(self, host):
        with pytest.raises(StoppedError):
            await asking(1).addresses(host)

    async def test_addresses_and_localhost_need_no_name_server(self):
        assert ("192.0.2.1",) == await asking(1).addresses("192.0.2.1")
        assert ("127.0.0.1", "::1") == await asking(1).addresses("localhost")

    async def test_mail_exchangers_come_best_first(self):
        async with name_server(ZONE) as port:
            some, none, unknown = [
                await asking(port).exchangers(name)
                for name in ("example.jp", "none.example.jp", "unknown.example.jp")
            ]

        assert (("a.example.jp", "b.example.jp"), (), ()) == (some, none, unknown)

    async def test_services_come_best_first_and_a_dot_means_none(self):
        async with name_server(ZONE) as port:
            some = await asking(port).services("_imaps._tcp.example.jp")
            none = await asking(port).services("_pop3s._tcp.example.jp")

        assert ["c.example.jp", "a.example.jp", "b.example.jp"] == [service.host for service in some]
        assert () == none
