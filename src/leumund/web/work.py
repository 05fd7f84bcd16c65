"""What a work is: something that takes long and is done beside the server, by a process of its own.

    Job      what shall be done, to which lab
    WORK     a record in `works/`: how it is done
    Talk     what it can say and ask meanwhile, and whether it shall stop

A work writes to the lab as a command does: a kill at any moment loses nothing that was stored.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, Protocol

from leumund.discovery import records
from leumund.locale import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What shall be done. title: for people, as `locale.kept` keeps it; given: what it needs to know; secrets: what nobody may
    see. apart: it need not wait until others are done.
    """

    kind: str
    folder: Path
    title: str
    given: Mapping[str, str] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    secrets: tuple[str, ...] = field(default=(), repr=False)
    apart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """How far a part of a work is. name: whose or of what; lines: what is happening, one for each thing in it; done of
    how much, 0 where that cannot be told.
    """

    name: str
    lines: tuple[str, ...] = ()
    done: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What must be known to go on. kind: "go" to an address and come back with its state; "line" to be typed, hidden for
    secrets; "yes" to what the lines say, by a button with the words `yes`, marked for translation.
    """

    kind: Literal["go", "line", "yes"]
    text: str
    lines: tuple[str, ...] = ()
    address: str = ""
    state: str = field(default="", repr=False)
    hidden: bool = False
    yes: str = N_("Yes, connect it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How a work ended. lines: what came of it; wrong: message and hint of each thing that did not work;
    leads: where to go on, address and words; sync: the connection that can be brought up to date now; file: what it made, to be
    taken away; unknown: a file was of no kind that can be read.
    """

    state: Literal["done", "failed", "stopped"] = "done"
    lines: tuple[str, ...] = ()
    wrong: tuple[tuple[str, str], ...] = ()
    leads: tuple[tuple[str, str], ...] = ()
    sync: str = ""
    file: Path | None = None
    unknown: bool = False


class CancelledError(Exception):
    """The person no longer wants it."""


class Talk(Protocol):
    """Between a work and whoever watches. stop: set when it shall end."""

    stop: threading.Event

    def part(self, ident: str, part: Part) -> None:
        """Show how far that part is."""

    def ask(self, question: Question) -> str:
        """The person's answer.

        Raises:
            CancelledError: she gives none.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """How a kind of job is done. noted: its end is remembered in the lab."""

    kind: str
    do: Callable[[Job, Talk], Told]
    noted: bool = True

    @property
    def name(self) -> str:
        return self.kind


@cache
def all_works() -> Mapping[str, Work]:
    """Every kind there is."""
    return {w.kind: w for w in records("leumund.web.works", "WORK", Work)}
