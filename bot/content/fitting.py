"""Fits the understanding: from labelled sentences to the numbers in fitted.yaml. Only `madoguchi tune` and the benchmarks
come here; scikit-learn is needed for it, and for nothing else.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bot.content.fitted import as_kept, keepable
from bot.content.sentences import sentence_lines
from bot.content.telling import told
from bot.core.matching.features import FAMILIES, Seen
from bot.core.matching.model import Model, Thresholds
from bot.core.understanding import OUT_OF_SCOPE
from bot.errors import ContentError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path


FOLDS = 5
_SEED = 20
_PHRASE_SHARE = 0.3
_COST = 1.0
_LEAST_COUNT = 3
_MOST_FEATURES = 30_000
_PHRASE_WEIGHT = 4.0
_PHRASE_FLOOR = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A labelled sentence. `share` is how much it counts in the fit."""

    text: str
    intent: str
    also: tuple[str, ...] = ()
    style: str = ""
    share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Out-of-fold sums: what the model says of sentences it was not fitted on."""

    examples: tuple[Example, ...]
    intents: tuple[str, ...]
    sums: NDArray[np.float32]

    @property
    def guesses(self) -> list[str]:
        return [self.intents[place] for place in self.sums.argmax(axis=1).tolist()]

    def leaning(self, lean: float) -> Trial:
        """The trial with *lean* added for out of scope."""
        return replace(self, sums=self.sums + _shift(self.intents, lean))

    def accuracy(self) -> tuple[float, float, float]:
        """Overall, in scope, out of scope."""
        right = np.array([guess == e.intent for guess, e in zip(self.guesses, self.examples, strict=True)])
        outside = np.array([example.intent == OUT_OF_SCOPE for example in self.examples])
        return float(right.mean()), _mean(right[~outside]), _mean(right[outside])


def read_sentences(folder: Path) -> list[Example]:
    """The labelled sentences of a folder: `<intent>.jsonl`, or any name with an `intent` in each line.

    Raises:
        ContentError: with every line that cannot be used.
    """
    examples, problems = [], []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in sentence_lines(path):
            try:
                plain = json.loads(line)
                examples.append(
                    Example(
                        text=plain["text"],
                        intent=plain.get("intent", path.stem),
                        also=tuple(plain.get("also") or ()),
                        style=plain.get("style", ""),
                    )
                )
            except (ValueError, KeyError, TypeError, AttributeError):
                problems.append(f"{path}:{number}: {told('sentence_form')}")
    if problems:
        raise ContentError(problems)
    return examples


def phrase_examples(phrases: Mapping[str, Sequence[str]]) -> list[Example]:
    """The authors' phrases as examples; the many readings of one template count less each."""
    return [
        Example(text=phrase, intent=intent, style="phrase", share=_PHRASE_SHARE)
        for intent, row in phrases.items()
        for phrase in row
    ]


def fit(examples: Sequence[Example], seen: Sequence[Seen], intents: Sequence[str]) -> Model:
    """A model fitted on *examples*, whose features are *seen*; not yet calibrated.

    A first machine on all features tells which of them matter, so that the table stays small enough for a processor's
    cache. The model is the mean of several machines on those, each of which does without one family: none may lean on
    one kind of evidence alone.
    """
    counts = _counts(seen)
    everything = _blank(counts, len(seen), intents, _names(counts))
    weights, _ = _machine(examples, _matrix(seen, everything), intents)
    strength = np.sqrt((weights**2).sum(axis=1))
    strongest = set(np.argsort(-strength, kind="stable")[:_MOST_FEATURES].tolist())
    model = _blank(
        counts,
        len(seen),
        intents,
        [
            [name for row, name in enumerate(names, start) if row in strongest]
            for names, start in zip(everything.names, everything.starts, strict=True)
        ],
    )
    matrix = _matrix(seen, model)
    weights, bias = np.zeros_like(model.weights), np.zeros_like(model.bias)
    for family in range(len(FAMILIES)):
        used = _columns_without(model, family)
        more, start = _machine(examples, matrix[:, used], intents)
        weights[used] += more / len(FAMILIES)
        bias += start / len(FAMILIES)
    return as_kept(replace(model, weights=weights, bias=bias))


def _machine(
    examples: Sequence[Example], matrix: Any, intents: Sequence[str]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Support vectors, one intent against the rest: a row of weights for each column of *matrix*, and where each intent starts."""
    machine = _support_vectors().fit(
        matrix,
        [example.intent for example in examples],
        sample_weight=[example.share for example in examples],
    )
    order = [list(machine.classes_).index(intent) for intent in intents]
    return machine.coef_[order].T.astype(np.float32), machine.intercept_[order].astype(np.float32)


def _columns_without(model: Model, family: int) -> NDArray[np.intp]:
    """The rows of the features of all other families."""
    rows = np.arange(1, len(model.rarity))
    first = model.starts[family]
    return rows[(rows < first) | (rows >= first + len(model.names[family]))]


def cross_validate(
    examples: Sequence[Example], seen: Sequence[Seen], intents: Sequence[str], *, always: int = 0
) -> Trial:
    """Fit FOLDS times, each time on all but a part, and let the model judge that part.

    The last *always* examples (phrases) are in every fit and in no trial.
    """
    tried = len(examples) - always
    fold_of = _folds([example.intent for example in examples[:tried]])
    sums = np.zeros((tried, len(intents)), dtype=np.float32)
    for fold in range(FOLDS):
        fitted_on = [n for n in range(len(examples)) if n >= tried or fold_of[n] != fold]
        model = fit([examples[n] for n in fitted_on], [seen[n] for n in fitted_on], intents)
        for n in range(tried):
            if fold_of[n] == fold:
                sums[n] = model.sums(seen[n])
    return Trial(examples=tuple(examples[:tried]), intents=tuple(intents), sums=sums)


def calibrated(model: Model, trial: Trial, facts: Mapping[str, str]) -> Model:
    """*model* with the lean towards out of scope, the temperature and the thresholds that suit the trial."""
    lean = best_lean(trial)
    moved = trial.leaning(lean)
    temperature = _temperature(moved)
    return as_kept(
        replace(
            model,
            bias=model.bias + _shift(model.intents, lean),
            temperature=temperature,
            thresholds=_thresholds(moved, temperature),
            facts=dict(facts),
        )
    )


def best_lean(trial: Trial) -> float:
    """What to add for out of scope so that most sentences are right, and its own about as often as the others."""

    def regret(lean: float) -> tuple[float, float]:
        overall, inside, outside = trial.leaning(lean).accuracy()
        return -(overall + 0.5 * min(inside, outside)), abs(lean)

    return min((round(step * 0.02, 2) for step in range(-15, 16)), key=regret)


def _shift(intents: Sequence[str], lean: float) -> NDArray[np.float32]:
    return np.array([lean if intent == OUT_OF_SCOPE else 0.0 for intent in intents], dtype=np.float32)


def _temperature(trial: Trial) -> float:
    """The temperature under which the right intents are likeliest."""
    right = np.array([trial.intents.index(example.intent) for example in trial.examples])

    def surprise(temperature: float) -> float:
        scaled = (trial.sums - trial.sums.max(axis=1, keepdims=True)) * temperature
        logs = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        return -float(logs[np.arange(len(right)), right].mean())

    return min((round(step * 0.25, 2) for step in range(4, 61)), key=surprise)


def _thresholds(trial: Trial, temperature: float) -> Thresholds:
    """Serve at once from where the trial was right six times in ten; ask from where it was so one time in three."""
    scaled = np.exp((trial.sums - trial.sums.max(axis=1, keepdims=True)) * temperature)
    scores = scaled / scaled.sum(axis=1, keepdims=True)
    best = scores.argmax(axis=1)
    top = scores.max(axis=1)
    outside = trial.intents.index(OUT_OF_SCOPE)
    right = np.array([trial.intents[g] == e.intent for g, e in zip(best, trial.examples, strict=True)])
    inside = best != outside
    return Thresholds(
        clear=_least(top[inside], right[inside], 0.6),
        unsure=_least(top[inside], right[inside], 0.35),
        candidate=0.12,
        also=0.5,
        apart=0.9,
    )


def _least(scores: NDArray[np.float32], right: NDArray[np.bool_], share: float) -> float:
    """The lowest score around which *share* of the answers are right."""
    width = 0.1
    for step in range(5, 95):
        centre = step / 100
        near = np.abs(scores - centre) <= width / 2
        if near.sum() >= 8 and right[near].mean() >= share:
            return centre
    return 0.5


def _names(counts: Sequence[Mapping[str, int]]) -> list[list[str]]:
    """All features that are not too rare, the commonest of a family first: what is used together lies together."""
    return [
        [
            name
            for name, count in sorted(family.items(), key=lambda each: (-each[1], each[0]))
            if count >= _LEAST_COUNT and keepable(name)
        ]
        for family in counts
    ]


def _counts(seen: Sequence[Seen]) -> list[Counter[str]]:
    """In how many texts each feature stands, for each family."""
    counts: list[Counter[str]] = [Counter() for _ in FAMILIES]
    for one in seen:
        for family, names in zip(counts, (*one.pieces, one.words, one.cues), strict=True):
            family.update(set(names))
    return counts


def _blank(
    counts: Sequence[Mapping[str, int]], texts: int, intents: Sequence[str], names: Sequence[Sequence[str]]
) -> Model:
    """A model for these features, which have these *counts* in so many *texts*, without weights."""
    rarity = [0.0]
    for family, kept in zip(counts, names, strict=True):
        rarity += [float(np.log((1 + texts) / (1 + family[name]))) + 1 for name in kept]
    return Model(
        intents=tuple(intents),
        names=tuple(names),
        rarity=(np.rint(np.array(rarity) * 10) / 10).astype(np.float32),
        weights=np.zeros((len(rarity), len(intents)), dtype=np.float32),
        bias=np.zeros(len(intents), dtype=np.float32),
        temperature=3.0,
        unfitted=-1.0,
        phrase_weight=_PHRASE_WEIGHT,
        phrase_floor=_PHRASE_FLOOR,
        thresholds=Thresholds(),
    )


def _matrix(seen: Sequence[Seen], model: Model) -> Any:
    from scipy.sparse import csr_matrix  # noqa: PLC0415  # comes with scikit-learn; only a fit needs it

    amounts = [model.amounts(one) for one in seen]
    ends = np.cumsum([0, *(len(places) for places, _ in amounts)])
    return csr_matrix(
        (
            np.concatenate([values for _, values in amounts]),
            np.concatenate([places for places, _ in amounts]),
            ends,
        ),
        shape=(len(seen), len(model.rarity)),
    )


def _folds(labels: Sequence[str]) -> list[int]:
    """A fold for each sentence, every label spread evenly, in an order that depends on nothing but the sentences."""
    shuffled = np.random.default_rng(_SEED).permutation(len(labels))
    counts: Counter[str] = Counter()
    folds = [0] * len(labels)
    for n in shuffled.tolist():
        folds[n] = counts[labels[n]] % FOLDS
        counts[labels[n]] += 1
    return folds


def _support_vectors() -> Any:
    try:
        from sklearn.svm import LinearSVC  # noqa: PLC0415  # only a fit needs it
    except ImportError as error:
        raise UsageError(told("no_tools_for_a_fit")) from error
    return LinearSVC(C=_COST, random_state=_SEED, tol=1e-4)


def _mean(right: Iterable[bool]) -> float:
    values = list(right)
    return float(np.mean(values)) if values else 1.0
