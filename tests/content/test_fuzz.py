"""Whatever stands in a file, reading it ends in a record or in faults, never in a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.checking import problems
from bot.content.collecting import collect
from bot.content.locate import Places, find_places

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = [*find_places().providers.values(), *find_places().intents.values()]
JUNK = st.sampled_from(["\t", ": ", "- ", "[", "}", "&a ", "*a", "!!set ", "\x00", "\u2028", "é", "'", '"', "? ", "| ", "%", "null", "~", "{}", "0x1", "1e9"])  # fmt: skip


@st.composite
def a_damaged_file(draw):
    """A shipped file with a few lines lost, doubled, moved or broken."""
    path = draw(st.sampled_from(SHIPPED))
    lines = path.read_text(encoding="utf-8").splitlines()
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["lose", "double", "indent", "junk", "empty"])):
            case "lose" if len(lines) > 1:
                del lines[at]
            case "double":
                lines.insert(at, lines[at])
            case "indent":
                lines[at] = "  " + lines[at]
            case "junk":
                cut = draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:cut] + draw(JUNK) + lines[at][cut:]
            case _:
                lines[at] = lines[at].partition(":")[0] + ":"
    return path, "\n".join(lines)


@settings(max_examples=150)
@given(a_damaged_file())
def test_a_damaged_file_is_told_of_and_no_more(tmp_path: Path, damaged: tuple[Path, str]):
    original, text = damaged
    path = tmp_path / original.name
    path.write_text(text, encoding="utf-8")
    kind = original.parent.name
    places = Places(
        intents={path.stem: path} if kind == "intents" else {},
        providers={path.stem: path} if kind == "providers" else {},
        lists={},
    )

    content = collect(places)
    found = problems(content)

    assert all(fault.path == path and fault.line >= 1 and fault.message for fault in found)
    if not found:
        content.plain()


@settings(max_examples=100)
@given(st.binary(max_size=300))
def test_any_bytes_are_told_of_and_no_more(tmp_path: Path, raw: bytes):
    path = tmp_path / "ocn.yaml"
    path.write_bytes(raw)

    assert collect(Places(intents={}, providers={"ocn": path}, lists={})).faults
