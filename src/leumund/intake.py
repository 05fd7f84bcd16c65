"""Bringing a file into the lab: find out what it is, read it page by page, commit, go on where it stopped."""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from leumund.errors import SourceError, UnknownFileError, UnreadableFileError
from leumund.events import Account, Checkpoint, Event, Problem, Rows
from leumund.facts import all_facts
from leumund.ids import network_of
from leumund.lab import Lab, Writer
from leumund.locale import _
from leumund.reading import Order, Reader
from leumund.refused import reason
from leumund.sources import FileSettings, Found, Source, csv, jsonl, recognise, source_named
from leumund.sources.archive_files import is_archive, open_archive
from leumund.store.backup import is_backup
from leumund.store.people import is_hers
from leumund.store.register import as_us

_ROWS_AT_ONCE = 100_000
_BYTES_AT_ONCE = 64 * 2**20  # long texts: so many in a commit that memory stays flat
_LONE = re.compile("[\ud800-\udfff]")  # what Python puts in the place of bytes that are no UTF-8


class Part(NamedTuple):
    """A file that is to be read, and what it is; source: None where it is broken."""

    path: Path
    found: Found
    source: Source | None = None


Progress = Callable[[str, int, int, int], None]
"""stage ("reading" or a fact's name), done, of how much (bytes, or posts), rows read so far."""


@dataclass(slots=True)
class Report:
    """What an import did. new, known: rows by table; facts: rows made of each fact derived at import.

    whose: the account whose archive it is, where that is not one of the owner's; ahead: rows dated in the future.
    """

    source: Source
    found: Found
    import_id: int
    resumed: bool = False
    new: dict[str, int] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)
    problems: int = 0
    facts: dict[str, int] = field(default_factory=dict)
    whose: str = ""
    ahead: int = 0


def what_is(path: Path, *, mapping: Mapping[str, Any] | None = None) -> tuple[Source, Found]:
    """Which source reads this path. With a mapping it is a table, whatever it looks like.

    Raises:
        UnreadableFileError: there is nothing at that path. UnknownFileError: nobody knows it.
    """
    _check_readable(path)
    if mapping is not None:
        return source_named("csv"), Found(sure=1.0, what=_("table with a mapping"))
    try:
        return recognise(path)
    except UnknownFileError:
        if path.is_file() and _looks_packed(path) and not zipfile.is_zipfile(path):
            hint = _("Download it again from the network, it may be cut off.")
            raise UnreadableFileError(path, _("the archive is broken or cut off"), hint=hint) from None
        if error := jsonl.lacks(path) or csv.lacks(path):
            raise error from None
        _check_openable(path)
        raise


def _check_openable(path: Path) -> None:
    """Raise what keeps an unknown file from being looked into: it is empty, locked, or made to do harm."""
    if path.is_file() and not path.stat().st_size:
        raise UnreadableFileError(path, _("the file is empty"), hint=_("Download or save it again."))
    if is_backup(path):
        hint = _("A backup becomes a lab of its own: leumund restore FILE --lab PATH")
        raise UnreadableFileError(path, _("this is a backup of a lab"), hint=hint)
    if path.is_file() and is_archive(path):
        open_archive(path, _holds_words, glance=True).closer()


def _holds_words(name: str) -> bool:
    """Whether a member of an archive can be what networks give away."""
    return name.lower().endswith((".json", ".js", ".jsonl", ".csv", ".html", ".xml"))


def _looks_packed(path: Path) -> bool:
    with path.open("rb") as handle:
        return handle.read(4) == b"PK\x03\x04"


def parts_of(path: Path, *, mapping: Mapping[str, Any] | None = None) -> list[Part]:
    """What is to be imported: the path itself, or, for a folder that is no archive, the files in it that are known.

    A broken file in a folder is given with no certainty at all (sure is 0): importing it says what is wrong.

    Raises:
        UnreadableFileError, UnknownFileError: as `what_is`.
    """
    try:
        source, what = what_is(path, mapping=mapping)
        return [Part(path, what, source)]
    except UnknownFileError:
        if not path.is_dir():
            raise
        found = []
        for inner in sorted(p for p in path.iterdir() if p.is_file() and p.stat().st_size):
            try:
                source, what = what_is(inner)
                found.append(Part(inner, what, source))
            except UnreadableFileError:
                found.append(Part(inner, Found(sure=0, what="")))
            except UnknownFileError:
                continue
        if not found:
            raise
        return found


def import_path(
    lab: Lab,
    writer: Writer,
    path: Path,
    *,
    mapping: Mapping[str, Any] | None = None,
    account: str | None = None,
    progress: Progress | None = None,
    called: str | None = None,
    reader: Reader | None = None,
    known: Part | None = None,
    then: Part | None = None,
) -> Report:
    """Read a file or folder into the lab; interrupted, the same call goes on where it stopped.

    Each commit holds a batch and the place to go on from, so nothing is lost or doubled. account: the owner's, whose
    the file is, where it does not say so itself; else the only one of hers on that network. called: its name, where it lies
    here for a moment only. reader: the one that reads several files; known: what this one was found to be; then: the one it
    will be told to read next.

    Raises:
        SourceError: the file as a whole cannot be read; what was read before stays.
    """
    if reader is None:
        with Reader() as alone:
            return import_path(
                lab,
                writer,
                path,
                mapping=mapping,
                account=account,
                progress=progress,
                called=called,
                reader=alone,
                known=known,
            )
    found, mark, order = _order(lab, path, mapping, account, known)
    source, cursor = order.source, order.cursor
    place = os.fsencode(called or path.absolute()).decode("utf-8", "replace")
    import_id = _begin(lab, source, place, mark, writer.at, resumed=cursor is not None)
    report = Report(source, found, import_id, resumed=cursor is not None)
    waiting: list[Event] = []
    rows = read = size = 0
    try:
        for page, events, fault in reader.read(order, lambda: _foreseen(lab, then, mapping)):
            for event in events:
                waiting.append(_whose(storable(event), lab, report))
                report.ahead += _ahead(event, writer.at)
                rows += event.table.num_rows + len(event.problems) if isinstance(event, Rows) else 1
            if fault is not None:
                raise fault
            waiting.append(Checkpoint(position=page.position))
            size += len(page.data)
            if rows >= _ROWS_AT_ONCE or size >= _BYTES_AT_ONCE:
                _commit(report, writer, waiting, mark)
                read, rows, size = read + rows, 0, 0
            if progress:
                progress("reading", page.done, page.size, read + rows)
    except SourceError:  # the file breaks off here: what it told before that stays
        if waiting:
            _commit(report, writer, waiting, mark)
        elif not read and cursor is None:
            _drop(lab, import_id)
        raise
    if waiting:
        _commit(report, writer, waiting, mark)
    _end(lab, source, mark, import_id, writer.at)
    cheap = [f for f in all_facts().values() if f.at_import]
    report.facts = writer.derive(
        cheap, (lambda name, done, of: progress(name, done, of, done)) if progress else None
    )
    return report


def _order(
    lab: Lab, path: Path, mapping: Mapping[str, Any] | None, account: str | None, known: Part | None = None
) -> tuple[Found, str, Order]:
    """What a path is, what makes it the same file, and what is to be read of it. known: what it was found to be already.

    Raises:
        UnreadableFileError, UnknownFileError: as `what_is`; or it is not said whose it is.
    """
    if known is not None and known.source is not None:
        _check_readable(path)  # it may be gone by now
        source, found = known.source, known.found
    else:
        source, found = what_is(path, mapping=mapping)
    told = _owner_told(lab, path, found, account)
    mark = _fingerprint(source, path, mapping, told)
    settings = FileSettings(path=path, mapping=mapping, account=told)
    return found, mark, Order(source, settings, lab.register.cursor(source.name, mark))


def _foreseen(lab: Lab, then: Part | None, mapping: Mapping[str, Any] | None) -> Order | None:
    """What will be read of the next file, as far as can be said now; from where on is looked up again in its turn."""
    if then is None or then.source is None:
        return None
    try:
        return _order(lab, then.path, mapping, None, then)[2]
    except (SourceError, OSError):  # told in its turn
        return None


def _owner_told(lab: Lab, path: Path, found: Found, account: str | None) -> str | None:
    """Whose a file is that does not say so; None where it does.

    Raises:
        UnreadableFileError: nobody said, or what was said cannot be.
    """
    if found.whose is None:
        if account:
            raise UnreadableFileError(
                path, _("it says itself whose it is, if anybody's; leave out --account")
            )
        return None
    mine = lab.register.uris(lab.register.own_accounts()).values()
    known = sorted(uri for uri in mine if network_of(uri) == found.whose and not uri.endswith("-name:me"))
    if account is None and len(known) == 1:
        return known[0]
    if account is not None and network_of(account) == found.whose:
        return account
    title = {"linkedin": "LinkedIn"}.get(found.whose, found.whose)
    hint = _(
        "Say which account it is: --account ADDRESS   (your profile's, as in https://www.linkedin.com/in/anna)"
    )
    raise UnreadableFileError(
        path, _("it does not say whose it is on {network}").format(network=title), hint=hint
    )


def _whose(event: Event, lab: Lab, report: Report) -> Event:
    """The same, but an archive's account is the owner's only if nothing speaks against it."""
    if not isinstance(event, Account) or not event.own:
        return event
    if is_hers(lab.register, (event.account, *event.aliases), event.network) is not False:
        return event
    report.whose = event.account
    return replace(event, own=False)


def _ahead(event: Event, at: datetime) -> int:
    """How many rows of an event are dated later than tomorrow: nobody's zone is further ahead."""
    until = at + timedelta(days=1)
    if isinstance(event, Rows):
        times = event.table["seen_at" if event.noun == "account" else "happened_at"]
        return int(pc.sum(pc.greater(times, pa.scalar(until, times.type))).as_py() or 0)
    happened = getattr(event, "happened_at", None) or getattr(event, "seen_at", None)
    return int(happened is not None and happened > until)


def storable(event: Event) -> Event:
    """The same, with problems that can be stored: a file's name may hold bytes that are no letters."""
    if isinstance(event, Problem):
        return _in_letters(event)
    if isinstance(event, Rows) and event.problems:
        return replace(event, problems=tuple(map(_in_letters, event.problems)))
    return event


def _in_letters(problem: Problem) -> Problem:
    texts = (problem.where, problem.message, problem.excerpt, problem.hint)
    where, message, excerpt, hint = (_LONE.sub("\ufffd", text) for text in texts)
    return Problem(where=where, message=message, excerpt=excerpt, hint=hint)


def _check_readable(path: Path) -> None:
    """Raise UnreadableFileError unless there is a file or folder that may be read and does not wait for a writer."""
    try:
        if not path.exists():
            raise UnreadableFileError(path, _("there is no such file or folder"))
        if path.is_dir():
            return
        if not path.is_file():
            raise UnreadableFileError(path, _("this is no ordinary file"))
        path.open("rb").close()
    except OSError as error:
        raise UnreadableFileError(path, reason(error)) from error


def _commit(report: Report, writer: Writer, waiting: list[Event], mark: str) -> None:
    added = writer.add(waiting, source=report.source.name, fingerprint=mark, import_id=report.import_id)
    waiting.clear()
    for name, count in added.new.items():
        report.new[name] = report.new.get(name, 0) + count
    for name, count in added.known.items():
        report.known[name] = report.known.get(name, 0) + count
    report.problems += added.problems


def _begin(lab: Lab, source: Source, place: str, mark: str, at: datetime, *, resumed: bool) -> int:
    """The import's row: the same one again for the same file, so that a second time changes nothing."""
    with lab.register.transaction() as db:
        number, new = lab.register.import_row(source.name, mark, place=place, at=at)
        if not new and not resumed:  # its problems are told anew, in the language of today
            db.execute("update import set known = 0, problems = 0 where id = ?", (number,))
            db.execute("delete from problem where import = ?", (number,))
    return number


def _end(lab: Lab, source: Source, mark: str, import_id: int, at: datetime) -> None:
    with lab.register.transaction() as db:
        lab.register.put_cursor(source.name, mark, None, at)
        db.execute("update import set finished_at = ? where id = ?", (as_us(at), import_id))


def _drop(lab: Lab, import_id: int) -> None:
    """Forget an import that brought nothing: the same file would be refused again, so there is nothing to go on with."""
    with lab.register.transaction() as db:
        db.execute(
            """delete from import where id = ? and finished_at is null and new = 0 and known = 0 and problems = 0
            and not exists (select 1 from problem where import = import.id)""",
            (import_id,),
        )


def _fingerprint(source: Source, path: Path, mapping: Mapping[str, Any] | None, told: str | None) -> str:
    """What makes a file the same file: its size and its ends, for a folder its names and sizes."""
    digest = hashlib.sha256(f"{source.name}\n{json.dumps(mapping, sort_keys=True, default=str)}\n".encode())
    if told:
        digest.update(f"{told}\n".encode())
    if path.is_dir():
        for inner in sorted(p for p in path.rglob("*") if p.is_file()):
            digest.update(
                f"{inner.relative_to(path).as_posix()} {inner.stat().st_size}\n".encode(
                    "utf-8", "surrogateescape"
                )
            )
    else:
        size = path.stat().st_size
        digest.update(f"{size}\n".encode())
        with path.open("rb") as handle:
            digest.update(handle.read(65536))
            handle.seek(max(size - 65536, 0))
            digest.update(handle.read())
    return digest.hexdigest()[:32]
