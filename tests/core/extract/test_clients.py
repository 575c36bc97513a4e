from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("said", "client"),
    [
        ("アウトルックが開かない", "outlook"),
        ("あうとるっくがひらきません", "outlook"),
        ("Outlook.comをOutlookで", "outlook"),
        ("OL2021で送信×", "outlook"),
        ("新しいOutlookで受信できない", "outlook_new"),
        ("Win11の「メール」が終了しました", "windows_mail"),
        ("新しいパソコンのOutlook", "outlook"),
        ("WLMからOutlookに移行", "livemail"),
        ("アウトルックに移したい、いまはサンダーバード", "thunderbird"),
        ("iPhoneのメールが受信できない", "iphone"),
        ("iPadのメール設定", "iphone"),
        ("AndroidのGmailアプリで送れない", "android"),
        ("iPhoneでは見られるのにパソコンのアウトルックに届かない", "outlook"),
        ("ライブめーるが終わった", "livemail"),
        ("Windows標準の「メール」が使えない", "windows_mail"),
        ("thunderbrid 設定", "thunderbird"),
        ("サンダバードで受信不可", "thunderbird"),
        ("ol365で587", "outlook"),
        ("アウトルク起動しない", "outlook"),
        ("アウトルックスで送れない", "outlook"),
        ("outlockの設定", "outlook"),
        ("アウトロックが開きません", "outlook"),
        ("サンダ―バード", "thunderbird"),
        ("さんだーばーどで めーる", "thunderbird"),
        ("サンダーバートの送信", "thunderbird"),
        ("Thunderbirdから新しいOutlookへ", "thunderbird"),
        ("Outlook2013→新Outlook移行", "outlook"),
        ("ライブメイルが開かない", "livemail"),
        ("ライブ メール 2012", "livemail"),
        ("ウインドウズライブメール", "livemail"),
        ("Windowsメールが終了", "windows_mail"),
        ("あいふぉんで めーるが", "iphone"),
        ("マックのメール", "mac"),
        ("MacBookでOutlookを使っています", "outlook"),
        ("スマホのGmailアプリ", "android"),
        ("アンドロイドでメール設定", "android"),
        ("ベッキーの設定", "becky"),
        ("Outlook 2016 で 993", "outlook"),
        ("iphoneで imap 993 にしたら見えた", "iphone"),
        ("ThunderbirdでPOP3の995", "thunderbird"),
        ("Outlook2019で995/465 SSL済なのに0x800CCC0E", "outlook"),
        ("ol365 biglobe imap993ssl smtp587tls 送信ng", "outlook"),
    ],
)
def test_the_program_in_trouble_is_found(finder, said, client):
    assert client == finder.find(said).client


@pytest.mark.parametrize(
    "said",
    [
        "hanako@hotmail.co.jp",
        "アウトルックコムのアドレス",
        "mac以外で見たい",
        "iPhoneの写真が消えた",
        "LINEのメールが来ない",
        "ラインメールって何",
        "マックのポテト",
        "Windows11のパソコン",
    ],
)
def test_no_program_is_found_where_none_is_meant(finder, said):
    assert finder.find(said).client is None
