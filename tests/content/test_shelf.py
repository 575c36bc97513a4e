"""The kept content is used only when it is exactly what would be read again."""

from __future__ import annotations

import os

import pytest

from bot.content.shelf import Shelf

CONTENT = {"providers": [{"id": "ocn", "name": "オーシーエヌ"}]}


@pytest.fixture(name="file")
def _file(tmp_path):
    path = tmp_path / "content" / "ocn.yaml"
    path.parent.mkdir()
    path.write_text("id: ocn\n")
    return path


def kept_file(tmp_path):
    [path] = (tmp_path / "cache").glob("content-*.json")
    return path


def test_what_was_kept_is_taken_again(tmp_path, file):
    Shelf(tmp_path / "cache", [file]).keep(CONTENT)

    assert Shelf(tmp_path / "cache", [file]).take() == CONTENT


def test_nothing_is_taken_where_nothing_was_kept(tmp_path, file):
    assert Shelf(tmp_path / "cache", [file]).take() is None


def test_a_changed_file_makes_the_kept_content_useless(tmp_path, file):
    Shelf(tmp_path / "cache", [file]).keep(CONTENT)
    stat = file.stat()

    file.write_text("id: ocm\n")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))

    assert Shelf(tmp_path / "cache", [file]).take() is None


def test_a_new_file_makes_the_kept_content_useless(tmp_path, file):
    Shelf(tmp_path / "cache", [file]).keep(CONTENT)
    new = file.with_name("plala.yaml")
    new.write_text("id: plala\n")

    assert Shelf(tmp_path / "cache", [file, new]).take() is None


@pytest.mark.parametrize("cut", [0, 1, 10, 33, 40, -1])
def test_a_cut_off_file_is_not_taken(tmp_path, file, cut):
    Shelf(tmp_path / "cache", [file]).keep(CONTENT)
    path = kept_file(tmp_path)
    path.write_bytes(path.read_bytes()[:cut])

    assert Shelf(tmp_path / "cache", [file]).take() is None


def test_a_single_changed_byte_is_noticed(tmp_path, file):
    Shelf(tmp_path / "cache", [file]).keep(CONTENT)
    path = kept_file(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"ocn", b"ocm"))

    assert Shelf(tmp_path / "cache", [file]).take() is None


@pytest.mark.parametrize(
    "junk", [b"", b"\n", b"\xff\xfe\n{}", b"x" * 1000, b"null", "é\n{}".encode("latin-1")]
)
def test_junk_is_not_taken(tmp_path, file, junk):
    Shelf(tmp_path / "cache", [file]).keep(CONTENT)
    kept_file(tmp_path).write_bytes(junk)

    assert Shelf(tmp_path / "cache", [file]).take() is None


def test_not_being_able_to_keep_is_no_fault(tmp_path, file):
    blocked = tmp_path / "cache"
    blocked.write_text("a file stands where the folder should be")

    shelf = Shelf(blocked, [file])
    shelf.keep(CONTENT)

    assert shelf.take() is None


def test_nothing_half_written_is_left_behind(tmp_path, file):
    Shelf(tmp_path / "cache", [file]).keep(CONTENT)
    Shelf(tmp_path / "cache", [file]).keep(CONTENT)

    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".json"]
