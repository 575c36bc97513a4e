"""Cross checks between files, and what only deserves a warning."""

from __future__ import annotations

from datetime import date

import pytest

from bot.content.checking import problems, warnings
from bot.content.collecting import Shipped, collect
from tests.content.conftest import a_provider, an_intent

TODAY = date(2026, 11, 24)
NOTHING_REPLACED = Shipped()


def problems_of(folder, shipped=NOTHING_REPLACED):
    return [str(fault) for fault in problems(collect(folder.places), shipped)]


def warnings_of(folder, shipped=NOTHING_REPLACED):
    return [str(fault) for fault in warnings(collect(folder.places), TODAY, shipped)]


def test_right_content_has_no_problems_and_no_warnings(folder):
    folder.write("providers/ocn.yaml", a_provider())
    folder.write("intents/cannot_receive.yaml", an_intent())

    assert problems_of(folder) == []
    assert warnings_of(folder) == []


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

    assert problems_of(folder) == ["providers/plala.yaml:1: the id `ocn` is not the file's name `plala`"]


def test_a_domain_belongs_to_one_provider(folder):
    folder.write("providers/ocn.yaml", a_provider("ocn"))
    folder.write(
        "providers/plala.yaml", a_provider("plala", **{'["*.plala.example"]': '[p.example, "*.ocn.example"]'})
    )

    assert problems_of(folder) == ["providers/plala.yaml:5: the domain `*.ocn.example` is claimed by ocn too"]


def test_a_domain_of_wildcards_alone_is_refused(folder):
    folder.write("providers/ocn.yaml", a_provider(**{"*.ocn.example": "*.*"}))

    assert problems_of(folder) == ["providers/ocn.yaml:5: the domain `*.*` would match every address"]


def test_a_name_belongs_to_one_provider_in_whatever_script(folder):
    folder.write("providers/ocn.yaml", a_provider("ocn", ocnメール="オーシーエヌ"))
    folder.write("providers/plala.yaml", a_provider("plala", plalaメール="おーしーえぬ"))

    assert problems_of(folder) == ["providers/plala.yaml:4: the name `おーしーえぬ` is claimed by ocn too"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("security: ssl", "security: starttls", "995 goes with SSL from the start"),
        ("security: ssl, usable: true", "security: none", "995 goes with SSL from the start"),
        ("port: 995", "port: 110", "110 does not go with SSL"),
        ("port: 995", "port: 465", "465 is not a port for pop"),
        ("protocol: pop", "protocol: smtp", "995 is not a port for smtp"),
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
        "intents/cannot_receive.yaml:4: there is no text `opning` under `texts`; did you mean `opening`?",
        "intents/cannot_receive.yaml:5: there is no button and no intent `solvde`; did you mean `solved`?",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("'{provder}さま'", "nothing fills in `{provder}` here; did you mean `provider`?"),
        ("'{provider'", "the braces do not fit"),
        ("'{provider!r}'", "the braces do not fit"),
        ("'{0}'", "the braces do not fit"),
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
        "intents/cannot_receive.yaml:7: there is no provider `ocm`; did you mean `ocn`?",
        "intents/cannot_receive.yaml:8: there is no intent `cannot_recieve`; did you mean `cannot_receive`?",
    ]


def test_no_message_that_the_bot_says_may_be_missing(folder):
    folder.write("intents/_messages.yaml", "nothing: なし\n")

    assert "intents/_messages.yaml:1: the message `ask_provider` is missing" in problems_of(folder)


def test_an_owners_messages_and_buttons_hold_all_that_the_shipped_ones_hold(folder):
    folder.write("intents/_messages.yaml", "staff_helq: どうぞ\n")
    folder.write("intents/_buttons.yaml", "solved: {label: 直りました}\n")
    shipped = Shipped(messages={"staff_help": "どうぞ"}, buttons=frozenset({"solved", "person"}))

    found = problems_of(folder, shipped)

    assert "intents/_messages.yaml:1: the message `staff_help` is missing" in found
    assert "intents/_buttons.yaml:1: the button `person` is missing" in found
    assert warnings_of(folder, shipped) == [
        "intents/_messages.yaml:1: no reply says the message `staff_helq`; did you mean `staff_help`?"
    ]


def test_an_owners_message_fills_in_no_more_than_the_shipped_one(folder):
    folder.write("intents/_messages.yaml", "card_title: '{provider}の{what}は{nani}'\n")
    shipped = Shipped(messages={"card_title": "{provider}の設定（{what}）"})

    [told] = [fault for fault in problems_of(folder, shipped) if "fills in" in fault]

    assert told == "intents/_messages.yaml:1: nothing fills in `{nani}` here"


def test_a_file_with_a_misspelt_special_name_is_told(folder):
    folder.write("intents/_mesages.yaml", "a: b\n")

    assert problems_of(folder) == [
        "intents/_mesages.yaml:1: is not a file that is read here; did you mean `_messages`?"
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
    assert all(fault.startswith("providers/ocn.yaml:9: no evidence of the last year") for fault in found)


def test_undated_evidence_is_old_evidence(folder):
    folder.write("providers/ocn.yaml", a_provider(**{", date: 2026-05": ""}))

    assert len(warnings_of(folder)) == 1


def test_a_source_that_nothing_names_is_a_warning(folder):
    folder.write("providers/ocn.yaml", a_provider() + "  spare: {source: 予備, kind: secondary}\n")

    assert warnings_of(folder) == ["providers/ocn.yaml:12: nothing names the source `spare`"]


def test_the_sample_shop_is_a_warning_until_its_mark_is_gone(folder):
    folder.write("intents/shop.yaml", "sample: true\nname: 見本\n")

    [warning] = warnings_of(folder)

    assert warning.startswith("intents/shop.yaml:1: this is still the sample shop")


def test_an_intent_without_tests_is_a_warning(folder):
    folder.write("intents/cannot_receive.yaml", "id: cannot_receive\ntitle: 届かない\n")

    assert warnings_of(folder)[0].startswith("intents/cannot_receive.yaml:1: has no `tests`")
