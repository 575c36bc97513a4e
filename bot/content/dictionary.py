"""Learns from SudachiPy how Japanese is read, for `madoguchi tune`. Nothing else needs it.

Its small dictionary weighs what stands beside a word, which a table of words cannot. But it costs 55 MB of memory, and what
people write about their mail is not all of Japanese. So the table holds the words of the texts that it is learnt from, and
where they would be read wrongly, as much of what stands beside them as tells the difference.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import accumulate, pairwise, product
from typing import TYPE_CHECKING, Any

from ahocorasick_rs import AhoCorasick

from bot.content.lexicon import keepable
from bot.content.telling import told
from bot.core.matching.lexicon import Lexicon
from bot.core.matching.view import evened, written_in_kanji
from bot.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from bot.core.matching.view import Reader, Word

Words = tuple["Word", ...]
_Piece = tuple[str, Words]

_ROUNDS = 10
_BESIDE = sorted(((left, right) for left, right in product(range(4), repeat=2) if left + right <= 4), key=sum)
"""How many words to the left and to the right are taken along, the fewest first."""
_LONGEST_PIECE = 24
_PART_OF_A_NAME = re.compile(r"[a-zァ-ヺー]")
_OFTEN = 3
"""Of pieces that mend so many places, the shortest is as good as one that mends more."""
_SURE = 0.8
"""Where a piece falls into these words in so many of its occurrences, it is taken to do so always."""


class DictionaryReader:
    """Reads Japanese with SudachiPy's small dictionary; fulfils `bot.core.matching.view.Reader`.

    Raises:
        UsageError: SudachiPy is not installed.
    """

    def __init__(self) -> None:
        try:
            from sudachipy import Dictionary, SplitMode  # noqa: PLC0415  # only a fit needs it
        except ImportError as error:
            raise UsageError(told("no_tools_for_a_fit")) from error
        fields = {"reading_form", "normalized_form"}
        self._tokenizer: Any = Dictionary(dict="small").tokenizer(mode=SplitMode.A, fields=fields)

    def __call__(self, text: str) -> Words:
        """The words of *text*."""
        return tuple(
            (written, word.reading_form() if written_in_kanji(written) else written, word.normalized_form())
            for word in self._tokenizer.tokenize(text)
            for written in (word.surface(),)
        )


def lexicon_of(texts: Iterable[str], read: Reader, *, meant: Iterable[str] = ()) -> Mapping[str, Words]:
    """A table by which *texts* are read nearly as *read* reads them: pieces of text, and the words each falls into.

    It knows slips of what is *meant* as well: compounds of two kanji that sound like one of those, 送進 for 送信.
    """
    right = {even: tuple(read(even)) for even in dict.fromkeys(map(evened, texts))}
    known = _single_words(right)
    known = _homophones(meant, known, read) | known
    for _ in range(_ROUNDS):
        mending = _mending(Lexicon(known), right)
        if not mending.items() - known.items():
            break
        known |= mending
    return known


def _single_words(right: Mapping[str, Words]) -> dict[str, Words]:
    """Each word, and what it mostly falls into where it stands: きた is more often き and た than it is 北.

    A single Latin letter or katakana is hardly ever a word: it would cut up unknown names.
    """
    written = {word for words in right.values() for word, _, _ in words}
    pieces = {word for word in written if keepable(word) and not _PART_OF_A_NAME.fullmatch(word)}
    counts = _counted(pieces, right, lambda text: _ends(right[text]))
    return {
        piece: max(filter(None, counts[piece]), key=counts[piece].__getitem__) for piece in sorted(pieces)
    }


def _homophones(meant: Iterable[str], known: Mapping[str, Words], read: Reader) -> dict[str, Words]:
    """The compounds of two of the *known* kanji that sound like one of those in *meant*."""
    sounds = {sound for text in meant for written, sound, _ in read(text) if _is_compound(written)}
    kanji = sorted({sign for piece in known for sign in piece if written_in_kanji(sign)}) if sounds else []
    read_so = ((pair, tuple(read(pair))) for pair in map("".join, product(kanji, repeat=2)))
    return {pair: words for pair, words in read_so if len(words) == 1 and words[0][1] in sounds}


def _is_compound(word: str) -> bool:
    return len(word) == 2 and all(map(written_in_kanji, word))


def _mending(lexicon: Lexicon, right: Mapping[str, Words]) -> dict[str, Words]:
    """For each place that *lexicon* reads wrongly, the piece around it that mends it and most others, of those the shortest."""
    places = [
        pieces for text, words in right.items() for pieces in _pieces_around_faults(lexicon, text, words)
    ]
    sure = _sure({piece for pieces in places for piece in pieces}, lexicon, right)
    gains = Counter(piece for pieces in places for piece in pieces if piece in sure)
    best = [
        max(found, key=lambda piece: (min(gains[piece], _OFTEN), -len(piece[0]), piece))
        for pieces in places
        if (found := sure.intersection(pieces))
    ]
    return dict(sorted(best))


def _pieces_around_faults(lexicon: Lexicon, text: str, words: Words) -> Iterator[list[_Piece]]:
    """For each stretch of *text* that is not read as *words*: the pieces that would be read before what is read now."""
    read = tuple(lexicon(text))
    if read == words:
        return
    ends, read_ends = _ends(words), _ends(read)
    at, read_at = _places(ends), _places(read_ends)
    taken = {start: end for _, start, end in lexicon.spans(text)}
    for start, end in pairwise(sorted(at.keys() & read_at.keys())):
        if words[at[start] : at[end]] == read[read_at[start] : read_at[end]]:
            continue
        yield [
            (text[ends[first] : ends[last]], words[first:last])
            for left, right in _BESIDE
            for first, last in ((at[start] - left, at[end] + right),)
            if first >= 0 and last < len(ends) and _wins(ends[first], ends[last], read_at, taken)
        ]


def _wins(start: int, end: int, read_at: Mapping[int, int], taken: Mapping[int, int]) -> bool:
    """Whether a piece from *start* to *end* would be read, if it were known: nothing that is read now runs over its start,
    and it is longer than what begins there.
    """
    return (
        start in read_at
        and end - start <= _LONGEST_PIECE
        and end >= taken.get(start, start)
        and not any(first < start < last for first, last in taken.items())
    )


def _sure(pieces: Iterable[_Piece], lexicon: Lexicon, right: Mapping[str, Words]) -> set[_Piece]:
    """Those of *pieces* that fall into their words nearly wherever they would be read."""
    asked = {piece for piece in pieces if keepable(piece[0])}
    counts = _counted({text for text, _ in asked}, right, lambda text: _ends(lexicon(text)))
    return {(text, words) for text, words in asked if counts[text][words] >= _SURE * counts[text].total()}


def _counted(
    pieces: Collection[str], right: Mapping[str, Words], begins: Callable[[str], Collection[int]]
) -> Mapping[str, Counter[Words]]:
    """How often each of *pieces* falls into which words, of those that start where something *begins*; into none, where a
    word runs over its start or its end.
    """
    written = sorted(pieces)
    finder = AhoCorasick(written)
    counts: dict[str, Counter[Words]] = defaultdict(Counter)
    for text, words in right.items():
        at, may_begin = _places(_ends(words)), set(begins(text))
        for place, start, end in finder.find_matches_as_indexes(text, overlapping=True):
            if start in may_begin:
                whole = start in at and end in at
                counts[written[place]][words[at[start] : at[end]] if whole else ()] += 1
    return counts


def _ends(words: Sequence[Word]) -> list[int]:
    """Where in the text the words begin, and where the last one ends."""
    return list(accumulate((len(written) for written, _, _ in words), initial=0))


def _places(ends: Sequence[int]) -> dict[int, int]:
    return {end: place for place, end in enumerate(ends)}
