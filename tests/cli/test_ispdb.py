"""madoguchi providers export|import ispdb: out of the records and into drafts."""

from __future__ import annotations

from click.testing import CliRunner

from bot.cli.main import cli
from bot.content.providers import ProviderRecord
from bot.content.reading import read_document
from bot.content.records import parse
from bot.core.providers import Evidence
from bot.core.servers.discovery import read_autoconfig

ANYBODY = Evidence(source="test", kind="unverified")


def run(*arguments):
    return CliRunner().invoke(cli, ["providers", *map(str, arguments)])


def test_a_provider_is_written_as_a_file_named_after_its_domain(tmp_path):
    result = run("export", "ispdb", "ocn", "--to", tmp_path / "out")

    assert result.exit_code == 0, result.output
    config = read_autoconfig((tmp_path / "out" / "ocn.ne.jp").read_bytes(), evidence=ANYBODY)
    assert "pop.ocn.ne.jp" in {server.host for server in config.servers}
    assert "ocn.ne.jp" in config.domains


def test_without_names_all_are_written_that_can_be_and_the_rest_is_counted(tmp_path):
    result = run("export", "ispdb", "--to", tmp_path)

    assert result.exit_code == 0
    files = list(tmp_path.iterdir())
    assert f"{len(files)} 件を書き出し" in result.stderr
    assert len(files) >= 5
    for file in files:
        assert all(
            server.security in {"ssl", "starttls"}
            for server in read_autoconfig(file.read_bytes(), evidence=ANYBODY).servers
        )


def test_a_provider_without_values_cannot_be_written(tmp_path):
    result = run("export", "ispdb", "goo", "--to", tmp_path)

    assert result.exit_code == 1
    assert "goo" in result.stderr
    assert not list(tmp_path.iterdir())


def test_a_file_that_was_exported_comes_back_as_a_draft(tmp_path):
    run("export", "ispdb", "ocn", "--to", tmp_path)

    result = run(
        "import", "ispdb", tmp_path / "ocn.ne.jp", "--to", tmp_path / "drafts", "--date", "2026-05-01"
    )

    assert result.exit_code == 0, result.output
    record = parse(read_document(tmp_path / "drafts" / "ocn-ne-jp.yaml"), ProviderRecord)
    assert isinstance(record, ProviderRecord)
    assert not record.answer_with_values
    assert not any(server.usable for server in record.servers)
    assert record.sources["ispdb"].date == "2026-05-01"


def test_a_file_that_is_none_is_told_and_does_not_stop_the_others(tmp_path):
    run("export", "ispdb", "ocn", "--to", tmp_path)
    (tmp_path / "broken.xml").write_text("<clientConfig>", encoding="utf-8")

    result = run(
        "import", "ispdb", tmp_path / "broken.xml", tmp_path / "ocn.ne.jp", "--to", tmp_path / "drafts"
    )

    assert result.exit_code == 1
    assert "broken.xml:1" in result.stderr
    assert [path.name for path in (tmp_path / "drafts").iterdir()] == ["ocn-ne-jp.yaml"]


def test_a_draft_that_was_worked_on_is_not_written_over(tmp_path):
    run("export", "ispdb", "ocn", "--to", tmp_path)
    draft = tmp_path / "ocn-ne-jp.yaml"
    draft.write_text("mine", encoding="utf-8")

    result = run("import", "ispdb", tmp_path / "ocn.ne.jp", "--to", tmp_path)
    kept = draft.read_text(encoding="utf-8")
    forced = run("import", "ispdb", tmp_path / "ocn.ne.jp", "--to", tmp_path, "--force")

    assert (result.exit_code, kept, forced.exit_code) == (1, "mine", 0)
    assert draft.read_text(encoding="utf-8") != "mine"
