"""Finds the error code of a text: Windows codes (0x…) however typed, socket errors, SMTP replies."""

from __future__ import annotations

import re

from bot.core.extract.numbers import kanji_number

_MAY_HOLD_ONE = re.compile("[0-9]|ぜろ|れい|ばつ|くす|ccc")

_HEX = "[0-9a-foil|]"
_TYPED = re.compile(rf"(?:[0o〇]|ぜろ|れい|零|絶ろ)\s?[x×✕✖╳*]\s?({_HEX}(?:[ \-]?{_HEX}){{3,11}})")
_WITHOUT_PREFIX = re.compile(r"(?<![0-9a-z.@\-])(8[0o]{2}(?:ccc|[0-9a-fo]{3})[0-9a-fo]{2})(?![0-9a-z@])")
_TAIL_ONLY = re.compile(r"(?<![0-9a-z.@])(ccc[0-9a-fo]{2})(?![0-9a-z@])")
_LOOKALIKES = str.maketrans("oil|", "0111")

_SPELLED_PREFIX = re.compile(
    r"(?:ぜろ|れい|零|絶ろ|おー|まる|[0o])\s?(?:の\s?)?(?:えつくす|えくす|絵つくす|ばつ|[x×])"
)
_SPELLED_START = re.compile(r"(?=(?:はち|8)\s?(?:ぜろ|れい|まる|0)\s?(?:ぜろ|れい|まる|0))")
_SPELLED_HEX = {
    "ぜろ": "0", "れい": "0", "まる": "0", "おー": "0", "o": "0", "いち": "1", "に": "2", "さん": "3", "よん": "4", "し": "4",
    "ご": "5", "ろく": "6", "なな": "7", "しち": "7", "はち": "8", "きゆう": "9", "きゆー": "9", "く": "9", "えー": "a", "えい": "a",
    "びー": "b", "びい": "b", "しー": "c", "しい": "c", "でー": "d", "でいー": "d", "でい": "d", "いー": "e", "いい": "e", "えふ": "f",
    "八百": "800",
}  # fmt: skip
_SPELLED_TOKEN = re.compile(
    r"[\s、,・\-]*(?:("
    + "|".join(sorted(_SPELLED_HEX, key=len, reverse=True))
    + r")|([〇零一二三四五六七八九十百千]+)|([0-9a-f]))"
)

_SOCKET = re.compile(r"(?<![\d.\-])(100(?:0[49]|1[34]|2[24]|3[5-9]|4\d|5\d|6[0-5])|1100[1-4])(?![\d\-])")
_REPLY = re.compile(
    r"(?<![\d.:/\-a-z])(4(?:21|32|5[0-5])|5(?:0[0-4]|21|3[0458]|41|5[0-6]|71))(?!\d|\.\d)"
    r"(?P<enhanced>[\s\-#]{0,2}[45]\.\d{1,3}\.\d{1,3})?(?P<english>[\s\-:]{0,2}(?:[a-z]{4,}|too [a-z]+))?"
)
_NOT_A_REPLY = re.compile(
    r"\s?(?:円|人|名|件|通|枚|歳|才|日|月|年|時|分|秒|度|個|台|回|本|冊|点|万|千|m|g|k|めが|ぎが|%|ぱーせんと|ぺーじ|号|階|ml|りつとる)"
)
_TALK_OF_ERRORS = re.compile(
    r"えらー|えあー|error|戻|もど|返|かえ(?:つて|され)|拒否|はじか|弾|relay|denied|reject|auth|smtp|そけつと|こーど|不達|届かな|"
    r"送れな|送信でき|遅れな|数字|番号|(?:つて|と|て|が)\s?(?:出|で(?:る|ます|た|て))|(?<=\d)\s?(?:出[るたて]|発生)|何|なん|意味|とは|知ら|だか|書[いか]|かい[てた]|表示|応答|おうとう"
)


def find_error_code(text: str, digits: str) -> str | None:
    """The code in *text* (plain); *digits* is the same with spelled numbers as digits. A Windows code wins."""
    if not _MAY_HOLD_ONE.search(digits):
        return None
    return _typed(text) or _typed(digits) or _spelled(text) or _socket(digits) or _reply(digits)


def _typed(text: str) -> str | None:
    runs = (_run(found[1]) for found in _TYPED.finditer(text))
    if code := next((run for run in runs if run.strip("0o")), None):
        return _windows(code)
    if whole := _WITHOUT_PREFIX.search(text):
        return _windows(whole[1])
    tail = _TAIL_ONLY.search(text)
    return _windows("800" + tail[1]) if tail else None


def _run(written: str) -> str:
    """The digits of one code: the first run, or as many runs as eight digits need."""
    runs = re.split(r"[ \-]", written)
    code = runs[0]
    for run in runs[1:]:
        if len(code) >= 8:
            break
        code = (code + run)[:8]
    return code


def _windows(digits: str) -> str:
    return "0x" + digits.translate(_LOOKALIKES).upper()


def _spelled(text: str) -> str | None:
    start = _SPELLED_PREFIX.search(text) or _SPELLED_START.search(text)
    if start is None:
        return None
    code, position = "", start.end()
    while len(code) < 8 and (token := _SPELLED_TOKEN.match(text, position)):
        spelled, kanji, typed = token.groups()
        code += _SPELLED_HEX[spelled] if spelled else kanji_number(kanji) if kanji else typed
        position = token.end()
    return _windows(code) if len(code) == 8 and code.strip("0") else None


def _socket(digits: str) -> str | None:
    found = _SOCKET.search(digits)
    return found[1] if found and not _NOT_A_REPLY.match(digits, found.end()) else None


def _reply(digits: str) -> str | None:
    for found in _REPLY.finditer(digits):
        if found["enhanced"] or found["english"]:
            return found[1]
        if not _NOT_A_REPLY.match(digits, found.end()) and (
            _TALK_OF_ERRORS.search(digits) or len(digits) < 6
        ):
            return found[1]
    return None
