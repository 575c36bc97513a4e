"""madoguchi providers verify: a live look at the servers of the records, here on loopback."""

from __future__ import annotations

import asyncio
import json
import threading
from contextlib import AsyncExitStack, contextmanager
from textwrap import dedent

import pytest
import yaml
from click.testing import CliRunner

from bot.cli.verify import verify
from bot.errors import UsageError
from bot.probe.records import VerificationRecords
from tests.content.conftest import Folder
from tests.fakes.mailservers import Authority, imap, listening, pop3

SHOP_ISP = """
    id: shop-isp
    name: 店のメール
    category: isp
    evidence: [page]
    answer_with_values: false
    why_no_values: まだ確かめていません
    servers:
      - {{protocol: pop, host: localhost, port: {pop}, security: ssl, usable: true, evidence: [page]}}
      - {{protocol: imap, host: "<sub>.example.jp", port: 993, security: ssl, host_varies: true, evidence: [page]}}
    candidates:
      - {{protocol: imap, host: localhost, port: {imap}, security: ssl, evidence: [page]}}
    sources:
      page: {{source: "https://www.example/", kind: official, date: 2026-05}}
"""


@contextmanager
def served(*servers):
    """Servers in a loop of their own, for a command that runs one itself; yields their ports."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    stack = AsyncExitStack()

    def wait_for(coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result(timeout=60)

    try:
        yield [wait_for(stack.enter_async_context(listening(talk, tls=tls))) for talk, tls in servers]
    finally:
        wait_for(stack.aclose())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture(name="authority", scope="module")
def _authority() -> Authority:
    return Authority()


@pytest.fixture(name="run")
def _run(tmp_path, authority):
    """Run the command on a record with the given ports."""
    ca_file = tmp_path / "ca.pem"
    authority.ca.cert_pem.write_to_path(str(ca_file))
    folder = Folder(tmp_path)

    def run(*arguments, pop=1, imap=1):
        folder.write("providers/shop-isp.yaml", SHOP_ISP.format(pop=pop, imap=imap))
        environment = {
            "MADOGUCHI_DATA_DIR": str(tmp_path / "data"),
            "MADOGUCHI_PROVIDERS_DIR": str(folder.providers),
            "COLUMNS": "80",
        }
        return CliRunner(env=environment).invoke(verify, [*arguments, "--ca-file", str(ca_file)])

    return run


def test_good_servers_are_told_kept_and_end_with_0(run, authority, tmp_path):
    tls = authority.server("localhost")

    with served((pop3(), tls), (imap(), tls)) as (pop, imap_port):
        result = run("shop-isp", "--allow-private", pop=pop, imap=imap_port)

    assert result.exit_code == 0, result.output
    assert [result.stdout.count(word) for word in ("（候補）", "確認できた")] == [1, 1]
    assert "3 行を見ました：問題なし 2、注意 0、問題 0、調べなかった 1" in result.stderr
    kept = VerificationRecords(tmp_path / "data").read("shop-isp")
    assert {("pop", None), ("imap", None)} == {(look.protocol, look.trouble) for look in kept}


def test_a_usable_line_that_fails_ends_with_1_and_says_why(run, authority):
    with served(
        (pop3(), authority.expired_server("localhost")), (imap(), authority.server("localhost"))
    ) as ports:
        result = run("shop-isp", "--allow-private", "--json", pop=ports[0], imap=ports[1])

    assert result.exit_code == 1
    seen = {
        entry["observation"]["protocol"]: entry
        for entry in json.loads(result.stdout)
        if entry["candidate"] or entry["usable"]
    }
    assert (seen["pop"]["proved"], seen["pop"]["observation"]["faults"]) == (False, ["expired"])
    assert (seen["imap"]["candidate"], seen["imap"]["proved"]) == (True, True)


def test_a_line_that_customers_are_not_given_may_fail_without_harm(run, authority):
    with served((pop3(), authority.server("localhost"))) as (pop,):
        result = run("shop-isp", "--allow-private", pop=pop, imap=1)

    assert result.exit_code == 0, result.output
    assert "接続を断られた" in result.stdout


@pytest.mark.parametrize("ids", [("shop-isp",), ("shop-isp", "other-isp")], ids=["one", "several"])
def test_when_nobody_at_all_is_reached_the_fault_is_ours_and_nothing_is_kept(run, tmp_path, ids):
    other = SHOP_ISP.replace("shop-isp", "other-isp").replace("店のメール", "別のメール")
    (tmp_path / "providers").mkdir()
    (tmp_path / "providers" / "other-isp.yaml").write_text(dedent(other.format(pop=1, imap=1)), "utf-8")

    result = run(*ids, "--allow-private", "--write-evidence")

    assert "こちらの回線のせいと思われます" in result.stderr
    assert (result.exit_code, list(tmp_path.glob("data/verifications/*"))) == (1, [])


def test_in_a_terminal_a_bar_shows_how_far_it_is(run, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")  # how rich is told that it writes to a terminal

    result = run("shop-isp", "--json")

    assert "サーバーを見ています" in result.stderr
    assert "サーバーを見ています" not in result.stdout


def test_a_host_that_differs_per_account_is_skipped_with_the_reason(run):
    result = run("shop-isp", "--json")

    skipped = [
        entry for entry in json.loads(result.stdout) if entry["observation"]["trouble"] == "host_varies"
    ]
    assert [entry["verdict"]["level"] for entry in skipped] == ["skipped"]


def test_in_house_servers_are_left_alone_unless_they_are_allowed(run, tmp_path):
    result = run("shop-isp", "--json", pop=995, imap=993)

    assert {"private_address", "host_varies"} == {
        entry["observation"]["trouble"] for entry in json.loads(result.stdout)
    }
    assert not (tmp_path / "data" / "verifications" / "shop-isp.json").exists()


def test_the_evidence_is_written_in_the_form_of_a_record(run, authority, tmp_path):
    with served(
        (pop3(), authority.expired_server("localhost")), (imap(), authority.server("localhost"))
    ) as ports:
        run("shop-isp", "--allow-private", "--write-evidence", pop=ports[0], imap=ports[1])

    (path,) = (tmp_path / "data" / "verifications").glob("evidence-*.yaml")
    part = yaml.safe_load(path.read_text(encoding="utf-8"))["shop-isp"]
    (line,) = part["servers"]
    assert ("imap", "localhost", ports[1]) == (line["protocol"], line["host"], line["port"])
    assert part["sources"][line["evidence"][0]]["kind"] == "look"
    assert "証明書の期限切れ" == part["found_wrong"][0]["findings"][0]


def test_an_unknown_id_is_refused_with_the_likely_one(run):
    result = run("shop-ips")

    assert isinstance(result.exception, UsageError)  # exit 2, see bot.cli.main
    assert "「shop-isp」のことでしょうか" in str(result.exception)


def test_a_service_that_has_ended_is_named_and_not_looked_at(run):
    result = run("goo")

    assert (result.exit_code, "pop" in result.stdout) == (0, False)
    assert "goo: サービスが終わった（2026-02-25）ので、調べません" in result.stderr
