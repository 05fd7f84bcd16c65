"""A repository of Bluesky as a CAR file: all that one account published, with `com.atproto.sync.getRepo`.

Anybody may download anybody's repository, so a file says whose it is and not that it is the owner's. Also old ones
(version 2, until 2023) with the records of their time.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import libipld
import msgspec

from leumund.errors import LeumundError, UnreadableFileError
from leumund.events import Event, Problem
from leumund.locale import N_, _
from leumund.sources import Cursor, FileSettings, Found, Page, Source
from leumund.sources.at_records import events_of, together
from leumund.sources.at_shapes import NEEDED, as_record
from leumund.sources.at_times import as_moment
from leumund.sources.at_written import gathering
from leumund.sources.car_files import BlockError, CarFile, open_car
from leumund.sources.json_records import (
    HINT_AGAIN,
    RECORDS_PER_PAGE,
    RecordError,
    parse_problems,
    problem_data,
)
from leumund.sources.repo_tree import Commit, Missing, commit_of, paths
from leumund.sources.text_files import is_regular

_GLANCE = 2**20
_LARGEST_PAGE = 8 * 2**20
_CUT = N_("the file is cut off or broken; records it lists that could not be read: {count}.")
_NO_LIST_CUT = N_(
    "the file is cut off or broken; records it lists that could not be read: {count}, and parts of the list itself."
)
_EXCERPT = N_("records it lists that are not in it: {count}. It holds changes only, or it was cut off.")
_NO_LIST_EXCERPT = N_(
    "records it lists that are not in it: {count}, and parts of the list itself. It holds changes only, or it was cut"
    " off."
)


def recognise(path: Path) -> Found | None:
    """A CAR file with a repository's commit at its root, by what stands in it."""
    if not is_regular(path):
        return None
    try:
        with open_car(path, within=_GLANCE) as car:
            commit = commit_of(car)
    except LeumundError:
        return None
    if commit is None:  # some programs write it further back
        return Found(sure=0.6, what=_("Bluesky repository (CAR file)"))
    if not commit.dated:
        return Found(
            sure=0.95, what=_("Bluesky repository of {who}").format(who=commit.did), owner=commit.did
        )
    made_at = as_moment(commit.changed_us)
    what = _("Bluesky repository of {who}, made {day}")
    what = what.format(who=commit.did, day=made_at.date().isoformat())
    return Found(sure=0.95, what=what, owner=commit.did, made_at=made_at)


def fetch(settings: FileSettings, cursor: Cursor) -> Iterator[Page]:
    """The records that mean something here in the order of their keys, about 1,000 a page; at last what is missing.

    Raises:
        UnreadableFileError: no CAR file, or it does not say whose repository it is.
    """
    path = settings.path
    if not is_regular(path):
        raise UnreadableFileError(path, _("this is no ordinary file"))
    with open_car(path) as car:
        commit = commit_of(car)
        if commit is None:
            why = _("it does not say whose repository it is; it is cut off, or damaged.")
            raise UnreadableFileError(path, why, hint=_(HINT_AGAIN))
        yield from _pages(path, car, commit, cursor)


def _pages(path: Path, car: CarFile, commit: Commit, cursor: Cursor) -> Iterator[Page]:
    archive = car.root.hex()
    mine = cursor if cursor and cursor.get("archive") == archive else {}
    begin, told = int(mine.get("record") or 0), bool(mine.get("told"))
    context = {"did": commit.did, "seen": str(commit.changed_us)}
    missing, number, done, weight = Missing(), 0, 0, 0
    held: list[tuple[str, str, bytes]] = []

    def page(kind: str, data: bytes, first: int = 1, *, last: bool = False) -> Page:
        at: dict[str, str | int] = {"archive": archive, "record": number, "told": int(last)}
        return Page(
            kind=kind, where=path.name, data=data, first=first, context=context, position=at,
            done=min(done, car.size), size=car.size,
        )  # fmt: skip

    for collection, key, name in paths(car, commit, missing):
        if collection not in NEEDED:
            continue
        try:
            raw = car.block(name)
        except BlockError:
            missing.records += 1
            continue
        number, done = number + 1, done + len(raw)
        if number <= begin:
            continue
        held.append((collection, key, raw))
        weight += len(raw)
        if len(held) >= RECORDS_PER_PAGE or weight >= _LARGEST_PAGE:
            yield page("records", msgspec.msgpack.encode(held), number - len(held) + 1)
            held, weight = [], 0
    if held:
        yield page("records", msgspec.msgpack.encode(held), number - len(held) + 1)
    if not told and (missing.records or missing.parts or car.broken_at is not None):
        text, hint = (_CUT, HINT_AGAIN) if car.broken_at is not None else (_EXCERPT, "")
        if missing.parts:
            text = _NO_LIST_CUT if car.broken_at is not None else _NO_LIST_EXCERPT
        yield page("problem", problem_data(path.name, text, hint, count=missing.records), last=True)


def _records(data: bytes) -> list[tuple[str, str, bytes]]:
    return msgspec.msgpack.decode(data, type=list[tuple[str, str, bytes]])


# -- parse --------------------------------------------------------------------------------------


def parse(page: Page) -> Iterator[Event]:
    """The events of a page; a record that cannot be used is a Problem with its number."""
    if page.kind == "problem":
        yield from parse_problems(page)
        return
    did, seen = page.context["did"], int(page.context["seen"])
    taken = {collection: gathering(collection) for collection in NEEDED}
    for number, (collection, key, raw) in enumerate(_records(page.data), start=page.first):
        try:
            taken[collection].add(did, key, as_record(_decoded(raw), collection), seen, number)
        except RecordError as error:
            yield Problem(where=_place(page, number), message=str(error), excerpt=f"{collection}/{key}")
    parts = [part for group in taken.values() for part in (group.usual(), group.odd)]
    yield from together(event for part in parts for event in events_of(part, lambda n: _place(page, n)))


def _decoded(raw: bytes) -> object:
    try:
        return libipld.decode_dag_cbor(raw)
    except (ValueError, RecursionError):
        raise RecordError(_("the record is broken")) from None


def _place(page: Page, number: int) -> str:
    return _("{file}: item {number}").format(file=page.where, number=number)


SOURCE = Source(
    name="bluesky_repo",
    title=N_("Bluesky repository (CAR file)"),
    recognise=recognise,
    fetch=fetch,
    parse=parse,
    tells=(
        N_(
            "What the account wrote, liked, reposted and whom it follows, with times; what it says of itself."
        ),
    ),
    cannot_tell=(
        N_(
            "Whether it is yours: anybody's repository is public. If it is, say so with: leumund me did:plc:..."
        ),
        N_("What others did: who follows, likes, reposts, answers."),
        N_("What was deleted or taken back, and under which handle the account goes."),
        N_("Whether it is genuine: its signature is not checked."),
    ),
    reference="https://atproto.com/specs/repository",
    group=N_("Bluesky"),
    get=N_("Settings, Account, Export my data: a file .car. Easier: connect the account."),
)
