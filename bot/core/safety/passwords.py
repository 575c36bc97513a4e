"""Finds passwords in all the ways people give them, and leaves talk about passwords alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_KEY = r"(?:きー|こーど)"
_KEYWORD = r"(?:わ[ーあ\-−~]?[どとd]|こー?ど|ふれーず|きー)"
_WORD = (
    rf"(?:ぱす{_KEYWORD}|ばす{_KEYWORD}|ぱす(?<![いんぺつでらーa-z]ぱす)(?![ぽたかもてとうつわ])|"
    r"p(?<![a-z]p)(?:assword|asswd|asscode|ass ?word|ass|wd|/w|w)(?![a-z](?![a-z]*\d))|"
    r"暗証(?:番号|こーど)?|あんしようばんごう|合い?言葉|あいことば|"
    rf"p(?<![a-z]p)in(?:こーど|番号| ?code)?(?![a-z])|ぴん(?:こーど|番号)|認証{_KEY}|暗号化?{_KEY}|せきゆりてい{_KEY})"
)
"""Each way begins with the letter itself, so that most places of a text are passed over at once."""
_ASIDE = r"(?:\s?\([^()\n\x21-\x7e]{0,14}\))?"
_LABEL = re.compile(_WORD + _ASIDE)
_WITH_NAME = re.compile(
    r"(?:id|ゆーざー?(?:名|id|ねーむ)?|あかうんと名?|あどれす|めーる)\s?(?:と|/|・|,|、|&|\+)\s?(?:めーるの)?$"
)

_LINK = re.compile(
    r"(?:\s*(?:は|わ(?=[\s「a-z0-9])| is(?= )|:|=|→|⇒|-?>|・{2,}|\.{3}|…)[\s、,:=]*|"
    r"[ \t]*\n\s*)+(?:たぶん|多分|たしか|確か|えーと|いま|今|次の通り(?:です)?|以下(?:です)?|これ(?:です)?|こちら(?:です)?|(?:すべて|全部|"
    r"ぜんぶ)?(?:小文字|大文字|半角|全角|英数字|ろーま字|数字)(?:の|で|は)|[\s:、。])*"
)
_BARE_LINK = re.compile(r"\s*(?:を|が|も|に|の|で|「)?\s*")
_FILLER = re.compile(r"(?:[^\x00-\x7f「」『』]|[ \n]){1,20}?(?=[!-~])")

_QUOTED = re.compile(r"[「『“‘《【\"'(]([^」』”’》】\"')\n]{1,40})[」』”’》】\"')]")
_SPACED = re.compile(r"(?:[!-~] ){2,}[!-~](?![!-~])|[a-z]{4}(?: [a-z]{4}){3}(?![a-z])")
_TOKEN = re.compile(
    r"[!-~]+(?:(?: [!-~]+){1,3}(?=\s?(?:です|でした|だよ))|(?: (?!(?:995|993|465|587|110|143|"
    r"25)(?!\d))[0-9!-/]+(?=\s?(?:$|。))))?"
)
_AND_ANOTHER = re.compile(
    r"\s?(?:と|か|または|、)\s?([!-~]{2,})(?=\s?(?:です|でした|だ|の(?:どちら|どつち|両方)))"
)
_NUMERALS = re.compile(r"[〇零一二三四五六七八九]{3,}(?=\s?(?:です|でした|だ|$|\n|。))")
_CROSSES = re.compile(r"[×✕○◯●■〇]{2,}")
_NATIVE = re.compile(r"[ぁ-んー一-龥々]{2,12}(?=\s?(?:です|だ(?:よ|が|けど|と)|でござい|$|\n|。))")
_KANA_ONLY = re.compile(r"[ぁ-んー]{4,12}(?<!い)(?=(?:です|でした|だよ|つて(?:言|いう|いい))(?!か))")
_NATIVE_WITH_DIGITS = re.compile(
    r"[ぁ-んー一-龥々]{1,8}[0-9]{2,}[!-~]*|[!-~]*[0-9]{3,}[ぁ-んー一-龥々]{2,6}(?=\s?(?:です|$))"
)
_SPELLED_LETTER = (
    r"(?:大文字|小文字|えー|えい(?!ち)|びー|しー|でいー|でー|いー|えふ|じー|えいち|えつち|あい|じえー|じえい|けー|けい|える|えむ|えぬ|おー|ぴー|きゆー|あーる|えす|"
    r"ていー|てー|ゆー|ぶい|だぶりゆー|だぶる|えつくす|わい|ぜつと|ぜつど|ぜろ|れい|いち|に|さん|よん|し|ご|ろく|なな|しち|はち|きゆう|く|しやーぷ|はいふん|"
    r"あんだーばー|あつと(?:まーく)?|どつと|びつくり(?:まーく)?|の|[a-z0-9])"
)
_SPELLED = re.compile(
    rf"{_SPELLED_LETTER}(?:[\s、,・]*{_SPELLED_LETTER}){{3,}}(?=\s?(?:です|だ|$|\n|。|で(?:入|す)|と(?:入|打)))"
)

_STATED = re.compile(
    r"\s?(?:です|だ(?:よ|が|けど|と|つた|$|。|、)|で(?:し(?:た|よう)|ござい|入|はい|ろぐ|だめ|駄目|やつ|試|通|い(?:い|け)|あ(?:つ|り)|合|"
    r"登録|設定|申)|なん|なの|"
    r"と(?:入|打|う(?:つ|ち)|書|かい|いう|言|申|なつ|し)|に(?:し|変|設定|なつ|かえ)|つて(?:入|打|書|いう|やつ)|かな|よ|つ?ちゆう|つて言|を(?:入|"
    r"いれ|打|使)|じや|ちゆう|たい|やけ|ばい|どす|ぞ|ね|や(?:で|ねん)|$|\n|。|、|,| )"
)
_SAID_TO_BE = re.compile(r"\s?(?:です(?!か)|でした|だよ|と(?:入|打|う(?:つ|ち)|書))")
_ENTERED = re.compile(r"\s?(?:で(?:も)?(?:入|はい|ろぐ|さいん)|[をと](?:入力|入れ|打|いれ))")
_DESCRIBED = re.compile(r"は[^\x00-\x7f。\n]{1,12}[のでにが](?=[!-~])")
_UNIT_FOLLOWS = re.compile(
    r"\s?(?:桁|けた|文字|回|かい|年|月|日|時|分|円|番(?!号)|つ(?![てち])|個|台|人|件|種類|度|週|ヶ月|か月|けつ|歳|%|以上|以下|以内|まで)"
)

_INNOCENT_WORDS = re.compile(
    r"(?:ok|ng|no|yes|ids?|pc|os|url|web|e?-?mail|webmail|app|qr|sms|line|wi-?fi|google|gmail|"
    r"yahoo!?|apple|microsoft|windows|outlook|"
    r"thunderbird|iphone|ipad|android|mac|icloud|becky!?|shuriken|livemail|wlm|ocn|biglobe|"
    r"@?nifty|plala|so-net|j:?com|au|docomo|softbank|"
    r"odn|dti|eo|eonet|pop3?|imap4?|smtp|apop|ssl|tls|starttls|excel|word|usb|lan|nas|vpn|amazon|"
    r"facebook|caps|capslock|caps lock|enter|null|1password|"
    r"none|error|user|username|login|ie|edge|chrome|tb|ol|faq|hp|it|pdf|bios|cd|ntt|kddi|zaq|"
    r"xserver|is|the|and|was)"
)
_VERSIONED = re.compile(
    r"(?:outlook|office|windows|win|ol|wlm|microsoft|ms|iphone|ipad|ios|ipados|macos|android|"
    r"thunderbird|tb|shuriken|becky|pop|imap|smtp|tls|tlsv|ssl|ipv|kb|v|ver|"
    r"port|excel|word|livemail|pixel|galaxy|sha|md|utf-?|aes|xperia|aquos|arrows|macbook|imac|surface|firefox|"
    r"chrome|edge|safari|docomo|softbank|kindle|vaio|lavie|dynabook|fmv|usb|wi-?fi|bluetooth)[\s\-]?\d[\d.]*"
)
_NOT_SECRET = re.compile(
    r"(?:0|o)x[0-9a-fo]{3,}|8[0o]{2}[0-9a-f]{5}|(?:pop3?|imap4?|smtps?|mail|www)\.[a-z0-9.\-]+|https?://.*|[a-z0-9\-]+(?:\.[a-z0-9\-]+)*\.(?:jp|com|net|org|exe|pdf|txt)|\d{1,2}/\d{1,2}(?:/\d+)?|\d{1,2}:\d\d|[45]\d\d(?:[ \-][45]\.\d\.\d)?|[/?!.,;:()\-~*=#&+<>\[\]_|'\"]+|\*+|id/?|(?:995|993|110|143|465|587|25)(?:/(?:995|993|110|143|465|587|25))*|[a-z]+/[a-z]+|.*(?:＊|\*){3}.*"
)
_ADDRESS = re.compile(r"[a-z0-9._+\-]*@[a-z0-9\-]+(?:\.[a-z0-9\-]+)+")
_INNOCENT_NATIVE = re.compile(
    r"何|なに|なん|どこ|どれ|どう|どの|どち|いつ|誰|だれ|わか|分か|判|不明|同じ|おなじ|同一|正|ただし|合[つうい]|あつて|違|ちが|ちご|間違|まちが|変|かえ|更|"
    r"忘|わすれ|必要|要|無|な[しいくか]|ねえ|(?:ら|せ|へ|て|の)ん$|大丈夫|だいじよう|"
    r"これ|それ|あれ|ここ|そこ|以前|前|家|本人|会社|紙|書|手元|てもと|あ[るり]|そのまま|未|空|全部|ぜんぶ|入|いれ|確|設定|保存|りせつと|再|有効|期限|最初|"
    r"初期|数字|英|半角|全角|文字|桁|別|共通|昔|今|いま|"
    r"もちろん|多分|たぶん|絶対|秘密|ひみつ|内緒|ないしよ|教え|おしえ|言え|聞|き[かい]|求|出|で[てる]|自分|夫|妻|息子|娘|孫|父|母|業者|ぷろばいだ|一応|"
    r"いちおう|いつも|毎回|めも|けーす|登録|発行|届|とど|送|受|"
    r"使|つか|だめ|駄目|あかん|おつけー|完了|済|失|亡|無くし|なくし|こぴー|打|うつ|うち|えらー|弾|はじ|通|とお|せい|まで|から|ので|けど|して|した|する|します|"
    r"ました|ません|ください|下さい|"
    r"はず|てきとう|ばらばら|すまほ|ぱそこん|ふくざつ|かんたん|らしい|よう$|そう$|みたい|ぽい|べき|つもり|だけ|とき|ほう|こと|もの|やつ|の$|なまえ|名前|たんじようび|誕生日|ばん$|番$"
)
_TOLD_AFTER = re.compile(
    rf"\s?(?:」|』|\")?\s?(?:(?:が|を|つて(?:いう)?の?が|のが|というの?が|は|,|、|←|\()\s?(?:これが|めーるの|私の|わたしの|今の|いまの|新しい|あたらしい|その|うちの|正しい)*{_WORD}\)?(?=です|だ[よけつ。]|だ$|な(?:の|ん)|で(?:す|ある|入|ろぐ)|に(?:し|変|設定)|として|ね|や|じや|\s*$|。|\))"
    rf"|(?:と(?:いう|言う|か)|つて(?:いう)?)\s?(?:の\s?)?{_WORD})"
)


def find_passwords(text: str) -> Iterator[tuple[int, int]]:
    """Where in *text* (one width, lower case, hiragana) passwords stand."""
    labels = list(_LABEL.finditer(text))
    if not labels:
        return
    spans = [*(span for label in labels for span in _after_label(text, label)), *_before_label(text)]
    yield from spans
    if spans:
        yield from _other_secrets(text)


def find_bare_secrets(text: str, names: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where in *text* a token looks like a password, though nothing says so. Only the scene makes it one.

    Letters mixed with digits or signs count anywhere in a short text, digits where they are all that a line says.
    *names*, folded, are those of providers and programs.
    """
    if not _SIGNS.search(text):
        return
    if len(text) <= _SHORT_TEXT:
        for token in _TOKEN.finditer(text):
            core = _core(token[0])
            if (
                _looks_secret_in(text, token, mixed_only=True)
                and not _is_known_kind(core)
                and fold(core) not in names
            ):
                yield _trimmed(token)
    yield from (made.span() for made in _APP_PASSWORD.finditer(text))
    for line in _BARE_LINE.finditer(text):
        start, end = line.span("spaced" if line["spaced"] else "token")
        core = _core(text[start:end])
        if line["spaced"]:
            yield start, end
        elif _looks_secret(core) and not _is_known_kind(core) and fold(core) not in names:
            begin = text.index(core, start)
            yield begin, begin + len(core)
    for mixed in _BARE_NATIVE.finditer(text):
        if not _INNOCENT_NATIVE.search(mixed["token"]) and not _NUMBERED.match(mixed["token"]):
            yield mixed.span("token")


def mentions_passwords(text: str) -> bool:
    """Whether *text* (one width, lower case, hiragana) speaks of passwords at all."""
    return _LABEL.search(text) is not None


_SIGNS = re.compile(r"[!-~]{3}|[!-~] [!-~]")
"""The least that such a token is made of."""
_SHORT_TEXT = 80
_APP_PASSWORD = re.compile(r"(?<![!-~])[a-z]{4}(?:-[a-z]{4}){3}(?![!-~])")
"""As Apple makes them for one program: letters only, and like nothing else."""
_BEFORE_BARE = (
    r"^[^\S\n]*(?:(?:はい|ええ|うん|え[ーつ]?と|これ|こちら|それ|たぶん|多分|確か|たしか|今は?|前は?|いまは?|じやあ|では|最初は|もう1つは|もうひとつは|"
    r"新しいのは|古いのは)(?:です|は|が|で)?[、。,:\s]*)*[「『\"'(【]?"
)
_AFTER_BARE = (
    r"[」』\"')】]?[^\S\n]?(?:(?:です|でし|だ|と(?:思|入|打|書|いう)|なん|かな|で(?:入|は|ろぐ|いい|よい|よろし|合|あつ|だめ|駄目|す|し|や|試|登|設)|"
    r"に(?:し|変|か|な|設)|を(?:入|使|い|打)|のはず|も(?:だめ|駄目|試|入)|が(?:だめ|駄目|通|はじ|弾))[^\x00-\x7f\n]{0,20})?[。、!?…~\s]*?$"
)
_BARE_LINE = re.compile(
    rf"{_BEFORE_BARE}(?:(?P<spaced>(?:[!-~] ){{3,}}[!-~](?![!-~])|[a-z]{{4}}(?: [a-z]{{4}}){{3}})|(?P<token>[!-~]{{4,64}})){_AFTER_BARE}",
    re.MULTILINE,
)
_BARE_NATIVE = re.compile(
    rf"{_BEFORE_BARE}(?P<token>[ぁ-んー一-龥々]{{1,8}}[0-9]{{3,}}[!-~]*){_AFTER_BARE}", re.MULTILINE
)
_NUMBERED = re.compile(
    r"ぽーと|受信|送信|電話|内線|おーえす|あうとるつく|ういんどうず|おふいす|あいふおん|あんどろいど|さんだーばーど|平成|昭和|令和|西暦|郵便"
)
_PHONE_LIKE = re.compile(r"(?:\+81|0)\d{9,10}|0\d{1,4}[-)]\d{1,4}-\d{3,4}")


_EDITION = re.compile(r"(?:pro|plus|max|mini|home|ultra|lite|bit|[a-z])?(?:max)?")
_YEAR = re.compile(r"(?:199|20[0-3])\d")


def _is_known_kind(core: str) -> bool:
    """A version, an address, a recent year or a phone number: looks like a secret, and is none."""
    version = _VERSIONED.match(core)
    return (
        (version is not None and _EDITION.fullmatch(core, version.end()) is not None)
        or _ADDRESS.fullmatch(core) is not None
        or _PHONE_LIKE.fullmatch(core) is not None
        or _YEAR.fullmatch(core) is not None
    )


def _after_label(text: str, label: re.Match[str]) -> Iterator[tuple[int, int]]:
    """What follows the word: 「パスワードは …です」, 「pw: …」, the next line, or the bare word and a token."""
    link = _LINK.match(text, label.end())
    start = link.end() if link else label.end()
    value = _linked_value(text, start) if link else None
    value = value or _loose_value(text, label.end())
    if value is None:
        return
    yield value
    if second := _AND_ANOTHER.match(text, value[1]):
        yield second.span(1)
    if _WITH_NAME.search(text[: label.start()]):
        yield from _rest_of_line(text, value[1])


def _linked_value(text: str, start: int) -> tuple[int, int] | None:
    if (quoted := _QUOTED.match(text, start)) and _may_be_secret(quoted[1]):
        return quoted.span(1)
    if spaced := _SPACED.match(text, start):
        return spaced.span()
    if (token := _TOKEN.match(text, start)) and _is_stated(text, token):
        return _trimmed(token)
    if numerals := _NUMERALS.match(text, start):
        return numerals.span()
    if crosses := _CROSSES.match(text, start):
        return crosses.span()
    if (spelled := _SPELLED.match(text, start)) and not re.search("[a-z]{2}", spelled[0]):
        return spelled.span()
    if (mixed := _NATIVE_WITH_DIGITS.match(text, start)) and not _UNIT_FOLLOWS.match(text, mixed.end()):
        return None if _INNOCENT_NATIVE.search(mixed[0]) else mixed.span()
    native = (_NATIVE if text[start - 1] in " \n:=→⇒>" else _KANA_ONLY).match(text, start)
    return native.span() if native and not _INNOCENT_NATIVE.search(native[0]) else None


def _loose_value(text: str, start: int) -> tuple[int, int] | None:
    """A token that looks like a secret by itself, close behind the word."""
    bare = _BARE_LINK.match(text, start)
    near = bare.end() if bare else start
    if (quoted := _QUOTED.match(text, near - (text[near - 1 : near] == "「"))) and _looks_secret(quoted[1]):
        return quoted.span(1)
    if spaced := _SPACED.match(text, near):
        return spaced.span()
    token = _TOKEN.match(text, near)
    if token is None:
        filler = _FILLER.match(text, near)
        token = _TOKEN.match(text, filler.end()) if filler else None
        if token is None:
            return None
        if not _looks_secret_in(text, token, mixed_only=True):
            return _trimmed(token) if _DESCRIBED.match(text, start) and _is_said_to_be(text, token) else None
        across = re.search(r"[。\n]", text[near : token.start()]) is not None
        return None if across and not _is_stated(text, token) else _trimmed(token)
    if _looks_secret_in(text, token, mixed_only=False) or (
        _is_stated(text, token) and _used_as_one(text, token)
    ):
        return _trimmed(token)
    return None


def _before_label(text: str) -> Iterator[tuple[int, int]]:
    """What stands before the word: 「Sakura#1948 がパスワードです」, 「…というパスワード」."""
    for token in _TOKEN.finditer(text):
        core, end = _core(token[0]), _trimmed(token)[1]
        if not _looks_secret(core) or _ADDRESS.fullmatch(core):
            continue
        entered = _ENTERED.match(text, end) and _looks_secret_in(text, token, mixed_only=True)
        if entered or _TOLD_AFTER.match(text, end):
            yield _trimmed(token)
    for quoted in _QUOTED.finditer(text):
        if (
            _may_be_secret(quoted[1])
            and not _LABEL.search(quoted[1])
            and _TOLD_AFTER.match(text, quoted.end())
        ):
            yield quoted.span(1)


def _other_secrets(text: str) -> Iterator[tuple[int, int]]:
    """Where one password was told, another may follow (「前のは … でした」)."""
    for token in _TOKEN.finditer(text):
        if _ADDRESS.fullmatch(_core(token[0])):
            continue
        if _looks_secret_in(text, token, mixed_only=True) and _is_stated(text, token):
            yield _trimmed(token)


def _rest_of_line(text: str, start: int) -> Iterator[tuple[int, int]]:
    """After 「IDとパスワードは …」 the rest of the line holds the other of the two."""
    stop = re.compile(r"[。\n]").search(text, start)
    for token in _TOKEN.finditer(text, start, stop.start() if stop else len(text)):
        core = _core(token[0])
        if (
            len(core) > 2
            and not _INNOCENT_WORDS.fullmatch(core)
            and not _NOT_SECRET.fullmatch(core)
            and "@" not in core
        ):
            yield _trimmed(token)


def _core(token: str) -> str:
    return token.rstrip(",;:()].'\"/").lstrip("([/;:=>,'\"")


def _trimmed(token: re.Match[str]) -> tuple[int, int]:
    """The token without the punctuation around it."""
    core = _core(token[0])
    start = token.start() + token[0].index(core)
    return start, start + len(core)


def _is_stated(text: str, token: re.Match[str]) -> bool:
    """Whether the token after 「パスワードは」 is given as the password, not talked about."""
    core = _core(token[0])
    end = _trimmed(token)[1]
    if core.isdecimal() and len(core) > 2 and _SAID_TO_BE.match(text, end):
        return True
    if not core or _NOT_SECRET.fullmatch(core) or _UNIT_FOLLOWS.match(text, end):
        return False
    if _INNOCENT_WORDS.fullmatch(core) or len(core) == 1:
        return False
    stated = bool(_STATED.match(text, end) or _AND_ANOTHER.match(text, end))
    return stated if not _looks_secret(core) else stated or not _VERSIONED.fullmatch(core)


def _is_said_to_be(text: str, token: re.Match[str]) -> bool:
    """「パスワードは誕生日の … です」: no doubt is left, whatever it looks like."""
    return _is_stated(text, token) and _SAID_TO_BE.match(text, _trimmed(token)[1]) is not None


def _used_as_one(text: str, token: re.Match[str]) -> bool:
    """「パスワード sakura で入れません」: letters only, but used to sign in with, or written as a pair."""
    end = _trimmed(token)[1]
    return (
        len(_core(token[0])) > 3
        and re.compile(
            r"\s?(?:で(?:入|はい|ろぐ|だめ|駄目|試|通|やつ)|に(?:変|し|設定)|と(?:入|打)|です|だ[よ。]|$|\n)"
        ).match(text, end)
        is not None
    )


def _looks_secret_in(text: str, token: re.Match[str], *, mixed_only: bool) -> bool:
    core = _core(token[0])
    if not _looks_secret(core) or _UNIT_FOLLOWS.match(text, _trimmed(token)[1]):
        return False
    if _VERSIONED.fullmatch(core):
        return False
    return not (mixed_only and core.replace(" ", "").isdecimal())


def _looks_secret(core: str) -> bool:
    """Letters with digits, a sign among letters, or four digits and more."""
    if len(core) < 4 or _NOT_SECRET.fullmatch(core) or _INNOCENT_WORDS.fullmatch(core):
        return False
    kinds = (
        any(letter.isalpha() for letter in core),
        any(letter.isdecimal() for letter in core),
        any(not letter.isalnum() and letter not in "-./,:" for letter in core),
    )
    return core.isdecimal() or sum(kinds) > 1


def _may_be_secret(quoted: str) -> bool:
    """Whether quoted words may be a password: not a message of the program, not a word of the talk."""
    core = quoted.strip()
    if core.isascii():
        return not (_INNOCENT_WORDS.fullmatch(core) or _NOT_SECRET.fullmatch(core)) and core.count(" ") < 3
    return _CROSSES.fullmatch(core) is not None or (
        len(core) < 16 and not _INNOCENT_NATIVE.search(core) and "ぱす" not in core
    )
