"""The CSV files of a LinkedIn export: which there are, whose they are, what of them is kept.

A file is known by its header, in English or German, which may come after notes:

    Connections.csv            Notes: ... / First Name,Last Name,URL,Email Address,Company,Position,Connected On
    Shares_123.csv             Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility
    Comments_123.csv           Date,Link,Message
    Recommendations_Received.csv, _Given   First Name,Last Name,Company,Job Title,Text,Creation Date,Status
    Profile.csv                First Name,Last Name,Maiden Name,Address,Birth Date,Headline,Summary,...,Geo Location
    Invitations.csv            From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl

Of each row only the columns named in `_COLUMNS` go on: no mail address, company, position, birthday or
message. Invitations are looked at only for the owner's address, which stands nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from leumund.errors import UnreadableFileError
from leumund.locale import N_, _, ngettext
from leumund.refused import reason
from leumund.sources import csv_records
from leumund.sources.archive_files import Archive, Member, is_archive, open_archive
from leumund.sources.json_records import NOT_UTF8, RecordError, as_utf8, clean, decode, problem_data
from leumund.sources.linkedin_records import full_name, linkedin_day, most_common, named, profile_uri
from leumund.sources.record_pages import Loaded

ORDER = ("connections", "received", "given", "shares", "comments")
_READ = (*ORDER, "profile", "invitations")
UNNAMED = "linkedin-name:me"
"""The owner where neither her address nor her name stands in what was given."""

_FILE = re.compile(
    r"(?:[^/]+/)?(?P<kind>connections|kontakte|shares|comments|profile|invitations|recommendations[ _](?:received|given))"
    r"(?:_\d{1,20})?(?: ?\(\d{1,3}\))?\.csv",
    re.IGNORECASE,
)
_KINDS = {"kontakte": "connections", "recommendations_received": "received", "recommendations_given": "given"}
_COLUMNS: Mapping[str, Mapping[str, frozenset[str]]] = {
    kind: {ours: frozenset(theirs.split("|")) for ours, theirs in columns.items()}
    for kind, columns in {
        "connections": {
            "first": "first name|vorname", "last": "last name|nachname", "url": "url|profil-url|profile url",
            "at": "connected on|verbunden am|verbunden seit|vernetzt am|vernetzt seit|kontakt seit",
        },
        "shares": {
            "at": "date|datum", "url": "sharelink|share link", "text": "sharecommentary|share commentary",
            "word": "visibility|sichtbarkeit",
        },
        "comments": {"at": "date|datum", "url": "link", "text": "message|nachricht|kommentar"},
        "received": {
            "first": "first name|vorname", "last": "last name|nachname", "at": "creation date|erstellungsdatum",
            "word": "status",
        },
        "profile": {
            "first": "first name|vorname", "last": "last name|nachname", "text": "headline|profilslogan|überschrift",
            "place": "geo location|standort",
        },
        "invitations": {"word": "direction|richtung", "url": "inviterprofileurl", "place": "inviteeprofileurl"},
    }.items()
}  # fmt: skip
_OPTIONAL = {"connections": {"url"}, "shares": {"word"}, "profile": {"place"}}
_NAME = re.compile(r"(?:basic|complete)_linkedindataexport_(\d\d)-(\d\d)-(\d{4})", re.IGNORECASE)
_SEPARATORS = (b",", b";", b"\t")
_NOTES = 40  # so many records are looked at for the header
_HEAD = 16 << 10

NO_TABLE = N_("the columns are not those that LinkedIn writes into this file.")


class Row(msgspec.Struct, omit_defaults=True):
    """What is kept of a row, or why nothing can be."""

    first: str | None = None
    last: str | None = None
    at: str | None = None
    url: str | None = None
    text: str | None = None
    word: str | None = None
    place: str | None = None
    problem: str | None = None
    cells: int = 0


class Me(msgspec.Struct, frozen=True):
    """What is kept of the owner."""

    account: str
    alias: str | None = None
    name: str | None = None
    headline: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of use."""

    kind: str
    name: str
    where: str


@dataclass(frozen=True, slots=True)
class _Header:
    kind: str
    places: Mapping[str, int]
    width: int
    separator: bytes
    end: int


def open_place(path: Path, *, glance: bool = False) -> Archive:
    """The zip, the folder, or a single CSV file as if it were a folder of one.

    Raises:
        UnreadableFileError, DangerousFileError: as `open_archive`.
    """
    if is_archive(path):
        return open_archive(path, lambda name: _FILE.fullmatch(name) is not None, glance=glance)
    try:
        size = path.stat().st_size
    except OSError as error:
        raise UnreadableFileError(path, reason(error)) from error
    return Archive(
        path=path,
        members={path.name: Member(name=path.name, size=size)},
        opener=lambda _name: path.open("rb"),
        closer=lambda: None,
    )


def parts_of(archive: Archive) -> list[Part]:
    """The files of use, told by their names and headers, in the order in which they are read."""
    found = []
    for name in archive.members:
        try:
            header = _header(as_utf8(archive.head(name, _HEAD))[0])
        except UnreadableFileError:
            header = None
        match = _FILE.fullmatch(name)
        told = match["kind"].lower().replace(" ", "_") if match else ""
        told = _KINDS.get(told, told)
        kind = header.kind if header else None
        if kind == "received":  # those given have the same header
            kind = told if told in {"received", "given"} else None
        if kind is None and match and archive.path.name != name:
            kind = told  # by its name alone, so that it is told what is wrong with it
        if kind:
            found.append(Part(kind=kind, name=name, where=name.rpartition("/")[2]))
    bases = {part.name.rpartition("/")[0] for part in found}
    base = min(bases, key=lambda b: (-sum(p.name.rpartition("/")[0] == b for p in found), b), default="")
    mine = [part for part in found if part.name.rpartition("/")[0] == base]
    return sorted(mine, key=lambda part: (_READ.index(part.kind), part.name))


def is_ours(archive: Archive, parts: Sequence[Part]) -> bool:
    """Whether one of the files to be read has a header that LinkedIn writes.

    “Date, Link, Message” is one that others may write as well: it counts only where the file is called so too.
    """
    for part in parts:
        header = _header(as_utf8(archive.head(part.name, _HEAD))[0]) if part.kind in ORDER else None
        if header and (header.kind != "comments" or _FILE.fullmatch(part.name)):
            return True
    return False


def load_rows(archive: Archive, part: Part) -> Loaded:
    """The rows of a file, only with the columns that are kept."""
    try:
        data, mended = as_utf8(archive.read(part.name))
    except UnreadableFileError as error:
        return Loaded(problems=[problem_data(part.where, error.message, error.hint)])
    header = _header(data[:_HEAD])
    if header is None:
        return Loaded(problems=[problem_data(part.where, NO_TABLE)])
    rows = list(_rows(data[header.end :], header))
    if b'\\"' in data and any(row.problem for row in rows):  # marks within a comment, escaped in another way
        again = list(_rows(data[header.end :].replace(b'\\"', b'""'), header))
        if sum(row.problem is None for row in again) >= sum(row.problem is None for row in rows):
            rows = again
    problems = [problem_data(part.where, NOT_UTF8, count=mended)] if mended else []
    return Loaded(records=[msgspec.json.encode(row) for row in rows], problems=problems)


def _header(data: bytes) -> _Header | None:
    for separator in _SEPARATORS:
        for number, record in enumerate(csv_records.records(data, separator)):
            if number == _NOTES:
                break
            names = [_text(cell).strip().lower() for cell in record.cells or ()]
            for kind, columns in _COLUMNS.items():
                places = {
                    ours: next(i for i, name in enumerate(names) if name in theirs)
                    for ours, theirs in columns.items()
                    if theirs & set(names)
                }
                if set(columns) - set(places) <= _OPTIONAL.get(kind, set()):
                    return _Header(kind, places, len(names), separator, record.end)
    return None


def _rows(data: bytes, header: _Header) -> Iterator[Row]:
    for record in csv_records.records(data, header.separator):
        if record.cells is None:
            yield Row(problem="quote")
        elif not any(cell.strip() for cell in record.cells):
            continue
        elif len(record.cells) != header.width:
            yield Row(problem="width", cells=len(record.cells))
        else:
            told = {ours: _text(record.cells[place]).strip() or None for ours, place in header.places.items()}
            yield msgspec.convert(told, Row)


def check_row(row: Row) -> Row:
    """The row.

    Raises:
        RecordError: it could not be read.
    """
    if row.problem == "quote":
        raise RecordError(_("a quotation mark is opened and never closed"))
    if row.problem:
        text = ngettext("it has {count} column, other than the header",
                        "it has {count} columns, other than the header", row.cells)  # fmt: skip
        raise RecordError(text.format(count=row.cells))
    return row


def _text(cell: bytes) -> str:
    return clean(cell.decode("utf-8", "replace"))


# -- whose and when -----------------------------------------------------------------------------


def read_me(archive: Archive, parts: Sequence[Part]) -> Me:
    """Who the owner is: the address that invites and is invited, and the name of the profile."""
    addresses: list[str | None] = []
    profile = Row()
    for part in parts:
        if part.kind == "invitations":
            for row in rows_of(load_rows(archive, part))[:5_000]:
                outgoing = (row.word or "").upper().startswith("OUT")
                addresses.append(profile_uri(row.url if outgoing else row.place))
        elif part.kind == "profile":
            profile = next((row for row in rows_of(load_rows(archive, part)) if not row.problem), profile)
    address, alias = most_common(addresses), named(profile.first, profile.last)
    return Me(
        account=address or alias or UNNAMED,
        alias=alias if address else None,
        name=full_name(profile.first, profile.last)[:300] or None,
        headline=profile.text,
        place=profile.place,
    )


def rows_of(loaded: Loaded) -> list[Row]:
    """The rows as they were loaded, the broken ones too."""
    return [decode(raw, Row) for raw in loaded.records]


def made_by_name(path: Path) -> datetime | None:
    """The day in a name such as Basic_LinkedInDataExport_03-05-2024.zip: the month first, as far as that can be."""
    found = _NAME.match(path.name)
    try:
        if found is None:
            return None
        month, day = int(found[1]), int(found[2])
        month, day = (day, month) if month > 12 else (month, day)
        return datetime(int(found[3]), month, day, tzinfo=UTC)
    except ValueError:
        return None


def made_at(archive: Archive, parts: Sequence[Part]) -> datetime:
    """For exports whose name tells no day: when the newest file of a zip was packed, else the newest row."""
    if is_archive(archive.path) and not archive.path.is_dir():
        packed = [archive.members[part.name].changed_at for part in parts]
        if times := [time for time in packed if time]:
            return max(times)
    times = [datetime.fromtimestamp(0, UTC)]
    for part in parts:
        for row in rows_of(load_rows(archive, part)) if part.kind in ORDER else ():
            try:
                times.append(linkedin_day(row.at or ""))
            except RecordError:
                continue
    return max(times)
