"""Content is found in a checkout, and the owner's files come first."""

from __future__ import annotations

import pytest

from bot.content.locate import find_places, shipped_root
from bot.errors import ContentError


def test_the_checkout_is_preferred_to_the_copy_beside_the_package():
    root = shipped_root()

    assert (root / "pyproject.toml").is_file()
    assert find_places().providers["ocn"] == root / "providers" / "ocn.yaml"


def test_an_owners_file_takes_the_place_of_the_shipped_one_of_the_same_name(folder):
    own = folder.write("providers/ocn.yaml", "id: ocn\n")
    new = folder.write("providers/our-cable.yaml", "id: our-cable\n")

    places = find_places(providers_dir=folder.providers)

    assert places.providers["ocn"] == own
    assert places.providers["our-cable"] == new
    assert places.providers["plala"].parent == shipped_root() / "providers"


def test_lists_are_overlaid_too(folder):
    own = folder.write("intents/_lists/clients.yaml", "clients: {}\n")

    places = find_places(intents_dir=folder.intents)

    assert places.lists["clients"] == own
    assert places.lists["error_codes"].parent == shipped_root() / "intents" / "_lists"
    assert places.intents["shop"].parent == folder.intents


def test_other_files_and_hidden_ones_are_left_alone(folder):
    folder.write("providers/readme.txt", "")
    folder.write("providers/.draft.yaml", "")
    folder.write("providers/own.yml", "")

    places = find_places(providers_dir=folder.providers)

    assert "own" in places.providers
    assert not {"readme", ".draft", "draft"} & set(places.providers)


def test_two_files_of_one_name_are_refused(folder):
    folder.write("providers/ocn.yaml", "id: ocn\n")
    second = folder.write("providers/ocn.yml", "id: ocn\n")

    with pytest.raises(ContentError) as raised:
        find_places(providers_dir=folder.providers)

    assert raised.value.problems == (
        f"{second}:1: 同じ名前の ocn.yaml もあります。どちらか1つにしてください",
    )
