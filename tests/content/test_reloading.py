"""The owner's folders are watched: what passes the check takes effect, anything else changes nothing."""

from __future__ import annotations

import os

import pytest

from bot.content.library import load_library
from bot.content.reloading import Reloader, state_of
from bot.core.understand import understand
from tests.content.conftest import Folder, a_provider, an_intent


class Watched:
    """A folder under watch, and what became of changes to it. Each write has a time of its own."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.libraries = []
        self.refusals = []
        self._time = 1_800_000_000
        folder.providers.mkdir()
        self.reloader = Reloader(
            intents_dir=folder.intents,
            providers_dir=folder.providers,
            renewed=self._renewed,
            refused=self._refused,
            loaded=state_of(folder.intents, folder.providers),
        )

    def write(self, name, text):
        path = self.folder.write(name, text)
        self._time += 1
        os.utime(path, (self._time, self._time))

    async def looks(self, times=2):
        for _ in range(times):
            await self.reloader.look()

    async def _renewed(self, library):
        self.libraries.append(library)

    async def _refused(self, problems):
        self.refusals.append(list(problems))


@pytest.fixture(name="watched")
def _watched(folder):
    return Watched(folder)


async def test_nothing_happens_while_nothing_changes(watched):
    await watched.looks(5)

    assert (watched.libraries, watched.refusals) == ([], [])


async def test_a_new_phrase_is_understood(watched, tmp_path):
    words = "今夜はしょうゆラーメンが食べたい"
    assert understand(words, load_library(cache=tmp_path / "cache")).intent != "cannot_receive"

    watched.write(
        "intents/cannot_receive.yaml", an_intent("cannot_receive", **{"[メールが届かない]": f"[{words}]"})
    )
    await watched.looks()

    (library,) = watched.libraries
    assert understand(words, library).intent == "cannot_receive"


async def test_a_new_provider_appears(watched):
    watched.write("providers/our-cable.yaml", a_provider("our-cable"))
    await watched.looks()

    (library,) = watched.libraries
    assert "our-cable" in library.providers
    assert understand("OUR-CABLEの設定", library).slots.provider == "our-cable"


async def test_a_removed_file_gives_the_shipped_one_back(watched, folder):
    watched.write("providers/ocn.yaml", a_provider())
    await watched.looks()

    (folder.providers / "ocn.yaml").unlink()
    await watched.looks()

    first, second = watched.libraries
    assert [server.host for server in first.providers["ocn"].servers] == ["pop.ocn.example"]
    assert [server.host for server in second.providers["ocn"].servers] != ["pop.ocn.example"]


async def test_a_broken_edit_is_told_with_every_line_and_tried_once(watched, caplog):
    watched.write("providers/our-cable.yaml", a_provider("our-cable", **{"port: 995": "port: 0"}))
    watched.write("intents/own_matter.yaml", an_intent("own_matter", title="titel"))
    await watched.looks(6)

    (problems,) = watched.refusals
    assert watched.libraries == []
    assert [problem.partition(" ")[0] for problem in problems] == [
        "intents/own_matter.yaml:1:",
        "intents/own_matter.yaml:2:",
        "providers/our-cable.yaml:9:",
    ]
    logged = [record for record in caplog.records if getattr(record, "action", "") == "reload_refused"]
    assert [record.where for record in logged] == problems


async def test_a_sentence_that_is_not_understood_as_its_test_says_is_refused_too(watched):
    watched.write(
        "intents/greeting.yaml",
        "id: greeting\ntitle: こんにちは\nphrases: [こんにちは]\ntests:\n  - say: こんにちは\n    provider: ocn\n",
    )
    await watched.looks()

    assert "intents/greeting.yaml:5: 「こんにちは」" in watched.refusals[0][0]


async def test_a_mended_edit_takes_effect(watched):
    watched.write("providers/our-cable.yaml", "id: our-cable\n")
    await watched.looks()
    watched.write("providers/our-cable.yaml", a_provider("our-cable"))
    await watched.looks()

    assert (len(watched.refusals), len(watched.libraries)) == (1, 1)


async def test_a_change_waits_until_the_editor_is_done(watched):
    watched.write("providers/our-cable.yaml", "id: our-ca")
    await watched.looks(1)
    watched.write("providers/our-cable.yaml", a_provider("our-cable"))
    await watched.looks(1)
    assert (watched.refusals, watched.libraries) == ([], [])

    await watched.looks(1)

    assert (watched.refusals, len(watched.libraries)) == ([], 1)


async def test_a_change_made_while_the_service_was_starting_is_not_missed(watched, folder):
    earlier = state_of(folder.intents, folder.providers)
    watched.write("providers/our-cable.yaml", a_provider("our-cable"))

    reloader = Reloader(
        intents_dir=folder.intents,
        providers_dir=folder.providers,
        renewed=watched._renewed,
        refused=watched._refused,
        loaded=earlier,
    )
    await reloader.look()
    await reloader.look()

    assert len(watched.libraries) == 1


async def test_a_folder_that_vanishes_and_files_of_others_are_no_trouble(watched, folder):
    (folder.providers / ".hidden.yaml").write_text("nonsense: [")
    (folder.providers / "notes.txt").write_text("nonsense: [")
    await watched.looks()
    assert (watched.refusals, watched.libraries) == ([], [])

    for path in folder.providers.iterdir():
        path.unlink()
    folder.providers.rmdir()
    await watched.looks()

    assert watched.refusals == []


def test_without_folders_there_is_nothing_to_see():
    assert state_of(None, None) == frozenset()
