"""load_library(): all YAML content as one Library, quickly when nothing has changed since it was last found right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.content import building
from bot.content.locate import Places, cache_dir, find_places
from bot.content.shelf import Shelf
from bot.core.extract import SlotFinder
from bot.core.library import Library
from bot.errors import ContentError

if TYPE_CHECKING:
    from pathlib import Path

    from bot.content.collecting import Collection


def load_library(
    *, intents_dir: Path | None = None, providers_dir: Path | None = None, cache: Path | None = None
) -> Library:
    """Load the shipped content, with the owner's files laid over it.

    Args:
        intents_dir: the owner's folder of intents; a file there replaces the shipped one of the same name.
        providers_dir: the same for providers.
        cache: the folder to keep the checked content in; left out: the platform's own.

    Raises:
        ContentError: with every problem of every file.
    """
    places = find_places(intents_dir=intents_dir, providers_dir=providers_dir)
    shelf = Shelf(cache or cache_dir(), places.files)
    kept = shelf.take()
    if kept is not None:
        try:
            return build_library(kept, places)
        except (KeyError, TypeError, ValueError, AttributeError):
            pass  # the kept file is not what it should be: read the YAML again
    content = checked(places).plain()
    shelf.keep(content)
    return build_library(content, places)


def checked(places: Places) -> Collection:
    """All records, found right.

    Raises:
        ContentError: with every problem of every file.
    """
    # pydantic is needed only when something has changed
    from bot.content.checking import problems  # noqa: PLC0415
    from bot.content.collecting import collect  # noqa: PLC0415

    collection = collect(places)
    found = problems(collection)
    if found:
        raise ContentError([str(fault) for fault in found])
    return collection


def build_library(content: dict[str, Any], places: Places) -> Library:
    """Core values out of checked plain data."""
    from bot.content.understanding import load_matcher  # noqa: PLC0415

    intents = {plain["id"]: building.intent(plain) for plain in content["intents"]}
    providers = {plain["id"]: building.provider(plain) for plain in content["providers"]}
    clients = {plain["id"]: building.client(plain) for plain in content["clients"]}
    error_codes = {plain["code"]: building.error_code(plain) for plain in content["error_codes"]}
    return Library(
        intents=intents,
        providers=providers,
        clients=clients,
        error_codes=error_codes,
        lifecycle={plain["id"]: building.lifecycle_date(plain) for plain in content["lifecycle"]},
        messages=content["messages"],
        buttons={name: building.button(plain) for name, plain in content["buttons"].items()},
        follow_ups=tuple(building.follow_up(plain) for plain in content["follow_ups"]),
        small_words=building.small_words(content["small_words"]),
        shop=building.shop(content["shop"]),
        replies=content["replies"],
        slot_finder=SlotFinder.build(providers, clients, error_codes),
        matcher=load_matcher(intents, places.lists, providers=providers, clients=clients),
    )
