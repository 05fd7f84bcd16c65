"""What a stand-in Jetstream tells, in both wire forms, and who wants to hear it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

SPLIT = 10**15
"""Cursors from here on are microseconds since 1970, below it sequence numbers."""
V2 = "network.bsky.jetstream.subscribeEvents"

_numbers = itertools.count(1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One event. seq: the stream's number of it; time_us: when the stream saw it; what: the event's own fields.

    what of a commit: rev, operation, collection, rkey, and unless deleted record and cid; of the others: the event
    of the firehose as it is.
    """

    kind: Literal["commit", "identity", "account", "sync"]
    did: str
    seq: int
    time_us: int
    what: Mapping[str, Any]

    def v1(self) -> str | None:
        """The frame of version 1; None where it has none for this."""
        if self.kind == "sync":
            return None
        whole = {"did": self.did, "time_us": self.time_us, "cursor": self.seq, "kind": self.kind}
        return json.dumps({**whole, self.kind: dict(self.what)})

    def v2(self) -> str:
        """The frame of version 2."""
        head = {"$type": f"{V2}#{self.kind}", "seq": self.seq, "did": self.did, "time": stamp(self.time_us)}
        rest = dict(self.what) if self.kind == "commit" else {self.kind: dict(self.what)}
        return json.dumps({"$type": "message", "payload": {**head, **rest}})


def recorded(frame: str | bytes, number: int) -> Told:
    """The event of a frame of version 1. number: the one it gets where the frame has none."""
    said = json.loads(frame)
    kind = said["kind"]
    seq = said.get("cursor", number)
    return Told(kind=kind, did=said["did"], seq=seq, time_us=said["time_us"], what=said[kind])


def stamp(time_us: int) -> str:
    """Microseconds since 1970 as the stream writes a time."""
    return (
        (_EPOCH + timedelta(microseconds=time_us)).isoformat(timespec="microseconds").replace("+00:00", "Z")
    )


def written(
    did: str,
    collection: str,
    record: Mapping[str, Any] | None,
    *,
    rkey: str | None = None,
    operation: Literal["create", "update", "delete"] = "create",
    cid: str = "bafyreiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
) -> dict[str, Any]:
    """A record written or deleted, ready for `Jetstream.tell`. record: None where it is deleted."""
    number = next(_numbers)
    what = {"rev": f"3kabc{number:08d}", "operation": operation, "collection": collection}
    what["rkey"] = rkey or f"3kdef{number:08d}"
    whole = what if record is None else {**what, "record": {"$type": collection, **record}, "cid": cid}
    return {"kind": "commit", "did": did, "what": whole}


def renamed(did: str, handle: str) -> dict[str, Any]:
    """A change of handle, ready for `Jetstream.tell`."""
    return {"kind": "identity", "did": did, "what": {"did": did, "handle": handle, **_upstream()}}


def standing(did: str, *, active: bool, status: str | None = None) -> dict[str, Any]:
    """An account's new standing, ready for `Jetstream.tell`. status: deleted, deactivated, takendown ..."""
    more = {"status": status} if status else {}
    return {"kind": "account", "did": did, "what": {"did": did, "active": active, **more, **_upstream()}}


def _upstream() -> dict[str, Any]:
    return {"seq": 10**9 + next(_numbers), "time": datetime.now(UTC).isoformat().replace("+00:00", "Z")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What one listener asked for. cursor: from where on, inclusive; None: only what comes."""

    version: Literal[1, 2]
    cursor: int | None
    collections: tuple[str, ...]
    dids: frozenset[str]
    kinds: frozenset[str]

    @classmethod
    def of(cls, version: Literal[1, 2], query: Mapping[str, Sequence[str]]) -> Wanted:
        """As written in the address.

        Raises:
            ValueError: the server would refuse that.
        """
        names = ("wantedCollections", "wantedDids") if version == 1 else ("collections", "dids")
        if version == 2 and (wrong := {"wantedCollections", "wantedDids", "compress"} & set(query)):
            raise ValueError(f"unknown parameters {sorted(wrong)}")
        kinds = frozenset(query.get("kinds", ()))
        if kinds - {"commit", "identity", "account", "sync"}:
            raise ValueError(f"unknown kinds {sorted(kinds)}")
        collections, dids = (query.get(name, ()) for name in names)
        if kinds and "commit" not in kinds and collections:
            raise ValueError("collections without commits")
        if len(collections) > 100 or len(dids) > 10_000:
            raise ValueError("too many filters")
        cursor = query.get("cursor")
        return cls(
            version=version,
            cursor=int(cursor[0]) if cursor else None,
            collections=tuple(collections),
            dids=frozenset(dids),
            kinds=kinds if version == 2 else frozenset(),
        )

    def wants(self, told: Told) -> bool:
        """Whether this is for that listener. Names and standings come whatever the collections are."""
        if self.dids and told.did not in self.dids:
            return False
        if self.kinds and told.kind not in self.kinds:
            return False
        if told.kind != "commit" or not self.collections:
            return True
        collection = told.what["collection"]
        return any(
            collection.startswith(c[:-1]) if c.endswith(".*") else collection == c for c in self.collections
        )

    def reached(self, told: Told) -> bool:
        """Whether this is at or after the cursor."""
        if self.cursor is None:
            return False
        return (told.seq if self.cursor < SPLIT else told.time_us) >= self.cursor

    def frame(self, told: Told) -> str | None:
        """The event as this listener hears it."""
        return told.v1() if self.version == 1 else told.v2()
