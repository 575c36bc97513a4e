from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("said", "provider"),
    [
        ("ビックローブの受信", "biglobe"),
        ("ビクローブです", "biglobe"),
        ("びっくろーぶの めーる", "biglobe"),
        ("BIGLOEBのsmtp", "biglobe"),
        ("bigrobe 送信", "biglobe"),
        ("ニフテイ", "nifty"),
        ("ニフテーのメール", "nifty"),
        ("あっとにふてぃのメール", "nifty"),
        ("二フティの設定", "nifty"),
        ("おおしいえぬのメール", "ocn"),
        ("オーシーエヌ光です", "ocn"),
        ("オーCNのメール", "ocn"),
        ("０ＣＮの受信", "ocn"),
        ("ocnで995", "ocn"),
        ("王シーエヌ", "ocn"),
        ("じーめーるが見られない", "gmail"),
        ("ジェイコムのﾒｰﾙ", "jcom"),
        ("じぇい:こむ", "jcom"),
        ("さくらのレンタルサーバで受信できない", "sakura"),
        ("どこもの めーるです", "docomo"),
        ("わくわくのメール", "wakwak"),
        ("taro@gmail.comに送れないOCNです", "ocn"),
        ("アドレスは***@ocn.ne.jpです", "ocn"),
        ("アドレスは＊＊＊@xx.ocn.ne.jpです", "ocn"),
        ("***@a1.auone-net.jp", "au-one-net"),
        ("xx@yyy.dion.ne.jp", "au-one-net"),
        ("hanako@hotmail.co.jp", "outlook-com"),
        ("sv123.xserver.jp 993", "xserver"),
        ("x@ocn.ne.jo", "ocn"),
        ("x@gmail.con", "gmail"),
        ("あ、やっぱりぷららでした", "plala"),
        ("ぷららのひかりTVの解約", "plala"),
        ("アウトルックコムのアドレス", "outlook-com"),
        ("Outlook.comをOutlookで", "outlook-com"),
        ("pop.ocn.ne.jpとsmtp.ocn.ne.jp", "ocn"),
        ("ビッグローブとこ、受信できまへん", "biglobe"),
        ("びぐろーぶが つながりません", "biglobe"),
        ("ﾋﾞｸﾞﾛｰﾌﾞﾉﾒｰﾙ", "biglobe"),
        ("BIGLOBEのめーる、gmailでは受け取れてます", "biglobe"),
        ("ﾆﾌﾃｨﾒｰﾙ ｶﾞ 送ﾚﾅｲ", "nifty"),
        ("@niftyですけど", "nifty"),
        ("アットニフティーのメール", "nifty"),
        ("そねっと つかってます", "so-net"),
        ("ソネッとの受信", "so-net"),
        ("So‐netのメール", "so-net"),
        ("ＳＯ－ＮＥＴ 送信", "so-net"),
        ("Ｊ：ＣＯＭの送信", "jcom"),
        ("じぇいこむの めーる", "jcom"),
        ("ジェコムの送信", "jcom"),
        ("ディーティーアイ", "dti"),
        ("でぃーてぃーあいの めーる", "dti"),
        ("おーでぃーえぬ です", "odn"),
        ("オーディエヌの受信", "odn"),
        ("ヤフーのめーるが", "yahoo-japan"),
        ("yahooメール 送信不可", "yahoo-japan"),
        ("エックスサーバの設定", "xserver"),
        ("エキサイトのメール", "excite"),
        ("eo光です", "eonet"),
        ("ソフトバンク光でyahooメール", "yahoo-japan"),
        ("auのスマホ", "au-one-net"),
        ("x.yahoo.co.jpとかimap.mail.yahoo.co.jp", "yahoo-japan"),
        ("pop.so-net.ne.jpにつながらない", "so-net"),
        ("imap.gmail.com993", "gmail"),
        ("secure.plala.or.jpの証明書", "plala"),
        ("アドレスは***@gmail.comですが、OCNのほうが受信できません", "ocn"),
        ("おーしーえぬの おくるほうが 25になってます", "ocn"),
        ("ol365 biglobe imap993ssl smtp587tls 送信ng", "biglobe"),
        ("nifty 受信995 送信465→587に変更済", "nifty"),
        ("so-net smtp 587 認証あり", "so-net"),
        ("ｼﾞｪｲｺﾑ 受信 995ﾃﾞｽｶ", "jcom"),
    ],
)
def test_a_provider_is_known_by_name_spelling_slip_or_domain(finder, said, provider):
    assert provider == finder.find(said).provider


@pytest.mark.parametrize(
    ("said", "provider"),
    [
        ("DTIだけ受信できない。Gmailのほうは入ってくる", "dti"),
        ("Gmailは届くのにぷららだけ来ません", "plala"),
        ("ヤフーは問題ないのですがニフティが送信できません", "nifty"),
        ("OCNじゃなくてぷららです", "plala"),
        ("ドコモ光でOCNを使っています", "ocn"),
        ("auひかりでSo-netのメール", "so-net"),
        ("OCNからGmailに転送したい", "ocn"),
        ("ドコモ光 ocn pop995", "ocn"),
        ("プロバイダはぷららですが、送り先のGmailに届きません", "plala"),
        ("Gmailからのメールがocnに届かない", "ocn"),
        ("相手がドコモで、うちはニフティです。送ると戻ってきます", "nifty"),
        ("友人のヤフーからは届くのにGmailからだけ届かない、OCNです", "ocn"),
        ("ocnからビッグローブに乗り換えたら受信できない", "biglobe"),
        ("ぷららからOCNにしました。受信の番号は？", "ocn"),
        ("先月ニフティをやめてビッグローブにした", "biglobe"),
        ("GmailをOutlookに入れたいのですが何度もパスワードを聞かれます", "gmail"),
    ],
)
def test_of_several_providers_the_one_in_trouble_is_meant(finder, said, provider):
    assert provider == finder.find(said).provider


@pytest.mark.parametrize(
    "said",
    [
        "さくらの花が咲きました",
        "どこも悪くないのに",
        "ワクワクする話",
        "このはなしは",
        "会うのが楽しみ",
        "あう",
        "audioが鳴らない",
        "オーディオの電源",
        "ニッポンのメール",
        "ぷらっと寄ります",
        "お茶をこぼした",
        "インクジェットのインクが無い",
        "てんぷらを食べた",
        "チキチキマシン",
        "goodな設定",
        "おしえて下さい",
        "怪しいメールが来た",
        "美味しいメールマガジン",
        "x@example.co.jp が受信できない",
        "mail.example.ne.jp:995",
        "アウトルックが開かない",
        "AndroidのGmailアプリで送れない",
        "Yモバのメール",
        "まかごやさん",
        "エキサイトした",
        "video見れない",
        "楽天で買った",
        "auoneのメール",
        "オーディオンの音",
        "スマホのGmailアプリ",
        "***@kawagoe-shop.exampleが使えない",
        "独自ドメイン ***@my-shop.jp",
    ],
)
def test_other_words_name_no_provider(finder, said):
    assert finder.find(said).provider is None


@pytest.mark.parametrize(
    ("said", "domain"),
    [
        ("x@example.co.jp が受信できない", "example.co.jp"),
        ("mail.example.ne.jp:995", "example.ne.jp"),
        ("独自ドメイン ***@my-shop.jp", "my-shop.jp"),
        ("***@my-shop.tokyo です", "my-shop.tokyo"),
    ],
)
def test_a_mail_domain_that_no_record_knows_is_told(finder, said, domain):
    assert domain == finder.find(said).unknown_domain


def test_a_known_domain_is_not_told_as_unknown(finder):
    assert finder.find("***@mail.ocn.ne.jp です").unknown_domain is None


def test_a_file_name_is_no_mail_domain(finder):
    assert finder.find("setup.exeとscanpst.exeを開いた").unknown_domain is None


@pytest.mark.parametrize(
    "said", ["さくら", "さくらです。", "プロバイダはさくらです", "JETです", "エキサイトですけど"]
)
def test_an_everyday_word_is_a_provider_where_one_is_asked_for(finder, said):
    assert finder.find(said).provider in {"sakura", "jet", "excite"}


def test_a_server_named_by_one_record_alone_is_that_ones(finder):
    assert finder.find("sv123.xserver.jpにつながらない").provider == "xserver"
