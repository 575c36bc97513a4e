"""Cross checks between files."""

from __future__ import annotations

import pytest

from bot.content.checking import problems
from bot.content.collecting import collect
from tests.content.conftest import a_provider, an_intent


def problems_of(folder):
    return [str(fault) for fault in problems(collect(folder.places))]


def test_right_content_has_no_problems(folder):
    folder.write("providers/ocn.yaml", a_provider())
    folder.write("intents/cannot_receive.yaml", an_intent())

    assert problems_of(folder) == []


def test_all_problems_of_all_files_are_told_at_once_in_order(folder):
    folder.write("providers/ocn.yaml", a_provider("nifty"))
    folder.write("providers/plala.yaml", a_provider("plala", **{"port: 995": "port: 0"}))
    folder.write("intents/cannot_send.yaml", "id: [\n")

    found = problems_of(folder)

    assert [fault.rsplit(": ", 1)[0].split(":")[0] for fault in found] == [
        "intents/cannot_send.yaml",
        "providers/ocn.yaml",
        "providers/plala.yaml",
    ]


def test_the_id_is_the_name_of_the_file(folder):
    folder.write("providers/plala.yaml", a_provider("ocn"))

    assert problems_of(folder) == [
        "providers/plala.yaml:1: id が「ocn」ですが、ファイルの名前は「plala」です。同じにしてください"
    ]


def test_a_domain_belongs_to_one_provider(folder):
    folder.write("providers/ocn.yaml", a_provider("ocn"))
    folder.write(
        "providers/plala.yaml", a_provider("plala", **{'["*.plala.example"]': '[p.example, "*.ocn.example"]'})
    )

    assert problems_of(folder) == [
        "providers/plala.yaml:5: ドメイン「*.ocn.example」は ocn にも書かれています"
    ]


def test_a_domain_of_wildcards_alone_is_refused(folder):
    folder.write("providers/ocn.yaml", a_provider(**{"*.ocn.example": "*.*"}))

    assert problems_of(folder) == [
        "providers/ocn.yaml:5: ドメイン「*.*」は、どのアドレスにも当てはまってしまいます"
    ]


def test_a_name_belongs_to_one_provider_in_whatever_script(folder):
    folder.write("providers/ocn.yaml", a_provider("ocn", ocnメール="オーシーエヌ"))
    folder.write("providers/plala.yaml", a_provider("plala", plalaメール="おーしーえぬ"))

    assert problems_of(folder) == ["providers/plala.yaml:4: 呼び名「おーしーえぬ」は ocn にも書かれています"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("security: ssl", "security: starttls", "995 番は、はじめから暗号化（ssl）するポートです"),
        ("security: ssl, usable: true", "security: none", "995 番は、はじめから暗号化（ssl）するポートです"),
        ("port: 995", "port: 110", "110 番は、はじめから暗号化（ssl）するポートではありません"),
        ("port: 995", "port: 465", "465 番は pop のポートではありません"),
        ("protocol: pop", "protocol: smtp", "995 番は smtp のポートではありません"),
    ],
)
def test_a_port_that_contradicts_its_encryption_is_flagged_unless_explained(folder, old, new, told):
    server = a_provider(**{old: new})
    more = "" if "usable" in server else "why_no_values: まだ\n"
    server = server.replace("answer_with_values: true", "answer_with_values: false") if more else server
    folder.write("providers/ocn.yaml", server + more)

    [problem] = problems_of(folder)
    folder.write("providers/ocn.yaml", server.replace("usable:", "explained: 公式の記載, usable:") + more)
    explained = problems_of(folder)

    assert problem.startswith("providers/ocn.yaml:9:")
    assert told in problem
    if not more:
        assert explained == []


def test_a_reply_names_only_texts_and_buttons_that_exist(folder):
    folder.write("intents/_buttons.yaml", "solved: {label: 直りました}\n")
    folder.write(
        "intents/cannot_receive.yaml",
        an_intent(
            **{"[steps]": "\n  - text: opning\n  - choices: [solved, solvde]\ntexts: {opening: こんにちは}"}
        ),
    )

    assert problems_of(folder) == [
        "intents/cannot_receive.yaml:4: texts に「opning」がありません（「opening」のことでしょうか）",
        "intents/cannot_receive.yaml:5: ボタンにも用件にも「solvde」はありません（「solved」のことでしょうか）",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("'{provder}さま'", "ここで「{provder}」に入るものはありません（「provider」のことでしょうか）"),
        ("'{provider'", "「{」と「}」が合っていません"),
        ("'{provider!r}'", "「{」と「}」が合っていません"),
        ("'{0}'", "「{」と「}」が合っていません"),
    ],
)
def test_a_text_names_only_what_can_be_filled_in(folder, text, told):
    folder.write("intents/cannot_receive.yaml", an_intent(**{"[steps]": f"[]\ntexts:\n  a: {text}"}))

    [problem] = problems_of(folder)

    assert problem.startswith("intents/cannot_receive.yaml:5: ")
    assert told in problem


def test_a_test_names_only_things_that_exist(folder):
    folder.write("providers/ocn.yaml", a_provider())
    folder.write(
        "intents/cannot_receive.yaml", an_intent() + "    provider: ocm\n    intent: cannot_recieve\n"
    )

    assert problems_of(folder) == [
        "intents/cannot_receive.yaml:7: プロバイダ「ocm」はありません（「ocn」のことでしょうか）",
        "intents/cannot_receive.yaml:8: 用件「cannot_recieve」はありません（「cannot_receive」のことでしょうか）",
    ]


def test_no_message_that_the_bot_says_may_be_missing(folder):
    folder.write("intents/_messages.yaml", "nothing: なし\n")

    assert "intents/_messages.yaml:1: ボットの言葉「ask_provider」がありません" in problems_of(folder)


def test_an_owners_message_fills_in_no_more_than_the_shipped_one(folder):
    folder.write("intents/_messages.yaml", "card_title: '{provider}の{what}は{nani}'\n")
    folder.write("shipped/_messages.yaml", "card_title: '{provider}の設定（{what}）'\n")

    [told] = [fault for fault in problems_of(folder) if "入るもの" in fault]

    assert told == "intents/_messages.yaml:1: ここで「{nani}」に入るものはありません"


def test_a_file_with_a_misspelt_special_name_is_told(folder):
    folder.write("intents/_mesages.yaml", "a: b\n")

    assert problems_of(folder) == [
        "intents/_mesages.yaml:1: ここでは読まない名前のファイルです（「_messages」のことでしょうか）"
    ]
