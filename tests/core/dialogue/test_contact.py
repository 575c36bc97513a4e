"""Name, phone and time, as customers leave them."""

from __future__ import annotations

import pytest

from bot.core.dialogue.contact import broken_phone, find_contact, merged
from bot.core.tickets import Contact
from bot.core.word_lists import WordList


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        (
            "鈴木花子、049-200-0000です。平日の10時以降",
            Contact(name="鈴木花子", phone="049-200-0000", time="平日の10時以降"),
        ),
        (
            "山田です 080-2222-3333 夕方にお願いします",
            Contact(name="山田", phone="080-2222-3333", time="夕方"),
        ),
        (
            "佐藤と申します。電話は０９０００００００００、いつでも大丈夫です",
            Contact(name="佐藤", phone="09000000000", time="いつでも"),
        ),
        (
            "午前中でお願いします。0492-00-0000、小林",
            Contact(name="小林", phone="0492-00-0000", time="午前中"),
        ),
        ("名前は高橋 次郎です", Contact(name="高橋 次郎")),
        ("田中", Contact(name="田中")),
        ("たなかたろうです", Contact(name="たなかたろう")),
        ("山本ですが土曜日の午後がいいです", Contact(name="山本", time="土曜日の午後")),
        ("048 000 0000", Contact(phone="0480000000")),
        ("田中様 03-0000-0000 15時", Contact(name="田中", phone="03-0000-0000", time="15時")),
        ("佐藤っす 夜7時以降で", Contact(name="佐藤", time="夜7時以降で")),
        ("伊藤 048-000-1111 いつでも", Contact(name="伊藤", phone="048-000-1111", time="いつでも")),
    ],
)
def test_details_in_any_order(text, contact):
    assert contact == find_contact(text, asked="contact")


@pytest.mark.parametrize(
    "text",
    [
        "お願いします",
        "ポート番号って何",
        "いらないです",
        "電話番号は教えたくない",
        "はい",
        "できたできた",
        "いま運転中",
        "お茶でも飲むか",
        "ムリムリ",
        "きたわ",
        "ちょっと 無理です",
    ],
)
def test_other_words_are_no_details(text):
    assert Contact() == find_contact(text, asked="contact")


def test_a_bare_word_is_a_name_only_when_one_was_asked_for():
    assert Contact() == find_contact("田中")


@pytest.mark.parametrize("name", ["たむら きよ", "山田 太郎"])
def test_a_name_may_have_a_blank_within(name):
    assert Contact(name=name) == find_contact(f"{name} です", asked="contact")


@pytest.mark.parametrize("text", ["たむら", "たむら 049-200-0000"])
def test_hiragana_alone_are_a_name_where_one_is_expected(text):
    asked = "name" if text == "たむら" else "contact"

    assert find_contact(text, asked=asked).name == "たむら"
    assert not find_contact("たむら", asked="contact").name


def test_a_word_of_the_talk_is_no_name():
    words = [WordList(words=("解決",))]

    assert Contact() == find_contact("解決", asked="contact", words=words)
    assert Contact(name="鈴木") == find_contact("解決 鈴木", asked="contact", words=words)


def test_any_words_answer_the_question_for_a_time():
    text = "仕事がおわってからならだいじょうぶ"

    assert Contact(time=text) == find_contact(text, asked="time")


@pytest.mark.parametrize("text", ["090-0000-000", "049-200-000", "03-0000-00000"])
def test_a_number_with_a_digit_too_few_or_many_is_broken(text):
    assert broken_phone(text)
    assert find_contact(text, asked="phone").phone == ""


@pytest.mark.parametrize("text", ["090-0000-0000", "受信は995です", "0x800CCC0E"])
def test_other_numbers_are_not_broken_phones(text):
    assert not broken_phone(text)


def test_what_was_left_before_stays_unless_left_again():
    known = Contact(name="山田", phone="048-000-0000")

    assert Contact(name="山田", phone="090-0000-0000", time="朝") == merged(
        known, Contact(phone="090-0000-0000", time="朝")
    )
