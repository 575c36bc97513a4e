"""Nobody outside makes the service connect to where it should not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.probe.names import is_public, permitted_addresses
from bot.probe.stopped import StoppedError

BOT = Path(__file__).parents[2] / "bot"

INSIDE = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "fe80::1", "fc00::1", "fd00:ec2::254",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a9fe:a9fe::", "ff02::1", "2001:db8::1",
]  # fmt: skip


class Names:
    """A name service that answers as it is told."""

    def __init__(self, *addresses):
        self._addresses = addresses

    async def addresses(self, host):
        return self._addresses


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_are_never_connected_to(address):
    assert not is_public(address)


@given(st.ip_addresses(v=4, network="10.0.0.0/8"))
def test_no_way_of_writing_a_private_address_helps(address):
    packed = int(address)

    assert not is_public(f"::ffff:{address}")
    assert not is_public(f"64:ff9b::{packed >> 16:x}:{packed & 0xFFFF:x}")
    assert not is_public(f"2002:{packed >> 16:x}:{packed & 0xFFFF:x}::1")


@pytest.mark.parametrize("address", INSIDE)
async def test_a_name_that_leads_inside_is_refused(address):
    with pytest.raises(StoppedError):
        await permitted_addresses("mail.example.jp", Names(address), allow_private=False)


async def test_of_a_name_that_leads_both_ways_only_the_public_address_is_used():
    found = await permitted_addresses("mail.example.jp", Names("10.0.0.1", "8.8.8.8"), allow_private=False)

    assert found == ("8.8.8.8",)


@pytest.mark.parametrize("written", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "127.0.0.1."])
async def test_an_address_written_in_an_odd_way_is_a_name_and_leads_nowhere(written):
    with pytest.raises(StoppedError):
        await permitted_addresses(written, Names(written), allow_private=False)


def test_every_place_that_connects_out_is_known():
    """Hosts that people name are connected to in bot/probe alone, behind the guard; the rest talks to the platforms."""
    connects = re.compile(
        r"ClientSession\(|open_connection\(|create_connection\(|sock_connect\(|urlopen\(|httpx\.|requests\.|socket\.socket\("
    )

    found = {
        path.relative_to(BOT).as_posix()
        for path in BOT.rglob("*.py")
        if connects.search(path.read_text(encoding="utf-8"))
    }

    assert found == {
        "channels/line/sender.py", "channels/slack/workspace.py", "probe/discover.py", "probe/wire.py",
    }  # fmt: skip


def test_nothing_in_the_code_loads_what_it_should_only_read():
    """No pickles, no evaluated text, no shell, and no YAML loader that makes objects."""
    dangerous = re.compile(
        r"\bpickle\b|\bmarshal\b|(?<![.\w])eval\(|(?<![.\w])exec\(|shell=True|os\.system|yaml\.(?:unsafe_|full_)?load\((?!.*(?:CSafeLoader|SafeLoader))"
    )

    found = [
        f"{path.relative_to(BOT)}: {line.strip()}"
        for path in BOT.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if dangerous.search(line)
    ]

    assert found == []
