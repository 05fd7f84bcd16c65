"""Which files can be read, as she would look for them: grouped by what she has, with where she gets it."""

from __future__ import annotations

from collections import defaultdict

from leumund.locale import _
from leumund.sources import all_sources


def readable() -> list[tuple[str, list[str]]]:
    """What she may have, by its name, and where she gets each file of it."""
    found: dict[str, list[str]] = defaultdict(list)
    for source in sorted(all_sources().values(), key=lambda s: -len(s.tells)):  # what tells most comes first
        if source.group:
            found[_(source.group)].append(_(source.get))
    return sorted(found.items(), key=lambda one: one[0].casefold())


def every_kind() -> list[str]:
    """Every kind of file there is, by its title."""
    return sorted(_(s.title) for s in all_sources().values())
