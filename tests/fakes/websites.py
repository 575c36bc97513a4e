"""Web sites and name servers on loopback that autodiscovery asks."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping


@asynccontextmanager
async def website(
    answers: Mapping[str, Callable[[web.Request], Awaitable[web.StreamResponse]]],
    tls,
    *,
    heard: list[str] | None = None,
):
    """An https site that answers `host/path` as *answers* says, else 404; yields its port."""

    async def answer(request: web.Request) -> web.StreamResponse:
        place = f"{request.url.host}{request.path_qs}"
        if heard is not None:
            heard.append(place)
        found = answers.get(place)
        return await found(request) if found else web.Response(status=404)

    server = web.Server(answer)
    runner = web.ServerRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    try:
        yield site._server.sockets[0].getsockname()[1]
    finally:
        await runner.cleanup()


class _NameServer(asyncio.DatagramProtocol):
    def __init__(
        self, zone: Mapping[tuple[str, str], list[str]], names: set[str], rcode: dns.rcode.Rcode | None
    ) -> None:
        self._zone = zone
        self._names = names
        self._rcode = rcode

    def connection_made(self, transport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, address) -> None:
        query = dns.message.from_wire(data)
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        (question,) = query.question
        kind = question.rdtype.name
        records = self._zone.get((question.name.to_text(omit_final_dot=True), kind), [])
        if self._rcode is not None:
            answer.set_rcode(self._rcode)
        elif records:
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *records))
        elif question.name.to_text(omit_final_dot=True) not in self._names:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        self._transport.sendto(answer.to_wire(), address)


@asynccontextmanager
async def name_server(zone: Mapping[tuple[str, str], list[str]], *, rcode: dns.rcode.Rcode | None = None):
    """A name server that knows *zone*; every other name does not exist; yields its port."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: _NameServer(zone, {name for name, _ in zone}, rcode), local_addr=("127.0.0.1", 0)
    )
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        transport.close()
