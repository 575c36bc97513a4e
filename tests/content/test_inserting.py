"""Items are added to a list, and everything else in the file stays as it stands."""

from __future__ import annotations

from difflib import ndiff
from textwrap import dedent

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.content.inserting import with_items, written
from bot.content.reading import Document, read_document


@pytest.fixture(name="add")
def _add(tmp_path):
    """Add *items* to the list *key* of a file: the new text, read again to be sure, and the lines that came or went."""

    def add(text, key, *items):
        path = tmp_path / "file.yaml"
        path.write_text(text, encoding="utf-8", newline="")
        before = read_document(path)
        assert isinstance(before, Document), before
        after_text = with_items(before, text, key, items)
        path.write_text(after_text, encoding="utf-8", newline="")
        after = read_document(path)
        assert isinstance(after, Document), after
        assert after.data == {**before.data, key: [*(before.data.get(key) or []), *items]}
        return [line.rstrip() for line in ndiff(text.split("\n"), after_text.split("\n")) if line[0] in "+-"]

    return add


LIST = dedent("""\
    # what people say
    id: own   # keep me
    phrases:
      - メールが来ない   # 方言でない
      # the next one is from May
      - "届かない: ずっと"

    # ―― tests ――
    tests:
      - say: メールが来ません
        provider: ocn

    title: メール
    """)


def test_an_item_comes_behind_the_last_one_and_no_other_line_changes(add):
    assert add(LIST, "phrases", "来よらん") == ["+   - 来よらん"]


def test_a_mapping_comes_behind_the_last_one(add):
    assert add(LIST, "tests", {"say": "来よらん"}) == ["+   - say: 来よらん"]
    assert add(LIST, "tests", {"say": "来よらん", "provider": "ocn"}) == [
        "+   - {say: 来よらん, provider: ocn}"
    ]


def test_a_list_that_is_not_there_is_made_at_the_end(add):
    assert add("id: own\ntitle: メール\n", "phrases", "来よらん", "来んわ") == [
        "+ phrases:",
        "+   - 来よらん",
        "+   - 来んわ",
    ]
    assert add("id: own", "phrases", "来よらん")[-2:] == ["+   - 来よらん", "+"]


@pytest.mark.parametrize(
    "text",
    [
        "phrases: [来ない, '届かない, まったく']\nid: own\n",
        "phrases: [来ない,\n  届かない]  # two\nid: own\n",
        "phrases: []\nid: own\n",
        "phrases:\nid: own\n",
        "phrases: ~\nid: own\n",
        "id: own\nphrases: [来ない]",
        "phrases:\n- 来ない\n- 届かない\nid: own\n",
        "phrases:\n    - 来ない\n\n\nid: own\n",
        "phrases:\n  - |-\n    長い\n    話\n\n\n# behind\nid: own\n",
        "phrases:\n  - >\n    長い\n    話\nid: own\n",
        "phrases:\n  - 長い\n    話\nid: own\n",
        "phrases:\n  - 'a'\n  -\n    b\nid: own\n",
        "id: own\r\nphrases:\r\n  - 来ない\r\n",
        '"phrases":\n  - 来ない\nid: own\n',
    ],
    ids=range(14),
)
def test_however_the_list_is_written(add, text):
    added = add(text, "phrases", "来よらん", "# 変な: もの")

    assert "来よらん" in "".join(added)


def test_a_comment_behind_a_rewritten_list_stays(add):
    assert "+ phrases:  # two" in add("phrases: [来ない]  # two\n", "phrases", "来よらん")


def test_nothing_to_add_changes_nothing(add):
    assert add("phrases: [来ない]\n", "phrases") == []


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(str.strip).filter(bool)
)
def test_any_words_come_back_as_they_were(words):
    assert yaml.safe_load(f"- {written(words)}") == [words]
    assert yaml.safe_load(f"- {written({'say': words, 'provider': words})}") == [
        {"say": words, "provider": words}
    ]


@pytest.mark.parametrize(
    "words", ["no", "10:00", "0x80", "~", "1.5", "- a", "a #b", "a: b", "{a}", "true", "＊＊＊です"]
)
def test_words_stay_words(words):
    assert yaml.safe_load(f"- {written(words)}") == [words]
