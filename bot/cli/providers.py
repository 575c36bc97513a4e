"""`madoguchi providers`: what is known of mail providers, and where it comes from."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from bot.cli.content_folders import own_data_dir, own_folders
from bot.cli.ispdb import export, import_
from bot.cli.verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.console import Console
    from rich.table import Table

    from bot.content.providers import ProviderRecord, ServerRecord
    from bot.content.records import SourceRecord
    from bot.core.providers import Provider, Server

_PROTOCOLS = ("pop", "imap", "smtp")
_WHY_NOT = {
    "ended": "サービスが終わっています",
    "candidates": "まだ確かめていない値だけです（madoguchi providers verify で確かめられます）",
    "nothing": "サーバーの記録がありません",
    "unfit": "案内できる行がありません",
    "kept_back": "記録に、案内しない理由が書かれています",
}


@click.group(help="メールのプロバイダについて知っていることと、その出典。")
def providers() -> None:
    """What is known of mail providers, and its sources."""


providers.add_command(verify)
providers.add_command(export)
providers.add_command(import_)


@providers.command(
    "list",
    short_help="プロバイダの一覧。",
    help="プロバイダの一覧。値を案内できるか、できないわけ、出典の種類。",
)
@click.option("--json", "as_json", is_flag=True, help="表のかわりに、JSONで出します。")
def list_(*, as_json: bool) -> None:
    """All providers: whether their values may be given out, why not, and the sources' kinds."""
    known = [(record, _as_customers_get(record)) for record in _records()]
    if as_json:
        listed = [_summary(record, provider) for record, provider in known]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    table = _table("ID", "名前", "案内できる値", "案内しない理由", "出典")
    for record, provider in known:
        usable = ", ".join(_usable(provider)) if provider.answer_with_values else "なし"
        reason = provider.why_no_values.partition("。")[0]
        table.add_row(record.id, record.name, usable, reason, _kinds(record.sources.values()))
    _console().print(table)
    given = sum(provider.answer_with_values for _, provider in known)
    click.echo(f"プロバイダ {len(known)}、値を案内できるもの {given}", err=True)
    reasons = Counter(_why_not(provider) for _, provider in known if not provider.answer_with_values)
    for name, words in _WHY_NOT.items():
        if reasons[name]:
            click.echo(f"  {reasons[name]:>3}  {words}", err=True)


@providers.command(help="1社のすべての値と、その出典・日付。")
@click.argument("provider_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="記録のすべてを、JSONで出します。")
def show(provider_id: str, *, as_json: bool) -> None:
    """Everything on record for one provider, each value with its evidence and date."""
    records = {record.id: record for record in _records()}
    record = records.get(provider_id)
    if record is None:
        raise click.UsageError(_unknown(provider_id, records))
    if as_json:
        click.echo(json.dumps(record.model_dump(mode="json"), ensure_ascii=False, indent=2))
        return
    console = _console()
    facts = _table("", "値", "出典", title=record.name)
    for row in _facts(record):
        facts.add_row(*row)
    console.print(facts)
    if record.servers:
        servers = _table("方式", "サーバー", "ポート", "暗号化", "ユーザー名", "案内", "対象", "出典")
        for server in record.servers:
            servers.add_row(*_server_row(server, record))
        console.print(servers)
    if record.candidates:
        candidates = _table("方式", "サーバー", "ポート", "暗号化", "出典", title="確かめるまで案内しない値")
        for candidate in record.candidates:
            port = str(candidate.port or "?")
            evidence = _sources(candidate.evidence, record)
            candidates.add_row(candidate.protocol, candidate.host, port, candidate.security, evidence)
        console.print(candidates)


def _records() -> list[ProviderRecord]:
    from bot.content.library import checked
    from bot.content.locate import find_places

    intents_dir, providers_dir = own_folders()
    places = find_places(intents_dir=intents_dir, providers_dir=providers_dir)
    return [entry.record for _, entry in sorted(checked(places).providers.items())]


def _unknown(provider_id: str, records: Mapping[str, ProviderRecord]) -> str:
    """Name the provider that was probably meant: by id, name or alias."""
    from rapidfuzz import fuzz, process

    from bot.core.text import fold

    names = {
        fold(name): record.id
        for record in records.values()
        for name in (record.id, record.name, *record.aliases, *record.domains)
    }
    found = process.extractOne(fold(provider_id), list(names), scorer=fuzz.ratio, score_cutoff=60)
    hint = f"（「{names[found[0]]}」のことでしょうか）" if found else "（madoguchi providers list で一覧）"
    return f"プロバイダ「{provider_id}」はありません{hint}"


def _as_customers_get(record: ProviderRecord) -> Provider:
    """The provider with what looks on this computer have proved."""
    from bot.content import building
    from bot.core.servers.candidates import with_verified
    from bot.probe.records import VerificationRecords

    looks = VerificationRecords(own_data_dir()).read(record.id) if record.candidates else ()
    return with_verified(building.provider(record.plain()), looks, now=datetime.now(UTC))


def _usable(provider: Provider) -> list[str]:
    usable = {server.protocol for server in provider.servers if server.usable}
    return [protocol for protocol in _PROTOCOLS if protocol in usable]


def _why_not(provider: Provider) -> str:
    """The kind of reason for which no values are given out."""
    if provider.ended:
        return "ended"
    if any(server.usable for server in provider.servers):
        return "kept_back"
    if provider.candidates:
        return "candidates"
    return "unfit" if provider.servers else "nothing"


def _summary(record: ProviderRecord, provider: Provider) -> dict[str, Any]:
    return {
        "id": record.id,
        "name": record.name,
        "category": record.category,
        "answer_with_values": provider.answer_with_values,
        "usable": _usable(provider) if provider.answer_with_values else [],
        "verified": [f"{server.protocol} {server.host}:{server.port}" for server in _proved(provider)],
        "why_not": "" if provider.answer_with_values else _why_not(provider),
        "why_no_values": provider.why_no_values,
        "ended": record.ended.date if record.ended else None,
        "sources": Counter(source.kind for source in record.sources.values()),
        "domains": record.domains,
    }


def _proved(provider: Provider) -> list[Server]:
    """The lines that only a look has made usable."""
    return [server for server in provider.servers if any(one.kind == "look" for one in server.evidence)]


def _facts(record: ProviderRecord) -> Iterable[tuple[str, str, str]]:
    """What, its value, its evidence."""
    yield "ID", record.id, _sources(record.evidence, record)
    yield "呼び名", "、".join(record.aliases), ""
    yield "ドメイン", " ".join(record.domains), ""
    if record.ended:
        yield "終わった日", record.ended.date, _sources(record.ended.evidence, record)
    yield "値の案内", "します" if record.answer_with_values else f"しません：{record.why_no_values}", ""
    if record.official_page:
        yield "公式ページ", record.official_page.url, _sources(record.official_page.evidence, record)
    sign_in, plain, measure = record.sign_in, record.plain_connection, record.temporary_measure
    yield "サインイン", _joined(sign_in.kind, sign_in.note), _sources(sign_in.evidence, record)
    yield "暗号化なしの接続", _joined(plain.status, plain.since, plain.text), _sources(plain.evidence, record)
    if measure:
        incoming = _measure("受信", measure.incoming.port, ssl=measure.incoming.ssl)
        outgoing = _measure("送信", measure.outgoing.port, ssl=measure.outgoing.ssl)
        told = _joined(
            "案内します" if measure.enabled else "案内しません", incoming, outgoing, *measure.remarks
        )
        yield "一時的な設定", told, _sources(measure.evidence, record)
    for note in record.notes:
        yield "お客様へのひとこと", note.text, _sources(note.evidence, record)
    for remark in record.internal:
        yield "社内の覚え書き", remark, ""


def _joined(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _measure(role: str, port: int, *, ssl: bool) -> str:
    return f"{role} {port} {'SSLあり' if ssl else 'SSLなし'}"


def _server_row(server: ServerRecord, record: ProviderRecord) -> tuple[str, ...]:
    return (
        server.protocol,
        server.host,
        str(server.port or "?"),
        server.security,
        server.username_note or server.username,
        "する" if server.usable else "しない",
        server.applies_to,
        _sources(server.evidence, record),
    )


def _sources(names: Iterable[str], record: ProviderRecord) -> str:
    return "\n".join(_source(record.sources[name]) for name in names)


def _source(source: SourceRecord) -> str:
    return f"[{source.kind}, {source.date or '日付なし'}] {source.source}"


def _kinds(sources: Iterable[SourceRecord]) -> str:
    counts = Counter(source.kind for source in sources)
    return ", ".join(f"{count} {kind}" for kind, count in counts.most_common())


def _table(*columns: str, title: str | None = None) -> Table:
    from rich.table import Table

    table = Table(title=title, title_justify="left", show_header=any(columns))
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _console() -> Console:
    from rich.console import Console

    return Console(markup=False)  # the sources stand in [brackets]
