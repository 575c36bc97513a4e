"""Looks at many lines: at the same time, but politely; and what is kept of them."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.providers import Provider, Server
from bot.errors import StoreError
from bot.probe.look import Rules, look
from bot.probe.records import VerificationRecords
from bot.probe.verify import AT_ONCE_PER_PROVIDER, Line, lines_of, verify
from bot.probe.wire import Limits
from tests.fakes.mailservers import (
    Authority,
    Names,
    Visits,
    dovecot_missing,
    listening,
    pop3,
    real_dovecot,
    real_smtp,
    saying,
)

HOSTS = [f"mail{number}.example.jp" for number in range(8)]


@pytest.fixture(name="authority", scope="module")
def _authority() -> Authority:
    return Authority()


@pytest.fixture(name="rules")
def _rules(authority) -> Rules:
    names = Names(
        hosts={host: ["127.0.0.1"] for host in (*HOSTS, "smtp.example.jp")}
        | {"pop.example.jp": ["127.0.0.2"]}
    )
    limits = Limits(step=60.0, total=240.0, parting=0.5)
    return Rules(resolver=names, trust=authority.trust(), allow_private=True, plain_ports={}, limits=limits)


def a_line(host: str, port: int, provider_id: str = "example", security: str = "none") -> Line:
    return Line(
        provider_id=provider_id, server=Server(protocol="pop", host=host, port=port, security=security)
    )


async def all_of(lines, rules):
    return [looked async for looked in verify(lines, rules)]


class TestManyLooks:
    async def test_every_line_of_every_provider_comes_back_once(self, authority, rules):
        async with (
            listening(pop3(), tls=authority.server(*HOSTS)) as pop,
            real_smtp(tls=authority.server(*HOSTS)) as smtp,
        ):
            provider = Provider(
                id="example",
                name="例",
                servers=(Server(protocol="pop", host=HOSTS[0], port=pop, security="ssl"),),
                candidates=(Server(protocol="smtp", host=HOSTS[1], port=smtp, security="ssl"),),
            )
            looked = await all_of(lines_of(provider), rules)

        seen = {(one.line.server.protocol, one.line.candidate, one.observation.trouble) for one in looked}
        assert {("pop", False, None), ("smtp", True, None)} == seen

    async def test_few_looks_at_once_for_one_provider(self, rules):
        visits = Visits()

        async with listening(pop3(visits=visits)) as port:
            looked = await all_of([a_line(host, port) for host in HOSTS], rules)

        assert len(HOSTS) == len(looked)
        assert 1 < visits.most <= AT_ONCE_PER_PROVIDER

    async def test_one_look_at_a_time_at_one_server(self, rules):
        visits = Visits()

        async with listening(pop3(visits=visits)) as one, listening(pop3(visits=visits)) as other:
            await all_of([a_line(HOSTS[0], one), a_line(HOSTS[0], other)], rules)

        assert (visits.count, visits.most) == (2, 1)

    async def test_a_line_that_two_providers_share_is_looked_at_once(self, rules):
        visits = Visits()

        async with listening(pop3(visits=visits)) as port:
            looked = await all_of([a_line(HOSTS[0], port, "one"), a_line(HOSTS[0], port, "two")], rules)

        assert visits.count == 1
        assert sorted(one.line.provider_id for one in looked) == ["one", "two"]

    async def test_a_server_that_hangs_does_not_hold_up_the_others(self, rules):
        rules = replace(rules, limits=replace(rules.limits, step=4.0))

        async with listening(saying()) as stuck, listening(pop3()) as well:
            lines = [a_line(HOSTS[0], stuck), *(a_line(host, well) for host in HOSTS[1:])]
            order = [looked.line.server.host async for looked in verify(lines, rules)]

        assert HOSTS[0] == order[-1]

    async def test_leaving_early_stops_the_other_looks(self, rules):
        async with listening(saying()) as stuck, listening(pop3()) as well:
            looks = verify([a_line(HOSTS[0], stuck), a_line(HOSTS[1], well)], rules)
            first = await anext(looks)
            await looks.aclose()

        assert HOSTS[1] == first.line.server.host
        assert {asyncio.current_task()} == asyncio.all_tasks()

    def test_a_service_that_has_ended_has_no_lines(self):
        server = Server(protocol="pop", host=HOSTS[0], port=995, security="ssl")

        assert lines_of(Provider(id="example", name="例", servers=(server,), ended="2026-02-25")) == ()


class TestKeptLooks:
    async def test_what_is_kept_is_read_back_as_it_was(self, authority, rules, tmp_path):
        records = VerificationRecords(tmp_path)
        async with listening(pop3(), tls=authority.server(HOSTS[0])) as port:
            seen = await look(a_line(HOSTS[0], port, security="ssl").server, rules)

        records.keep("example", [seen])

        assert (seen,) == records.read("example")

    async def test_a_new_look_takes_the_place_of_the_old_at_the_same_line(self, rules, tmp_path):
        records = VerificationRecords(tmp_path)
        async with listening(pop3()) as port:
            server = a_line(HOSTS[0], port, security="none").server
            before = await look(server, rules)
        after = await look(server, rules)

        records.keep("example", [before])
        records.keep("example", [after])

        assert (after,) == records.read("example")
        assert (before.trouble, after.trouble) == (None, "refused")

    def test_nothing_kept_is_nothing_read(self, tmp_path):
        assert VerificationRecords(tmp_path).read("example") == ()

    @pytest.mark.parametrize(
        "content",
        [b"", b"{", b"[]", b'{"provider": "example"}', b"\xff\xfe", b'{"provider":"x","observations":[]}'],
    )
    def test_a_damaged_file_counts_as_none_and_is_replaced(self, tmp_path, content):
        records = VerificationRecords(tmp_path)
        records.folder.mkdir()
        (records.folder / "example.json").write_bytes(content)

        assert records.read("example") == ()
        records.keep("example", [])
        assert (records.folder / "example.json").read_bytes().startswith(b'{\n "provider": "example"')

    @pytest.mark.parametrize("provider_id", ["../x", "", "a/b", ".", "A"])
    def test_an_id_can_never_lead_out_of_the_folder(self, tmp_path, provider_id):
        with pytest.raises(StoreError):
            VerificationRecords(tmp_path).keep(provider_id, [])

    def test_no_draft_stays_behind(self, tmp_path):
        records = VerificationRecords(tmp_path)

        records.keep("example", [])

        assert [path.name for path in records.folder.iterdir()] == ["example.json"]


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for sock in sockets:
            sock.bind(("127.0.0.1", 0))
        return [sock.getsockname()[1] for sock in sockets]
    finally:
        for sock in sockets:
            sock.close()


@pytest.mark.skipif(bool(dovecot_missing()), reason=dovecot_missing() or "Dovecot is there")
class TestDovecot:
    async def test_real_pop3_and_imap_are_seen_whole(self, authority, rules):
        ports = dict(zip(["imap", "imaps", "pop3", "pop3s"], free_ports(4), strict=True))
        leaf = authority.ca.issue_cert("pop.example.jp")
        lines = [
            Server(protocol="pop", host="pop.example.jp", port=ports["pop3s"], security="ssl"),
            Server(protocol="imap", host="pop.example.jp", port=ports["imaps"], security="ssl"),
            Server(protocol="pop", host="pop.example.jp", port=ports["pop3"], security="starttls"),
            Server(protocol="imap", host="pop.example.jp", port=ports["imap"], security="starttls"),
        ]

        with real_dovecot(leaf, ports):
            seen = [await look(line, rules) for line in lines]

        assert [(one.trouble, one.faults) for one in seen] == [(None, ())] * 4
        assert {"TLSv1.3"} == {one.tls_version for one in seen}
        assert all("PLAIN" in one.sign_in for one in seen)

    async def test_a_real_plain_port_that_wants_tls_first_is_not_open_for_passwords(self, authority, rules):
        ports = dict(zip(["imap", "imaps", "pop3", "pop3s"], free_ports(4), strict=True))
        leaf = authority.ca.issue_cert("pop.example.jp")
        strangers = Rules(
            resolver=rules.resolver,
            trust=rules.trust,
            allow_private=True,
            plain_ports={"pop": ports["pop3"], "imap": ports["imap"]},
        )

        with real_dovecot(leaf, ports):
            pop = await look(
                Server(protocol="pop", host="pop.example.jp", port=ports["pop3s"], security="ssl"), strangers
            )
            imap = await look(
                Server(protocol="imap", host="pop.example.jp", port=ports["imaps"], security="ssl"), strangers
            )

        assert (pop.plain, imap.plain) == ("tls_only", "tls_only")

    @pytest.mark.parametrize(
        ("name", "days_left", "fault"),
        [("pop.example.jp", -3, "expired"), ("other.example.jp", 30, "wrong_name")],
    )
    async def test_what_is_wrong_with_the_certificate_of_a_real_server_is_found(
        self, authority, rules, name, days_left, fault
    ):
        ports = dict(zip(["imap", "imaps", "pop3", "pop3s"], free_ports(4), strict=True))
        now = datetime.now(UTC)
        leaf = authority.ca.issue_cert(
            name, not_before=now - timedelta(days=400), not_after=now + timedelta(days=days_left)
        )
        lines = [
            Server(protocol="pop", host="pop.example.jp", port=ports["pop3s"], security="ssl"),
            Server(protocol="imap", host="pop.example.jp", port=ports["imap"], security="starttls"),
        ]

        with real_dovecot(leaf, ports):
            seen = [await look(line, rules) for line in lines]

        assert [(one.trouble, one.faults) for one in seen] == [(None, (fault,))] * 2
