"""`madoguchi providers verify`: a live look at the mail servers of the records. Never logs in."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.content_folders import own_folders

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.providers import Provider
    from bot.core.servers.findings import Finding, Level, Observation, Verdict
    from bot.probe.look import Rules
    from bot.probe.records import VerificationRecords
    from bot.probe.verify import Line, Looked

_STYLES: dict[Level, str] = {"fine": "green", "warning": "yellow", "problem": "red", "skipped": "dim"}
_IN_THE_SERVERS_WORDS = frozenset(
    {"turned_away", "garbage", "failed", "tls_failed", "no_starttls", "old_tls", "weak_tls"}
)


@click.command(
    short_help="メールサーバーに実際につないで調べます。",
    help="""\b
    プロバイダ ID（書かないときは全部）のメールサーバーに実際につないで、様子を調べます。
    名前、暗号化、証明書、あいさつ、できることを見ます。ログインはしません。

    \b
    結果はデータのフォルダーに残ります（どこにもつながらなかったときは残しません）。
    お客様に案内している行に問題があれば、終わりの番号は1です。
    """,
)
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--json", "as_json", is_flag=True, help="表のかわりに、JSONで出します。")
@click.option("--allow-private", is_flag=True, help="社内のサーバーも（社内のアドレス、どのポートでも）。")
@click.option(
    "--ca-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="この認証局（PEM）も信じます。社内のものなど。",
)
@click.option("--write-evidence", is_flag=True, help="見たことを、記録に写せる形（YAML）でも書き出します。")
def verify(
    ids: tuple[str, ...], *, as_json: bool, allow_private: bool, ca_file: Path | None, write_evidence: bool
) -> None:
    """Connect to the servers of providers and tell what they are like; nobody is signed in."""
    from bot.content.telling import told
    from bot.probe.certificates import strict_context
    from bot.probe.look import Rules
    from bot.probe.names import DnsResolver
    from bot.probe.records import VerificationRecords
    from bot.probe.verify import lines_of
    from bot.settings import Settings

    providers = _chosen(ids)
    rules = Rules(
        resolver=DnsResolver(),
        trust=strict_context(None if ca_file is None else str(ca_file)),
        allow_private=allow_private,
    )
    order = [line for provider in providers for line in lines_of(provider)]
    looked = asyncio.run(_look_at(order, rules))
    looked.sort(key=lambda one: order.index(one.line))
    kept = VerificationRecords(Settings.load().madoguchi_data_dir)
    if ours := _is_our_fault(looked):
        click.echo(told("nobody_answered"), err=True)
    else:
        _keep(looked, kept)
    if as_json:
        click.echo(json.dumps([_as_data(one) for one in looked], ensure_ascii=False, indent=2))
    else:
        _print(looked)
    _tell_rest(providers, looked)
    if write_evidence and not ours:
        _write_evidence(looked, kept.folder)
    if any(one.line.server.usable and _verdict(one).failed for one in looked):
        raise SystemExit(1)


def _chosen(ids: Sequence[str]) -> list[Provider]:
    """The providers asked for; all when none is named.

    Raises:
        UsageError: an id is unknown.
    """
    from bot.content import building
    from bot.content.library import checked
    from bot.content.locate import find_places
    from bot.content.records import closest
    from bot.content.telling import told
    from bot.errors import UsageError

    intents_dir, providers_dir = own_folders()
    places = find_places(intents_dir=intents_dir, providers_dir=providers_dir)
    records = {key: entry.record for key, entry in sorted(checked(places).providers.items())}
    for name in ids:
        if name not in records:
            raise UsageError(
                told("no_such_provider", name=name, hint=closest(name, records) or told("see_providers"))
            )
    return [building.provider(records[name].plain()) for name in dict.fromkeys(ids or records)]


async def _look_at(lines: Sequence[Line], rules: Rules) -> list[Looked]:
    from rich.console import Console
    from rich.progress import Progress

    from bot.probe.verify import verify as look_at

    console = Console(stderr=True)
    looked = []
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("サーバーを見ています", total=len(lines))
        async for one in look_at(lines, rules):
            looked.append(one)
            progress.advance(task)
    return looked


def _is_our_fault(looked: Sequence[Looked]) -> bool:
    """Whether not one server was reached: it says nothing about them."""
    from bot.core.servers.findings import NOT_LOOKED

    tried = [one for one in looked if one.observation.trouble not in NOT_LOOKED]
    return bool(tried) and not any(one.observation.address for one in tried)


def _keep(looked: Sequence[Looked], records: VerificationRecords) -> None:
    from bot.core.servers.findings import NOT_LOOKED

    of_provider: defaultdict[str, list[Observation]] = defaultdict(list)
    for one in looked:
        if one.observation.trouble not in NOT_LOOKED:
            of_provider[one.line.provider_id].append(one.observation)
    for provider_id, observations in of_provider.items():
        records.keep(provider_id, observations)


def _print(looked: Sequence[Looked]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("プロバイダ\nサーバー", overflow="fold", min_width=22)
    for column in ("接続", "暗号", "期限", "暗号なし"):
        table.add_column(column, no_wrap=True)
    table.add_column("判定", overflow="fold", min_width=18)
    for one in looked:
        verdict = _verdict(one)
        cells = [Text(cell) for cell in _cells(one)]  # Text: what servers say is never taken as markup
        table.add_row(*cells, Text(_summary(one, verdict), style=_STYLES[verdict.level]))
    Console().print(table)


def _cells(one: Looked) -> tuple[str, ...]:
    from bot.content.telling import term
    from bot.core.servers.findings import NOT_LOOKED

    seen, server = one.observation, one.line.server
    whose = f"{one.line.provider_id}{'（候補）' if one.line.candidate else ''}"
    return (
        f"{whose}\n{server.protocol} {server.host}:{server.port or '?'} {server.security}",
        "" if seen.trouble in NOT_LOOKED else "○" if seen.address else "×",
        seen.tls_version.removeprefix("TLSv"),
        f"{seen.certificate.not_after:%Y-%m-%d}" if seen.certificate else "",
        term("of_plain", seen.plain),
    )


def _summary(one: Looked, verdict: Verdict) -> str:
    """All that is not as it should be; else that it is fine, or for a candidate that it may now be given out."""
    from bot.core.servers.candidates import proves

    found = [_found(finding, one) for finding in verdict.findings if finding.level != "fine"]
    if one.line.candidate and proves(one.observation):
        found.insert(0, "確認できた")
    return "、".join(found) or "問題なし"


def _found(finding: Finding, one: Looked) -> str:
    from bot.content.telling import term

    about, certificate = "", one.observation.certificate
    if finding.name in _IN_THE_SERVERS_WORDS:
        about = finding.about
    elif finding.name == "certificate_wrong_name" and certificate:
        about = "、".join(certificate.names[:3]) or certificate.subject
    name = term("of_findings", finding.name)
    return f"{name}（{about}）" if about else name


def _verdict(one: Looked) -> Verdict:
    from bot.core.servers.findings import judge

    return judge(one.observation)


def _as_data(one: Looked) -> dict[str, Any]:
    from pydantic import TypeAdapter

    from bot.core.servers.candidates import proves
    from bot.core.servers.findings import Observation, Verdict

    verdict = _verdict(one)
    return {
        "provider": one.line.provider_id,
        "candidate": one.line.candidate,
        "usable": one.line.server.usable,
        "proved": proves(one.observation),
        "verdict": TypeAdapter(Verdict).dump_python(verdict, mode="json"),
        "observation": TypeAdapter(Observation).dump_python(one.observation, mode="json"),
    }


def _tell_rest(providers: Sequence[Provider], looked: Sequence[Looked]) -> None:
    """What the table does not show, on stderr: providers without lines, and the count."""
    from bot.content.telling import told

    for provider in providers:
        if provider.ended:
            click.echo(told("not_looked_ended", provider=provider.id, day=provider.ended), err=True)
        elif not provider.servers and not provider.candidates:
            click.echo(told("not_looked_no_server", provider=provider.id), err=True)
    counts = Counter(_verdict(one).level for one in looked)
    line = told(
        "looked_at",
        lines=len(looked),
        fine=counts["fine"],
        warning=counts["warning"],
        problem=counts["problem"],
        skipped=counts["skipped"],
    )
    click.echo(line, err=True)


def _write_evidence(looked: Sequence[Looked], folder: Path) -> None:
    import yaml

    from bot.content.telling import told
    from bot.errors import StoreError
    from bot.probe.records import write_whole

    now = datetime.now(UTC)
    path = folder / f"evidence-{now:%Y%m%d}.yaml"
    head = f"# {told('evidence_head')}\n"
    patch = yaml.safe_dump(_patch(looked), allow_unicode=True, sort_keys=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, (head + patch).encode())
    except OSError as error:
        raise StoreError(told("not_written", path=path, why=error.strerror)) from error
    click.echo(told("evidence_written", path=path), err=True)


def _patch(looked: Sequence[Looked]) -> dict[str, Any]:
    """By provider: lines that were proved, in the form of its YAML record, and in words what was wrong with others."""
    from bot.core.servers.candidates import evidence_of, proves

    patch: dict[str, Any] = {}
    for one in looked:
        server, verdict = one.line.server, _verdict(one)
        if verdict.level == "skipped":
            continue
        part = patch.setdefault(one.line.provider_id, {"servers": [], "sources": {}, "found_wrong": []})
        line: Mapping[str, Any] = {
            "protocol": server.protocol,
            "host": server.host,
            "port": server.port,
            "security": server.security,
        }
        if not proves(one.observation):
            part["found_wrong"].append(
                {**line, "findings": [_found(finding, one) for finding in verdict.findings]}
            )
            continue
        name = f"look_{server.protocol}_{server.port}"
        while name in part["sources"]:
            name += "_more"
        evidence = evidence_of(one.observation)
        part["sources"][name] = {"source": evidence.source, "kind": evidence.kind, "date": evidence.date}
        part["servers"].append({**line, "evidence": [name]})
    return patch
