"""Takes out of a message what nobody else may see: passwords above all, then addresses and card numbers.

It runs before anything else looks at the text. Phone numbers stay unless asked for: people leave them to be called back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from bot.core.safety.passwords import find_bare_secrets, find_passwords
from bot.core.text import hiragana

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

Private = Literal["password", "token", "address", "card", "phone", "postal"]
"""`token` is a word said alone that looks like a password: private only where the talk is about signing in."""

MASK = "＊＊＊"
USUAL: frozenset[Private] = frozenset({"password", "address", "card"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """The text that may be seen, and what kinds of private things were in it."""

    text: str
    found: frozenset[Private]


def mask(text: str, kinds: frozenset[Private] = USUAL, *, names: Collection[str] = ()) -> Masked:
    """*text* with everything private of these *kinds* replaced by ＊＊＊; of a mail address the domain stays. *names*, folded,
    are words that are no `token`.
    """
    shadow = _Shadow.of(text)
    found = list(_private_spans(shadow.text, kinds, names))
    if not found:
        return Masked(text=text, found=frozenset())
    spans = _apart(found, len(shadow.text))
    for span in reversed(spans):
        text = text[: shadow.at[span.start]] + MASK + text[shadow.at[span.end] :]
    return Masked(text=text, found=frozenset(span.kind for span in spans))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    start: int
    end: int
    kind: Private


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shadow:
    """The text in one spelling (one width, lower case, hiragana); its letter k comes from `at[k]` of the original."""

    text: str
    at: Sequence[int]

    @classmethod
    def of(cls, text: str) -> _Shadow:
        one_width = text.translate(_SAME_LENGTH) if _OTHER_WIDTH.search(text) else text
        if unicodedata.is_normalized("NFKC", one_width) and not _MARK.search(one_width):
            spelled = hiragana(one_width.lower())
            if len(spelled) == len(text):
                return cls(text=_DASH_AMONG_DIGITS.sub("-", spelled), at=range(len(text) + 1))
        return cls._letter_by_letter(text)

    @classmethod
    def _letter_by_letter(cls, text: str) -> _Shadow:
        """For marks typed apart from their letters, and whatever else changes its length."""
        letters: list[str] = []
        at: list[int] = []
        for unit in _UNIT.finditer(text):
            spelled = _spelled(unit[0])
            letters.extend(spelled)
            at.extend([unit.start()] * len(spelled))
        at.append(len(text))
        return cls(text=_DASH_AMONG_DIGITS.sub("-", "".join(letters)), at=at)


@lru_cache(maxsize=4096)
def _spelled(unit: str) -> str:
    """One letter with its marks, in one spelling."""
    return hiragana(unicodedata.normalize("NFKC", unit.translate(_JOINING)).lower())


_MARK = re.compile(r"[ﾞﾟ゛゜\u3099\u309a]")
_UNIT = re.compile(r"[^ﾞﾟ゛゜\u3099\u309a][ﾞﾟ゛゜\u3099\u309a]?|.", re.DOTALL)
_DASHES = "‐‑‒–—−"
_JOINING = str.maketrans("ﾞ゛ﾟ゜" + _DASHES, "\u3099\u3099\u309a\u309a" + "-" * len(_DASHES))
_WIDE = "".join(map(chr, range(0xFF01, 0xFF5F)))
_SAME_LENGTH = str.maketrans(
    _WIDE + "\u3000" + _DASHES, unicodedata.normalize("NFKC", _WIDE) + " " + "-" * len(_DASHES)
)
"""Signs of other widths that stand for one of the usual ones."""
_OTHER_WIDTH = re.compile(f"[{_WIDE}\u3000{_DASHES}]")


_DIGIT = "0-9〇零一二三四五六七八九"
_DASH_AMONG_DIGITS = re.compile(rf"[ー―─](?<=[{_DIGIT}].)(?=[{_DIGIT}])")
"""090ー0000: the sign for long vowels lies where the dash is on a Japanese keyboard."""

_LOCAL = r"a-z0-9._%+\-!#$&^~'/*=?`{|}"
_MAIL_ADDRESS = re.compile(
    rf"(?<![{_LOCAL}])(?!(?:pop3?|imap4?|smtp|mail|outlook|ol|"
    rf"\d+) )([{_LOCAL}]{{1,64}})(?:@(?=[a-z0-9\[])|\s?(?:\(at\)|\[at\]|\(あつと\)|あつとまーく|あつと|"
    r"@)\s?(?=[a-z0-9\-]+\.)|\sat\s(?=[a-z0-9\-]+\.[a-z]))"
)
_AT = re.compile(r"@|あつと|[(\[]at[)\]]|\sat\s")
_CARD = re.compile(r"(?<![\d\-])(?:\d(?:[ \-]?\d){12,18}|\d{4}(?:[./_]\d{4}){3})(?![\d\-])")
_KANJI_DIGIT = "[〇零一二三四五六七八九]"
_PHONE = re.compile(
    r"(?<![\d\-.])(?:\+81[ \-]?\(?0?\)?|81-\(?0?\)?|\(?0)\d{1,4}\)?[ \-(]{0,2}\d{1,4}[ \-)]{0,2}\d{3,4}(?![\d\-])"
    r"|(?<![\d\-./_])0\d{1,3}[./_]\d{2,4}[./_]\d{4}(?![\d\-./_])"
    rf"|〇{_KANJI_DIGIT}{{1,4}}[ \-(]{{0,2}}{_KANJI_DIGIT}{{1,4}}[ \-)]{{0,2}}{_KANJI_DIGIT}{{3,4}}(?!{_KANJI_DIGIT})"
)
_PLACE = r"[0-9a-zぁ-んー一-龥々〇の\-・ 　]"
_POSTAL = re.compile(
    r"〒\s?\d{3}-?\d{4}|(?<![\d\-])\d{3}-\d{4}(?![\d\-])"
    rf"|(?:東京都|北海道|(?:京都|大阪)府|[一-龥]{{2,3}}県)\s?[ぁ-ん一-龥々]{{1,8}}?(?:市|区|町|村|"
    rf"郡){_PLACE}{{0,24}}?(?:\d|[一二三四五六七八九十]){_PLACE}{{0,24}}?(?=[^0-9一-龥\-]|$)(?:[ぁ-んー]{{0,3}}[0-9][0-9\-番地号丁目の]*)?"
    rf"|(?<![一-龥々])[一-龥々]{{1,6}}(?:市|区|町|村)[ぁ-ん一-龥々]{{1,10}}(?:\d+|[一二三四五六七八九十]+)(?:丁目|番地|番\d+|-\d+)[0-9\-番地号丁目の]*"
)


def _private_spans(text: str, kinds: frozenset[Private], names: Collection[str]) -> Iterator[_Span]:
    if "card" in kinds:
        yield from _cards(text)
    if "password" in kinds:
        yield from (_Span(start=start, end=end, kind="password") for start, end in find_passwords(text))
    if "token" in kinds:
        yield from (
            _Span(start=start, end=end, kind="token") for start, end in find_bare_secrets(text, names)
        )
    if "address" in kinds:
        yield from _addresses(text)
    if "phone" in kinds:
        yield from _phones(text)
    if "postal" in kinds:
        yield from _found(_POSTAL, text, "postal")


def _found(pattern: re.Pattern[str], text: str, kind: Private) -> Iterator[_Span]:
    for match in pattern.finditer(text):
        yield _Span(start=match.start(), end=match.end(), kind=kind)


def _addresses(text: str) -> Iterator[_Span]:
    if not _AT.search(text):
        return
    for address in _MAIL_ADDRESS.finditer(text):
        yield _Span(start=address.start(1), end=address.end(1), kind="address")


def _cards(text: str) -> Iterator[_Span]:
    for number in _CARD.finditer(text):
        if _luhn(number[0]):
            yield _Span(start=number.start(), end=number.end(), kind="card")


def _phones(text: str) -> Iterator[_Span]:
    for span in _found(_PHONE, text, "phone"):
        digits = re.sub(rf"[^{_DIGIT}]", "", text[span.start : span.end])
        if 9 < len(digits) < 13:
            yield span


def _luhn(number: str) -> bool:
    digits = [int(letter) for letter in reversed(number) if letter.isdecimal()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return any(digits) and (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _apart(spans: Iterable[_Span], size: int) -> list[_Span]:
    """In order of place, none overlapping; the kinds that were looked for first win."""
    taken = bytearray(size)
    kept: list[_Span] = []
    for span in spans:
        if not any(taken[span.start : span.end]):
            taken[span.start : span.end] = b"x" * (span.end - span.start)
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)
