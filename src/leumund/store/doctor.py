"""Is the lab whole? Each finding says what is wrong and what to do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from leumund.facts import all_facts
from leumund.locale import _, ngettext
from leumund.store import derived, erasures, forget, session
from leumund.store.register import Register

_LOW_DISK = 500 * 2**20


@dataclass(frozen=True, slots=True)
class Finding:
    """level: "good", "hint" (works, but should be known) or "bad" (something is lost or broken)."""

    level: Literal["good", "hint", "bad"]
    text: str
    hint: str = ""


def examine(register: Register, folder: Path) -> Iterator[Finding]:
    """Look at everything: the register, every segment, room on the disk, what was left half done."""
    yield from _register(register)
    yield from _segments(register, folder)
    yield from _unfinished(register)
    for fact in all_facts().values():
        if fact.at_import and (todo := derived.missing(register, fact)):
            left = sum(s.rows for s in todo)
            text = ngettext(
                "{n} post has not been read for recommendations yet.",
                "{n} posts have not been read for recommendations yet.",
                left,
            ).format(n=left)
            yield Finding("hint", text, _("It is done with the next leumund show."))
    free = shutil.disk_usage(folder).free
    if free < _LOW_DISK:
        yield Finding("hint", _("Only {mb} MB are free on the disk.").format(mb=free // 2**20))
    if not erasures.key_fits(register):
        text = _("The key to recognise erased accounts is missing or another one: {path}")
        yield Finding("bad", text.format(path=erasures.key_path()),
                      _("Put it back, or erased accounts can come in again with the next import."))  # fmt: skip


def _register(register: Register) -> Iterator[Finding]:
    verdict = [row[0] for row in register.db.execute("pragma integrity_check(20)")]
    if verdict == ["ok"]:
        yield Finding("good", _("lab.sqlite is sound (version {version}).").format(version=register.version))
    else:
        hint = _("Restore a backup into a new folder: leumund restore FILE --lab PATH")
        yield Finding("bad", _("lab.sqlite is damaged: {why}").format(why="; ".join(verdict)[:300]), hint)


def _segments(register: Register, folder: Path) -> Iterator[Finding]:
    living = [s for s in register.all_segments() if s.rows]
    broken = rows = 0
    with session.open_session(memory_mb=512) as con:
        for segment in living:
            path = folder / segment.path
            try:
                query = f"select count(*) from read_parquet({session.quoted(path)})"
                found = con.execute(query).fetchone()
                fault = None if found == (segment.rows,) else _("other number of rows than it should have")
            except duckdb.Error as error:
                fault = _("missing") if not path.exists() else str(error).split("\n")[0]
            if fault:
                broken += 1
                hint = _("Restore a backup, or import the same files again into a new lab.")
                yield Finding("bad", f"{segment.path}: {fault}", hint)
            else:
                rows += segment.rows
    if not broken:
        yield Finding(
            "good", _("All segments are whole: {n}. Rows in them: {rows}.").format(n=len(living), rows=rows)
        )
    waiting = len([p for _i, p, _t in register.retired() if (folder / p).exists()])
    if waiting:
        text = ngettext(
            "{n} old file will be deleted with one of the next imports.",
            "{n} old files will be deleted with one of the next imports.",
            waiting,
        )
        yield Finding("good", text.format(n=waiting))


def _unfinished(register: Register) -> Iterator[Finding]:
    if forget.is_unfinished(register):
        yield Finding("hint", _("A part of an erased account is still to be overwritten."),
                      _("Close other programs that have the lab open; the next import or forget does it."))  # fmt: skip
    for row in register.db.execute("select place from import where finished_at is null"):
        yield Finding("hint", _("An import was not finished: {place}").format(place=row["place"]),
                      _("Go on with: leumund import {place}").format(place=row["place"]))  # fmt: skip
