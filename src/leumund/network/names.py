"""How people write the accounts, by their number: looked up once, and again when an account told of itself since."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from leumund.clean import clean
from leumund.ids import display_handle
from leumund.lab import Lab
from leumund.network.accounts import Accounts
from leumund.network.kept import Kept
from leumund.network.pairs import read, write
from leumund.store.tables import Tables

_LONGEST = 200
_AT_ONCE = 50_000


def names(lab: Lab, tables: Tables, kept: Kept, accounts: Accounts) -> pa.ChunkedArray:
    """The name of each number; kept for the next time."""
    one_key = tables.one_key()
    several = set(one_key) | set(one_key.values()) | set(tables.people)
    told: dict[str, Any] = kept.told.get("names", {})
    before = read(kept, told["file"])["name"] if told else pa.chunked_array([pa.array([], pa.string())])
    changed: dict[int, str] = {}
    if told:
        since = lab.register.db.execute(
            "select key, uri, handle, seen_at from account where seen_at > ?", (told["seen"],)
        ).fetchall()  # nothing but reading all of them tells who is new: once, then
        changed = {key: _name(uri, handle) for key, uri, handle, _at in since}
        newest = max((at for *_, at in since), default=told["seen"])
    else:
        ((newest,),) = lab.register.db.execute("select coalesce(max(seen_at), 0) from account").fetchall()
    fresh = accounts.keys()[len(before) :]
    if len(fresh) > _AT_ONCE and not told:
        rows = lab.register.db.execute("select key, uri, handle from account")
        changed |= {key: _name(uri, handle) for key, uri, handle in rows}
    else:
        changed |= {
            key: _name(row["uri"], row["handle"])
            for key, row in lab.register.accounts(fresh.tolist()).items()
        }
    changed |= of_several(lab, tables, several)
    there = {key: name for key, name in changed.items() if key in several}
    if there and len(before):  # looked up each time, and nearly always the same
        at = accounts.numbers(np.fromiter(there, np.int64, len(there)))
        old = (before[int(n)].as_py() if 0 <= n < len(before) else None for n in at)
        for (key, name), was in zip(there.items(), old, strict=True):
            if was == name:
                del changed[key]
    found = pa.concat_arrays(
        [*before.chunks, pa.array([changed.get(k, str(k)) for k in fresh.tolist()], pa.string())]
    )
    keys = np.fromiter(changed, np.int64, len(changed))
    at = accounts.numbers(keys)
    found = _replaced(found, at[at >= 0], np.array(list(changed.values()), dtype=object)[at >= 0])
    if told.get("file") is None or len(fresh) or len(changed):
        file = kept.new("names") + ".arrow"
        write(kept, file, pa.table({"name": found}))
        kept.told["names"] = {"file": file, "seen": newest}
    return pa.chunked_array([found])


def _name(uri: str, handle: str | None) -> str:
    return clean("@" + handle.lstrip("@") if handle else display_handle(uri), _LONGEST)


def of_several(lab: Lab, tables: Tables, keys: Iterable[int]) -> dict[int, str]:
    """Those of people and accounts that stand for several: as the first of theirs is written."""
    found: dict[int, str] = {}
    wanted = sorted(keys)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        heads = {k: p.accounts[0] if (p := tables.people.get(k)) else k for k in some}
        known = lab.names(heads.values())
        found |= {k: clean(known.get(heads[k], str(k)), _LONGEST) for k in some}
    return found


def _replaced(names: pa.Array, at: npt.NDArray[np.int32], new: npt.NDArray[np.object_]) -> pa.Array:
    if not len(at):
        return names
    place = np.arange(len(names))
    place[at] = len(names) + np.arange(len(at))
    return pa.concat_arrays([names, pa.array(new.tolist(), pa.string())]).take(pa.array(place))
