"""Matcher: from a text and its slots to ranked intents, with the reasons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.core.intents import Clue, Match
from bot.core.matching.cues import CueFinder, Found, words_found
from bot.core.matching.features import FAMILIES, Seen, features, masked_sound
from bot.core.matching.model import Model
from bot.core.matching.phrases import Near, Phrase, PhraseIndex
from bot.core.matching.view import Reader, View, look_at, sound_of
from bot.core.text import fold
from bot.core.understanding import OUT_OF_SCOPE, Understanding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.core.slots import Slots

Verdict = Literal["clear", "unsure", "unknown"]

_RUNNERS_UP = 5
_MOST_CANDIDATES = 3
_NO_REQUEST = {OUT_OF_SCOPE, "greeting"}
_NOT_FURTHER = {"resolved_thanks"}
"""Thanks come with a request, they are none."""
_REQUEST_END = re.compile(
    r"[。!?！？\n]+|ついでに|それと|それから|あともう|[。、,\s]あと(?=[、は何も添電そど番予値プ料])|[。、]あと|\sあと"
    r"|ところで|(?<=[いたるの])のと[、,]?|もう一つ|もうひとつ|[、。]一緒に|のと、|加えて|併せて|あわせて|[、。]また[、]?"
    r"|それに|プラス|[+＋&＆/／]|および|及び|(?<=[たい])し、|(?<=か)と、|(?<=か)、|(?<=方)と、|(?<=い)と、(?=.{4,}も)|、それとも"
)
_ADDS_A_REQUEST = re.compile(
    r"ついでに|それと|[、,。\s]あと|ところで|(?<=[いたるの])のと|もう一つ|もうひとつ|一緒に|のと、|(?<=か)と、|[2２二]点|加えて"
    r"|併せて|あわせて|[、。]また|プラス|及び|および|(?<=い)と、|(?<=方)と、|(?<=[たい])し、|[+＋&＆]"
)
_INTRODUCTION = re.compile(
    r"(?:ぷろばいだ|けいやく(?:さき)?|かいしや|うち|わたし|つかつて(?:い)?る(?:の|そふと)|める|そふと|ぱそこん)*[のはがも]?"
    r"#(?:(?:の|と|で)?#)*(?:の(?:める|ぱそこん|ゆざ|かいいん|もの))?"
    r"(?:[をとに]?(?:つかつて|りよう|しよう|けいやく)(?:して|ちゆう)?(?:いる|い?ます|おります)?)?"
    r"(?:です|だ|でして|ですが|なんですが|なのですが|だけど|なんだけど|なん)?"
)
"""A sentence that only names a provider or a program, #, is about nothing yet."""
_SHORTEST_REQUEST = 4
_MOST_REQUESTS = 4
_LONGEST_LIST_OF_REQUESTS = 80
"""Longer messages tell a story; their sentences are not requests of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What was found in a text, the sum of weights of each intent, and these as scores; `intent` has the highest, `score`."""

    view: View
    cues: Sequence[Found]
    seen: Seen
    near: Sequence[Near]
    sums: Sequence[float]
    scores: Sequence[float]
    intent: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """Fits texts to intents: cues and fitted weights, and the phrases authors wrote. Built once, then only read."""

    read: Reader
    cues: CueFinder
    model: Model
    phrases: PhraseIndex
    intents: tuple[str, ...]
    """All intents that may come out: those with fitted weights first, in the model's order, then new ones."""

    def understand(self, text: str, slots: Slots) -> Understanding:
        """What *text* wants, ranked. The very words of an author decide, whatever else speaks against them."""
        weighed, also = self.read_requests(text, slots)
        matches = self._ranked(weighed)
        said = self._verbatim(text, weighed.view.sound)
        if said:
            others = [match for match in matches if match.intent != said.intent]
            matches = (Match(intent=said.intent, score=1.0, phrase=said.text), *others)
        verdict, candidates = self._verdict(matches)
        return Understanding(
            text=text, matches=matches, verdict=verdict, candidates=candidates, also=also, slots=slots
        )

    def read_requests(self, text: str, slots: Slots) -> tuple[Weighed, tuple[str, ...]]:
        """The main request of *text*, and the intents of further ones.

        A message with several requests is about the first of them, when that is clear on its own.
        """
        whole = self.weigh(text, slots)
        if len(text) > _LONGEST_LIST_OF_REQUESTS:
            return whole, ()
        parts = [part for part in _REQUEST_END.split(text) if len(part.strip()) >= _SHORTEST_REQUEST]
        if not 1 < len(parts) <= _MOST_REQUESTS:
            return whole, ()
        adds = bool(_ADDS_A_REQUEST.search(text))
        needed = self.model.thresholds.also if adds else self.model.thresholds.apart
        first = self.weigh(parts[0], slots)
        opens = first.intent not in {whole.intent, *_NO_REQUEST} and first.score >= needed
        opens = opens and not self._introduces(first)
        if not (opens or adds):
            return whole, ()
        later = [self.weigh(part, slots) for part in parts[1:]]
        again = max([request.score for request in later if request.intent == whole.intent], default=0.0)
        main = first if opens and again and (adds or again >= needed) else whole
        return main, self._further([first, *later], main.intent) if adds else ()

    def _introduces(self, part: Weighed) -> bool:
        sound = masked_sound(part.view, part.cues, dict.fromkeys(self.cues.masks, "#"))
        return _INTRODUCTION.fullmatch(sound) is not None

    def _further(self, requests: Sequence[Weighed], main: str) -> tuple[str, ...]:
        if main == OUT_OF_SCOPE:
            return ()
        clear = [request.intent for request in requests if request.score >= self.model.thresholds.also]
        return tuple(
            dict.fromkeys(intent for intent in clear if intent not in {main, *_NO_REQUEST, *_NOT_FURTHER})
        )

    def weigh(self, text: str, slots: Slots) -> Weighed:
        """Find and weigh everything in *text*."""
        view = look_at(text, self.read)
        cues = self.cues.find(view)
        seen = features(view, cues, slots, self.cues.masks)
        sums: list[float] = self.model.sums(seen).tolist()
        sums += [self.model.unfitted] * (len(self.intents) - len(sums))
        near = self.phrases.nearest(view.sound, least=self.model.phrase_floor)
        for intent, weight in self._phrase_weights(near).items():
            sums[self.intents.index(intent)] += weight
        scores = self.model.probabilities(sums)
        score = max(scores)
        return Weighed(
            view=view,
            cues=cues,
            seen=seen,
            near=near,
            sums=sums,
            scores=scores,
            intent=self.intents[scores.index(score)],
            score=score,
        )

    def explain(self, weighed: Weighed, intent: str) -> list[Clue]:
        """Every reason for and against *intent*, heaviest first; together they are the sum of its weights."""
        place = self.intents.index(intent)
        fitted = place < len(self.model.intents)
        start = float(self.model.bias[place]) if fitted else self.model.unfitted
        clues = [Clue(name="start", found="", intent=intent, weight=start)]
        if fitted:
            clues += [
                _clue(weighed, FAMILIES[family], name, intent=intent, weight=weight)
                for family, name, weight in self.model.reasons(weighed.seen, intent)
            ]
        if weight := self._phrase_weights(weighed.near).get(intent):
            phrase = next(near.phrase.text for near in weighed.near if near.phrase.intent == intent)
            clues.append(Clue(name="phrase", found=phrase, intent=intent, weight=weight))
        return sorted(clues, key=lambda clue: -abs(clue.weight))

    def closest_phrase(self, text: str, intent: str) -> Near | None:
        """The phrase of *intent* that is most like *text*, however little."""
        return self.phrases.closest(sound_of(text, self.read), intent)

    def _phrase_weights(self, near: Sequence[Near]) -> Mapping[str, float]:
        """What the likeness to an intent's nearest fresh phrase is worth, for each intent that has one."""
        weights: dict[str, float] = {}
        for phrase, likeness in near:
            if phrase.intent not in weights and likeness > self.model.phrase_floor:
                share = (likeness - self.model.phrase_floor) / (1 - self.model.phrase_floor)
                weights[phrase.intent] = self.model.phrase_weight * share
        return weights

    def _ranked(self, weighed: Weighed) -> tuple[Match, ...]:
        nearest: dict[str, str] = {}
        for near in weighed.near:
            nearest.setdefault(near.phrase.intent, near.phrase.text)
        scores = weighed.scores
        order = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)[: _RUNNERS_UP + 1]
        return tuple(
            [
                Match(
                    intent=self.intents[place],
                    score=round(scores[place], 4),
                    phrase=nearest.get(self.intents[place], ""),
                )
                for place in order
            ]
        )

    def _verbatim(self, text: str, sound: str) -> Phrase | None:
        """The phrase whose very words *text* is, if there is one."""
        said = self.phrases.said(sound)
        return said if said and fold(said.text) == fold(text) else None

    def _verdict(self, matches: Sequence[Match]) -> tuple[Verdict, tuple[str, ...]]:
        first, limits = matches[0], self.model.thresholds
        if first.intent == OUT_OF_SCOPE:
            return "unknown", ()
        if first.score >= limits.clear:
            return "clear", ()
        if first.score < limits.unsure:
            return "unknown", ()
        inside = [match for match in matches if match.intent != OUT_OF_SCOPE]
        others = [match.intent for match in inside[1:_MOST_CANDIDATES] if match.score >= limits.candidate]
        return ("unsure", (first.intent, *others)) if others else ("clear", ())


def _clue(weighed: Weighed, family: str, name: str, *, intent: str, weight: float) -> Clue:
    if family != "cues":
        return Clue(name=family, found=name, intent=intent, weight=weight)
    parts = name.removeprefix("first:").removeprefix("last:").replace(">", "+").split("+")
    words = [words_found(hit, weighed.view) for part in parts for hit in weighed.cues if hit.cue == part]
    return Clue(name=name, found=" … ".join(dict.fromkeys(words)), intent=intent, weight=weight)
