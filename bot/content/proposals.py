"""Proposals: what operators said misses were, as a YAML file to look through, and merged into the owner's intents."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field

from bot.content.findings import check_content
from bot.content.inserting import with_items, written
from bot.content.intents import TestRecord  # noqa: TC001 - pydantic reads the annotation
from bot.content.locate import find_places
from bot.content.phrases import expand
from bot.content.reading import Document, Fault, read_document, shown
from bot.content.records import Record, Words, closest, parse
from bot.content.telling import told
from bot.core.text import fold
from bot.errors import ContentError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from bot.core.misses import FiledMiss

LONGEST_PHRASE = 80
"""A longer message is a story; it becomes a test, and no phrase."""

_TEMPLATE_SIGNS = str.maketrans("[]()|", "［］（）｜")
_PLACE = re.compile(r"(?P<path>.+?):(?P<line>\d+): ")


def _expandable(template: str) -> str:
    expand(template)
    return template


class LearntRecord(Record):
    """What one intent is to learn."""

    phrases: tuple[Annotated[Words, AfterValidator(_expandable)], ...] = ()
    tests: tuple[TestRecord, ...] = ()


class PatchRecord(Record):
    """The file that `madoguchi learn export` writes and `madoguchi learn apply` merges."""

    intents: dict[str, LearntRecord] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """A patch that was read, and the document it came from."""

    document: Document
    record: PatchRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """One intent's file as it stands now, and how much it learnt."""

    path: Path
    phrases: int
    tests: int


def patch_text(proposals: Sequence[FiledMiss], titles: Mapping[str, str], heading: Iterable[str]) -> str:
    """The proposals as YAML. Messages that read alike are one; *titles* name the intents, *heading* are comments for people."""
    by_intent: dict[str, dict[str, list[FiledMiss]]] = defaultdict(lambda: defaultdict(list))
    for proposal in proposals:
        if proposal.label is not None:
            by_intent[proposal.label.intent][fold(proposal.miss.text)].append(proposal)
    lines = [f"# {line}" for line in heading]
    lines.append("intents:" if by_intent else "intents: {}")
    for intent in sorted(by_intent):
        lines += [f"  # {titles.get(intent, intent)}", f"  {intent}:"]
        lines += _learnt_lines(list(by_intent[intent].values()))
    return "\n".join([*lines, ""])


def _learnt_lines(groups: Sequence[Sequence[FiledMiss]]) -> Iterator[str]:
    phrases = [phrase for phrase in (_as_phrase(group[0].miss.text) for group in groups) if phrase]
    if phrases:
        yield "    phrases:"
        yield from (f"      - {written(phrase)}" for phrase in phrases)
    yield "    tests:"
    for group in groups:
        label = group[0].label
        assert label is not None
        reasons = ", ".join(sorted({each.miss.reason for each in group}))
        newest = max(each.miss.said_on for each in group)
        yield f"      # {len(group)}x ({reasons}) -{newest.isoformat()}; {label.by} {label.at.date().isoformat()}"
        yield f"      - {written({'say': group[0].miss.text})}"


def _as_phrase(text: str) -> str:
    """*text* as a template that stands for itself; "" when it is too long to be one."""
    return text.translate(_TEMPLATE_SIGNS) if len(text) <= LONGEST_PHRASE else ""


def read_patch(path: Path, *, intents_dir: Path | None) -> Patch:
    """The patch in *path*.

    Raises:
        ContentError: with every fault as path:line.
    """
    document = read_document(path)
    if not isinstance(document, Document):
        raise ContentError([str(fault) for fault in document])
    record = parse(document, PatchRecord)
    if isinstance(record, tuple):
        raise ContentError([str(fault) for fault in record])
    known = find_places(intents_dir=intents_dir).intents
    faults = [
        document.fault(("intents", intent), told("no_such_intent", name=intent, hint=closest(intent, known)))
        for intent in record.intents
        if intent not in known or intent.startswith("_")
    ]
    if faults:
        raise ContentError([str(fault) for fault in faults])
    return Patch(document=document, record=record)


def apply_patch(
    patch: Patch, *, intents_dir: Path, providers_dir: Path | None, today: date
) -> tuple[Applied, ...]:
    """Merge *patch* into the owner's folder, each file as a whole, once the result has passed the check.

    Raises:
        ContentError: nothing was changed; problems are told at the patch's line where one of its own lines is to blame.
        UsageError: *intents_dir* is not a folder.
    """
    if not intents_dir.is_dir():
        raise UsageError(told("no_folder", folder=intents_dir))
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as name:
        draft = Path(name) / "intents"
        shutil.copytree(intents_dir, draft)
        learnt = [made for made in _drafts(patch, draft) if made.phrases or made.tests]
        blame = {place: line for made in learnt for place, line in made.origin.items()}
        findings = check_content(today=today, intents_dir=draft, providers_dir=providers_dir)
        if findings.problems:
            raise ContentError(
                [_told(problem, blame, draft, intents_dir, patch) for problem in findings.problems]
            )
        for made in learnt:
            _put(made.path.read_bytes(), intents_dir / made.path.name)
        return tuple(
            Applied(path=intents_dir / made.path.name, phrases=made.phrases, tests=made.tests)
            for made in learnt
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A merged file under trial. `origin`: from each of its new places to the line of the patch it came from."""

    path: Path
    phrases: int
    tests: int
    origin: Mapping[tuple[str, int], int]


def _drafts(patch: Patch, draft: Path) -> Iterator[_Draft]:
    places = find_places(intents_dir=draft).intents
    for intent, learnt in patch.record.intents.items():
        path = places[intent] if places[intent].parent == draft else draft / f"{intent}.yaml"
        if not path.exists():
            shutil.copyfile(places[intent], path)
        yield _merged(intent, learnt, path, patch)


def _merged(intent: str, learnt: LearntRecord, path: Path, patch: Patch) -> _Draft:
    before = _document(path)
    known_phrases = {fold(phrase) for template in _list(before, "phrases") for phrase in _expanded(template)}
    known_tests = {
        fold(str(test.get("say", ""))) for test in _list(before, "tests") if isinstance(test, dict)
    }
    phrases = {n: phrase for n, phrase in enumerate(learnt.phrases) if not _covered(phrase, known_phrases)}
    tests = {n: test for n, test in enumerate(learnt.tests) if fold(test.say) not in known_tests}
    for key, items in (
        ("phrases", list(phrases.values())),
        ("tests", [_as_item(test) for test in tests.values()]),
    ):
        document = _document(path)
        text = path.read_bytes().decode("utf-8-sig")
        path.write_text(with_items(document, text, key, items), encoding="utf-8", newline="")
    after = _document(path)
    origin = {}
    for key, numbers in (("phrases", list(phrases)), ("tests", list(tests))):
        first = len(_list(before, key))
        if len(_list(after, key)) != first + len(numbers):
            raise ContentError([f"{shown(path)}:{after.line((key,))}: {told('nothing_to_add_to', key=key)}"])
        for n, number in enumerate(numbers):
            origin[str(path), after.line((key, first + n))] = patch.document.line(
                ("intents", intent, key, number)
            )
    return _Draft(path=path, phrases=len(phrases), tests=len(tests), origin=origin)


def _document(path: Path) -> Document:
    document = read_document(path)
    if not isinstance(document, Document):
        raise ContentError([str(fault) for fault in document])
    return document


def _list(document: Document, key: str) -> list[object]:
    value = document.data.get(key)
    return value if isinstance(value, list) else []


def _expanded(template: object) -> tuple[str, ...]:
    try:
        return expand(str(template))
    except ValueError:
        return ()


def _covered(template: str, known: set[str]) -> bool:
    return all(fold(phrase) in known for phrase in expand(template))


def _as_item(test: TestRecord) -> dict[str, str]:
    return {name: str(value) for name, value in test.model_dump().items() if value}


def _told(problem: str, blame: Mapping[tuple[str, int], int], draft: Path, folder: Path, patch: Patch) -> str:
    """*problem* as the owner is to read it: at the patch's own line, or at the file as it would be."""
    found = _PLACE.match(problem)
    if found is None:
        return problem
    message = problem[found.end() :]
    line = blame.get((str(Path(found["path"]).absolute()), int(found["line"])))
    if line is not None:
        return str(Fault(patch.document.path, line, message))
    return problem.replace(str(draft), shown(folder.absolute()))


def _put(content: bytes, target: Path) -> None:
    """Write *target* in one step: the service may be reading it."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.stem}-", suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    if target.exists():
        shutil.copymode(target, name)
    else:
        Path(name).chmod(0o644)
    Path(name).replace(target)
