"""The schemas in the repository are those of the code, and every file names its own."""

from __future__ import annotations

import json

import pytest

from bot.content.locate import find_places, shipped_root
from bot.content.schemas import all_schemas

SCHEMAS = all_schemas()


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_committed_schema_is_current(name):
    committed = (shipped_root() / "schemas" / name).read_text(encoding="utf-8")

    assert committed == SCHEMAS[name], "run `madoguchi schema`"


def test_every_key_of_a_provider_is_described_or_plain_by_name():
    schema = json.loads(SCHEMAS["provider.schema.json"])

    assert schema["additionalProperties"] is False
    assert (
        schema["$defs"]["ServerRecord"]["properties"]["usable"]["description"] == "May be given to customers."
    )


FILES = [
    path for path in find_places().files if path.stem not in {"cues", "fitted", "lexicon"}
]  # these three have no schema


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_names_a_schema_that_exists(path):
    first = path.read_text(encoding="utf-8").splitlines()[0]

    _, _, named = first.partition("$schema=")

    assert (path.parent / named).resolve().is_file(), first
