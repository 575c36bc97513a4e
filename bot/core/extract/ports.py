"""Finds the mail ports of a text: which way each goes, and whether encryption was said or denied for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from bot.core.slots import Port, Role

_INCOMING = frozenset({110, 143, 993, 995})
_SURE = frozenset({110, 143, 465, 587, 993, 995})

_NUMBER = re.compile(r"(?<![\d.])(110|143|993|995|25|465|587)(?!\d|\.\d|:\d|-\d{2,})")
_PORT_PREFIX = re.compile(
    r"(?:^|[^a-z])(?:pop3?s?|imap4?s?|smtps?|stmp|ssl|tls|starttls|port|in|out|p|no\.?)\s?$"
)
_OTHER_PREFIX = re.compile(
    r"(?:[¥\\$a-z]|第|令和|平成|昭和|(?:windows|win|ういんどうず|office|おふいす|outlook|ol|あうとるつく|ver|ばーじよん|room|"
    r"番地(?:は|が|も))\s?|\d[-:])$"
)
_PORT_SUFFIX = re.compile(r"(?:starttls|ssl|tls|pop|imap|smtp|tcp|ok|ng|de)")
_UNIT = re.compile(
    r"\s?(?:%|ぱーせんと|m(?:b|ega)?(?![a-z])|めが|g(?:b)?(?![a-z])|ぎが|kb?(?![a-z])|円|人|名|件|通|枚|歳|才|日|月|年|時|分|秒|度|"
    r"個|台|回|本|冊|ぽいんと|点|万|千|号(?!室)|階|週|か月|けつ|ヶ月|番地|丁目|番線|番ほーむ|cm|mm|kg|きろ|せんち|めーとる|bit|びつと|ばいと|文字|行|ぺーじ|頁|"
    r"世帯|坪|代|箱|社|部|曲|話|位|(?:番)?\s?(?:に|へ)?\s?(?:通報|電話|でんわ|かけ))"
)
_EMERGENCY = re.compile("警察|通報|泥棒|どろぼう|ぱとかー")
_ERROR_NUMBER = re.compile(r"(?:えらー|error)(?:番号|こーど|no\.?)?\s?[:=は]?\s?$")
_PORT_TALK = re.compile(
    r"ぽーと|番|ばん|受信|受診|送信|受け|うけ|送り|送る|おくる|pop|imap|smtp|ssl|tls|暗号|さーば|設定|465|587|993|995|→|戻|もど|数字|値|ぷろばいだ|めーる"
)

_IN_WORD = r"受信|受診|呉信|じゆしん|受け(?:取り?|る)?|うけ(?:とる|る)?|pop3?|imap4?|(?<![a-z])in(?![a-z])"
_OUT_WORD = r"送信|早心|早信|そうしん|そーしん|送り|送る|おくる|おくり|smtps?|stmp|出す|だす|発信|(?<![a-z])out(?![a-z])"
_ROLE_WORD = re.compile(rf"(?P<incoming>{_IN_WORD})|(?P<outgoing>{_OUT_WORD})")
_ROLE_LINK = re.compile(
    r"(?:めーる|さーばー?あ?|ぽーと|ぽーど|番号|ばんごう|番|側|用|ほう|方|時|とき|とこ|欄|うち|pop3?|imap4?|smtp|ssl|tls|が|は|を|も|の|で|に|と|いま|今|"
    r"いまは|[\s:=()「」、,/\-→>])*"
)
_ROLE_AFTER = re.compile(
    rf"(?:番)?(?:\s?\(\s?(?=受信|pop|imap|送信|smtp)|[がは]\s?(?=(?:{_IN_WORD}|{_OUT_WORD})の?(?:ほう|方|側|用)))"
    rf"(?:(?P<incoming>{_IN_WORD})|(?P<outgoing>{_OUT_WORD}))"
)

_ENCRYPTION = re.compile(
    r"(?P<starttls>start\s?tls|すたーとていーえるえす)|(?P<ssl>ssl\s?/\s?tls|(?<![a-z])ssl|(?<![a-z])tls|"
    r"えすえすえる|暗号化?|あんごうか?)(?:接続|通信|方式|の種類)?"
)
_ASKS_MEANING = re.compile(
    r"\s?[」)]?\s?(?:[\s:=はが「(]{0,3}start\s?tls|つて(?:なに|何|なん|いう)|とは|の意味|(?:の)?(?:ちえつく|印|設定|"
    r"欄)?(?:つて|は)?(?:どこ|どれ|どう|何|なに)|有無|証明書|の?警告|えらー)"
)
_DENIED = re.compile(
    r"[\s:=()」]*(?:の)?\s?(?:ちえつく|印|しるし|設定|ほう|方)?\s?[はをがもにのだ:=]{0,2}[\s「]?"
    r"(?:(?:使用|利用|有効に)(?:し(?:て)?(?:い)?(?:な|ま(?:せ|へ))|せず|不可)|なし|無し|ない|無(?!事)|おふ|off|いいえ|(?:いれ|入れ|"
    r"つけ|付け|つい|付い|し|かけ|使わ|つかわ|使つ|つかつ|うた)(?:て|つて)?(?:い|お)?(?:な|ね|ん|ず|ませ|まへ)|"
    r"はず|外|切|無効|×|非|未|じやな|ではな|不要|いらな)"
)
_AFFIRMED = re.compile(
    r"[\s:=()」]*(?:の)?\s?(?:ちえつく|印|しるし|設定|ほう|方)?\s?[はをがもにで:=]{0,2}[\s「]?"
    r"(?:あり|有|おん|on|はい|入|いれ|つけ|付|ちえつく|印|使|つか|に(?:し|な)|して|(?:ssl|tls)(?!つて|とは)|し(?:た|ます)|かけ|必|○|済|ok)"
)
_DIRECTLY = re.compile(
    r"(?:番|ばん)?(?:ぽーと)?(?:にし(?:て|た)|で|の|は|が|に|を|と|も|して|こちらも)*[\s+＋/・(「:]*"
)
_BEFORE_PORT = re.compile(
    r"[\s:=()」]*(?:の|で|は|が|あり|有り?|なし|無し|なら|つき|付き|有効|無効|おん|おふ|on|off|を?入れて|を?いれて|にして|ちえつく|を?外して|"
    r"を?はずして|接続)*[\s/(「:]*(?:ぽーと)?\s?"
)
_LISTED = re.compile(r"番?\s+")
_JOINED = re.compile(r"(?:番|ばん)?[\s/・,と&+]{0,3}")
_BREAK = re.compile(r"[、。,\n;/]|\s\s")


@dataclass(slots=True, kw_only=True)
class _Found:
    """A port under construction: `told` once something (be it STARTTLS) was said of its encryption."""

    start: int
    end: int
    port: int
    ssl: bool | None = None
    told: bool = False

    def tell(self, ssl: bool | None) -> None:  # noqa: FBT001  (a value, not a switch)
        if not self.told:
            self.ssl, self.told = ssl, True


def find_ports(digits: str) -> tuple[Port, ...]:
    """Mail ports in *digits* (plain hiragana text, spelled numbers as digits), in the order written."""
    numbers = [found for found in _NUMBER.finditer(digits) if _is_port(digits, found)]
    if not numbers:
        return ()
    ports = [_Found(start=found.start(), end=found.end(), port=int(found[1])) for found in numbers]
    _note_encryption(digits, ports)
    roles = _roles(digits, ports)
    written = (
        Port(role=role, port=found.port, ssl=found.ssl) for found, role in zip(ports, roles, strict=True)
    )
    return tuple(dict.fromkeys(written))


def _is_port(text: str, number: re.Match[str]) -> bool:
    before, after = text[: number.start()], text[number.end() :]
    if _UNIT.match(after) or _ERROR_NUMBER.search(before[-12:]):
        return False
    if after[:1].isascii() and after[:1].isalpha() and not _PORT_SUFFIX.match(after):
        return False
    if _OTHER_PREFIX.search(before[-10:]) and not _PORT_PREFIX.search(before[-10:]):
        return False
    port = int(number[1])
    if port == 110 and _EMERGENCY.search(text):
        return False
    if port == 25 and re.search(r"(?<!\d)\d{1,2}/$", before):
        return False
    return port in _SURE or _PORT_TALK.search(before + " " + after) is not None


def _roles(text: str, ports: list[_Found]) -> list[Role]:
    words = list(_ROLE_WORD.finditer(text))
    return [
        _role(text, found, ports[place - 1].end if place else 0, words) for place, found in enumerate(ports)
    ]


def _role(text: str, found: _Found, since: int, words: list[re.Match[str]]) -> Role:
    if after := _ROLE_AFTER.match(text, found.end):
        return _named(after)
    for word in reversed(words):
        if since <= word.start() and word.end() <= found.start:
            if _ROLE_LINK.fullmatch(text, word.end(), found.start):
                return _named(word)
            break
    return Role.INCOMING if found.port in _INCOMING else Role.OUTGOING


def _named(word: re.Match[str]) -> Role:
    return Role.INCOMING if word["incoming"] else Role.OUTGOING


def _note_encryption(text: str, ports: list[_Found]) -> None:
    later: list[tuple[re.Match[str], bool]] = []
    for said in _ENCRYPTION.finditer(text):
        if _ASKS_MEANING.match(text, said.end()):
            continue
        ssl = _polarity(text, said)
        if not _tell_neighbour(text, said, ssl, ports) and ssl is not None and not said["starttls"]:
            later.append((said, ssl))
    for said, ssl in later:
        _tell_all(text, said, ssl, ports)


def _polarity(text: str, said: re.Match[str]) -> bool | None:
    """True or False as it was said; None when only the word stands there."""
    if said["starttls"]:
        return None
    if _DENIED.match(text, said.end()):
        return False
    return True if _AFFIRMED.match(text, said.end()) else None


def _tell_neighbour(text: str, said: re.Match[str], ssl: bool | None, ports: list[_Found]) -> bool:  # noqa: FBT001
    value = None if said["starttls"] else ssl is not False
    before = [found for found in ports if found.end <= said.start()]
    if before and ssl is not None and _LISTED.fullmatch(text, before[-1].end, said.start()):
        return False
    if before and not before[-1].told and _DIRECTLY.fullmatch(text, before[-1].end, said.start()):
        _tell_joined(text, before[::-1], value)
        return True
    after = [found for found in ports if found.start >= said.end()]
    if after and _BEFORE_PORT.fullmatch(text, said.end(), after[0].start):
        _tell_joined(text, after, value)
        return True
    return False


def _tell_joined(text: str, ports: list[_Found], value: bool | None) -> None:  # noqa: FBT001
    """The nearest port, and those written in one breath with it (995/465 SSL); *ports* lead away from what was said."""
    ports[0].tell(value)
    for nearer, farther in pairwise(ports):
        earlier, later = sorted((nearer, farther), key=lambda found: found.start)
        if not _JOINED.fullmatch(text, earlier.end, later.start):
            return
        farther.tell(value)


def _tell_all(text: str, said: re.Match[str], ssl: bool, ports: list[_Found]) -> None:  # noqa: FBT001
    """Said apart from the numbers: it holds for those of its sentence before it, else for all, if nothing else was said."""
    sentence = max(text.rfind("。", 0, said.start()), text.rfind("\n", 0, said.start()))
    meant = [found for found in ports if sentence < found.start < said.start()]
    for found in meant or ports:
        found.tell(ssl)
