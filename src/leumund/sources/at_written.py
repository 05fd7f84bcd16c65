"""Records on their way from a stream or a repository: those of one collection side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Any

import numpy as np
import pyarrow as pa

from leumund.sources.at_shapes import FOLLOW, POST, PROFILE, Record, Subject
from leumund.sources.at_times import moments

_LETTERS, _LONG_POST = (32, 32, 13), 70
"""Letters of two DIDs (did:plc:...) and a key; of the address of a post."""
_POST_LETTERS = 32 + 13


@dataclass(slots=True)
class Written:
    """Records of one collection, side by side: whose, under which key, what, claimed and seen when, number of each.

    subjects: what they point to, of those that are acts; records: the whole of posts and profiles. Of acts no more is
    kept: a stream brings hundreds in a second, and what is small stays near.
    """

    collection: str
    dids: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    claimed: list[str | None] = field(default_factory=list)
    seen: list[Any] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def moments(self) -> tuple[pa.Array, pa.Array]:
        """When each came about, and whether that is exact."""
        return moments(self.claimed, self.keys, np.array(self.seen, np.int64))

    def only(self, keep: Sequence[bool]) -> Written:
        """Some of them."""
        columns = (self.dids, self.keys, self.subjects, self.records, self.claimed, self.seen, self.numbers)
        return Written(self.collection, *(list(compress(column, keep)) for column in columns))


class Acts:
    """Likes, reposts, follows as they come: those whose names have the usual lengths apart from the odd ones."""

    def __init__(self, collection: str) -> None:
        self.odd = Written(collection)
        self._usual = Written(collection)
        self._letters = sum(_LETTERS) if collection == FOLLOW else sum(_LETTERS) + _LONG_POST - _LETTERS[0]

    def __len__(self) -> int:
        return len(self._usual.dids)

    def usual(self) -> Written:
        """The usual ones since the last time."""
        found, self._usual = self._usual, Written(self.odd.collection)
        return found

    def add(self, did: str, key: str, record: Record, seen: Any, number: int) -> None:
        """One more; a vote is one if it says "up"."""
        subject = record.subject
        name = subject.uri or subject.did if isinstance(subject, Subject) else subject or ""
        if record.direction is not None and record.direction != "up":
            return
        part = self._usual if len(did) + len(key) + len(name) == self._letters else self.odd
        part.dids.append(did)
        part.keys.append(key)
        part.subjects.append(name)
        part.claimed.append(record.created_at)
        part.seen.append(seen)
        part.numbers.append(number)


class Whole:
    """Posts or profiles as they come: those whose names have the usual lengths apart from the odd ones."""

    def __init__(self, collection: str) -> None:
        self.odd = Written(collection)
        self._usual = Written(collection)

    def __len__(self) -> int:
        return len(self._usual.dids)

    def usual(self) -> Written:
        """Those since the last time."""
        found, self._usual = self._usual, Written(self.odd.collection)
        return found

    def add(self, did: str, key: str, record: Record, seen: Any, number: int) -> None:
        """One more."""
        part = self._usual if len(did) + len(key) == _POST_LETTERS else self.odd
        part.dids.append(did)
        part.keys.append(key)
        part.records.append(record)
        part.claimed.append(record.created_at)
        part.seen.append(seen)
        part.numbers.append(number)


def gathering(collection: str) -> Acts | Whole:
    """What takes in the records of that collection."""
    return Whole(collection) if collection in {POST, PROFILE} else Acts(collection)
