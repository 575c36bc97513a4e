"""understand(): pairs that differ by one character, negation, fragments, several requests, and what is none of ours."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bot.content.library import load_library
from bot.core.slots import Slots
from bot.core.understand import understand

PAIRS = [
    ("受信ができません", "cannot_receive"),
    ("送信ができません", "cannot_send"),
    ("送信はできるのに受信ができません", "cannot_receive"),
    ("受信はできるのに送信ができません", "cannot_send"),
    ("recv NG / send OK", "cannot_receive"),
    ("send NG / recv OK", "cannot_send"),
    ("受信× 送信○", "cannot_receive"),
    ("送信× 受信○", "cannot_send"),
    ("更新を止めたい", "update_safety"),
    ("更新した方がいいですか", "update_safety"),
    ("更新してからメールが来ません", "after_windows_update"),
    ("更新はしていないのにメールが来ません", "cannot_receive"),
    ("直りました", "resolved_thanks"),
    ("直りません", "not_resolved"),
    ("ポートって何ですか", "what_is_port"),
    ("OCNのポートは何番ですか", "port_settings"),
    ("ポート番号の画面はどこですか", "open_settings"),
    ("パスワードを忘れました", "provider_docs"),
    ("パスワードが通りません", "auth_failed"),
    ("パスポートの更新", "out_of_scope"),
    ("NHKの受信料", "out_of_scope"),
    ("プリンターのポート", "out_of_scope"),
    ("SSL証明書を自分のサイトに入れたい", "out_of_scope"),
]
SPELLINGS = [
    "メールが届かない",
    "ﾒｰﾙｶﾞ届ｶﾅｲ",
    "めーるが とどかない",
    "メールが届かへん",
    "メールが来んごとなった",
]
DIALECTS = [
    ("送りきらん", "cannot_send"),
    ("来んごとなった", "cannot_receive"),
    ("送られへん", "cannot_send"),
]


@pytest.fixture(scope="module", name="library")
def _library():
    return load_library()


@pytest.mark.parametrize(("text", "intent"), PAIRS, ids=[text for text, _ in PAIRS])
def test_a_small_difference_is_heard(text, intent, library):
    assert intent == understand(text, library).intent


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_way_of_writing_it_means_the_same(text, library):
    assert "cannot_receive" == understand(text, library).intent


@pytest.mark.parametrize(("text", "intent"), DIALECTS)
def test_the_end_of_a_verb_decides_in_dialect_too(text, intent, library):
    assert intent == understand(text, library).intent


def test_a_fragment_takes_its_meaning_from_its_slots(library):
    understood = understand("OCN 受信ポート", library)

    assert "port_settings" == understood.intent
    assert "ocn" == understood.slots.provider
    assert "clear" == understood.verdict


def test_the_first_of_two_requests_is_the_main_one(library):
    understood = understand("更新してからメールが来ない。ついでに11にしていいかも教えて", library)

    assert "after_windows_update" == understood.intent
    assert ("windows11_upgrade",) == understood.also


@pytest.mark.parametrize(
    "text",
    ["メールが届きません。昨日からです。", "ありがとうございます。直りました。", "今日はいい天気ですね。"],
)
def test_a_story_of_several_sentences_is_one_request(text, library):
    assert () == understand(text, library).also


def test_what_is_none_of_ours_is_unknown(library):
    understood = understand("今日の天気は", library)

    assert "out_of_scope" == understood.intent
    assert "unknown" == understood.verdict


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "？", "😀😀", "\x00\x1f", "\u200b", "ー", "\ud83d", "あ" * 60_000]
)
def test_nothing_makes_it_fail(text, library):
    understood = understand(text, library)

    assert text == understood.text
    assert understood.matches


def test_candidates_are_two_or_three_when_unsure(library):
    vague = [
        "メール",
        "設定",
        "番号",
        "ポート",
        "更新",
        "証明書",
        "パスワード",
        "移行",
        "受信",
        "送信",
        "容量",
        "11",
    ]

    unsure = [u for u in (understand(text, library) for text in vague) if u.verdict == "unsure"]

    assert all(2 <= len(u.candidates) <= 3 for u in unsure)
    assert all(u.candidates[0] == u.intent for u in unsure)


def test_scores_are_ranked_and_below_one_together(library):
    understood = understand("受信ができません", library)
    scores = [match.score for match in understood.matches]

    assert sorted(scores, reverse=True) == scores
    assert sum(scores) <= 1.001


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("OCNです。証明書の警告が何度も出ます", "ssl_warning"),
        ("アサヒネットです。届いたものは読めるけど返事が出せない", "cannot_send"),
        ("プロバイダはOCNです。メールの箱がいっぱいと出ます", "mailbox_full"),
    ],
)
def test_a_sentence_that_only_names_something_is_no_request(said, intent, library):
    assert intent == understand(said, library).intent


def test_the_explanation_adds_up(library):
    understood = understand("送信はできるのに受信ができません", library)
    matcher = library.matcher

    weighed, _ = matcher.read_requests(understood.text, understood.slots)

    for place, intent in enumerate(matcher.intents):
        total = sum(clue.weight for clue in matcher.explain(weighed, intent))
        assert pytest.approx(weighed.sums[place], abs=1e-3) == total


def test_the_main_reasons_are_told(library):
    matcher = library.matcher
    weighed, _ = matcher.read_requests("受信ができません", Slots())

    main = matcher.explain(weighed, "cannot_receive")[:4]

    assert any(clue.weight > 0 and "receive" in clue.name for clue in main)


def test_the_same_text_is_always_understood_the_same(library):
    texts = [text for text, _ in PAIRS]

    assert [understand(text, library) for text in texts] == [understand(text, library) for text in texts]


def test_it_does_not_depend_on_the_order_of_hashes():
    program = (
        "from bot.content.library import load_library; from bot.core.understand import understand\n"
        "print(understand('送信はできるのに、来ない', load_library()))"
    )

    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert 1 == len(answers)


@pytest.mark.parametrize(
    ("text", "intent", "provider"),
    [
        ("OCNです。証明書の警告が何度も出ます", "ssl_warning", "ocn"),
        ("ぷららを使っています。パスワードを何度も聞かれます", "auth_failed", "plala"),
        ("OCNの受信ポートを教えてください", "port_settings", "ocn"),
    ],
)
def test_a_name_at_the_start_does_not_hide_the_request(library, text, intent, provider):
    asked = understand(text, library)

    assert (intent, provider, text) == (asked.intent, asked.slots.provider, asked.text)
