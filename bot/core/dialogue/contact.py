"""Name, phone number and convenient time, as customers leave them: in any order, in one message or in several."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.phone import has_its_length
from bot.core.spelling import one_spelling
from bot.core.tickets import Contact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.word_lists import WordList

_PHONE = re.compile(r"(?<!\d)(?:\+81[-\s]?|0)\d(?:[-\s().]{0,2}\d){6,11}(?!\d)")
_TIME = re.compile(
    r"(朝|昼|夕方|夜|晩|午前|午後|正午|平日|土曜|日曜|土日|週末|祝日|月曜|火曜|水曜|木曜|金曜|明日|あした|あさって|明後日|今日|本日|今週|来週|今から|すぐ"
    r"|いつでも|何時でも|なんじでも|\d{1,2}時|\d{1,2}:\d{2}|\d{1,2}日|\d{1,2}月|時間(は|が)?(いつ|何)|仕事(が)?(終|の後)|終日)"
)
_TIME_ENDING = re.compile(
    r"((は|に|で|が|だと|なら|ごろ|頃)?(お願い|おねがい|電話|連絡|かけ|対応|希望|都合|助か|空いて|いいです|よい|良い|大丈夫|ありがた).*|です.*|でお願い.*|に?ください.*|がいいです.*|に)$"
)
_NAME_SAID = re.compile(
    r"(?:名前は|氏名は|私は|わたしは|名字は|苗字は)\s*(?P<after>[^\s、。,0-9]{1,12}?(?:[ 　][^\s、。,0-9]{1,8}?)?)(?:です|と申します|といいます|と言います|$)"
    r"|(?P<in_charge>[^\s、。,0-9はが]{1,8})が(?:担当|窓口|連絡係)"
    r"|(?:^|[\s、。])(?P<honoured>(?!客|皆|奥|先方)[一-龥々ヶァ-ヺー]{1,6})(?:様|さま)(?=$|[\s、。はがの])"
    r"|(?P<before>[^\s、。,0-9は]{1,12}?)(?:と申します|ともうします|といいます|と言います)"
)
_NAME = re.compile(r"[ぁ-ゖァ-ヺー一-龥々ヶ]{1,8}([ 　・][ぁ-ゖァ-ヺー一-龥々ヶ]{1,8})?")
_NAME_ENDING = re.compile(
    r"(でございます|です[よね]?|(?<=[ァ-ヺ一-龥々ヶ])(だ|じゃ)|っす|ッス|と申します|様|さん|ですが|ですけど|ですわ|やで|やけど|だす)$"
)
_NOT_A_NAME = re.compile(
    r"^(あと|それと|それから|ちなみに)$|(はい|うん|ええ|いいえ|お願い|おねがい|よろしく|電話|でんわ|携帯|番号|連絡|名前|担当|わかり|分かり|了解|メール|受信|送信|設定|ありがと|すみま|すいま"
    r"|どう|なに|何|ない|ません|ます|ました|たい|して|ください|下さい|早く|至急|いつ|どこ|大丈夫|結構|それ|これ|以降|以後|まで|から|ごろ|頃|希望|都合|折り返し|自宅|固定|家の?|こちら|あの|えっと|えーと|ええと|うーん|んー|あー|おーい|もしもし|もうすぐ|頼|たの(?=む|み|も)|かな|じゃあ|では|いらな|いや|って|です|けど|教え|プロバイダ|パソコン|料金|急|また|まだ"
    r"|だめ|むり|ひま|暇|留守|不在|無理|そう|大変|[一-龥]{2}中$|途中|さんきゅ|おっけ|いたずら)"
)


def find_contact(text: str, *, asked: str = "", words: Sequence[WordList] = ()) -> Contact:
    """What *text* tells of name, phone and time.

    *asked* is the slot that was asked for: a bare 「山田」 is a name, and any words a time, only in answer to a question.
    What may be anything is taken for a name only where the name alone was asked for, or beside a number; one of *words*
    never is: 「無理」, 「解決」.
    """
    normal = _normal(text)
    written = _written_phone(normal)
    phone = _as_written(written) if "-" in written else _national(written)
    rest = _PHONE.sub("\n", normal.replace(written, "\n") if written else normal)
    name = _said_name(rest) or (_in_two_parts(rest, words) if asked else "")
    times = []
    for piece in re.split(r"ですが|ですけど|[、。,\n\s/;；]+|(?<=です)(?=[^がけか])", rest):
        if _TIME.search(piece):
            times.append(_TIME_ENDING.sub("", piece) or piece)
        elif not name and asked:
            bare = _bare_name(piece, expected=bool(phone) or asked == "name")
            name = "" if any(word.is_all_of(bare) for word in words) else bare
    if asked == "time" and not times and not phone and rest.strip():
        times = [rest.strip()[:60]]
        name = ""
    return Contact(name=name, phone=phone, time="、".join(times))


def merged(known: Contact, newer: Contact) -> Contact:
    """*known* with everything that *newer* tells laid over it."""
    return replace(
        known,
        name=newer.name or known.name,
        phone=newer.phone or known.phone,
        time=newer.time or known.time,
    )


def broken_phone(text: str) -> bool:
    """Whether *text* holds digits meant as a phone number that cannot be one: too few, or too many."""
    normal = _normal(text)
    return not _written_phone(normal) and bool(
        re.search(r"(?<!\d)0\d{1,4}[-\s(]?\d{1,4}[-\s)]?\d{2,8}(?!\d)", normal)
    )


def _normal(text: str) -> str:
    """*text* in one width, with whatever stands for a hyphen among digits as one: 「０９０ー００００ー００００」, 「090の0000の0000」."""
    return _HYPHEN.sub("-", unicodedata.normalize("NFKC", text))


_HYPHEN = re.compile(r"(?<=\d)[ー―─−‐‑‒–—の](?=\d)")


def may_hold_phone(text: str) -> bool:
    """Whether *text* has digits enough for a phone number."""
    return sum(map(str.isdecimal, text)) >= _FEWEST_DIGITS


_FEWEST_DIGITS = 10


def _written_phone(normal: str) -> str:
    """The first number of *normal* that is as long as a phone number, as it is written; "" for none.

    Digits after a blank may be the time: 「03-0000-0000 15時」.
    """
    for found in _PHONE.finditer(normal):
        ends = [len(found[0]), *(blank.start() for blank in _BLANK.finditer(found[0]))]
        for end in sorted(ends, reverse=True):
            if has_its_length(_national(found[0][:end])):
                return found[0][:end]
    return ""


_BLANK = re.compile(r"\s")


def _national(written: str) -> str:
    digits = re.sub(r"\D", "", written)
    return "0" + digits[2:] if written.startswith("+81") else digits


def _as_written(found: str) -> str:
    return re.sub(r"[\s().]", "", found).replace("+81-", "0").replace("+81", "0")


def _said_name(rest: str) -> str:
    found = _NAME_SAID.search(rest)
    if not found:
        return ""
    name = (found["after"] or found["before"] or found["in_charge"] or found["honoured"]).strip()
    return name if _NAME.fullmatch(name) else ""


def _in_two_parts(rest: str, words: Sequence[WordList]) -> str:
    """「たなか きよ です」, 「山田 太郎」: the family's name and one's own, with a blank between."""
    found = _TWO_PARTS.search(rest)
    name = (found["name"] or found["kanji"]) if found else ""
    return "" if any(_is_no_name(part, words) or _TIME.search(part) for part in name.split()) else name


def _is_no_name(part: str, words: Sequence[WordList]) -> bool:
    return _NOT_A_NAME.search(part) is not None or any(word.is_all_of(part) for word in words)


_TWO_PARTS = re.compile(
    r"(?<![^\s、。,])(?P<name>[ぁ-ゖァ-ヺー一-龥々ヶ]{1,5}[ \u3000][ぁ-ゖァ-ヺー一-龥々ヶ]{1,5}?)[ \u3000]?(?:です|だ|でございます)(?=$|[\s。、!！])"
    r"|^(?P<kanji>[一-龥々ヶ]{1,3}[ \u3000][一-龥々ヶ]{1,3})(?=$|[\s。、])"
)


def _bare_name(piece: str, *, expected: bool) -> str:
    """*piece* as a name, where it is said like one (「山田です」), written like one, or *expected* to be one."""
    said = piece.strip()
    name = _NAME_ENDING.sub("", said)
    spelled = one_spelling(name)
    if not _NAME.fullmatch(name) or re.fullmatch(r"[ぁ-ん]", name) or _TWICE.search(spelled):
        return ""
    if _NOT_A_NAME.search(name) or _NOT_A_NAME.search(spelled):
        return ""
    return name if expected or name != said or _WRITTEN_LIKE_A_NAME.fullmatch(name) else ""


_TWICE = re.compile(r"(.{2,})\1")
"""「できたできた」, 「むりむり」: nobody is called so."""
_WRITTEN_LIKE_A_NAME = re.compile(
    r"[一-龥々ヶ]{1,5}|[ァ-ヺー]{2,8}|[一-龥々ヶ]{2,3}[ぁ-ゖ]{1,3}(?<![ただるてでいなねよかわのぞさうくす])"
)
"""Kanji or katakana and nothing else, or a family name in kanji with a given name in kana; hiragana alone may be anything."""
