"""Where events come from: one file, one source, found by being there.

A source is a record of functions (`SOURCE = Source(...)` in `sources/NAME.py`), no class to
inherit from. `fetch` does the I/O and gives pages of bytes; `parse` is pure: the same page gives
the same events. Installed packages may add sources under the entry point group `leumund.sources`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from leumund.discovery import records
from leumund.errors import UnknownFileError, UnknownNameError
from leumund.events import Event, Network
from leumund.locale import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A piece of what a source gave: enough to parse it again later, offline.

    kind: which of the source's record types it holds ("outbox", "tweets" ...).
    where: the place a person would look at ("tweets.js"); first: number of its first record or line.
    context: what the parser must know besides the bytes (whose archive, made when); plain strings.
    position: where to go on after this page (JSON-able), done: bytes of `size` read so far.
    """

    kind: str
    where: str
    data: bytes
    first: int = 1
    context: Mapping[str, str] = field(default_factory=dict)
    position: Mapping[str, str | int | float | None] = field(default_factory=dict)
    done: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSettings:
    """What to read: a file or folder, a mapping (TOML file's content) for tables of other shapes.

    account: whose it is, where the file does not say so (`Found.whose`).
    """

    path: Path
    mapping: Mapping[str, Any] | None = None
    account: str | None = None


Cursor = Mapping[str, str | int | float | None] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a source recognised: sure (0 no, 1 certain) and what to tell the person.

    whose: the network of whose accounts it is one, where the file does not say of which.
    """

    sure: float
    what: str
    owner: str | None = None  # canonical URI of the account whose archive it is
    made_at: datetime | None = None
    whose: Network | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """All there is to know about one source.

    recognise: is this file or folder mine? Cheap; opens only what it must; never raises on foreign
    files. fetch: pages from a cursor on (None: from the start). parse: the events of one page; by several threads at a time
    where a file is read (`leumund.reading`), so that nothing may be remembered between pages.
    tells, cannot_tell: sentences for the person, marked for translation. group, get: what she would call what she has, and where
    she gets such a file; marked as well, "" for what few have (it is among all kinds only).
    """

    name: str
    title: str
    recognise: Callable[[Path], Found | None]
    fetch: Callable[[FileSettings, Cursor], Iterator[Page]]
    parse: Callable[[Page], Iterator[Event]]
    tells: tuple[str, ...]
    cannot_tell: tuple[str, ...]
    reference: str
    group: str = ""
    get: str = ""


@cache
def all_sources() -> Mapping[str, Source]:
    """Every source there is, by name."""
    return {s.name: s for s in records(__name__, "SOURCE", Source, group="leumund.sources")}


def source_named(name: str) -> Source:
    """The source of that name.

    Raises:
        UnknownNameError: with the names there are.
    """
    try:
        return all_sources()[name]
    except KeyError:
        raise UnknownNameError(_("Source"), name, all_sources()) from None


def recognise(path: Path) -> tuple[Source, Found]:
    """Which source a file or folder belongs to: the one that is surest.

    Raises:
        UnknownFileError: nobody knows it.
    """
    guesses = [(s, f) for s in all_sources().values() if (f := s.recognise(path)) is not None]
    if not guesses:
        raise UnknownFileError(path)
    return max(guesses, key=lambda guess: (guess[1].sure, guess[0].name))
