"""Builds the Matcher from content: cues.yaml, the fitted numbers, the authors' phrases and the names in the records."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from bot.content.fitted import read_fitted
from bot.content.lexicon import read_lexicon
from bot.content.telling import told
from bot.core.matching import Matcher
from bot.core.matching.cues import Cue, CueFinder
from bot.core.matching.phrases import Phrase, PhraseIndex
from bot.core.matching.view import sound_of
from bot.core.text import plain
from bot.errors import ContentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from bot.core.facts import Client
    from bot.core.intents import Intent
    from bot.core.matching.model import Model
    from bot.core.matching.view import Reader
    from bot.core.providers import Provider

CUES, FITTED, LEXICON = "cues", "fitted", "lexicon"

_SHORTEST_MASKED_NAME = 3
_PROVIDER_MASK, _CLIENT_MASK = "〒", "〓"


def load_matcher(
    intents: Mapping[str, Intent],
    lists: Mapping[str, Path],
    *,
    providers: Mapping[str, Provider] | None = None,
    clients: Mapping[str, Client] | None = None,
) -> Matcher:
    """The matcher for *intents*; *lists* are the files of `intents/_lists` by stem.

    Raises:
        ContentError: cues.yaml, fitted.yaml or lexicon.yaml is missing or wrong.
    """
    if missing := [stem for stem in (CUES, FITTED, LEXICON) if stem not in lists]:
        raise ContentError([f"_lists/{stem}.yaml:1: {told('list_missing')}" for stem in missing])
    read = read_lexicon(lists[LEXICON])
    cues = [*read_cues(lists[CUES]), *name_cues(providers or {}, clients or {})]
    return build_matcher(read, cues, intents, read_fitted(lists[FITTED]))


def build_matcher(read: Reader, cues: Iterable[Cue], intents: Mapping[str, Intent], model: Model) -> Matcher:
    """The matcher out of its parts. Where two intents have the same phrase, the one that is newer than the fit has it."""
    newest_first = dict(sorted(intents.items(), key=lambda item: item[0] in model.intents))
    phrases = [*phrases_of(newest_first, read, model.sounds), *titles_of(intents, read)]
    return Matcher(
        read=read,
        cues=build_finder(read, cues, model.sounds),
        model=model,
        phrases=PhraseIndex(phrases),
        intents=(*model.intents, *(name for name in intents if name not in model.intents)),
    )


def build_finder(read: Reader, cues: Iterable[Cue], known: Mapping[str, str] | None = None) -> CueFinder:
    """The finder of *cues*; *known* spares reading those words that are in it."""
    kept = tuple(cues)
    sounds = all_sounds({word: None for cue in kept for word in cue.words}, read, known or {})
    return CueFinder(kept, lambda word: sounds[word])


def phrases_of(intents: Mapping[str, Intent], read: Reader, known: Mapping[str, str]) -> list[Phrase]:
    """All phrases of all intents; *known* spares reading those that are in it."""
    pairs = [(phrase, intent.id) for intent in intents.values() for phrase in intent.phrases]
    sounds = all_sounds((phrase for phrase, _ in pairs), read, known)
    return [Phrase(text, intent, sounds[text], text not in known) for text, intent in pairs if sounds[text]]


def titles_of(intents: Mapping[str, Intent], read: Reader) -> list[Phrase]:
    """The words on the buttons that stand for intents: said just so, they mean them."""
    titled = ((intent, sound_of(intent.title, read)) for intent in intents.values())
    return [Phrase(intent.title, intent.id, sound) for intent, sound in titled if sound]


def all_sounds(texts: Iterable[str], read: Reader, known: Mapping[str, str]) -> Mapping[str, str]:
    """What each of *texts* sounds like."""
    return {**known, **{text: sound_of(text, read) for text in dict.fromkeys(texts) if text not in known}}


def read_cues(path: Path) -> list[Cue]:
    """The cues in *path*.

    Raises:
        ContentError: with every problem found.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=yaml.CSafeLoader)
    except UnicodeDecodeError as error:
        raise ContentError([f"{path}:1: {told('not_utf8')}"]) from error
    except (OSError, yaml.YAMLError) as error:
        raise ContentError([f"{path}:{_line(error)}: {str(error).splitlines()[0]}"]) from error
    if not isinstance(content, dict):
        raise ContentError([f"{path}:1: {told('cues_form')}"])
    problems: list[str] = []
    cues = []
    for name, entry in content.items():
        parts = entry if isinstance(entry, dict) else {"words": entry}
        words, patterns, together = (parts.get(key, []) for key in ("words", "patterns", "together"))
        wrong = _wrong(words, patterns) or _wrong_pairs(together, content)
        if not (wrong or words or patterns or together):
            wrong = told("cue_empty")
        if wrong:
            problems.append(f"{path}:{_place(path, str(name))}: {told('wrong_value', key=name, why=wrong)}")
            continue
        pairs = tuple((first, second) for first, second in together)
        cues.append(Cue(name=str(name), words=tuple(words), patterns=tuple(patterns), together=pairs))
    if problems:
        raise ContentError(problems)
    return cues


def name_cues(providers: Mapping[str, Provider], clients: Mapping[str, Client]) -> list[Cue]:
    """Cues for the names of providers and mail programs, which stand for one another in a sentence."""
    provider_names = (
        name for record in providers.values() for name in (record.name, *record.aliases, *record.domains)
    )
    cues = [Cue(name="provider", words=_long_enough(provider_names), mask=_PROVIDER_MASK)]
    for client in clients.values():
        words = _long_enough((client.name, *client.aliases))
        cues.append(Cue(name=f"client={client.id}", words=words, mask=_CLIENT_MASK))
    return cues


def _long_enough(names: Iterable[str]) -> tuple[str, ...]:
    kept = (name.replace("*.", "") for name in names)
    return tuple(dict.fromkeys(name for name in kept if len(plain(name)) >= _SHORTEST_MASKED_NAME))


def _wrong(words: Any, patterns: Any) -> str:
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        return told("cue_words", key="words")
    if not isinstance(patterns, list) or not all(isinstance(pattern, str) for pattern in patterns):
        return told("cue_words", key="patterns")
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            return told("cue_pattern", pattern=pattern, why=error)
    return ""


def _wrong_pairs(together: Any, names: Mapping[str, Any]) -> str:
    if not isinstance(together, list) or not all(isinstance(pair, list) for pair in together):
        return told("cue_pairs")
    for pair in together:
        if len(pair) != 2:
            return told("cue_pairs")
        for name in pair:
            if name not in names:
                return told("no_such_cue", name=name)
    return ""


def _place(path: Path, name: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((n for n, line in enumerate(lines, 1) if line.startswith(f"{name}:")), 1)


def _line(error: Exception) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark else 1
