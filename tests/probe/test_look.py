"""A look at one server line, against real servers and misbehaving ones, all on loopback."""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.providers import Server
from bot.probe.look import Rules, look
from bot.probe.wire import Limits
from tests.fakes.mailservers import (
    Authority,
    Names,
    Visits,
    dripping,
    imap,
    listening,
    pop3,
    pouring,
    real_smtp,
    saying,
)

HOST = "mail.example.jp"
PATIENT = Limits(step=60.0, total=240.0, parting=10.0)  # a busy machine must not look like a slow server
BRIEF = Limits(step=2.0, total=8.0, parting=0.2)  # for servers that keep silent: the wait is what is tested
UNANSWERED = replace(PATIENT, parting=0.2)  # for servers that answer, but never a goodbye


@pytest.fixture(name="authority", scope="module")
def _authority() -> Authority:
    return Authority()


@pytest.fixture(name="names")
def _names() -> Names:
    return Names(hosts={HOST: ["127.0.0.1"]})


def rules(
    authority: Authority, names: Names, *, plain: int | None = None, limits: Limits = PATIENT, **more
) -> Rules:
    ports = {} if plain is None else {"pop": plain, "imap": plain}
    settings = {"allow_private": True, "plain_ports": ports, "limits": limits} | more
    return Rules(resolver=names, trust=authority.trust(), **settings)


def a_server(protocol: str, port: int, security: str = "ssl", host: str = HOST, **more) -> Server:
    return Server(protocol=protocol, host=host, port=port, security=security, **more)


def closed_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class TestServersThatAreWell:
    async def test_smtp_with_tls_from_the_start_is_seen_whole(self, authority, names):
        async with real_smtp(tls=authority.server(HOST)) as port:
            seen = await look(a_server("smtp", port), rules(authority, names))

        assert (seen.trouble, seen.detail, seen.faults) == (None, "", ())
        assert seen.addresses == ("127.0.0.1",)
        assert seen.address == "127.0.0.1"
        assert seen.tls_version == "TLSv1.3"
        assert seen.certificate.names == (HOST,)
        assert seen.certificate.not_after > datetime.now(UTC)
        assert seen.greeting.startswith("220 mail.example.jp")
        assert {"LOGIN", "PLAIN"} == set(seen.sign_in)

    async def test_smtp_with_starttls_is_encrypted_before_its_sign_in_is_read(self, authority, names):
        async with real_smtp(starttls=authority.server(HOST)) as port:
            seen = await look(a_server("smtp", port, "starttls"), rules(authority, names))

        assert (seen.trouble, seen.faults) == (None, ())
        assert seen.tls_version == "TLSv1.3"
        assert {"LOGIN", "PLAIN"} == set(seen.sign_in)

    async def test_pop3_with_tls_tells_its_capabilities(self, authority, names):
        async with listening(pop3(), tls=authority.server(HOST)) as port:
            seen = await look(a_server("pop", port), rules(authority, names))

        assert (seen.trouble, seen.faults) == (None, ())
        assert seen.greeting == "+OK ready"
        assert seen.capabilities == ("USER", "UIDL", "SASL PLAIN LOGIN")
        assert seen.sign_in == ("USER", "PLAIN", "LOGIN")

    async def test_a_pop3_server_older_than_capa_is_well_too(self, authority, names):
        async with listening(pop3(capabilities=None), tls=authority.server(HOST)) as port:
            seen = await look(a_server("pop", port), rules(authority, names))

        assert (seen.trouble, seen.capabilities) == (None, ())

    async def test_imap_with_tls_tells_its_capabilities(self, authority, names):
        async with listening(imap(), tls=authority.server(HOST)) as port:
            seen = await look(a_server("imap", port), rules(authority, names))

        assert None is seen.trouble
        assert seen.capabilities == ("IMAP4REV1", "AUTH=PLAIN")
        assert seen.sign_in == ("LOGIN", "PLAIN")

    @pytest.mark.parametrize(("protocol", "server"), [("pop", pop3), ("imap", imap)])
    async def test_starttls_is_taken_where_it_is_promised(self, authority, names, protocol, server):
        async with listening(server(tls=authority.server(HOST))) as port:
            seen = await look(a_server(protocol, port, "starttls"), rules(authority, names))

        assert (seen.trouble, seen.faults) == (None, ())
        assert seen.tls_version == "TLSv1.3"

    @pytest.mark.parametrize(
        ("protocol", "server", "heard"),
        [("pop", pop3, ["CAPA", "QUIT"]), ("imap", imap, ["a1 CAPABILITY", "z LOGOUT"])],
    )
    async def test_a_look_never_signs_in_and_says_goodbye(self, authority, names, protocol, server, heard):
        visits = Visits()

        async with listening(server(visits=visits), tls=authority.server(HOST)) as port:
            await look(a_server(protocol, port), rules(authority, names))

        assert heard == visits.heard

    async def test_an_unencrypted_line_is_read_without_tls(self, authority, names):
        async with listening(pop3()) as port:
            seen = await look(a_server("pop", port, "none"), rules(authority, names))

        assert (seen.trouble, seen.tls_version, seen.certificate) == (None, "", None)

    async def test_a_line_of_unspecified_security_goes_over_to_tls_when_it_is_offered(self, authority, names):
        async with listening(pop3(tls=authority.server(HOST))) as port:
            seen = await look(a_server("pop", port, "unspecified"), rules(authority, names))

        assert (seen.trouble, seen.tls_version) == (None, "TLSv1.3")

    async def test_the_next_address_is_tried_when_the_first_does_not_answer(self, authority):
        names = Names(hosts={HOST: ["127.0.0.9", "127.0.0.1"]})

        async with listening(pop3(), tls=authority.server(HOST)) as port:
            seen = await look(a_server("pop", port), rules(authority, names))

        assert (seen.trouble, seen.address) == (None, "127.0.0.1")


class TestCertificates:
    async def test_an_expired_certificate_is_explained_and_the_talk_goes_on(self, authority, names):
        async with real_smtp(tls=authority.expired_server(HOST)) as port:
            seen = await look(a_server("smtp", port), rules(authority, names))

        assert (seen.trouble, seen.faults) == (None, ("expired",))
        assert seen.certificate.not_after < datetime.now(UTC)
        assert seen.greeting.startswith("220")

    async def test_a_certificate_for_another_name_is_explained(self, authority, names):
        async with real_smtp(tls=authority.server("other.example.jp")) as port:
            seen = await look(a_server("smtp", port), rules(authority, names))

        assert (seen.trouble, seen.faults) == (None, ("wrong_name",))
        assert seen.certificate.names == ("other.example.jp",)

    async def test_a_certificate_of_an_unknown_authority_is_explained(self, authority, names):
        async with listening(imap(), tls=Authority().server(HOST)) as port:
            seen = await look(a_server("imap", port), rules(authority, names))

        assert (seen.trouble, seen.faults) == (None, ("untrusted_chain",))
        assert "trustme" in seen.certificate.issuer

    async def test_a_self_signed_certificate_is_explained(self, authority, names, self_signed):
        async with listening(pop3(), tls=self_signed) as port:
            seen = await look(a_server("pop", port), rules(authority, names))

        assert (seen.trouble, seen.faults) == (None, ("self_signed",))
        assert seen.certificate.self_signed

    async def test_a_certificate_that_is_not_valid_yet_is_explained(self, authority, names):
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        tls = authority.server(HOST, not_before=tomorrow, not_after=tomorrow + timedelta(days=9))

        async with listening(pop3(), tls=tls) as port:
            seen = await look(a_server("pop", port), rules(authority, names))

        assert (seen.trouble, seen.faults) == (None, ("not_yet_valid",))

    async def test_every_fault_of_a_certificate_is_named(self, authority, names):
        async with listening(pop3(), tls=authority.expired_server("other.example.jp")) as port:
            seen = await look(a_server("pop", port), rules(authority, names))

        assert {"expired", "wrong_name"} == set(seen.faults)

    async def test_a_wrong_name_is_named_beside_an_unknown_authority(self, authority, names):
        async with listening(pop3(), tls=Authority().server("other.example.jp")) as port:
            seen = await look(a_server("pop", port), rules(authority, names))

        assert set(seen.faults) == {"untrusted_chain", "wrong_name"}

    async def test_the_certificate_after_starttls_is_checked_as_strictly(self, authority, names):
        async with real_smtp(starttls=authority.expired_server(HOST)) as port:
            seen = await look(a_server("smtp", port, "starttls"), rules(authority, names))

        assert (seen.trouble, seen.faults) == (None, ("expired",))

    async def test_a_server_that_speaks_only_old_tls_is_found_out(self, authority, names):
        tls = authority.server(HOST)
        tls.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        tls.set_ciphers("DEFAULT:@SECLEVEL=0")
        with pytest.warns(DeprecationWarning, match="TLSv1_1"):
            tls.maximum_version = ssl.TLSVersion.TLSv1_1

        async with listening(pop3(), tls=tls) as port:
            seen = await look(a_server("pop", port), rules(authority, names))

        assert (seen.trouble, seen.tls_version) == (None, "TLSv1.1")
        assert seen.weakness


class TestPlainPort:
    async def test_a_plain_port_that_takes_passwords_is_open(self, authority, names):
        async with listening(pop3(), tls=authority.server(HOST)) as port, listening(pop3()) as plain:
            seen = await look(a_server("pop", port), rules(authority, names, plain=plain))

        assert ("open", plain) == (seen.plain, seen.plain_port)

    async def test_a_plain_port_that_wants_tls_first_is_not_open_for_passwords(self, authority, names):
        tls = authority.server(HOST)

        async with listening(imap(), tls=tls) as port, listening(imap(tls=tls)) as plain:
            seen = await look(a_server("imap", port), rules(authority, names, plain=plain))

        assert seen.plain == "tls_only"

    async def test_a_plain_port_that_refuses_is_closed(self, authority, names):
        async with listening(pop3(), tls=authority.server(HOST)) as port:
            seen = await look(a_server("pop", port), rules(authority, names, plain=closed_port()))

        assert (seen.trouble, seen.plain) == (None, "closed")

    async def test_an_outgoing_server_has_no_plain_port_to_look_at(self, authority, names):
        async with real_smtp(tls=authority.server(HOST)) as port:
            seen = await look(a_server("smtp", port), rules(authority, names, plain=closed_port()))

        assert seen.plain == "not_looked"


MISBEHAVIOUR = {
    "hangs without a word": (saying(), "silent"),
    "hangs after the greeting": (saying(b"+OK hello\r\n"), "timed_out"),
    "closes at once": (saying(then_hang=False), "closed"),
    "closes after the greeting": (saying(b"+OK hello\r\n", then_hang=False), "closed"),
    "drips for ever": (dripping(), "timed_out"),
    "endless line": (pouring(b"A" * 4096), "too_much"),
    "endless greeting lines": (pouring(b"+OK hello\r\n" * 100), "too_much"),
    "endless capabilities": (pouring(b"X\r\n" * 100, first=b"+OK hello\r\n+OK list\r\n"), "too_much"),
    "garbage": (saying(b"\x00\xff\x1b[31m\x07\r\n" * 3), "garbage"),
    "a web server": (saying(b"HTTP/1.1 400 Bad Request\r\n\r\n", then_hang=False), "garbage"),
    "an SMTP server": (saying(b"220 mail ESMTP\r\n"), "garbage"),
    "turns us away": (saying(b"-ERR too many connections\r\n"), "turned_away"),
}


def limits_for(trouble: str) -> Limits:
    return BRIEF if trouble in {"silent", "timed_out"} else UNANSWERED


class TestServersThatMisbehave:
    @pytest.mark.parametrize("what", MISBEHAVIOUR)
    async def test_each_misbehaviour_is_a_clear_finding(self, authority, names, what):
        behaviour, trouble = MISBEHAVIOUR[what]

        async with listening(behaviour) as port:
            seen = await look(
                a_server("pop", port, "none"), rules(authority, names, limits=limits_for(trouble))
            )

        assert trouble == seen.trouble, seen.detail
        assert seen.seconds < BRIEF.total + 1

    @pytest.mark.parametrize("what", MISBEHAVIOUR)
    async def test_behind_tls_it_is_the_same_finding(self, authority, names, what):
        behaviour, trouble = MISBEHAVIOUR[what]

        async with listening(behaviour, tls=authority.server(HOST)) as port:
            seen = await look(a_server("pop", port), rules(authority, names, limits=limits_for(trouble)))

        assert trouble == seen.trouble, seen.detail
        assert seen.tls_version == "TLSv1.3"

    @pytest.mark.parametrize("protocol", ["imap", "smtp"])
    @pytest.mark.parametrize("what", ["garbage", "endless line", "hangs without a word", "closes at once"])
    async def test_imap_and_smtp_find_it_too(self, authority, names, what, protocol):
        behaviour, trouble = MISBEHAVIOUR[what]

        async with listening(behaviour) as port:
            seen = await look(
                a_server(protocol, port, "none"), rules(authority, names, limits=limits_for(trouble))
            )

        assert trouble == seen.trouble, seen.detail

    @pytest.mark.parametrize(
        ("protocol", "greeting"), [("imap", b"* BYE not today\r\n"), ("smtp", b"554 no service for you\r\n")]
    )
    async def test_being_turned_away_is_not_taken_for_a_broken_server(
        self, authority, names, protocol, greeting
    ):
        async with listening(saying(greeting)) as port:
            seen = await look(a_server(protocol, port, "none"), rules(authority, names, limits=UNANSWERED))

        assert seen.trouble == "turned_away"

    async def test_endless_answers_of_imap_and_smtp_are_cut_off(self, authority, names):
        endless = {
            "imap": pouring(b"* X\r\n", first=b"* OK hi\r\n"),
            "smtp": pouring(b"250-X\r\n", first=b"220 hi\r\n"),
        }

        for protocol, behaviour in endless.items():
            async with listening(behaviour) as port:
                seen = await look(a_server(protocol, port, "none"), rules(authority, names))

            assert seen.trouble == "too_much", seen.detail

    async def test_what_a_server_sends_is_made_harmless_before_it_is_shown(self, authority, names):
        async with listening(saying(b"+OK \x1b[2J\xe2\x80\xaeevil\r\n", then_hang=False)) as port:
            seen = await look(a_server("pop", port, "none"), rules(authority, names))

        assert seen.greeting == "+OK \ufffd[2J\ufffdevil"

    async def test_a_plain_server_behind_a_tls_line_is_a_failed_handshake(self, authority, names):
        async with listening(saying(b"+OK hello\r\n")) as port:
            seen = await look(a_server("pop", port), rules(authority, names))

        assert (seen.trouble, seen.detail) == ("tls_failed", "wrong version number")

    async def test_a_server_that_hangs_in_the_handshake_is_a_failed_handshake(self, authority, names):
        async with listening(saying()) as port:
            seen = await look(a_server("pop", port), rules(authority, names, limits=BRIEF))

        assert seen.trouble == "tls_failed"

    async def test_a_server_that_closes_in_the_handshake_is_a_failed_handshake(self, authority, names):
        async with listening(saying(then_hang=False)) as port:
            seen = await look(a_server("pop", port), rules(authority, names))

        assert seen.trouble == "tls_failed"

    async def test_starttls_that_is_promised_but_not_offered_is_found(self, authority, names):
        async with listening(pop3()) as port:
            seen = await look(a_server("pop", port, "starttls"), rules(authority, names))

        assert seen.trouble == "no_starttls"

    async def test_starttls_that_is_offered_but_refused_is_found(self, authority, names):
        answers = saying(b"220 hi\r\n250-hi\r\n250 STARTTLS\r\n454 not now\r\n")

        async with listening(answers) as port:
            seen = await look(a_server("smtp", port, "starttls"), rules(authority, names, limits=UNANSWERED))

        assert (seen.trouble, seen.detail) == ("no_starttls", "454 not now")

    async def test_a_look_ends_within_its_total_time(self, authority, names):
        limits = replace(UNANSWERED, total=2.0)

        async with listening(saying(b"+OK hello\r\n")) as port:
            seen = await look(a_server("pop", port, "none"), rules(authority, names, limits=limits))

        assert seen.trouble == "timed_out"
        assert seen.greeting == "+OK hello"
        assert seen.seconds < limits.step


class TestWhereALookMayGo:
    async def test_a_closed_port_is_a_refusal(self, authority, names):
        seen = await look(a_server("pop", closed_port()), rules(authority, names))

        assert seen.trouble == "refused"

    async def test_an_unknown_name_is_told_from_a_name_service_that_is_down(self, authority):
        unknown = await look(a_server("pop", 995), rules(authority, Names()))
        down = await look(a_server("pop", 995), rules(authority, Names(down=True)))

        assert (unknown.trouble, down.trouble) == ("no_such_host", "dns_failed")

    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1",
            "10.0.0.5",
            "172.16.1.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.7",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:192.168.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
        ],
    )
    async def test_addresses_that_are_not_public_are_refused(self, authority, address):
        names = Names(hosts={HOST: [address]})

        seen = await look(a_server("pop", 995), rules(authority, names, allow_private=False))

        assert (seen.trouble, seen.address) == ("private_address", "")

    async def test_a_private_address_written_as_the_host_is_refused_as_well(self, authority):
        names = Names(hosts={"127.0.0.1": ["127.0.0.1"]})

        seen = await look(
            a_server("pop", 995, host="127.0.0.1"), rules(authority, names, allow_private=False)
        )

        assert seen.trouble == "private_address"

    async def test_a_name_is_asked_only_once_so_that_it_cannot_lead_elsewhere_later(self, authority, names):
        async with listening(pop3(), tls=authority.expired_server(HOST)) as port, listening(pop3()) as plain:
            seen = await look(a_server("pop", port), rules(authority, names, plain=plain))

        assert (seen.faults, seen.plain) == (("expired",), "open")
        assert names.asked == [HOST]

    async def test_only_mail_ports_are_looked_at(self, authority, names):
        seen = await look(a_server("pop", 8080), rules(authority, names, allow_private=False))

        assert (seen.trouble, names.asked) == ("port_not_allowed", [])

    async def test_a_host_that_differs_per_account_is_not_looked_at(self, authority, names):
        server = a_server("pop", 995, host="<sub>.mail.example.jp", host_varies=True)

        seen = await look(server, rules(authority, names))

        assert (seen.trouble, names.asked) == ("host_varies", [])

    async def test_a_line_without_a_port_is_not_looked_at(self, authority, names):
        seen = await look(
            Server(protocol="pop", host=HOST, port=None, security="ssl"), rules(authority, names)
        )

        assert seen.trouble == "no_port"


async def test_looks_at_many_servers_at_once_keep_apart_and_leave_nothing_behind(authority, names):
    async with AsyncExitStack() as stack:
        looks = [
            look(
                a_server("pop", await stack.enter_async_context(listening(behaviour)), "none"),
                rules(authority, names, limits=limits_for(trouble)),
            )
            for behaviour, trouble in MISBEHAVIOUR.values()
        ]

        seen = await asyncio.gather(*looks)

    assert [trouble for _, trouble in MISBEHAVIOUR.values()] == [one.trouble for one in seen]
