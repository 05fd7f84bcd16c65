"""Files brought into the lab, one after the other: what each is is found out once, they are read ahead by all processors, and
together they are one thing that can be taken back.

    pieces_of   what is to be read of a path that was given, or of an export that was packed into one
    bring       one of them, while what comes after it is already being read
    as_last     all that is brought meanwhile is what was done last (see `saying`)
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from leumund.errors import LabError
from leumund.exported import unpacked
from leumund.intake import Part, Progress, Report, import_path, parts_of
from leumund.lab import Writer
from leumund.reading import Reader
from leumund.saying import remember, remember_import
from leumund.store.register import Register

_MOST_ENTRIES = 20_000
"""Of more entries than that in a lab it is not looked which of them are new: a table of them cannot be taken back in one."""


class Piece(NamedTuple):
    """A file to be read. called: by the person; folder: which to be in meanwhile, so that its name alone is said."""

    part: Part
    called: Path
    folder: Path | None = None


def pieces_of(
    path: Path,
    kept: contextlib.ExitStack,
    *,
    folder: Path | None = None,
    mapping: Mapping[str, Any] | None = None,
) -> list[Piece]:
    """What is to be read of a path. kept: for as long as it is read; folder: in which the path lies, if its name alone is to
    be said.

    Raises:
        UnreadableFileError, UnknownFileError: as `intake.what_is`.
    """
    with _within(folder):
        there = kept.enter_context(unpacked(path))
        if there == path:
            return [Piece(part, part.path, folder) for part in parts_of(path, mapping=mapping)]
    if folder is None:
        parts = parts_of(there, mapping=mapping)
        return [Piece(part, path.absolute() / part.path.name) for part in parts]
    with _within(there):
        return [Piece(part, path, there) for part in parts_of(Path(), mapping=mapping)]


def bring(
    writer: Writer,
    piece: Piece,
    then: Piece | None,
    *,
    reader: Reader,
    account: str | None = None,
    mapping: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Read one of them in. then: the one that comes after it; account: as in `intake.import_path`.

    Raises:
        SourceError: it cannot be read as a whole; what was read before stays.
    """
    ahead = then.part if then is not None and then.folder == piece.folder else None
    with _within(piece.folder):
        report = import_path(
            writer.lab,
            writer,
            piece.part.path,
            mapping=mapping,
            account=account,
            progress=progress,
            called=str(piece.called if piece.folder else piece.called.absolute()),
            reader=reader,
            known=piece.part,
            then=ahead,
        )
        writer.compact()
    return report


@contextlib.contextmanager
def as_last(register: Register) -> Iterator[Callable[[Report], None]]:
    """What is brought meanwhile was done last of all; gives what is to be told of each file that was read.

    Entries alone can be taken back as one; anything else cannot, and whoever asks for that is told so.
    """
    before = _entries(register)
    reports: list[Report] = []
    try:
        yield reports.append
    finally:
        with contextlib.suppress(
            LabError, OSError, sqlite3.Error
        ):  # no room to note it: the files are in all the same
            _remember(register, reports, before)


def _remember(register: Register, reports: list[Report], before: set[tuple[str, str]] | None) -> None:
    new = {name for report in reports for name, count in report.new.items() if count}
    said = sorted((_entries(register) or set()) - before) if before is not None else []
    if new == {"statements"} and said:
        remember(register, said)
    elif new:
        remember_import(register, reports[-1].import_id)


def _entries(register: Register) -> set[tuple[str, str]] | None:
    """The numbers of all entries; None for too many."""
    rows = register.db.execute("select kind, id from statement limit ?", (_MOST_ENTRIES + 1,)).fetchall()
    return {(row[0], row[1]) for row in rows} if len(rows) <= _MOST_ENTRIES else None


def _within(folder: Path | None) -> contextlib.AbstractContextManager[None]:
    return contextlib.nullcontext() if folder is None else contextlib.chdir(folder)
