"""Reads YAML strictly and remembers where everything stands, so that every fault can be told as path:line.

Only plain data is understood: text, whole and decimal numbers, true/false, null, lists, mappings. The surprises of
YAML 1.1 (`no` is false, `10:00` is 600, `0x80…` is a number) are left out, as are tags, anchors and aliases.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from bot.content.telling import told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Location = tuple[int | str, ...]
"""The way to a value inside a document: keys and list positions, from the top."""

_MAX_BYTES = 1_000_000
_MAX_DEPTH = 50
_MAX_BRACKETS = 8_000  # the C parser calls itself for each open bracket, and dies of a few ten thousand
_LONG_RUN = re.compile(r"(?:[-?:][ \t]+){50}")
_CONVERT: dict[str, Callable[[str], Any]] = {
    "tag:yaml.org,2002:str": str,
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": float,
    "tag:yaml.org,2002:bool": lambda text: text == "true",
    "tag:yaml.org,2002:null": lambda _text: None,
}
_TAGS = {*_CONVERT, "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"}


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong at a line of a file."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{shown(self.path)}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file as plain data; `root` still knows the lines."""

    path: Path
    data: dict[str, Any]
    root: yaml.MappingNode

    def line(self, location: Sequence[int | str] = ()) -> int:
        """The line (from 1) of the value at *location*, or of the nearest thing around it that exists."""
        node: yaml.Node = self.root
        line = node.start_mark.line
        for step in location:
            match node:
                case yaml.MappingNode():
                    found = next(((k, v) for k, v in node.value if k.value == str(step)), None)
                    if found is None:
                        continue  # pydantic names the branch of a union here, which the file does not know
                    line, node = found[0].start_mark.line, found[1]
                case yaml.SequenceNode() if isinstance(step, int) and step < len(node.value):
                    node = node.value[step]
                    line = node.start_mark.line
                case _:
                    break
        return int(line) + 1

    def fault(self, location: Sequence[int | str], message: str) -> Fault:
        return Fault(self.path, self.line(location), message)


def read_document(path: Path) -> Document | tuple[Fault, ...]:
    """Read one file: its document, or everything that keeps it from being one."""
    try:
        text = _text(path)
        root = yaml.compose(text, Loader=_Loader)
    except OSError as error:
        return (Fault(path, 1, told("unreadable", why=error.strerror)),)
    except UnicodeDecodeError:
        return (Fault(path, 1, told("not_utf8")),)
    except ValueError as error:
        return (Fault(path, 1, str(error)),)
    except yaml.YAMLError as error:
        return (_syntax_fault(path, text, error),)
    if not isinstance(root, yaml.MappingNode):
        return (Fault(path, 1, told("no_mapping")),)
    faults = tuple(Fault(path, line, message) for line, message in _faults(root, set()))
    if faults:
        return faults
    return Document(path=path, data=_plain(root), root=root)


def shown(path: Path) -> str:
    """A path as people like to read it: relative to where they stand, if it lies below."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


class _Loader(yaml.CSafeLoader):
    yaml_implicit_resolvers = {}  # noqa: RUF012  # add_implicit_resolver fills it for this class alone


for _tag, _pattern, _first in (
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
    ("bool", r"^(?:true|false)$", ["t", "f"]),
    ("int", r"^-?(?:0|[1-9][0-9]{0,17})$", list("-0123456789")),
    ("float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+]?[0-9]+)?$", list("-0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)


def _text(path: Path) -> str:
    raw = path.read_bytes()
    if len(raw) > _MAX_BYTES:
        raise ValueError(told("too_large", most=f"{_MAX_BYTES:,}"))
    text = raw.decode("utf-8-sig")
    if text.count("[") + text.count("{") > _MAX_BRACKETS or _LONG_RUN.search(text):
        raise ValueError(told("too_many_brackets"))
    return text


def _syntax_fault(path: Path, text: str, error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    number = mark.line if mark else 0
    line = (*text.splitlines(), "")[number]
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return Fault(path, number + 1, told("tab"))
    return Fault(path, number + 1, told("not_yaml", why=problem))


def _faults(node: yaml.Node, seen: set[int], depth: int = 0) -> Iterator[tuple[int, str]]:
    line = node.start_mark.line + 1
    if depth > _MAX_DEPTH:
        yield line, told("too_deep", most=_MAX_DEPTH)
        return
    if node.tag not in _TAGS:
        yield line, told("tag", tag=node.tag)
        return
    if id(node) in seen:
        yield line, told("anchor")
        return
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        return
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _faults(item, seen, depth + 1)
        return
    first_lines: dict[str, int] = {}
    for key, value in node.value:
        key_line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            yield key_line, told("odd_key")
            continue
        if key.value in first_lines:
            yield key_line, told("key_twice", key=key.value, first=first_lines[key.value])
        first_lines.setdefault(key.value, key_line)
        yield from _faults(value, seen, depth + 1)


def _plain(node: yaml.Node) -> Any:
    match node:
        case yaml.ScalarNode():
            return _CONVERT[node.tag](node.value)
        case yaml.SequenceNode():
            return [_plain(item) for item in node.value]
        case _:
            return {key.value: _plain(value) for key, value in node.value}
