"""Matcher: from a text and its slots to ranked intents, with the reasons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from bot.core.intents import Clue, Match
from bot.core.matching.cues import CueFinder, Found, words_found
from bot.core.matching.features import FAMILIES, Names, features
from bot.core.matching.model import Model
from bot.core.matching.phrases import Near, PhraseIndex
from bot.core.matching.view import Reader, View, look_at
from bot.core.understanding import OUT_OF_SCOPE, Understanding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.core.slots import Slots

Verdict = Literal["clear", "unsure", "unknown"]

_CLUES = 4
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
_SHORTEST_REQUEST = 4
_MOST_REQUESTS = 4
_LONGEST_LIST_OF_REQUESTS = 80
"""Longer messages tell a story; their sentences are not requests of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What was found in a text, how much each known feature counts, and the sum of weights of each intent."""

    view: View
    cues: Sequence[Found]
    found: tuple[Names, ...]
    near: Sequence[Near]
    rows: NDArray[np.intp]
    amounts: NDArray[np.float32]
    sums: NDArray[np.float32]
    scores: NDArray[np.float32]

    def best(self, intents: Sequence[str]) -> str:
        return intents[int(self.scores.argmax())]


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
        """What *text* wants, ranked, with the main reasons."""
        weighed, also = self.read_requests(text, slots)
        matches = self._ranked(weighed)
        verdict, candidates = self._verdict(matches)
        return Understanding(
            text=text,
            folded=weighed.view.spelling,
            matches=matches,
            verdict=verdict,
            candidates=candidates,
            also=also,
            slots=slots,
            clues=self._main_clues(weighed, matches[0].intent),
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
        requests = [self.weigh(parts[0], slots)]
        main, first = whole.best(self.intents), requests[0].best(self.intents)
        opens = first not in {main, *_NO_REQUEST} and float(requests[0].scores.max()) >= needed
        if not (opens or adds):
            return whole, ()
        requests += [self.weigh(part, slots) for part in parts[1:]]
        later = max(
            [float(request.scores.max()) for request in requests[1:] if request.best(self.intents) == main]
            or [0.0]
        )
        if opens and later and (adds or later >= needed):
            whole, main = requests[0], first
        return whole, self._further(requests, main) if adds else ()

    def _further(self, requests: Sequence[Weighed], main: str) -> tuple[str, ...]:
        if main == OUT_OF_SCOPE:
            return ()
        clear = [
            request.best(self.intents)
            for request in requests
            if float(request.scores.max()) >= self.model.thresholds.also
        ]
        return tuple(
            dict.fromkeys(intent for intent in clear if intent not in {main, *_NO_REQUEST, *_NOT_FURTHER})
        )

    def weigh(self, text: str, slots: Slots) -> Weighed:
        """Find and weigh everything in *text*."""
        view = look_at(text, self.read)
        cues = self.cues.find(view)
        found = features(view, cues, slots, self.cues.masks)
        rows, amounts = self.model.amounts(found)
        sums = self.model.sums_of(rows, amounts)
        if len(self.intents) > len(sums):
            new = np.full(len(self.intents) - len(sums), self.model.unfitted, dtype=np.float32)
            sums = np.concatenate([sums, new])
        near = self.phrases.nearest(view.sound)
        for intent, weight in self._phrase_weights(near).items():
            sums[self.intents.index(intent)] += weight
        return Weighed(
            view=view,
            cues=cues,
            found=found,
            near=near,
            rows=rows,
            amounts=amounts,
            sums=sums,
            scores=self.model.probabilities(sums),
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
                for family, name, weight in self.model.reasons(weighed.found, intent)
            ]
        if weight := self._phrase_weights(weighed.near).get(intent):
            phrase = next(near.phrase.text for near in weighed.near if near.phrase.intent == intent)
            clues.append(Clue(name="phrase", found=phrase, intent=intent, weight=weight))
        return sorted(clues, key=lambda clue: -abs(clue.weight))

    def _phrase_weights(self, near: Sequence[Near]) -> Mapping[str, float]:
        """What the likeness to an intent's nearest phrase is worth, for each intent that has one."""
        weights: dict[str, float] = {}
        for phrase, likeness in near:
            if phrase.intent not in weights and likeness > self.model.phrase_floor:
                share = (likeness - self.model.phrase_floor) / (1 - self.model.phrase_floor)
                full = self.model.fresh_weight if phrase.fresh else self.model.phrase_weight
                weights[phrase.intent] = full * share
        return weights

    def _ranked(self, weighed: Weighed) -> tuple[Match, ...]:
        nearest: dict[str, str] = {}
        for near in weighed.near:
            nearest.setdefault(near.phrase.intent, near.phrase.text)
        order = (-weighed.scores).argsort(kind="stable")[: _RUNNERS_UP + 1]
        return tuple(
            [
                Match(
                    intent=self.intents[place],
                    score=round(float(weighed.scores[place]), 4),
                    phrase=nearest.get(self.intents[place], ""),
                )
                for place in order.tolist()
            ]
        )

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

    def _main_clues(self, weighed: Weighed, intent: str) -> tuple[Clue, ...]:
        """The phrase that is nearest, and the heaviest reasons for *intent*."""
        clues: list[Clue] = []
        if weighed.near:
            phrase = weighed.near[0].phrase
            weight = self._phrase_weights(weighed.near).get(phrase.intent, 0.0)
            clues.append(Clue(name="phrase", found=phrase.text, intent=phrase.intent, weight=weight))
        place = self.intents.index(intent)
        if place >= len(self.model.intents):
            return tuple(clues)
        worth = weighed.amounts * self.model.weights[weighed.rows, place]
        for heavy in np.abs(worth).argsort()[: -_CLUES - 1 : -1].tolist():
            row = int(weighed.rows[heavy])
            family, name = FAMILIES[self.model.family_of(row)], self.model.names[row]
            clues.append(_clue(weighed, family, name, intent=intent, weight=float(worth[heavy])))
        return tuple(clues)


def _clue(weighed: Weighed, family: str, name: str, *, intent: str, weight: float) -> Clue:
    if family != "cues":
        return Clue(name=family, found=name, intent=intent, weight=weight)
    parts = name.removeprefix("first:").removeprefix("last:").replace(">", "+").split("+")
    words = [words_found(hit, weighed.view) for part in parts for hit in weighed.cues if hit.cue == part]
    return Clue(name=name, found=" … ".join(dict.fromkeys(words)), intent=intent, weight=weight)
