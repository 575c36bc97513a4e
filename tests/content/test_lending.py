"""What an update adds to the lists that an owner has copied: it is lent to the owner's copy, and the check says so."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from bot.content.findings import check_content
from bot.content.library import load_library
from bot.content.locate import find_places, shipped_root
from bot.content.reading import read_document

TODAY = date(2026, 11, 24)
SHIPPED = shipped_root() / "intents"


def old_copy(folder, name, *keys, new):
    """The owner's copy of a shipped file from before *new* was added to the mapping at *keys*."""
    content = mapping = read_document(SHIPPED / name).data
    for key in keys:
        mapping = mapping[key]
    del mapping[new]
    folder.write(f"intents/{name}", yaml.safe_dump(content, allow_unicode=True, width=1000))


def loaded(folder, tmp_path):
    return load_library(intents_dir=folder.intents, cache=tmp_path / "cache")


def test_a_message_that_an_older_copy_lacks_is_the_shipped_one(folder, tmp_path):
    old_copy(folder, "_messages.yaml", new="ask_client")

    assert loaded(folder, tmp_path).messages["ask_client"] == load_library().messages["ask_client"]


def test_a_button_that_an_older_copy_lacks_is_the_shipped_one(folder, tmp_path):
    old_copy(folder, "_buttons.yaml", new="person")

    assert loaded(folder, tmp_path).buttons["person"] == load_library().buttons["person"]


def test_short_words_that_an_older_copy_lacks_are_the_shipped_ones(folder, tmp_path):
    old_copy(folder, "_lists/small_words.yaml", "said", new="hard")

    lent = loaded(folder, tmp_path).small_words.said["hard"]

    assert lent.patterns == load_library().small_words.said["hard"].patterns


@pytest.mark.parametrize(
    ("name", "kept", "new"),
    [
        ("clients", "outlook", "thunderbird"),
        ("error_codes", "550", "0x800CCC0F"),
        ("lifecycle", "wlm-eos", "windows10-eos"),
    ],
)
def test_a_fact_that_an_older_copy_lacks_is_the_shipped_one_with_its_sources(
    folder, tmp_path, name, kept, new
):
    shipped = read_document(SHIPPED / f"_lists/{name}.yaml").data
    mine = {name: {kept: shipped[name][kept] | {"evidence": ["mine"]}}}
    folder.write(
        f"intents/_lists/{name}.yaml",
        yaml.safe_dump(
            mine | {"sources": {"mine": {"source": "うちの店", "kind": "secondary"}}}, allow_unicode=True
        ),
    )

    facts = getattr(loaded(folder, tmp_path), name)

    assert facts[new] == getattr(load_library(), name)[new]
    assert [source.source for source in facts[kept].evidence] == ["うちの店"]


def test_a_name_that_the_owner_gave_to_a_program_stays_with_it(folder, tmp_path):
    folder.write(
        "intents/_lists/clients.yaml",
        """
clients:
  our_mail:
    name: Thunderbird
    aliases: [アウトルック]
    steps: [設定を開きます。]
    evidence: [mine]
sources:
  mine: {source: うちの店, kind: secondary}
""",
    )

    library = loaded(folder, tmp_path)

    assert library.slot_finder.find("アウトルックで送れない").client == "our_mail"
    assert library.slot_finder.find("Outlookで送れない").client == "outlook"
    assert "thunderbird" not in library.clients


def test_the_owners_own_texts_stay(folder, tmp_path):
    folder.write("intents/_messages.yaml", "ask_client: どのソフトをお使いですか。\n")

    messages = loaded(folder, tmp_path).messages

    assert messages["ask_client"] == "どのソフトをお使いですか。"
    assert messages.keys() == load_library().messages.keys()


@pytest.mark.parametrize(
    ("name", "keys", "new"),
    [
        ("_messages.yaml", (), "ask_client"),
        ("_buttons.yaml", (), "person"),
        ("_lists/small_words.yaml", ("aspects",), "price"),
    ],
)
def test_the_check_names_what_was_lent_in_one_line(folder, name, keys, new):
    old_copy(folder, name, *keys, new=new)

    findings = check_content(today=TODAY, intents_dir=folder.intents)

    assert findings.problems == ()
    [line] = [line for line in findings.warnings if "付属" in line]
    assert line.startswith(
        f"intents/{name}:1: ここにない項目は、付属の同じ名前のファイルのもので動きます（{new}）"
    )


def test_a_file_with_only_what_the_owner_changes_is_enough(folder):
    folder.write("intents/_messages.yaml", "ask_client: どのソフトをお使いですか。\n")

    [line] = [
        line for line in check_content(today=TODAY, intents_dir=folder.intents).warnings if "付属" in line
    ]

    names = load_library().messages.keys() - {"ask_client"}
    assert f"、ほか {len(names) - 8} 個）" in line


def test_what_was_kept_is_made_from_the_shipped_file_behind_the_owners_too(folder):
    old_copy(folder, "_messages.yaml", new="ask_client")

    files = find_places(intents_dir=folder.intents).files

    assert {folder.intents / "_messages.yaml", SHIPPED / "_messages.yaml"} <= set(files)
