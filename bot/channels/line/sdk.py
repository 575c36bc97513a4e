"""The parts of line-bot-sdk that are used here, imported without the rest of it.

Its packages import all of their 500 generated modules as soon as one is asked for: 0.5 s of every start and 40 MB for
as long as the service runs, for models and typed methods that nobody here uses (see `sender`). Its HTTP client
and settings need none of them: 0.02 s and 2 MB.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_PACKAGES = ("linebot", "linebot.v3", "linebot.v3.messaging")


def _imported() -> tuple[Any, Any, str]:
    with _packages_unopened():
        rest = import_module("linebot.v3.messaging.async_rest")
        configuration = import_module("linebot.v3.messaging.configuration")
        about = import_module("linebot.__about__")
    return rest.RESTClientObject, configuration.Configuration, about.__version__


@contextmanager
def _packages_unopened() -> Iterator[None]:
    """Inside, modules of the packages can be imported, but what the packages themselves would import is not.

    Afterwards the packages are unknown again, so that whoever imports them gets them whole.
    """
    found = find_spec("linebot")
    if (
        found is None
        or not found.submodule_search_locations
        or any(name in sys.modules for name in _PACKAGES)
    ):
        yield
        return
    root = Path(found.submodule_search_locations[0])
    for name in _PACKAGES:
        package = ModuleType(name)
        package.__path__ = [str(root.joinpath(*name.split(".")[1:]))]
        sys.modules[name] = package
    try:
        yield
    finally:
        for name in _PACKAGES:
            del sys.modules[name]


RestClient, Configuration, VERSION = _imported()
