"""Records of the AT Protocol as events: posts, likes, reposts, follows, profiles; changes of name, deletions.

Records of one collection are read side by side, as columns (`Rows`): a stream brings hundreds in a second. For one
record, or a page of a server's answer, `record_events` gives them as plain events.

An act carries its record's address, so that a deletion, which names nothing else, finds it. A record that is deleted
does not say what it was: an "unfollow" is known only to those who kept the follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leumund.events import Account, Act, Deletion, Event, Kind, Post, Problem, Rows
from leumund.ids import BadNameError, account_uri
from leumund.locale import _
from leumund.sources.at_columns import addresses, column
from leumund.sources.at_posts import LONGEST, post_events
from leumund.sources.at_shapes import (
    FOLLOW,
    LIKE,
    NEEDED,
    POST,
    PROFILE,
    REPOST,
    VOTE,
    as_record,
)
from leumund.sources.at_times import as_moment, micros
from leumund.sources.at_uris import is_did, odd_accounts, odd_keys, owners, record_uri
from leumund.sources.at_written import Written, gathering
from leumund.sources.json_records import RecordError, tidy

_ACTS: Mapping[str, Kind] = {LIKE: "like", VOTE: "like", REPOST: "reshare", FOLLOW: "follow"}
_ROBOT, _MEMBERS_ONLY = "bot", "!no-unauthenticated"


def record_events(
    did: str, collection: str, key: str, record: object, seen_at: datetime, *, where: str = ""
) -> list[Event]:
    """The events of one record (JSON or DAG-CBOR, decoded). seen_at: when it was there at the latest (`indexedAt`).

    A collection that means nothing here gives none; a record that cannot be used gives a Problem.
    """
    if collection not in NEEDED:
        return []
    place = where or record_uri(did, collection, key)
    try:
        read = as_record(record, collection)
    except RecordError as error:
        return [Problem(where=place, message=str(error))]
    taken = gathering(collection)
    taken.add(did, key, read, micros(seen_at), 0)
    found = (event for part in (taken.usual(), taken.odd) for event in events_of(part, lambda _number: place))
    return [event for rows in found for event in unrolled(rows)]


def events_of(written: Written, where: Callable[[int], str]) -> Iterator[Event]:
    """The events of records of one collection, as columns where there can be many. where: the place of a number."""
    if not written.dids:
        return
    if written.collection == POST:
        yield from post_events(written, where)
    elif written.collection == PROFILE:
        yield from _profiles(written, where)
    else:
        yield _acts(written, where)


def deletion(did: str, collection: str, key: str, at: datetime) -> Deletion | None:
    """What is gone with a record; None where it meant nothing here."""
    if collection == POST:
        return Deletion(of="post", subject=record_uri(did, collection, key), happened_at=at)
    if collection in _ACTS:
        return Deletion(of="act", subject=record_uri(did, collection, key), happened_at=at)
    return None


def name_change(did: str, handle: str | None, at: datetime) -> Account | None:
    """Who goes by which handle from then on; None where no handle is told, or an invalid one."""
    if not handle or handle == "handle.invalid" or not is_did(did):
        return None
    try:
        alias = account_uri(handle, "bluesky")
    except BadNameError:
        return None
    if not alias.startswith("at://"):
        return None
    return Account(
        account=did, seen_at=at, network="bluesky", handle=alias.removeprefix("at://"), aliases=(alias,)
    )


def status_change(did: str, status: str | None, at: datetime) -> Deletion | None:
    """The deletion of an account. All else (taken down, suspended, deactivated) can be undone, and a deletion not."""
    return (
        Deletion(of="account", subject=did, happened_at=at) if status == "deleted" and is_did(did) else None
    )


# -- acts ---------------------------------------------------------------------------------------


def _acts(written: Written, where: Callable[[int], str]) -> Rows:
    """Likes, reposts, follows: the rows of those that can be used, and problems."""
    count = len(written.dids)
    actors, subjects = column(written.dids), column(written.subjects)
    targets = subjects if written.collection == FOLLOW else owners(subjects)
    unusable = dict.fromkeys(odd_keys(written.keys), _("this cannot be a record's key"))
    unusable |= dict.fromkeys(odd_accounts(targets), _("the record does not say towards whom"))
    unusable |= dict.fromkeys(odd_accounts(actors), _("the record does not say whose it is"))
    at, exact = written.moments()
    columns = {
        "kind": pa.repeat(_ACTS[written.collection], count),
        "actor": actors,
        "target": targets,
        "network": pa.repeat("bluesky", count),
        "happened_at": at,
        "exact": exact,
        "act": addresses(written.dids, written.collection, written.keys),
    }
    table = pa.table(columns if written.collection == FOLLOW else columns | {"post": subjects})
    keep = pc.fill_null(pc.not_equal(actors, targets), False)  # to oneself is nothing done
    if unusable:
        keep = pc.and_(keep, _others(count, unusable))
    table = table if pc.all(keep).as_py() else table.filter(keep)
    problems = (Problem(where=where(written.numbers[i]), message=unusable[i]) for i in sorted(unusable))
    return Rows(noun="act", table=table, problems=tuple(problems))


def _others(count: int, without: Mapping[int, str]) -> pa.Array:
    kept = np.ones(count, bool)
    kept[list(without)] = False
    return pa.array(kept)


# -- accounts -----------------------------------------------------------------------------------


def _profiles(written: Written, where: Callable[[int], str]) -> Iterator[Event]:
    for index, (did, record) in enumerate(zip(written.dids, written.records, strict=True)):
        bio = record.description or ""
        if max(len(bio), len(record.display_name or "")) > LONGEST:
            text = _("longer than {count} characters").format(count=LONGEST)
            yield Problem(where=where(written.numbers[index]), message=text)
            continue
        if not is_did(did):
            yield Problem(
                where=where(written.numbers[index]), message=_("the record does not say whose it is")
            )
            continue
        said = {label.val for label in record.labels.values} if record.labels else set()
        yield Account(
            account=did,
            seen_at=as_moment(written.seen[index]),
            network="bluesky",
            name=tidy(record.display_name),
            bio=tidy(bio),
            url=f"https://bsky.app/profile/{did}",
            automated=_ROBOT in said,
            discoverable=False if _MEMBERS_ONLY in said else None,
        )


# -- plain events, and columns side by side -----------------------------------------------------


def together(events: Iterable[Event]) -> list[Event]:
    """The same with all rows of one noun in one table: a lab takes a hundred small tables less well than a large one."""
    found: list[Event] = []
    rows: dict[str, list[Rows]] = {}
    for event in events:
        if isinstance(event, Rows):
            rows.setdefault(event.noun, []).append(event)
        else:
            found.append(event)
    for parts in rows.values():
        table = pa.concat_tables([part.table for part in parts], promote_options="default")
        problems = tuple(problem for part in parts for problem in part.problems)
        if table.num_rows or problems:
            found.append(Rows(noun=parts[0].noun, table=table, problems=problems))
    return found


def unrolled(event: Event) -> Iterator[Event]:
    """Columns as the events they stand for."""
    if not isinstance(event, Rows):
        yield event
        return
    noun: type[Post | Act | Deletion] = {"post": Post, "act": Act, "deletion": Deletion}[event.noun]
    known = {f.name for f in fields(noun)}
    for row in event.table.to_pylist():
        values = {name: value for name, value in row.items() if name in known}
        if "mentions" in values:
            values["mentions"] = tuple(values["mentions"])
        yield noun(**values)
    yield from event.problems
