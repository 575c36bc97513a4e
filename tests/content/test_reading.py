"""YAML is read strictly, and every fault knows its line."""

from __future__ import annotations

import pytest

from bot.content.reading import Document, read_document


def read(tmp_path, text):
    path = tmp_path / "some.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_document(path)


def faults_of(tmp_path, text):
    found = read(tmp_path, text)
    assert not isinstance(found, Document)
    return [(fault.line, fault.message) for fault in found]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("10:00", "10:00"),
        ("0x800CCC0E", "0x800CCC0E"),
        ("2026-02-25", "2026-02-25"),
        ("012", "012"),
        ("995", 995),
        ("-3", -3),
        ("0.25", 0.25),
        ("true", True),
        ("null", None),
        ("", None),
        ('"995"', "995"),
        ("[a, 1]", ["a", 1]),
        ("{a: {b: 1}}", {"a": {"b": 1}}),
    ],
)
def test_values_mean_what_an_author_expects(tmp_path, written, meant):
    document = read(tmp_path, f"key: {written}\n")

    assert isinstance(document, Document)
    assert {"key": meant} == document.data


def test_every_key_written_twice_is_found_with_both_lines(tmp_path):
    faults = faults_of(tmp_path, "a: 1\nb:\n  c: 1\n  c: 2\na: 3\n")

    assert faults == [
        (4, "項目「c」が2つあります（1つ目は 3 行目）"),
        (5, "項目「a」が2つあります（1つ目は 1 行目）"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("a: [1\nb: 2\n", 2, "YAMLとして読めません"),
        ("a: b: c\n", 1, "YAMLとして読めません"),
        ("- a\n- b\n", 1, "「名前: 値」の行"),
        ("", 1, "「名前: 値」の行"),
        ("a: &x [1]\nb: *x\n", 1, "使い回す"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", 2, "os.system」という印"),
        ("a: 1\nb: !!binary aGVsbG8=\n", 2, "binary」という印"),
        ("a: 1\n? [x]\n: 2\n", 2, "ふつうの文字"),
        ("a: \x07\n", 1, "YAMLとして読めません"),
        ("a:\n\t- b\n", 2, "字下げにタブが"),
    ],
)
def test_what_is_not_plain_yaml_is_refused_with_its_line(tmp_path, text, line, part):
    [(found_line, message)] = faults_of(tmp_path, text)

    assert part in message
    assert line == found_line


@pytest.mark.parametrize("text", ["a: " + "[" * 200_000, "a:\n" + "[\n" * 200_000, "- " * 200_000])
def test_deep_nesting_is_refused_and_not_a_crash(tmp_path, text):
    assert [message for _, message in faults_of(tmp_path, text)] == [
        "かっこや「-」が多すぎて、安全に読めません"
    ]


def test_nesting_beyond_reason_is_told(tmp_path):
    text = "".join(f"{'  ' * depth}a:\n" for depth in range(60))

    [(line, message)] = faults_of(tmp_path, text)

    assert "入れ子" in message
    assert line > 50


def test_text_that_is_not_utf_8_is_told(tmp_path):
    assert faults_of(tmp_path, "名前: 店\n".encode("cp932")) == [
        (1, "文字コードがUTF-8ではありません。UTF-8で保存してください")
    ]


def test_a_byte_order_mark_does_no_harm(tmp_path):
    document = read(tmp_path, b"\xef\xbb\xbfname: a\n")

    assert isinstance(document, Document)
    assert document.data == {"name": "a"}


def test_a_huge_file_is_refused(tmp_path):
    assert "大きすぎます" in faults_of(tmp_path, "a: " + "x" * 1_000_001)[0][1]


def test_a_file_that_is_not_there_is_told(tmp_path):
    found = read_document(tmp_path / "none.yaml")

    assert isinstance(found, tuple)
    assert "読めません" in found[0].message


@pytest.mark.parametrize(
    ("location", "line"),
    [
        ((), 1),
        (("servers",), 2),
        (("servers", 0), 3),
        (("servers", 0, "port"), 4),
        (("servers", 1, "host"), 5),
        (("servers", 1, "nothing"), 5),
        (("servers", 9), 2),
        (("list[str]", "servers"), 2),
    ],
)
def test_a_location_has_a_line(tmp_path, location, line):
    document = read(tmp_path, "id: a\nservers:\n  - host: x\n    port: 1\n  - host: y\n")

    assert isinstance(document, Document)
    assert line == document.line(location)
