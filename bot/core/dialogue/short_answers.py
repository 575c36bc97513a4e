"""The small words of a talk: yes, no, I don't know, thanks, never mind. Read only where the scene gives them a meaning.

The words themselves stand in intents/_lists/small_words.yaml, where an owner can add to them.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.core.spelling import one_spelling

if TYPE_CHECKING:
    from bot.core.library import Library
    from bot.core.word_lists import SmallWords, WordList


class Small(StrEnum):
    """What small words say; the names of their lists."""

    OPENING = "opening"
    ENDING = "ending"
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"
    CANCELS = "cancels"
    CORRECTS = "corrects"
    ASKS = "asks"
    ANGRY = "angry"
    COMPLAINS = "complains"
    WORKS_NOW = "works_now"
    FAILS = "fails"
    MAIL_FAILS = "mail_fails"
    SUPPOSES = "supposes"
    ONE_WAY = "one_way"
    BOTH_WAYS = "both_ways"
    ANNOUNCES = "announces"
    SENT_A_PICTURE = "sent_a_picture"
    WARNED = "warned"
    LIKEWISE = "likewise"
    ONES_OWN = "ones_own"
    PAPERS = "papers"
    PASSWORD = "password"  # noqa: S105 - the name of a list
    EARLIER = "earlier"
    LATTER = "latter"
    FORMER = "former"
    ONE_OF_THEM = "one_of_them"
    OF_THE_CONTRACT = "of_the_contract"
    ONCE = "once"
    HOWEVER = "however"
    EXCUSE_ME = "excuse_me"
    AFTER_IT = "after_it"
    FAILS_IN_SHORT = "fails_in_short"
    TRIED_IN_SHORT = "tried_in_short"
    NO_CALL = "no_call"
    ABOUT_THE_CALL = "about_the_call"
    TELLS_WHEN = "tells_when"
    ALL_RIGHT = "all_right"
    KIN = "kin"
    HAS_TO = "has_to"
    RATHER_NOT = "rather_not"
    WANTED_PROVIDER = "wanted_provider"
    WANTED_PROGRAM = "wanted_program"
    WANTED_DETAILS = "wanted_details"
    WANTED_THAT = "wanted_that"
    LIKE_A_PROVIDER = "like_a_provider"
    LIKE_A_PROGRAM = "like_a_program"
    STATES = "states"
    APPLIES = "applies"
    TO_BE_CALLED = "to_be_called"
    WHICH_NUMBER = "which_number"
    SHOP_HOURS = "shop_hours"
    ERROR = "error"
    MAY_STOP_UPDATES = "may_stop_updates"
    SENT_IN_VAIN = "sent_in_vain"
    ITS_NUMBER = "its_number"
    BUT_STILL = "but_still"
    RELATES = "relates"
    ONCE_BEFORE = "once_before"
    FOR_A_CUSTOMER = "for_a_customer"
    NEXT_CUSTOMER = "next_customer"
    SAME_CUSTOMER = "same_customer"
    WORKS_ELSEWHERE = "works_elsewhere"
    PERSON = "person"
    STAFF = "staff"
    FAVOUR = "favour"
    AGAIN = "again"
    LOST = "lost"
    HARD = "hard"
    SSL_OFF = "ssl_off"
    SSL_ON = "ssl_on"
    ASKS_TEMPORARY = "asks_temporary"
    TOOK_TEMPORARY = "took_temporary"
    CRIES_FOR_HELP = "cries_for_help"
    DID_ALL = "did_all"
    NOT_UPDATED = "not_updated"
    NOT_THE_UPDATE = "not_the_update"
    STILL = "still"
    MOVES_IT = "moves_it"
    LEAVES = "leaves"
    BY_YOU = "by_you"
    ORDERS = "orders"
    ORDERS_POLITELY = "orders_politely"
    ORDERS_NOT = "orders_not"
    THE_MOVE = "the_move"
    POINTING = "pointing"
    CHANGES = "changes"
    TALKED_OF_HERE = "talked_of_here"
    SAID_ANYWHERE = "said_anywhere"
    OF_THE_SHOP = "of_the_shop"
    SMALL_TALK = "small_talk"
    BEFORE_COURTESY = "before_courtesy"
    AFTER_COURTESY = "after_courtesy"
    HEARD = "heard"
    THANKED = "thanked"
    GRATEFUL = "grateful"
    WILL_DO = "will_do"
    IN_A_WORD = "in_a_word"
    MEANT_TO = "meant_to"
    DOES_IT = "does_it"
    COMES_BY_ITSELF = "comes_by_itself"
    SOMETHING_DOES = "something_does"
    NO_COURTESY = "no_courtesy"
    SAID_BESIDE = "said_beside"


def says(small: Small, text: str, library: Library) -> bool:
    """Whether *text* has one of the words for *small*."""
    return library.small_words.said[small].found_in(text)


def says_yes(text: str, library: Library) -> bool:
    return _whole(Small.YES, text, library)


def says_no(text: str, library: Library) -> bool:
    """「結構です」, 「うーん、考えます。今日はいいです」, 「忙しいので、また今度」: no, once or in so many words, whatever for."""
    pieces = [
        piece
        for piece in _BETWEEN.split(one_spelling(text))
        if not (_only_opens(piece, library) or _A_REASON.search(piece))
    ]
    each_is_one = bool(pieces) and all(_whole(Small.NO, piece, library) for piece in pieces)
    return each_is_one or _whole(Small.NO, text, library)


def says_unsure(text: str, library: Library) -> bool:
    return says(Small.UNSURE, text, library)


def declines(text: str, library: Library) -> bool:
    """No, or no longer: short, and nothing but that; 「自分でできますか」 is no such thing."""
    if says_no(text, library):
        return True
    return len(one_spelling(text)) <= _SHORT and cancels(text, library) and not asks(text, library)


_SHORT = 20


def cancels(text: str, library: Library) -> bool:
    return says(Small.CANCELS, text, library)


def corrects(text: str, library: Library) -> bool:
    return says(Small.CORRECTS, text, library)


def asks(text: str, library: Library) -> bool:
    return says(Small.ASKS, text, library)


def is_angry(text: str, library: Library) -> bool:
    return says(Small.ANGRY, text, library)


def complains(text: str, library: Library) -> bool:
    """Whether the text says in so many words that something does not work."""
    return says(Small.COMPLAINS, text, library)


def works_now(text: str, library: Library) -> bool:
    """「送れました」「警告が消えた」: the trouble is over, as far as it goes."""
    return says(Small.WORKS_NOW, text, library)


def fails(text: str, library: Library) -> bool:
    """Whether anything in the text fails, is missing or gives cause for complaint."""
    return says(Small.FAILS, text, library)


def complains_of_mail(text: str, library: Library) -> bool:
    """Whether the text says in so many words that mail does not come or go."""
    return says(Small.MAIL_FAILS, text, library)


def supposes(text: str, library: Library) -> bool:
    """「更新したらメールが来なくなる？」: asks what would be, and does not say that it is so."""
    return says(Small.SUPPOSES, text, library)


def names_one_way(text: str, library: Library) -> bool:
    """Whether the text has a word for receiving or for sending."""
    return says(Small.ONE_WAY, text, library)


def says_both_ways(text: str, library: Library) -> bool:
    return says(Small.BOTH_WAYS, text, library)


def announces(text: str, library: Library) -> bool:
    """「写真を送りますね」: what was asked for is on its way."""
    return says(Small.ANNOUNCES, text, library) and not asks(text, library)


def speaks_of_a_picture(text: str, library: Library) -> bool:
    """「今送った写真、エラーの画面です。見えますか」: of one that was sent, and that the bot cannot read."""
    return says(Small.SENT_A_PICTURE, text, library)


def warned(text: str, library: Library) -> bool:
    """「また警告が出ました」"""
    return says(Small.WARNED, text, library)


def likewise(text: str, library: Library) -> bool:
    """「母のところも同じ画面です」: the same again, with somebody or something else."""
    return says(Small.LIKEWISE, text, library)


def speaks_for_a_customer(text: str, library: Library) -> bool:
    """「お客様が電話ほしいと」: staff, about somebody else."""
    return says(Small.FOR_A_CUSTOMER, text, library)


def speaks_of_ones_own(text: str, library: Library) -> bool:
    """「私のほうに戻って」: after somebody else's mail was talked about."""
    return says(Small.ONES_OWN, text, library)


def speaks_of_papers(text: str, library: Library) -> bool:
    return says(Small.PAPERS, text, library)


def did_all(text: str, library: Library) -> bool:
    """「全部やりました」: and it is not said that it helped."""
    return says(Small.DID_ALL, text, library)


def works_elsewhere(text: str, library: Library) -> bool:
    """「スマホでは見られる」: told of beside the trouble, and no answer to what is asked."""
    return says(Small.WORKS_ELSEWHERE, text, library)


def names_a_person(text: str, library: Library) -> bool:
    """Whether somebody is asked for."""
    return says(Small.PERSON, text, library)


def asks_a_favour(text: str, library: Library) -> bool:
    """「そちらでやってもらえる？」: wants something done by others."""
    return says(Small.FAVOUR, text, library)


def asks_again(text: str, library: Library) -> bool:
    return says(Small.AGAIN, text, library)


def is_lost(text: str, library: Library) -> bool:
    """「むずかしくてわかりません」: could not follow what was said."""
    return len(one_spelling(text)) <= _SHORT and says(Small.LOST, text, library)


def finds_it_hard(text: str, library: Library) -> bool:
    """「書いてあることが難しゅうて」: gives up on what was said, without asking about it."""
    return says(Small.HARD, text, library) and not asks(text, library)


def tells_ssl(text: str, library: Library) -> bool | None:
    """「SSLなしです」, 「暗号化はしています」: what is said first; None when nothing of the kind is said."""
    lists, words = library.small_words.said, one_spelling(text)
    found = {on: lists[small].pattern.search(words) for small, on in _SSL.items()}
    told = {on: match.start() for on, match in found.items() if match}
    return min(told, key=told.__getitem__) if told else None


_SSL = {Small.SSL_OFF: False, Small.SSL_ON: True}


def asks_temporary(text: str, library: Library) -> bool:
    """Whether the text asks outright for the temporary measure."""
    return says(Small.ASKS_TEMPORARY, text, library)


def took_temporary(text: str, library: Library) -> bool:
    """「一時的なほうにしました」: uses the temporary values now."""
    return says(Small.TOOK_TEMPORARY, text, library) and not asks(text, library)


def cries_for_help(text: str, library: Library) -> bool:
    """「助けてください」, 「聞きたいことがあるんですが」: wants something, and has not said what."""
    return says(Small.CRIES_FOR_HELP, text, library)


def denies_update(text: str, library: Library) -> bool:
    return says(Small.NOT_UPDATED, text, library)


def clears_update(text: str, library: Library) -> bool:
    """「更新のせいではないんですね」: asks whether the update is out of the question."""
    return says(Small.NOT_THE_UPDATE, text, library)


def still(text: str, library: Library) -> bool:
    """Whether the text looks back on an attempt."""
    return says(Small.STILL, text, library)


def by_you(text: str, library: Library) -> bool:
    """「そちらでお願いできますか」: done by the shop."""
    return says(Small.BY_YOU, text, library)


def asks_to_have_it_moved(text: str, library: Library) -> bool:
    """「新しいのに替えてもらえますか」, 「お宅でやってくれるの」: wants the shop to do the move."""
    by_others = says(Small.MOVES_IT, text, library) and asks_a_favour(text, library)
    return by_others or by_you(text, library) or says(Small.LEAVES, text, library)


def orders_the_move(text: str, library: Library) -> bool:
    """「移行作業のほうを頼みます」: orders what was offered, and nothing else."""
    if not says(Small.ORDERS, text, library) or says(Small.ORDERS_NOT, text, library):
        return False
    things = _WANTED_THING.findall(one_spelling(text))
    return not things or says(Small.THE_MOVE, things[-1], library)


_WANTED_THING = re.compile(r"([^、。を]{1,16})(?:のほう|の方)?を")


def _whole(small: Small, text: str, library: Library) -> bool:
    """Whether *text* is nothing but one of the words for *small*, with what is said before and after such a word."""
    words = _MARKS.sub("", one_spelling(text))
    return bool(words) and wholly((Small.OPENING, small, Small.ENDING), words, library)


def wholly(shape: Shape, words: str, library: Library) -> bool:
    """Whether *words*, in one spelling, are nothing but words of these kinds, in this order."""
    return _of_shape(shape, library.small_words).fullmatch(words) is not None


def ends_in(shape: Shape, words: str, library: Library) -> bool:
    """Whether *words*, in one spelling, end in words of these kinds."""
    return _at_the_end(shape, library.small_words).search(words) is not None


def _only_opens(piece: str, library: Library) -> bool:
    """「うーん」: says nothing by itself; nor does no word at all."""
    return not piece or bool(library.small_words.said[Small.OPENING].pattern.fullmatch(piece))


_A_REASON = re.compile(r"(ので|から|んで|さかい|けん)$")
_MARKS = re.compile(r"[、。!,.\s]")
_BETWEEN = re.compile(r"[、。!,.\s]+")


Shape = tuple[Small, ...]
"""Kinds of words, one after the other."""


@lru_cache(maxsize=64)
def _of_shape(shape: Shape, words: SmallWords) -> re.Pattern[str]:
    return re.compile(expression(shape, words))


@lru_cache(maxsize=32)
def _at_the_end(shape: Shape, words: SmallWords) -> re.Pattern[str]:
    return re.compile(f"{expression(shape, words)}$")


def expression(shape: Shape, words: SmallWords) -> str:
    """A regular expression for words of these kinds, in this order."""
    return "".join(
        several(words.said[small]) if small in _AROUND else f"(?:{words.said[small].pattern.pattern})"
        for small in shape
    )


_AROUND = frozenset({Small.OPENING, Small.ENDING, Small.BEFORE_COURTESY, Small.AFTER_COURTESY})
"""What stands before and after words: none of it, or some in a row."""


def several(words: WordList) -> str:
    """An expression for some of *words* in a row: not any number, lest ああああああ be cut in all ways there are."""
    return f"(?:{words.pattern.pattern}){{0,5}}"
