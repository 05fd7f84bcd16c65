"""What the server itself knows without reading the lab: which one is shown, and what is under way."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from leumund.config import SPEAKS_OF
from leumund.errors import LeumundError
from leumund.lab import Lab
from leumund.labs import own_folder
from leumund.web.desk import Desk
from leumund.web.incoming import Incoming
from leumund.web.workshop import UnderWay, Workshop

TITLE = "title"
"""Name in a lab's meta table: what the owner calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The lab that is shown. title: what the owner calls it, "" where she has given no name; demo: it is the made-up example;
    empty: nothing was read into it yet.
    """

    folder: Path
    title: str = ""
    demo: bool = False
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """The desk and the workshop of one server, and where files come in."""

    desk: Desk
    workshop: Workshop
    incoming: Incoming

    @property
    def folder(self) -> Path:
        return self.desk.folder

    @property
    def standing(self) -> Standing:
        return standing_of(self.folder)

    @property
    def going(self) -> list[UnderWay]:
        return self.workshop.going()


def standing_of(folder: Path) -> Standing:
    """What can be said of a lab at a glance."""
    with contextlib.suppress(LeumundError, sqlite3.Error, OSError), Lab.open(folder, read_only=True) as lab:
        read = lab.register.db.execute("select exists (select 1 from import)").fetchone()[0]
        title = lab.register.get(TITLE) or (folder.name if folder != own_there() else "")
        return Standing(folder=folder, title=title, demo=bool(lab.register.get(SPEAKS_OF)), empty=not read)
    return Standing(folder=folder, title=folder.name)


def own_there() -> Path | None:
    """Where the owner's own lab is, or would be: None where that cannot be told."""
    with contextlib.suppress(LeumundError):
        return own_folder(None)
    return None
