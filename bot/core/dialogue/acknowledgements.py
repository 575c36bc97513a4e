"""「なるほど、やってみます」「わかりました、息子と相談します」: heard, and off to do something. No request, whatever else it names.

Every clause has to be a word of acknowledgement, of thanks, or what the speaker means to do; one that asks, complains
or tells something new makes it another kind of message. The words stand in intents/_lists/small_words.yaml.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from bot.core.dialogue.short_answers import Shape, Small, ends_in, expression, says, several, wholly
from bot.core.spelling import one_spelling

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.core.library import Library
    from bot.core.word_lists import SmallWords, WordList

Kind = Literal["heard", "thanked", "means_to", "beside", "opening", ""]
"""What one clause is: `beside` says nothing by itself, `opening` nothing at all; "" is anything else."""


def courtesy(text: str, library: Library) -> Literal["heard", "thanks", ""]:
    """Whether *text* only says that it was heard (or what the speaker is going to do), or only says thanks; "" for more."""
    found = [_kind(clause, library) for clause in _clauses(text)]
    if "" in found:
        return ""
    if "heard" in found or "means_to" in found:
        return "heard"
    thanked = found[-1:] == ["thanked"] or ("thanked" in found and {*found} <= {"thanked", "opening"})
    return "thanks" if thanked else ""


def acknowledges(text: str, library: Library) -> bool:
    """Whether *text* only says that it was heard, or what the speaker is going to do."""
    return courtesy(text, library) == "heard"


def thanks(text: str, library: Library) -> bool:
    """Whether *text* only says thanks, or says back what was told before it: 「どうもご親切に」, 「465ですね。ありがとう」."""
    return courtesy(text, library) == "thanks"


def ends_in_thanks(text: str, library: Library) -> bool:
    """「両方古いね thx」, 「弟に聞いてみました、ありがとう」: a word of thanks at the end, whatever was said before it."""
    *_, last = _clauses(text) or ("",)
    return wholly(_THANKED, last, library) and says(Small.GRATEFUL, last, library)


_CLAUSE_END = re.compile(r"[。、,!.・…~〜♪\s]+")


def _clauses(text: str) -> list[str]:
    return [clause for clause in _CLAUSE_END.split(one_spelling(text)) if clause]


def _kind(clause: str, library: Library) -> Kind:
    if found := _courtesies(library.small_words).fullmatch(clause):
        return next(kind for kind in _COURTESIES if found[kind])
    if not says(Small.NO_COURTESY, clause, library):
        if _means_to(clause, library):
            return "means_to"
        if wholly((Small.SAID_BESIDE,), clause, library):
            return "beside"
    return "opening" if wholly((Small.BEFORE_COURTESY,), clause, library) else ""


_HEARD = (Small.BEFORE_COURTESY, Small.HEARD, Small.AFTER_COURTESY)
_THANKED = (Small.BEFORE_COURTESY, Small.THANKED, Small.AFTER_COURTESY)
_COURTESIES: Mapping[Kind, tuple[Shape, ...]] = {
    "heard": (_HEARD, (*_HEARD, Small.THANKED, Small.AFTER_COURTESY)),
    "thanked": (_THANKED,),
    "means_to": ((Small.BEFORE_COURTESY, Small.IN_A_WORD, Small.AFTER_COURTESY),),
}
"""In kana no blank is left between two of them: 「ﾜｶﾘﾏｼﾀ ﾄﾞｳﾓ」."""


@lru_cache(maxsize=8)
def _courtesies(words: SmallWords) -> re.Pattern[str]:
    """All of them as one, so that a clause is gone through once; the kind is the name of the group."""
    return re.compile(
        "|".join(
            f"(?P<{kind}>{'|'.join(expression(shape, words) for shape in shapes)})"
            for kind, shapes in _COURTESIES.items()
        )
    )


def _means_to(clause: str, library: Library) -> bool:
    """Whether *clause* ends in what the speaker will do: any verb that one can mean to do, with nothing else doing it."""
    if len(clause) <= _A_PLAN and ends_in((Small.WILL_DO, Small.AFTER_COURTESY), clause, library):
        return True
    found = _polite(library.small_words.said[Small.AFTER_COURTESY]).fullmatch(clause)
    verb = _IN_CASE.sub("", found["verb"]) if found else ""
    if not verb or verb.endswith(("て", "で")) or says(Small.SOMETHING_DOES, verb, library):
        return False
    if ends_in((Small.MEANT_TO,), verb, library):
        return True
    return says(Small.DOES_IT, verb, library) and not ends_in((Small.COMES_BY_ITSELF,), verb, library)


_IN_CASE = re.compile(r"^.+(?:たら|れば|けば|てから|次第|しだい)")
"""What is waited for before it is done: 「休みが決まったら連絡します」."""
_A_PLAN = 32
"""So long a clause may be that tells what one will do."""


@lru_cache(maxsize=8)
def _polite(ending: WordList) -> re.Pattern[str]:
    return re.compile(rf"(?P<verb>[^?]{{1,28}}?)ます{several(ending)}")
