"""Whatever bytes a server sends, a look ends with a finding of its own and not with a fault of ours."""

from __future__ import annotations

import asyncio
import ssl

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.providers import Server
from bot.core.servers.findings import judge
from bot.probe.look import Rules, look
from bot.probe.wire import Limits
from tests.fakes.mailservers import Names, listening, saying

HOST = "mail.example.jp"
STARTS = [
    b"",
    b"+OK hi\r\n+OK\r\n",
    b"* OK hi\r\n* CAPABILITY \r\na1 OK\r\n",
    b"* OK hi\r\na1 ",
    b"220 hi\r\n250-",
    b"220 hi\r\n250 STARTTLS\r\n220 go\r\n",
]
PIECES = st.sampled_from(
    [b"\r\n", b"\n", b"\r", b".", b" ", b"-", b"250", b"STLS", b"AUTH=", b"\x00", b"\xff", b"\x1b["]
)
TALK = st.tuples(st.sampled_from(STARTS), st.lists(PIECES | st.binary(max_size=40), max_size=12)).map(
    lambda parts: parts[0] + b"".join(parts[1])
)


@settings(max_examples=60)
@given(
    talk=TALK,
    protocol=st.sampled_from(["pop", "imap", "smtp"]),
    security=st.sampled_from(["none", "starttls", "ssl"]),
)
def test_any_bytes_make_a_finding(talk, protocol, security):
    async def seen():
        limits = Limits(step=60.0, total=240.0, parting=0.1)
        names = Names(hosts={HOST: ["127.0.0.1"]})
        rules = Rules(
            resolver=names,
            trust=ssl.create_default_context(),
            allow_private=True,
            plain_ports={},
            limits=limits,
        )
        async with listening(saying(talk, then_hang=False)) as port:
            return await look(Server(protocol=protocol, host=HOST, port=port, security=security), rules)

    observation = asyncio.run(seen())

    assert observation.trouble != "failed", observation.detail
    assert observation.greeting.isprintable()
    assert all(capability.isprintable() for capability in observation.capabilities)
    assert judge(observation).findings or observation.trouble is None
