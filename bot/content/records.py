"""What all YAML records share: strict keys, sources named once per file, and faults told in words."""

from __future__ import annotations

import types
import typing
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from rapidfuzz import fuzz, process

from bot.content.telling import sentences, told
from bot.core.providers import EvidenceKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pydantic_core import ErrorDetails

    from bot.content.reading import Document, Fault, Location

_LIKENESS = 60


class Record(BaseModel):
    """A mapping in YAML. Unknown keys are refused; `date: 2023` counts as text."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, coerce_numbers_to_str=True, use_attribute_docstrings=True, title=None
    )


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Text that may not be empty."""

Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]

SourceNames = Annotated[tuple[str, ...], Field(min_length=1)]
"""Names out of the file's `sources`; every fact has at least one."""


class SourceRecord(Record):
    """Where facts come from."""

    source: Words
    """A reference that a person can open or find."""
    kind: EvidenceKind
    """official: the provider's own page; secondary: others who quote it; article: the seed article; unverified: nobody."""
    date: str = Field(default="", pattern=r"^(\d{4}(-\d{2}){0,2})?$")
    """YYYY, YYYY-MM or YYYY-MM-DD; left out when the source bears no date."""


Sources = dict[str, SourceRecord]
RecordT = TypeVar("RecordT", bound=BaseModel)


def evidence(names: Iterable[str], sources: Mapping[str, SourceRecord]) -> list[dict[str, str]]:
    """The sources behind *names*, as plain data."""
    return [sources[name].model_dump() for name in names]


def parse(document: Document, model: type[RecordT]) -> RecordT | tuple[Fault, ...]:
    """The document as a record, or all that is wrong with it."""
    try:
        record = model.model_validate(document.data)
    except ValidationError as error:
        found = error.errors(include_url=False)
        return tuple(dict.fromkeys(_fault(document, model, each) for each in found))
    if "sources" not in model.model_fields:
        return record
    sources = document.data["sources"]
    faults = tuple(
        document.fault(location, told("unknown_source", name=name, hint=closest(name, sources)))
        for location, name in source_uses(document.data)
        if name not in sources
    )
    return faults or record


def source_uses(data: Any, location: Location = ()) -> Iterator[tuple[Location, str]]:
    """Every name of a source under an `evidence` key: where it stands, and the name."""
    if isinstance(data, list):
        for n, item in enumerate(data):
            yield from source_uses(item, (*location, n))
    if not isinstance(data, dict):
        return
    for key, value in data.items():
        here = (*location, key)
        if key == "evidence":
            yield from (((*here, n), name) for n, name in enumerate(value))
        else:
            yield from source_uses(value, here)


def closest(wrong: str, right: Iterable[str]) -> str:
    """A question whether one of *right* was meant, when it is near *wrong*; else nothing."""
    found = process.extractOne(wrong, list(right), scorer=fuzz.ratio, score_cutoff=_LIKENESS)
    return told("did_you_mean", name=found[0]) if found else ""


def _fault(document: Document, model: type[BaseModel], found: ErrorDetails) -> Fault:
    location = _written(found["loc"])
    name = ".".join(str(step) for step in location)
    if location != found["loc"]:
        return document.fault(location, told("block_form", key=name))
    match found["type"]:
        case "extra_forbidden":
            hint = closest(str(location[-1]), _keys_at(model, location[:-1]))
            return document.fault(location, told("unknown_key", key=name, hint=hint))
        case "missing":
            return document.fault(location, told("key_missing", key=name))
        case "literal_error":
            choices = _quoted(found["ctx"]["expected"])
            hint = closest(str(found["input"]), choices)
            message = told(
                "not_a_choice", key=name, value=found["input"], choices="、".join(choices), hint=hint
            )
            return document.fault(location, message)
        case _:
            why = _why(found)
            return document.fault(location, told("wrong_value", key=name, why=why) if name else why)


def _written(location: Location) -> Location:
    """*location* as far as the author wrote it: for a block, pydantic goes on with the names of the forms it may have."""
    forms = (n for n, step in enumerate(location) if step == "str" or str(step).startswith("dict["))
    return location[: next(forms, None)]


def _why(found: ErrorDetails) -> str:
    """Our validators speak for themselves; what pydantic found is told in our words, where we have some."""
    own_words: str | None = sentences()["of_pydantic"].get(found["type"])
    if own_words is None:
        return found["msg"].removeprefix("Value error, ")
    return own_words.format_map(found.get("ctx", {}))


def _quoted(expected: str) -> list[str]:
    return expected.split("'")[1::2]


def _keys_at(model: type[BaseModel], location: Iterable[int | str]) -> list[str]:
    """The keys allowed at *location*."""
    annotation: Any = model
    for step in location:
        record = next(_records(annotation), None)
        if isinstance(step, str) and record is not None and step in record.model_fields:
            annotation = record.model_fields[step].annotation
    record = next(_records(annotation), None)
    return [field.alias or key for key, field in record.model_fields.items()] if record else []


def _records(annotation: Any) -> Iterator[type[BaseModel]]:
    """The record classes inside an annotation such as `list[ServerRecord] | None`."""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        if issubclass(annotation, BaseModel):
            yield annotation
        return
    for inner in typing.get_args(annotation):
        yield from _records(inner)
