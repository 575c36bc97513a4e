from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.slots import Role, Slots


@pytest.mark.parametrize(
    ("said", "protocol"),
    [
        ("BIGLOEBのsmtp", "smtp"),
        ("smtp.muumuu-mail.comにつながらない", "smtp"),
        ("POPとIMAPの違い", None),
        ("ポップとアイマップはどっち", None),
        ("POPじゃなくてIMAPです", "imap"),
        ("二台ならポップじゃないほうがいい？", "pop"),
        ("IMAぷに変えたい", "imap"),
        ("店頭のポップを作りたい", None),
        ("J-POPが好き", None),
        ("ポップアップが出る", None),
        ("アイマッフ゜にしたい", "imap"),
        ("pop3で受信しています", "pop"),
        ("SMTP認証とPOP", "pop"),
        ("エスエムティーピーの番号", "smtp"),
        ("pop.ocn.ne.jpとsmtp.ocn.ne.jp", "pop"),
        ("ロリポップのメール", None),
        ("ドコモ光 ocn pop995", "pop"),
        ("アイマップとポップではアイマップがいいの", None),
        ("imapですか", "imap"),
        ("あいまっぷに したい", "imap"),
        ("ピーオーピーの設定", "pop"),
        ("POP形式で受信", "pop"),
        ("smtp認証エラー", "smtp"),
        ("SMTPとIMAPの値", "imap"),
        ("ポップコーンを食べる", None),
        ("ショップのポップ体", "pop"),
        ("x.yahoo.co.jpとかimap.mail.yahoo.co.jp", "imap"),
        ("pop.so-net.ne.jpにつながらない", "pop"),
        ("imap.gmail.com993", "imap"),
        ("IMAP4 993 SSL, SMTP 465 SSL", "imap"),
        ("iphoneで imap 993 にしたら見えた", "imap"),
        ("ThunderbirdでPOP3の995", "pop"),
        ("ol365 biglobe imap993ssl smtp587tls 送信ng", "imap"),
        ("so-net smtp 587 認証あり", "smtp"),
        ("ﾎﾟｯﾌﾟ 110", "pop"),
        ("ｱｲﾏｯﾌﾟﾉ 993", "imap"),
    ],
)
def test_a_protocol_is_set_only_when_it_is_meant(finder, said, protocol):
    assert protocol == finder.find(said).protocol


@pytest.mark.parametrize(
    ("said", "direction"),
    [
        ("受信できません", Role.INCOMING),
        ("送信だけできない", Role.OUTGOING),
        ("送受信できない", None),
        ("送信はできるが受信ができない", Role.INCOMING),
        ("メールが届かない", Role.INCOMING),
        ("送れません", Role.OUTGOING),
        ("受信はできるのに送信ができない", Role.OUTGOING),
        ("受信は届くけど送れない", Role.OUTGOING),
        ("返信ができん", Role.OUTGOING),
        ("めーるが きません", Role.INCOMING),
        ("送っても戻ってくる", Role.OUTGOING),
        ("受信も送信もできない", None),
    ],
)
def test_the_direction_is_what_fails(finder, said, direction):
    assert direction == finder.find(said).direction


@pytest.mark.parametrize(
    ("said", "form"),
    [
        ("ユーザー名はアドレス全部です", "full_address"),
        ("ユーザー名は＠の前だけ", "local_part"),
        ("アットマークの前", "local_part"),
        ("アドレス全体ですか@より前ですか", None),
        ("ユーザーIDはメールアドレスそのままです", "full_address"),
        ("アカウント名は@より前です", "local_part"),
        ("ユーザー名は hanako だけ入れています", "local_part"),
        ("アカウント名：hanako.yamada 受信995", "local_part"),
        ("ログインIDのところに「taro」と入っています", "local_part"),
        ("ユーザー名は taro@ocn.ne.jp です", "full_address"),
        ("ユーザー名　***@ocn.ne.jp", "full_address"),
        ("ユーザー名 ocn です", None),
        ("ユーザー名は pop.ocn.ne.jp です", None),
        ("ユーザー名とパスワードが分かりません", None),
    ],
)
def test_the_form_of_the_user_name_is_read(finder, said, form):
    assert form == finder.find(said).username


def test_server_names_are_kept_as_written(finder):
    slots = finder.find("受信は POP.ocn.ne.jp、送信は smtp.ocn.ne.jp、アドレスは ***@ocn.ne.jp")

    assert slots.hosts == ("pop.ocn.ne.jp", "smtp.ocn.ne.jp")


def test_a_message_without_any_slot_has_none(finder):
    assert finder.find("こんにちは、はじめまして") == Slots()


def test_everything_is_read_from_one_message(finder):
    slots = finder.find(
        "ﾌﾟﾗﾗです。ol2019で受信できません。POP 995 SSLあり、送信は587、エラー０ｘ８００ＣＣＣ０Ｅ"
    )

    assert slots.provider == "plala"
    assert slots.client == "outlook"
    assert slots.protocol == "pop"
    assert slots.error_code == "0x800CCC0E"
    assert [(port.role, port.port, port.ssl) for port in slots.ports] == [
        (Role.INCOMING, 995, True),
        (Role.OUTGOING, 587, None),
    ]


@given(st.text(max_size=200))
def test_any_text_can_be_read(finder, text):
    finder.find(text)


@given(st.text(alphabet="0ox8cCＣｃ ー-ぜろはち受信995sl@.、25", max_size=400))
def test_any_text_of_codes_and_ports_can_be_read(finder, text):
    finder.find(text)


def test_reading_a_very_long_text_ends_soon(finder):
    message = "きのうからOCNのメールが届きません。" * 600

    began = time.process_time()
    finder.find(message)

    assert time.process_time() - began < 3  # 25 ms; a pattern that backtracks takes hours
