"""The workshop of `madoguchi tune`: gathers what is fitted on, fits, and writes the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.content import building, fitting
from bot.content.collecting import collect
from bot.content.dictionary import DictionaryReader, lexicon_of
from bot.content.fitted import render_fitted
from bot.content.fitting import Example, phrase_examples, read_sentences
from bot.content.lexicon import render_lexicon
from bot.content.locate import find_places, shipped_root
from bot.content.telling import told
from bot.content.understanding import (
    CUES,
    FITTED,
    LEXICON,
    all_sounds,
    build_finder,
    name_cues,
    read_cues,
)
from bot.core.extract import SlotFinder
from bot.core.matching.features import Seen, features
from bot.core.matching.lexicon import Lexicon
from bot.core.matching.view import Word, look_at
from bot.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.content.fitting import Trial
    from bot.core.matching.model import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """Everything a fit needs; `seen` are the features of `examples` and then of `phrases`."""

    examples: Sequence[Example]
    phrases: Sequence[Example]
    seen: Sequence[Seen]
    intents: tuple[str, ...]
    lexicon: Mapping[str, Sequence[Word]]
    sounds: Mapping[str, str]
    fitted_path: Path

    def cross_validate(self) -> Trial:
        """Judge every sentence by a fit that has not seen it."""
        return fitting.cross_validate(
            [*self.examples, *self.phrases], self.seen, self.intents, always=len(self.phrases)
        )

    def fit(self, trial: Trial) -> Model:
        """The fit on everything, calibrated by *trial*."""
        model = fitting.fit([*self.examples, *self.phrases], self.seen, self.intents)
        return replace(fitting.calibrated(model, trial, self._facts(trial)), sounds=self.sounds)

    def write(self, model: Model, target: Path) -> None:
        """Write the numbers to *target*, and the lexicon that they were fitted with beside it."""
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(render_fitted(model), encoding="utf-8")
        target.with_name(f"{LEXICON}.yaml").write_text(render_lexicon(self.lexicon), encoding="utf-8")

    def _facts(self, trial: Trial) -> Mapping[str, str]:
        overall, inside, outside = trial.accuracy()
        return {
            "sentences": str(len(self.examples)),
            "phrases": str(len(self.phrases)),
            "cross-validated": f"{overall:.3f} overall, {inside:.3f} in scope, {outside:.3f} out of scope",
        }


def open_workshop(*, intents_dir: Path | None = None, sentences: Sequence[Path] = ()) -> Workshop:
    """Gather sentences, phrases and cues.

    Raises:
        UsageError: there are no sentences to fit on, or SudachiPy is not installed.
        ContentError: cues or sentences have faults.
    """
    places = find_places(intents_dir=intents_dir)
    folders = [*sentences] or _sentence_folders(intents_dir)
    examples = [example for folder in folders for example in read_sentences(folder)]
    if not examples:
        raise UsageError(told("no_sentences"))
    plain = collect(places).plain()
    providers = {record["id"]: building.provider(record) for record in plain["providers"]}
    clients = {record["id"]: building.client(record) for record in plain["clients"]}
    codes = {record["code"]: building.error_code(record) for record in plain["error_codes"]}
    slots = SlotFinder.build(providers, clients, codes)
    cues = [*read_cues(places.lists[CUES]), *name_cues(providers, clients)]
    phrases = phrase_examples({record["id"]: record["phrases"] for record in plain["intents"]})
    of_cues = [word for cue in cues for word in cue.words]
    words = [*of_cues, *(phrase.text for phrase in phrases)]
    texts = [*words, *_strings(plain), *_everyday(), *(example.text for example in examples)]
    read = Lexicon(lexicon_of(texts, DictionaryReader(), meant=of_cues))
    finder = build_finder(read, cues)

    def observe(text: str) -> Seen:
        view = look_at(text, read)
        return features(view, finder.find(view), slots.find(text), finder.masks)

    return Workshop(
        examples=examples,
        phrases=phrases,
        seen=[observe(example.text) for example in (*examples, *phrases)],
        intents=tuple(sorted({example.intent for example in (*examples, *phrases)})),
        lexicon=read.known,
        sounds=all_sounds(words, read, {}),
        fitted_path=(intents_dir / "_lists" if intents_dir else places.lists[CUES].parent) / f"{FITTED}.yaml",
    )


def _strings(content: object) -> Iterator[str]:
    """All texts in plain data."""
    match content:
        case str():
            yield content
        case Mapping():
            for each in content.values():
                yield from _strings(each)
        case Sequence():
            for each in content:
                yield from _strings(each)


def _everyday() -> list[str]:
    """What people say besides, without a label: it is read and not fitted on."""
    folder = shipped_root() / "tests" / "sentences" / "everyday"
    return [line for path in sorted(folder.glob("*.txt")) for line in path.read_text("utf-8").splitlines()]


def _sentence_folders(intents_dir: Path | None) -> list[Path]:
    folders = [shipped_root() / "tests" / "sentences" / "fit"]
    if intents_dir:
        folders.append(intents_dir / "_sentences")
    return [folder for folder in folders if folder.is_dir()]
