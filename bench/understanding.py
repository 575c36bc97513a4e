"""Accuracy and speed of the understanding beside its peers, all taught the same sentences and phrases."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bench.peers import CharacterMachine, NearestPhrase
from bot.content.fitting import Example, read_sentences
from bot.content.library import load_library
from bot.content.locate import shipped_root
from bot.content.understanding import all_sounds
from bot.core.matching.phrases import Phrase, PhraseIndex
from bot.core.understand import understand
from bot.core.understanding import OUT_OF_SCOPE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.core.library import Library

_ROUNDS = 3
_WARM_UP = 50
_BEFORE = (
    "",
    "すみません、",
    "至急",
    "昨日から",
    "パソコンで",
    "教えてください。",
    "母の",
    "会社の",
    "今度は",
    "やっぱり",
)
_AFTER = (
    "",
    "のですが",
    "んです",
    "です",
    "困っています",
    "お願いします",
    "どうすれば",
    "よ",
    "でしょうか",
    "みたい",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one contender reached. Times are per message, in milliseconds."""

    name: str
    overall: float
    inside: float
    outside: float
    median: float
    p99: float


def report() -> Iterator[str]:
    """The whole report, line by line."""
    sentences = shipped_root() / "tests" / "sentences"
    library = load_library()
    phrases = [(phrase, intent.id) for intent in library.intents.values() for phrase in intent.phrases]
    taught = [(example.text, example.intent) for example in read_sentences(sentences / "fit")] + phrases
    unseen = read_sentences(sentences / "held_out")
    texts, labels = [text for text, _ in taught], [label for _, label in taught]
    yield f"taught: {len(taught)} sentences and phrases; judged on {len(unseen)} that nobody was taught"
    yield ""
    ours = measured("madoguchi, all slots", lambda text: understand(text, library).intent, unseen)
    peers = [
        measured("scikit-learn char n-gram SVM", CharacterMachine.fitted(texts, labels).label, unseen),
        measured("rapidfuzz nearest sentence", NearestPhrase.of(texts, labels).label, unseen),
    ]
    yield f"{'':32} overall  in scope  out of scope  median ms  p99 ms  median, ratio"
    for one in (ours, *peers):
        yield (
            f"{one.name:32} {one.overall:7.3f}  {one.inside:8.3f}  {one.outside:12.3f}  {one.median:9.3f}  "
            f"{one.p99:6.2f}  {one.median / ours.median:6.1f} x"
        )
    yield ""
    yield from growth(library, phrases, unseen)


def growth(library: Library, phrases: Sequence[tuple[str, str]], unseen: Sequence[Example]) -> Iterator[str]:
    """Time per message as phrases are added."""
    yield f"{'phrases':>10}  {'madoguchi ms':>12}  {'ratio':>6}  {'rapidfuzz ms':>12}  {'ratio':>6}"
    first: tuple[float, float] | None = None
    for times in (1, 10, 100):
        more = multiplied(phrases, times)
        grown = with_phrases(library, more)
        ours = measured("", lambda text, grown=grown: understand(text, grown).intent, unseen).median
        nearest = NearestPhrase.of([text for text, _ in more], [label for _, label in more])
        theirs = measured("", nearest.label, unseen[:100]).median
        first = first or (ours, theirs)
        yield f"{len(more):>10}  {ours:12.3f}  {ours / first[0]:5.1f}x  {theirs:12.3f}  {theirs / first[1]:5.1f}x"


def measured(name: str, label: Callable[[str], str], unseen: Sequence[Example]) -> Figures:
    """Judge *label* on *unseen*, and take the time of each message (the best of a few rounds)."""
    for example in unseen[:_WARM_UP]:
        label(example.text)
    times = [_best_time(label, example.text) for example in unseen]
    right = [(example.intent == OUT_OF_SCOPE, label(example.text) == example.intent) for example in unseen]
    return Figures(
        name=name,
        overall=statistics.fmean(hit for _, hit in right),
        inside=statistics.fmean([hit for outside, hit in right if not outside] or [1.0]),
        outside=statistics.fmean([hit for outside, hit in right if outside] or [1.0]),
        median=statistics.median(times),
        p99=sorted(times)[int(len(times) * 0.99)],
    )


def _best_time(label: Callable[[str], str], text: str) -> float:
    times = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        label(text)
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def multiplied(phrases: Sequence[tuple[str, str]], times: int) -> list[tuple[str, str]]:
    """*times* as many phrases, made by putting words before and after."""
    frames = [(before, after) for before in _BEFORE for after in _AFTER][:times]
    return [(f"{before}{text}{after}", label) for text, label in phrases for before, after in frames]


def with_phrases(library: Library, phrases: Sequence[tuple[str, str]]) -> Library:
    """The library as if authors had written these phrases."""
    matcher = library.matcher
    sounds = all_sounds((text for text, _ in phrases), matcher.read, matcher.model.sounds)
    index = PhraseIndex(Phrase(text, label, sounds[text]) for text, label in phrases)
    return replace(library, matcher=replace(matcher, phrases=index))
