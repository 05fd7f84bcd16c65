"""What there is to know and to do today: the same for the pages and for the terminal.

since      from which day on changes are counted, and how it is remembered when the owner last looked
changes    what changed since then, question by question, each with its reason in one sentence
tasks/     TASK = Task(name, turn, find): one kind of thing worth doing, found by being there
choosing   which three of them, by a plain rule
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal, Protocol

from leumund.asking import State
from leumund.discovery import records
from leumund.lab import Lab
from leumund.measures import Reading

Turn = Literal["first", "people", "in turn"]
"""When a thing comes. first: today or never, or everything else rests on it; people: somebody waits; in turn: it can
wait, so of all such things another one is first each day."""


class Readings(Protocol):
    """One state of the lab at one moment, each reading taken once. at: the clock; as_of: the moment it speaks of."""

    lab: Lab
    state: State
    at: datetime
    as_of: datetime

    def reading(self, name: str, **options: Any) -> Reading:
        """A measure's reading."""
        ...

    def explanation(self, name: str, account: int | None = None, **options: Any) -> Reading:
        """The facts behind a reading."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """One thing worth doing, in the language in use. what: as a sentence; why: its reason; go: what the way there is called.

    page: the address of the page where it is done; command: the same in a terminal.
    """

    what: str
    why: str
    go: str
    page: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One kind of thing worth doing. find: what of it there is to do now, None for nothing; order: among those of its turn."""

    name: str
    turn: Turn
    find: Callable[[Readings], Doing | None]
    order: int = 50


@cache
def all_tasks() -> Mapping[str, Task]:
    """Every kind of thing worth doing, by name."""
    return {t.name: t for t in records("leumund.today.tasks", "TASK", Task)}
