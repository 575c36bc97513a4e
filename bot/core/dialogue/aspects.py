"""What a short question asks about, when what it is about was said before: 「なんで？」, 「いつまで？」, 「どこで見るの」, 「他には？」.

An aspect's value is also the name of the text that answers it: an author who gives an intent a text called `why` has
answered 「なんで？」 after it. The words for it stand in intents/_lists/small_words.yaml, where an owner can add to them.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.core.dialogue.short_answers import Small, says
from bot.core.spelling import one_spelling
from bot.core.text import plain as one_width

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.library import Library


class Aspect(StrEnum):
    """What is asked of the thing talked about. The order is that of precedence."""

    PAGE = "page"
    PRICE = "price"
    HOW_LONG = "how_long"
    WHY = "why"
    IS_IT_SAFE = "is_it_safe"
    ELSE = "more_checks"
    ALTERNATIVES = "alternatives"
    WHICH = "which"
    WILL_IT_HELP = "will_it_help"
    WHERE = "where"
    NUMBERS = "numbers"
    HOW = "how"
    CONFIRM = "confirm"
    MEANING = "meaning"


def aspects(text: str, library: Library) -> tuple[Aspect, ...]:
    """Every aspect that *text* asks about, the weightiest first."""
    return tuple(aspect for aspect in Aspect if asks_about(text, aspect, library))


def asks_about(text: str, aspect: Aspect, library: Library) -> bool:
    """Whether *text* asks about *aspect*, among others."""
    return library.small_words.aspects[aspect].found_in(text)


def is_elliptical(text: str, names: Iterable[str], library: Library) -> bool:
    """Whether *text* names no thing of its own, *names* apart: it can only be about what was said before."""
    return names_no_thing(text, names, library) and not _said_of_something(text, names, library)


def names_no_thing(text: str, names: Iterable[str], library: Library) -> bool:
    """The same, but verbs and adjectives may be any: enough for a question whose aspect is plain."""
    return _short(text) and not _foreign(text, names, library)


def points_back(text: str, library: Library) -> bool:
    """Whether *text* begins with a word for what was said before: 「それをしたらメールも消えるの？」."""
    return bool(library.small_words.said[Small.POINTING].pattern.match(one_spelling(text)))


def leans(text: str, library: Library) -> bool:
    """Whether *text* asks a thing that is only asked of what was said before, whatever else it names: 「今週末でもいい？」."""
    elsewhere = (Small.SMALL_TALK, Small.OF_THE_SHOP, Small.CHANGES)
    if not _short(text) or any(says(small, text, library) for small in elsewhere):
        return False
    things = _KATAKANA.findall(one_width(text))
    only_known = all(says(Small.TALKED_OF_HERE, thing, library) for thing in things)
    return only_known and bool(_LEANING.intersection(aspects(text, library)))


_LEANING = frozenset(
    {
        Aspect.HOW_LONG,
        Aspect.WHY,
        Aspect.ELSE,
        Aspect.HOW,
        Aspect.WILL_IT_HELP,
        Aspect.CONFIRM,
        Aspect.IS_IT_SAFE,
    }
)


def is_small_talk(text: str, library: Library) -> bool:
    """Whether *text* speaks of the weather, of how one is, of things that nobody asks a counter for."""
    return says(Small.SMALL_TALK, text, library)


def names_nothing(text: str, library: Library) -> bool:
    """Whether *text* is nothing but small words: 「なんで？」, 「じゃあどうすればいいの」."""
    return _short(text) and not says(Small.TALKED_OF_HERE, text, library) and not _foreign(text, (), library)


def _short(text: str) -> bool:
    words = one_spelling(text)
    return len(words) <= (_LONGEST_ELLIPSIS if re.search(r"[一-龥々]", words) else _LONGEST_KANA)


_LONGEST_ELLIPSIS = 26
_LONGEST_KANA = 20


def _foreign(text: str, names: Iterable[str], library: Library) -> bool:
    """Whether *text* names a thing that is neither talked of here nor said anywhere."""
    if says(Small.OF_THE_SHOP, text, library):
        return True
    words = _without(names, text)
    written = one_width(text)
    loans = _KATAKANA.findall(written) if _HIRAGANA.search(written) else ()
    things = (word for word in loans if one_spelling(word) in words)
    return bool(_CONTENT.search(_unexpected(words, library))) or any(
        not says(Small.TALKED_OF_HERE, word, library) for word in things
    )


def _said_of_something(text: str, names: Iterable[str], library: Library) -> bool:
    """Whether a verb or adjective stands in *text* that is not said of everything: 「寒いですねえ」."""
    return bool(re.search(r"[一-龥々]", _unexpected(_without(names, text), library)))


def _without(names: Iterable[str], text: str) -> str:
    words = one_spelling(text)
    for name in sorted(names, key=len, reverse=True):
        words = words.replace(one_spelling(name), " ")
    return words


def _unexpected(words: str, library: Library) -> str:
    """*words* without what is talked of here, or anywhere."""
    words = library.small_words.aspects[Aspect.PRICE].pattern.sub(" ", words)
    for small in (Small.TALKED_OF_HERE, Small.SAID_ANYWHERE):
        words = library.small_words.said[small].pattern.sub(" ", words)
    return words


_CONTENT = re.compile(
    r"[一-龥々]{2,}|[一-龥々](?![ぁ-ん])|[一-龥々](?=[はがをにのもで、。?]|から|まで)|[a-z]{2,}"
)
"""A thing: two kanji, or one that no ending of a verb follows."""
_HIRAGANA = re.compile(r"[ぁ-ん]")
"""Where there is none, katakana are no sign of a foreign word: 「ｱﾀﾗｼｲ ｿﾌﾄﾊ ﾅﾆｶﾞ ｲｲ?」."""
_KATAKANA = re.compile(r"[ァ-ヶー]{3,}")
