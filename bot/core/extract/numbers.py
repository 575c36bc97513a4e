"""Numbers that people spell out (九九五, ひゃくじゅう, ご八七) as digits, where mail ports and error codes may be meant."""

from __future__ import annotations

import re

_KANJI_DIGITS = {
    "〇": 0,
    "零": 0,
    "一": 1,
    "壱": 1,
    "二": 2,
    "弐": 2,
    "三": 3,
    "参": 3,
    "四": 4,
    "五": 5,
    "六": 6,
}
_KANJI_DIGITS |= {"七": 7, "八": 8, "九": 9}
_KANJI_UNITS = {"十": 10, "百": 100, "千": 1000}
_SIGNS = "〇零一壱二弐三参四五六七八九十百千万"
_KANJI = re.compile(f"[{_SIGNS}]")
_KANJI_RUN = re.compile(f"[〇零]|(?:(?<![0-9])[0-9]{{1,4}})?[{_SIGNS}][{_SIGNS}0-9]*")

_SPELLED_DIGITS = {
    "0": "0|ぜろ|れい|おー|まる",
    "1": "1|いち|いつ",
    "2": "2|にー|に",
    "3": "3|さん",
    "4": "4|よん|しー|し",
    "5": "5|ごー|ご",
    "6": "6|ろく",
    "7": "7|なな|しち",
    "8": "8|はち",
    "9": "9|きゆうー|きゆう|きゆー|くー|く",
}
_SPELLED_WHOLE = {
    "110": "ひやく(?:じゆう|とう?お?|とー)",
    "143": "ひやく(?:よん|し)じゆうさん",
    "25": "にじゆうご",
    "465": "よんひやくろくじゆうご",
    "587": "ごひやくはちじゆう(?:なな|しち)",
    "993": "きゆうひやくきゆうじゆうさん",
    "995": "きゆうひやくきゆうじゆうご",
    "550": "ごひやくごじゆう",
    "535": "ごひやくさんじゆうご",
    "554": "ごひやくごじゆうよん",
    "10060": "いちまんろくじゆう",
    "10061": "いちまんろくじゆういち",
}
_SPELLED_OUT = (
    "110",
    "143",
    "465",
    "587",
    "993",
    "995",
    "421",
    "450",
    "451",
    "452",
    "530",
    "535",
    "550",
    "552",
    "553",
    "554",
    "10060",
    "10061",
)
_HINT = re.compile(
    r"ぜろ|れい|ひやく|じゆう|きゆう|きゆー|よん|ろく|はち|さん|なな|くく|ごー?ご|まん|\d(?:ご|く|に|し)|(?:ご|く|に|し)\d"
)


def with_digits(text: str) -> str:
    """*text* (plain, hiragana) with spelled numbers written as digits. Lengths change."""
    digits = _KANJI_RUN.sub(_from_kanji, text) if _KANJI.search(text) else text
    if not _HINT.search(digits):
        return digits
    return _KANA_NUMBER.sub(lambda found: _KANA_MEANS[int(str(found.lastgroup)[1:])], digits)


def kanji_number(run: str) -> str:
    """A run of kanji (and ASCII) digits as ASCII digits: 九九五 and 九百九十五 both give 995."""
    if not any(letter in _KANJI_UNITS or letter == "万" for letter in run):
        return "".join(str(_KANJI_DIGITS.get(letter, letter)) for letter in run)
    total = myriad = pending = 0
    for letter in run:
        if letter == "万":
            total, myriad, pending = total + (myriad + pending or 1) * 10_000, 0, 0
        elif letter in _KANJI_UNITS:
            myriad, pending = myriad + (pending or 1) * _KANJI_UNITS[letter], 0
        else:
            pending = pending * 10 + int(_KANJI_DIGITS.get(letter, letter))
    return str(total + myriad + pending)


def _from_kanji(found: re.Match[str]) -> str:
    run = found[0]
    return run if len(run) == 1 and run not in "〇零" else kanji_number(run)


def _kana_numbers() -> tuple[re.Pattern[str], tuple[str, ...]]:
    spelled = [
        (number, r"\s?".join(f"(?:{_SPELLED_DIGITS[digit]})" for digit in number)) for number in _SPELLED_OUT
    ]
    whole = sorted(_SPELLED_WHOLE.items(), key=lambda each: -len(each[1]))
    ordered = [*whole, *spelled]
    pattern = "|".join(f"(?P<n{place}>{spelling})" for place, (_, spelling) in enumerate(ordered))
    return re.compile(rf"(?<!\d)(?:{pattern})(?!\d)"), tuple(number for number, _ in ordered)


_KANA_NUMBER, _KANA_MEANS = _kana_numbers()
