"""Likes, reposts, follows and deletions whose names all have the usual lengths, as columns of letters.

What is plain here was looked at before it came: DIDs are did:plc: and 24 small letters or digits, keys have 13, what is
liked is a post. So there is nothing left to judge but when it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leumund.events import Kind, Rows
from leumund.sources.at_columns import Matrix, put_together
from leumund.sources.at_shapes import FOLLOW, LIKE, POST, REPOST
from leumund.sources.at_times import as_moments, weighed
from leumund.sources.at_uris import tid_micros_of

KINDS: Mapping[str, Kind] = {LIKE: "like", REPOST: "reshare", FOLLOW: "follow"}
_PLC = "did:plc:"


@dataclass(slots=True)
class Plain:
    """Records of one collection, piece by piece: whose, under which key, towards whom, to which post; claimed and seen when.

    Of DIDs only the last 24 letters, of posts the last 13; seen, claimed: in microseconds. A deletion has dids, keys
    and seen alone, a follow no posts.
    """

    collection: str
    dids: list[Matrix] = field(default_factory=list)
    keys: list[Matrix] = field(default_factory=list)
    owners: list[Matrix] = field(default_factory=list)
    posts: list[Matrix] = field(default_factory=list)
    claimed: list[npt.NDArray[np.int64]] = field(default_factory=list)
    seen: list[npt.NDArray[np.int64]] = field(default_factory=list)

    def __len__(self) -> int:
        return sum(map(len, self.dids))

    def joined(self) -> Plain:
        """The same in one piece."""
        return Plain(self.collection, *([np.concatenate(c)] if c else [] for c in self._columns()))  # type: ignore[arg-type]

    def only(self, keep: npt.NDArray[np.bool_]) -> Plain:
        """Some of them; for what is in one piece."""
        return Plain(self.collection, *([piece[keep] for piece in c] for c in self._columns()))  # type: ignore[arg-type]

    def _columns(self) -> tuple[list[Matrix] | list[npt.NDArray[np.int64]], ...]:
        return (self.dids, self.keys, self.owners, self.posts, self.claimed, self.seen)


def about(plain: Plain, known: pa.Array) -> Plain:
    """Those by or towards one of these accounts."""
    whole = plain.joined()
    return whole.only(_among(whole.dids[0], known) | _among(whole.owners[0], known))


def acts(plain: Plain) -> Rows:
    """What was done with these records; towards oneself nothing is done."""
    whole = plain.joined()
    towards_another = (whole.dids[0].view(np.uint64) != whole.owners[0].view(np.uint64)).any(axis=1)
    if not towards_another.all():
        whole = whole.only(towards_another)
    (dids,), (keys,), (owners,) = whole.dids, whole.keys, whole.owners
    at, exact = weighed(whole.claimed[0], tid_micros_of(keys), whole.seen[0])
    columns = {
        "kind": pa.repeat(KINDS[plain.collection], len(dids)),
        "actor": put_together(_PLC, dids),
        "target": put_together(_PLC, owners),
        "network": pa.repeat("bluesky", len(dids)),
        "happened_at": at,
        "exact": exact,
        "act": _addresses(dids, plain.collection, keys),
    }
    if plain.collection != FOLLOW:
        columns["post"] = _addresses(owners, POST, whole.posts[0])
    return Rows(noun="act", table=pa.table(columns))


def deletions(plain: Plain) -> Rows:
    """That these records are gone."""
    whole = plain.joined()
    columns = {
        "of": pa.repeat("post" if plain.collection == POST else "act", len(whole)),
        "subject": _addresses(whole.dids[0], plain.collection, whole.keys[0]),
        "happened_at": as_moments(whole.seen[0]),
    }
    return Rows(noun="deletion", table=pa.table(columns))


def _addresses(dids: Matrix, collection: str, keys: Matrix) -> pa.Array:
    return put_together(f"at://{_PLC}", dids, f"/{collection}/", keys)


def _among(names: Matrix, known: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(pc.is_in(put_together(_PLC, names), value_set=known))
