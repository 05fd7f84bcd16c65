"""The records of a repository in the order of their keys (atproto.com/specs/repository).

    commit   {"did", "version": 2|3, "data": name of the tree, "rev": TID, "prev", "sig"}
    node     {"l": name of what lies before, "e": [{"p": letters shared with the key before, "k": the other letters,
              "v": name of the record, "t": name of what lies after}]}

Keys rise from the first to the last, and no node is visited twice: no tree can be made that never ends. The commit's signature is not looked
at: the key to it lies in a public directory, and this program asks nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from leumund.sources.at_times import BEGAN_US
from leumund.sources.at_uris import is_did, tid_micros
from leumund.sources.car_files import BlockError, CarFile

_DEEPEST = 200  # a tree of 10^12 records is 20 deep
_LONGEST_PATH = 1_024
_PATH = re.compile(rb"([A-Za-z][A-Za-z0-9.-]{2,316})/([A-Za-z0-9._:~-]{1,512})\Z")
_END_OF_2_US = 1_704_067_200 * 10**6
"""Version 2, which did not say when it was made, was given up in 2023."""


@dataclass(frozen=True, slots=True)
class Commit:
    """Whose repository, the name of its tree, and when it was last changed (microseconds).

    dated: it says so itself; else `changed_us` is when it was changed at the latest.
    """

    did: str
    data: bytes
    changed_us: int
    dated: bool


@dataclass(slots=True)
class Missing:
    """What could not be read: parts of the tree (nobody knows how many records each), records."""

    parts: int = 0
    records: int = 0


def commit_of(car: CarFile) -> Commit | None:
    """The commit at the root; None where there is none that can be read."""
    try:
        found = car.value(car.root)
    except BlockError:
        return None
    if not isinstance(found, dict):
        return None
    did, data, rev = found.get("did"), found.get("data"), found.get("rev")
    if not isinstance(did, str) or not is_did(did) or not isinstance(data, bytes):
        return None
    told = int(tid_micros([rev])[0]) if isinstance(rev, str) else -1
    dated = told >= BEGAN_US
    return Commit(did, data, told if dated else _END_OF_2_US, dated)


def paths(car: CarFile, commit: Commit, missing: Missing) -> Iterator[tuple[str, str, bytes]]:
    """(collection, key, name) of each record, in the order of the keys. missing: added to."""
    last, nodes = b"", 0
    waiting: list[tuple[str, Any, int]] = [
        ("node", commit.data, 0)
    ]  # what is still to be visited, next one last
    while waiting:
        what, value, depth = waiting.pop()
        if what == "node":
            nodes += 1
            if nodes > len(car):  # the same again and again: made to keep us busy
                missing.parts += 1
                return
            waiting += reversed(_inside(car, value, depth, missing))
            continue
        path, name = value
        if path <= last:  # twice the same, or not in order: made by nobody's program
            missing.records += 1
            continue
        last = path
        if match := _PATH.match(path):
            yield match[1].decode(), match[2].decode(), name
        else:
            missing.records += 1


def _inside(car: CarFile, name: Any, depth: int, missing: Missing) -> list[tuple[str, Any, int]]:
    """What lies in a node, in order: further nodes and records."""
    if depth > _DEEPEST:
        missing.parts += 1
        return []
    try:
        node = car.value(name)
        found: list[tuple[str, Any, int]] = []
        if (before := node.get("l")) is not None:
            found.append(("node", before, depth + 1))
        path = b""
        for entry in node["e"]:
            path = path[: entry["p"]] + entry["k"]
            if len(path) > _LONGEST_PATH or not isinstance(entry["v"], bytes):
                raise BlockError  # noqa: TRY301  what a node holds is all of one kind, or it is none
            found.append(("record", (path, entry["v"]), depth))
            if (after := entry.get("t")) is not None:
                found.append(("node", after, depth + 1))
    except (BlockError, AttributeError, KeyError, TypeError):
        missing.parts += 1
        return []
    return found
