"""Thunderbird's ISPDB files as drafts of provider records, with evidence; nothing of a draft is given to customers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from bot.content.telling import told
from bot.core.providers import Evidence
from bot.core.servers.discovery import LARGEST, Autoconfig, read_autoconfig
from bot.errors import ContentError

if TYPE_CHECKING:
    from pathlib import Path

    from bot.core.providers import Server

HEAD = """\
# yaml-language-server: $schema=../schemas/provider.schema.json
# A draft out of {name}: compare it with the provider's own pages; category and aliases are guesses.
"""


def draft(path: Path, *, why_no_values: str, date: str = "") -> tuple[str, str]:
    """A provider's id and its YAML record, drafted from the ISPDB file at *path*; *date* is that of the file.

    Raises:
        ContentError: the file cannot be taken.
    """
    try:
        with path.open("rb") as file:
            xml = file.read(LARGEST + 1)
        config = read_autoconfig(xml, evidence=Evidence(source=path.name, kind="secondary", date=date))
    except OSError as error:
        raise ContentError([f"{path}:1: {told('unreadable', why=error.strerror)}"]) from error
    except ContentError as error:
        raise ContentError(
            [f"{path}:1: {told('ispdb_refused', why=problem)}" for problem in error.problems]
        ) from None
    provider_id = _id(config.id or path.stem)
    if not provider_id or not config.domains:
        raise ContentError([f"{path}:1: {told('not_an_ispdb_file')}"])
    record = _record(provider_id, config, path.name, why_no_values=why_no_values, date=date)
    text = yaml.safe_dump(record, allow_unicode=True, sort_keys=False, width=110)
    return provider_id, HEAD.format(name=path.name) + text


def _record(
    provider_id: str, config: Autoconfig, file_name: str, *, why_no_values: str, date: str
) -> dict[str, Any]:
    source = {"source": f"Thunderbird ISPDB: {file_name}", "kind": "secondary"} | (
        {"date": date} if date else {}
    )
    record = {
        "id": provider_id,
        "name": config.name or provider_id,
        "category": "isp",
        "domains": list(config.domains),
        "evidence": ["ispdb"],
        "answer_with_values": False,
        "why_no_values": why_no_values,
        "servers": [_line(server) for server in config.servers],
        "sign_in": {"kind": "oauth2_or_app_password", "evidence": ["ispdb"]} if config.oauth2 else None,
        "internal": [f"documentation: {page}" for page in config.pages if page] or None,
        "sources": {"ispdb": source},
    }
    return {key: value for key, value in record.items() if value is not None}


def _line(server: Server) -> dict[str, Any]:
    return {
        "protocol": server.protocol,
        "host": server.host,
        "port": server.port,
        "security": server.security,
        "username": server.username,
        "usable": False,
        **({"host_varies": True} if server.host_varies else {}),
        "evidence": ["ispdb"],
    }


def _id(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
