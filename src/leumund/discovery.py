"""Finding records by their being there: a module in a folder, or an installed package's entry point."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator
from importlib.metadata import entry_points
from types import ModuleType
from typing import TypeVar

Record = TypeVar("Record")


def records(
    package: ModuleType | str, attribute: str, kind: type[Record], *, group: str = ""
) -> Iterator[Record]:
    """Every record of that kind that a module of the package holds under that name, then those of the entry points.

    group: the entry point group under which other packages may add theirs, "" for none.
    """
    home = importlib.import_module(package) if isinstance(package, str) else package
    for info in pkgutil.iter_modules(home.__path__):
        found = getattr(importlib.import_module(f"{home.__name__}.{info.name}"), attribute, None)
        if isinstance(found, kind):
            yield found
    for point in entry_points(group=group) if group else ():
        loaded = point.load()
        if isinstance(loaded, kind):
            yield loaded


def record_named(home: str, name: str, attribute: str, kind: type[Record], *, group: str) -> Record | None:
    """The record in the module of that name; None where there is none, or where other packages add theirs, one of which may
    stand for it.
    """
    if not name.isidentifier() or any(entry_points(group=group)):
        return None
    if importlib.util.find_spec(f"{home}.{name}") is None:
        return None
    found = getattr(importlib.import_module(f"{home}.{name}"), attribute, None)
    return found if isinstance(found, kind) else None
