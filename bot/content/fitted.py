"""The fitted numbers as a file: `intents/_lists/fitted.yaml`, written by `madoguchi tune`.

It is YAML, so that it lies with the rest of the content and can be looked at; a line for each feature keeps changes
readable. After the head, each family of features is one block of lines:

    Rwwwwww… name

R is the feature's rarity (inverse document frequency, in tenths, as the character 33 + rarity), each w its weight for one
intent, in the order of `intents`: the character 79 + step, -46 ≤ step ≤ 46, standing for peak · (step/46)², with its sign.

The last block, `sounds`, spares each start the reading of the cues' words and the phrases: `word<TAB>sound`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

from bot.content.tuned import read_tuned
from bot.core.matching.features import FAMILIES
from bot.core.matching.model import Model, Thresholds

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_FIRST_CHARACTER = 33
_STEPS = 46
_ZERO = _FIRST_CHARACTER + _STEPS
_INDENT = "  "


def read_fitted(path: Path) -> Model:
    """The model kept at *path*.

    Raises:
        ContentError: the file is missing or not what `madoguchi tune` writes.
    """
    return read_tuned(path, parse_fitted)


def parse_fitted(text: str) -> Model:
    """The model that *text* holds."""
    head, *blocks, sounds = _split(text)
    plain: dict[str, Any] = yaml.load(head, Loader=yaml.CSafeLoader)
    intents = tuple(plain["intents"])
    width = len(intents) + 1
    lines = [_lines(block) for block in blocks]
    nothing = np.full((1, width), _ZERO, dtype=np.uint8)
    nothing[0, 0] = _FIRST_CHARACTER
    codes = [_codes(block, len(its), width) for block, its in zip(blocks, lines, strict=True)]
    table = np.concatenate([nothing, *codes])
    return Model(
        intents=intents,
        names=tuple([line[width + 1 :] for line in its] for its in lines),
        rarity=((table[:, 0].astype(np.float32) - _FIRST_CHARACTER) / 10).astype(np.float32),
        weights=_unpacked(table[:, 1:], float(plain["peak"])),
        bias=np.array(plain["bias"], dtype=np.float32),
        temperature=plain["temperature"],
        unfitted=plain["unfitted"],
        phrase_weight=plain["phrase_weight"],
        phrase_floor=plain["phrase_floor"],
        thresholds=Thresholds(**plain["thresholds"]),
        sounds=dict([line.split("\t") for line in _lines(sounds)]),
        facts=plain["facts"],
    )


def render_fitted(model: Model) -> str:
    """*model* as the text of the file."""
    peak = float(np.abs(model.weights).max())
    head = {
        "facts": dict(model.facts),
        "intents": list(model.intents),
        "bias": [round(float(value), 4) for value in model.bias],
        "temperature": model.temperature,
        "unfitted": model.unfitted,
        "phrase_weight": model.phrase_weight,
        "phrase_floor": model.phrase_floor,
        "thresholds": {
            "clear": model.thresholds.clear,
            "unsure": model.thresholds.unsure,
            "candidate": model.thresholds.candidate,
            "also": model.thresholds.also,
            "apart": model.thresholds.apart,
        },
        "peak": round(peak, 6),
    }
    parts = [
        "# Fitted numbers of the understanding. Written by `madoguchi tune`, not by hand; see docs/understanding.md.\n",
        yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=110),
    ]
    rarity = np.clip(np.rint(model.rarity * 10), 0, 2 * _STEPS).astype(int) + _FIRST_CHARACTER
    weights = _packed(model.weights, round(peak, 6))
    for family, names, start in zip(FAMILIES, model.names, model.starts, strict=True):
        parts.append(f"{family}: |-\n")
        parts += [
            f"{_INDENT}{chr(rarity[row])}{bytes(weights[row]).decode('ascii')} {name}\n"
            for row, name in enumerate(names, start)
        ]
    parts.append("sounds: |-\n")
    parts += [f"{_INDENT}{word}\t{sound}\n" for word, sound in sorted(model.sounds.items()) if keepable(word)]
    return "".join(parts)


def keepable(name: str) -> bool:
    """Whether a feature's name can stand on a line of its own."""
    return name.isprintable() and name == name.strip()


def as_kept(model: Model) -> Model:
    """*model* as it will be once read back: rounded to what the file holds."""
    return parse_fitted(render_fitted(model))


def _split(text: str) -> list[str]:
    parts = []
    text = "\n" + text.removesuffix("\n")
    for family in (*FAMILIES, "sounds"):
        before, mark, after = text.partition(f"\n{family}: |-")
        if not mark:
            raise ValueError(f"no {family}")
        parts.append(before)
        text = after
    return [*parts, text]


def _lines(block: str) -> list[str]:
    """The lines of a block; each begins with a line end and the indent."""
    return block.split("\n" + _INDENT)[1:]


def _codes(block: str, count: int, width: int) -> NDArray[np.uint8]:
    """The first *width* characters of each line, without a loop in Python."""
    octets = np.frombuffer(block.encode("utf-8"), dtype=np.uint8)
    starts = np.flatnonzero(octets == ord("\n")) + 1 + len(_INDENT)
    if len(starts) != count:
        raise ValueError("lines and features differ")
    return np.asarray(octets[starts[:, None] + np.arange(width)], dtype=np.uint8)


def _packed(weights: NDArray[np.float32], peak: float) -> NDArray[np.uint8]:
    steps = np.rint(np.sqrt(np.abs(weights) / peak) * _STEPS) * np.sign(weights)
    return np.asarray(np.clip(steps, -_STEPS, _STEPS) + _ZERO, dtype=np.uint8)


def _unpacked(codes: NDArray[np.uint8], peak: float) -> NDArray[np.float32]:
    steps = codes.astype(np.float32) - _ZERO
    return (peak * np.sign(steps) * (steps / _STEPS) ** 2).astype(np.float32)
