"""The peers: what one would build in an afternoon from well-known parts, given the very same sentences."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC


@dataclass(frozen=True, slots=True, kw_only=True)
class CharacterMachine:
    """scikit-learn: character n-grams (1 to 4), tf-idf, a linear support vector machine."""

    grams: Any
    machine: Any

    @classmethod
    def fitted(cls, texts: Sequence[str], labels: Sequence[str]) -> CharacterMachine:
        grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), sublinear_tf=True)
        machine = LinearSVC(random_state=0).fit(grams.fit_transform([plain(text) for text in texts]), labels)
        return cls(grams=grams, machine=machine)

    def label(self, text: str) -> str:
        return str(self.machine.predict(self.grams.transform([plain(text)]))[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestPhrase:
    """rapidfuzz: the label of the most similar sentence."""

    texts: Sequence[str]
    labels: Sequence[str]

    @classmethod
    def of(cls, texts: Sequence[str], labels: Sequence[str]) -> NearestPhrase:
        return cls(texts=[plain(text) for text in texts], labels=labels)

    def label(self, text: str) -> str:
        found = process.extractOne(plain(text), self.texts, scorer=fuzz.ratio)
        return self.labels[found[2]]


def plain(text: str) -> str:
    """Width and case folded, as anybody would."""
    return unicodedata.normalize("NFKC", text).lower()
