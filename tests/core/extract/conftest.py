from __future__ import annotations

import pytest

from bot.core.extract import SlotFinder
from bot.core.facts import Client
from bot.core.providers import Provider, Server


def provider(provider_id, name, *aliases, domains=(), hosts=()):
    servers = tuple(Server(protocol="pop", host=host, port=995, security="ssl") for host in hosts)
    return Provider(id=provider_id, name=name, aliases=aliases, domains=domains, servers=servers)


def client(client_id, name, *aliases):
    return Client(id=client_id, name=name, aliases=aliases)


PROVIDERS = (
    provider("ocn", "OCN", "オーシーエヌ", "OCN光", domains=("ocn.ne.jp", "*.ocn.ne.jp")),
    provider("plala", "ぷらら", "plala", "ブララ", domains=("*.plala.or.jp",)),
    provider("biglobe", "BIGLOBE", "ビッグローブ", "ビグローブ", domains=("biglobe.ne.jp",)),
    provider("nifty", "@nifty", "ニフティ", "アットニフティ", domains=("nifty.com",)),
    provider("so-net", "So-net", "ソネット", domains=("so-net.ne.jp",)),
    provider("jcom", "J:COM NET", "J:COM", "ジェイコム", domains=("*.zaq.ne.jp",)),
    provider("dti", "DTI", "ディーティーアイ", domains=("dream.jp",)),
    provider("odn", "ODN", "オーディーエヌ", domains=("odn.ne.jp",)),
    provider("eonet", "eo光ネット（eonet）", "eo", "eo光", domains=("eonet.ne.jp",)),
    provider(
        "au-one-net", "au one net", "au", "auひかり", "DION", domains=("a?.auone-net.jp", "*.dion.ne.jp")
    ),
    provider("docomo", "ドコモメール", "ドコモ", "docomo", domains=("docomo.ne.jp",)),
    provider("gmail", "Gmail", "ジーメール", "Gメール", domains=("gmail.com",)),
    provider(
        "outlook-com", "Outlook.com（Hotmail）", "アウトルックコム", domains=("outlook.com", "hotmail.co.jp")
    ),
    provider("goo", "gooメール", "グーメール", "goo", domains=("goo.jp",)),
    provider(
        "sakura", "さくらのメールボックス", "さくら", "さくらインターネット", domains=("*.sakura.ne.jp",)
    ),
    provider("conoha", "ConoHa WING", "コノハ", domains=("*.conoha.ne.jp",)),
    provider("wakwak", "WAKWAK", "ワクワク", domains=("wakwak.com",)),
    provider("excite", "BB.excite", "エキサイト", "エキサイト光", domains=("excite.co.jp",)),
    provider("jet", "JETINTERNET", "ジェットインターネット", "JET", domains=("jet.ne.jp",)),
    provider("xserver", "エックスサーバー", "Xserver", hosts=("sv***.xserver.jp",)),
    provider("yahoo-japan", "Yahoo!メール", "ヤフー", "Yahoo", domains=("yahoo.co.jp",)),
)
CLIENTS = (
    client("outlook", "Outlook", "アウトルック", "ol2019", "OL"),
    client("outlook_new", "新しいOutlook", "新OL"),
    client("livemail", "Windows Live メール", "ライブメール", "WLM"),
    client("windows_mail", "Windowsの「メール」アプリ", "Windowsメール"),
    client("thunderbird", "Thunderbird", "サンダーバード", "TB"),
    client("iphone", "iPhoneのメール", "iPhone", "iPad", "アイフォン"),
    client("mac", "Macのメール", "Mac", "マック"),
    client("android", "Android", "アンドロイド", "Gmailアプリ"),
    client("becky", "Becky!", "ベッキー"),
)


@pytest.fixture(scope="session", name="finder")
def _finder():
    return SlotFinder.build({each.id: each for each in PROVIDERS}, {each.id: each for each in CLIENTS}, {})
