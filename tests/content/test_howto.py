"""The example in the how-to is a provider that madoguchi takes."""

from __future__ import annotations

from bot.content.library import load_library
from bot.content.locate import shipped_root


def test_the_example_of_the_howto_is_a_right_record(folder, tmp_path):
    text = (shipped_root() / "docs" / "howto-add-a-provider.md").read_text(encoding="utf-8")
    example = text.partition("```yaml\n")[2].partition("```")[0]
    folder.write("providers/our-cable.yaml", example)

    library = load_library(providers_dir=folder.providers, cache=tmp_path / "cache")

    assert [server.port for server in library.providers["our-cable"].servers] == [995, 465]
