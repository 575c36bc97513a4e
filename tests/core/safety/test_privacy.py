from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.safety.privacy import MASK, mask

DATA = Path(__file__).parent / "passwords"
MARKED = re.compile("【(.*?)】")


def lines(name):
    return [line.replace("↵", "\n") for line in (DATA / name).read_text("utf-8").splitlines() if line]


TOLD = lines("told.txt")
NOT_TOLD = lines("not_told.txt")


def test_told_passwords_vanish():
    messages = {MARKED.sub(r"\1", line): MARKED.findall(line) for line in TOLD}

    kept = [
        text for text, secrets in messages.items() if any(secret in mask(text).text for secret in secrets)
    ]

    recall = 1 - len(kept) / len(messages)
    assert len(messages) >= 80
    assert recall >= 0.98, f"password recall {recall:.3f} of {len(messages)}; kept: {kept}"


def test_nothing_but_the_password_vanishes():
    messages = {MARKED.sub(r"\1", line): MARKED.sub(MASK, line) for line in TOLD}

    changed = [text for text, expected in messages.items() if expected != mask(text).text]

    exact = 1 - len(changed) / len(messages)
    assert exact >= 0.95, f"masked exactly {exact:.3f} of {len(messages)}; otherwise: {changed}"


def test_talk_about_passwords_stays():
    touched = [text for text in NOT_TOLD if text != mask(text).text]

    precision = len(TOLD) / (len(TOLD) + len(touched))
    assert len(NOT_TOLD) >= 90
    assert precision >= 0.98, (
        f"password precision {precision:.3f} beside {len(NOT_TOLD)} innocents; touched: {touched}"
    )


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("taro.yamada@ocn.ne.jp です", "＊＊＊@ocn.ne.jp です"),
        ("アドレスはｔａｒｏ＠ｏｃｎ．ｎｅ．ｊｐ", "アドレスは＊＊＊＠ｏｃｎ．ｎｅ．ｊｐ"),
        ("taro(at)ocn.ne.jp", "＊＊＊(at)ocn.ne.jp"),
        ("taro アットマーク ocn.ne.jp", "＊＊＊ アットマーク ocn.ne.jp"),
        ("abc..d.@docomo.ne.jpとx_y@au.com", "＊＊＊@docomo.ne.jpと＊＊＊@au.com"),
        ("taro ＠ nifty.com", "＊＊＊ ＠ nifty.com"),
        ("@nifty.comのほうです", "@nifty.comのほうです"),
        ("pop @nifty.com", "pop @nifty.com"),
        ("アドレスの@の前だけです", "アドレスの@の前だけです"),
    ],
)
def test_of_a_mail_address_only_the_domain_stays(said, expected):
    assert mask(said).text == expected


def test_the_kinds_found_are_told():
    masked = mask("taro@ocn.ne.jp パスワードは Neko_1948 です、カードは 4111 1111 1111 1111")

    assert masked.text == "＊＊＊@ocn.ne.jp パスワードは ＊＊＊ です、カードは ＊＊＊"
    assert masked.found == {"address", "password", "card"}


def test_a_number_that_is_no_card_stays():
    said = "お客様番号は 4111 1111 1111 1112 です"

    assert mask(said).text == said


@pytest.mark.parametrize(
    "phone",
    ["03-0000-0000", "０９０－００００－００００", "09000000000", "(049)000-0000", "+81 90-0000-0000"],
)
def test_phone_numbers_stay_unless_asked_for(phone):
    said = f"{phone}にお電話ください"

    assert mask(said).text == said
    assert mask(said, frozenset({"phone"})).text == "＊＊＊にお電話ください"


@pytest.mark.parametrize(
    "place",
    ["埼玉県川越市新町1-2-3", "〒350-0000", "東京都千代田区丸の内一丁目2番3号", "川越市新町３丁目４−５"],
)
def test_postal_addresses_stay_unless_asked_for(place):
    said = f"住所は{place}です"

    assert mask(said).text == said
    assert mask(said, frozenset({"postal"})).text == "住所は＊＊＊です"


@pytest.mark.parametrize(
    "said", ["受信995 送信465", "25565", "0x800CCC0E", "2026/11/24 10:25", "Windows 11", "添付25MB", ""]
)
def test_mail_talk_with_numbers_stays(said):
    every = frozenset({"password", "address", "card", "phone", "postal"})

    assert mask(said, every).text == said


@given(st.text(max_size=80))
def test_any_text_can_be_masked_and_masking_twice_changes_nothing_more(text):
    once = mask(text).text

    assert once == mask(once).text


@given(st.text(alphabet="abcxyzABCXYZ019#$%!?@._", min_size=6, max_size=20))
def test_a_secret_with_signs_never_survives(secret):
    secret = f"q7{secret.strip('.!?@')}#k"

    assert secret not in mask(f"パスワードは {secret} です").text
    assert secret not in mask(f"pw:{secret}").text
    assert secret not in mask(f"パスワード\n{secret}").text
