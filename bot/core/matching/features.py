"""Features: everything the fitted weights look at in a text, by family, each a readable name."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, NamedTuple

from bot.core.matching.cues import masked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.core.matching.cues import Found
    from bot.core.matching.view import View
    from bot.core.slots import Slots

FAMILIES = ("spelling", "sound", "words", "cues")
"""n-grams of the spelling; n-grams of the sound with names masked; words and pairs of words; cues, pairs of cues, slots."""

_SPELLING_SIZES = (1, 2)
_SOUND_SIZES = (2, 3, 4)
_WORD_REACH = 4
_CODE_KIND = 6
"""0x800C is mail, 0x8007 and 0x8024 are the update's own failures."""


Names = Sequence[str]
"""Names of features, in a fixed order; one may stand twice, and counts once."""


class Seen(NamedTuple):
    """What is seen in a text, for each family of FAMILIES: of the first two the text whose pieces count, of the others names."""

    spelling: str
    sound: str
    words: Names
    cues: Names

    @property
    def pieces(self) -> tuple[Names, Names]:
        """All pieces of the spelling and of the sound."""
        return _pieces(self.spelling, _SPELLING_SIZES), _pieces(self.sound, _SOUND_SIZES)


def features(view: View, found: Sequence[Found], slots: Slots, masks: Mapping[str, str]) -> Seen:
    """What the weights look at in a text."""
    return Seen(
        spelling=f"^{view.spelling}$",
        sound=f"^{masked_sound(view, found, masks)}$",
        words=_words(view.lemmas),
        cues=_cues(view, found, slots),
    )


def masked_sound(view: View, found: Sequence[Found], masks: Mapping[str, str]) -> str:
    """The sound of a text in which a letter stands for each name."""
    hidden = [hit for hit in found if hit.cue in masks and hit.clause >= 0]
    if not hidden:
        return view.sound
    return "".join(
        masked(clause.sound, [hit for hit in hidden if hit.clause == number], masks)
        for number, clause in enumerate(view.clauses)
    )


def _pieces(text: str, sizes: Sequence[int]) -> Names:
    return [text[start : start + size] for size in sizes for start in range(len(text) - size + 1)]


def _words(lemmas: Sequence[str]) -> Names:
    row = ("^", *lemmas, "$")
    names = list(lemmas)
    names += map("_".join, pairwise(row))
    for distance in range(2, _WORD_REACH + 1):
        names += map("..".join, zip(row, row[distance:], strict=False))
    return names


def _cues(view: View, found: Sequence[Found], slots: Slots) -> Names:
    by_clause: dict[int, list[str]] = {}
    for hit in found:
        row = by_clause.setdefault(hit.clause, [])
        if hit.cue not in row:
            row.append(hit.cue)
    everything = sorted({hit.cue for hit in found} | _slot_cues(slots))
    names = [*everything]
    names += map("+".join, combinations(everything, 2))
    last = len(view.clauses) - 1
    for number, row in by_clause.items():
        if number < 0:
            continue
        names += map(">".join, combinations(row, 2))
        if last and number == 0:
            names += [f"first:{cue}" for cue in row]
        if last and number == last:
            names += [f"last:{cue}" for cue in row]
    names += _shape(view, found)
    return names


def _slot_cues(slots: Slots) -> set[str]:
    told = {f"ports={port.role.value}" for port in slots.ports} | {
        f"port={port.port}" for port in slots.ports
    }
    if slots.client:
        told.add(f"client={slots.client}")
    if slots.provider or slots.unknown_domain:
        told.add("provider")
    if slots.protocol:
        told.add(f"protocol={slots.protocol}")
    if slots.error_code:
        told.update({"code", f"code={slots.error_code[:_CODE_KIND]}"})
    if slots.ports:
        told.add("ports")
    if len(slots.ports) > 1:
        told.add("ports=several")
    return told


def _shape(view: View, found: Sequence[Found]) -> list[str]:
    length = len(view.spelling)
    covered = sum(hit.end - hit.start for hit in found if hit.clause >= 0 and hit.by_sound)
    sound = len(view.sound) or 1
    names = [f"length={min(length.bit_length(), 8)}", f"covered={min(covered * 5 // sound, 5)}"]
    if view.asks:
        names.append("asks")
    if not found:
        names.append("no cue at all")
    return names
