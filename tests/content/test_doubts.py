"""What only deserves a warning."""

from __future__ import annotations

from datetime import date

import pytest

from bot.content.collecting import collect
from bot.content.doubts import warnings
from tests.content.conftest import a_provider, an_intent

TODAY = date(2026, 11, 24)


def warnings_of(folder):
    return [str(fault) for fault in warnings(collect(folder.places), TODAY)]


def test_right_content_has_no_warnings(folder):
    folder.write("providers/ocn.yaml", a_provider())
    folder.write("intents/cannot_receive.yaml", an_intent(**{"[steps]": "[price]"}))

    assert warnings_of(folder) == []


def test_a_message_that_nobody_says_is_a_warning(folder):
    folder.write("intents/_messages.yaml", "staff_help: はい\nstaff_helq: どうぞ\n")
    folder.write("shipped/_messages.yaml", "staff_help: どうぞ\n")

    assert warnings_of(folder) == [
        "intents/_messages.yaml:2: 「staff_helq」という言葉を、ボットは使いません（「staff_help」のことでしょうか）"
    ]


def test_a_list_of_short_words_that_nobody_asks_for_is_a_warning(folder):
    folder.write(
        "intents/_lists/small_words.yaml",
        "said: {yess: {words: [うん]}}\naspects: {}\nsubjects: {}\n",
    )

    assert warnings_of(folder) == [
        "intents/_lists/small_words.yaml:1: 言葉の並び「yess」という名前を、ボットは使いません（「yes」のことでしょうか）"
    ]


@pytest.mark.parametrize(
    ("day", "old"),
    [
        ("2025-11-23", True),
        ("2025-11-24", False),
        ("2025-10", True),
        ("2025-11", False),
        ("2024", True),
        ("2025", False),
    ],
)
def test_evidence_older_than_a_year_is_a_warning(folder, day, old):
    folder.write("providers/ocn.yaml", a_provider(**{"2026-05": day}))

    found = warnings_of(folder)

    assert bool(found) is old
    assert all(
        fault.startswith("providers/ocn.yaml:9: 9 行目の値の出典が、この1年より古い") for fault in found
    )


def test_undated_evidence_is_old_evidence(folder):
    folder.write("providers/ocn.yaml", a_provider(**{", date: 2026-05": ""}))

    assert len(warnings_of(folder)) == 1


def test_a_source_that_nothing_names_is_a_warning(folder):
    folder.write("providers/ocn.yaml", a_provider() + "  spare: {source: 予備, kind: secondary}\n")

    assert warnings_of(folder) == ["providers/ocn.yaml:12: 出典「spare」は、どこからも使われていません"]


def test_the_sample_shop_is_a_warning_until_its_mark_is_gone(folder):
    folder.write("intents/shop.yaml", "sample: true\nname: 見本\n")

    [warning] = warnings_of(folder)

    assert warning.startswith("intents/shop.yaml:1: まだ見本のお店です")


def test_an_intent_without_tests_is_a_warning(folder):
    folder.write("intents/cannot_receive.yaml", "id: cannot_receive\ntitle: 届かない\n")

    assert warnings_of(folder)[0].startswith("intents/cannot_receive.yaml:1: tests がありません")


@pytest.mark.parametrize(
    ("block", "needs", "told"),
    [
        (
            "steps",
            "[provider]",
            "「steps」は、メールソフトがわかっているときにしか出ません。needs に client を足すと",
        ),
        ("{settings: both}", "[client]", "「settings」は、プロバイダがわかっているときにしか出ません"),
        ("error_code", "[]", "「error_code」は、エラーの番号がわかっているときにしか出ません"),
        ("steps", "[provider, client]", ""),
        ("price", "[]", ""),
    ],
)
def test_a_block_whose_slot_is_never_asked_for_is_a_warning(folder, block, needs, told):
    folder.write("intents/cannot_receive.yaml", an_intent(**{"[steps]": f"[{block}]\nneeds: {needs}"}))

    found = warnings_of(folder)

    assert [fault.startswith(f"intents/cannot_receive.yaml:3: {told}") for fault in found] == [True] * bool(
        told
    )


def test_a_phrase_that_another_intent_has_too_is_a_warning(folder):
    other = {"[steps]": "[price]", "[メールが届かない]": "['メールが(来ない|届かない)', 便りがない]"}
    folder.write("intents/cannot_receive.yaml", an_intent(**{"[steps]": "[price]"}))
    folder.write("intents/no_mail.yaml", an_intent("no_mail", **other))

    first, second = warnings_of(folder)

    assert first.startswith(
        "intents/cannot_receive.yaml:4: 「メールが届かない」は、用件 no_mail の言い方にもあります"
    )
    assert second.startswith(
        "intents/no_mail.yaml:4: 「メールが届かない」は、用件 cannot_receive の言い方にもあります"
    )


def test_what_was_out_of_scope_may_become_an_owners_matter(folder):
    folder.write("intents/cannot_receive.yaml", an_intent(**{"[steps]": "[price]"}))
    folder.write("intents/out_of_scope.yaml", an_intent("out_of_scope", **{"[steps]": "[price]"}))

    assert [fault for fault in warnings_of(folder) if fault.startswith("intents/cannot_receive")] == []
