"""What of a batch is new to the lab: each event once, and of what is there already only its new versions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leumund.store import segments
from leumund.store.met import Identities, Met, is_among
from leumund.store.register import Register, Segment
from leumund.store.schema import TABLES, UNDATED, Table

_A_DAY_US = 86_400 * 10**6
_MOST_SPELLINGS = 1_000_000
_ROWS_AT_ONCE = 1_000_000
_Rows = npt.NDArray[np.int64]
_NAMED = {
    name: [c for c in shape.accounts if re.search(rf"\b{c}\b", shape.identity)]
    for name, shape in TABLES.items()
}
"""The accounts that belong to what makes an event the same."""


class Aliases:
    """The accounts that have several names: which key stands for which, and all that stand for one."""

    def __init__(self, register: Register) -> None:
        cursor = register.db.cursor()
        cursor.row_factory = None
        rows = cursor.execute("select key, canonical from alias").fetchall()
        pairs = np.fromiter(chain.from_iterable(rows), np.int64, 2 * len(rows)).reshape(-1, 2)
        self._keys, self._heads = pairs[:, 0].copy(), pairs[:, 1].copy()
        coded = pa.array(self._heads).dictionary_encode()
        heads = np.asarray(coded.dictionary)
        groups = np.concatenate([np.arange(len(heads)), np.asarray(coded.indices)])
        every = np.concatenate([heads, self._keys])
        self.every = pa.array(every)
        """The keys of all accounts that have several names; the ones that stand for others first."""
        self._group_of = groups
        order = np.argsort(groups, kind="stable")  # the one that stands for all is the first in its group
        self._members = every[order]
        self._counts = np.bincount(groups, minlength=len(heads))
        self._starts = np.cumsum(self._counts) - self._counts

    def __len__(self) -> int:
        return len(self._keys)

    def table(self) -> pa.Table:
        """Which key stands for which."""
        return pa.table({"key": pa.array(self._keys), "canonical": pa.array(self._heads)})

    def places(self, keys: pa.ChunkedArray) -> npt.NDArray[np.int64]:
        """The number of each account's group, -1 for those that have one name."""
        places = np.asarray(pc.fill_null(pc.index_in(keys, value_set=self.every), -1))
        return np.where(places < 0, -1, self._group_of[places])

    def names(self, groups: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """How many names each has."""
        return np.where(groups < 0, 1, self._counts[groups])

    def spellings(
        self, keys: pa.ChunkedArray, *, every: bool
    ) -> tuple[_Rows, pa.Array, npt.NDArray[np.bool_]]:
        """The keys under which these accounts may stand: of which row, which key, is it the one that stands for all.

        every: all of them; else the one that stands for all.
        """
        groups = self.places(keys)
        counts = self.names(groups) if every else np.ones(len(groups), np.int64)
        rows = np.repeat(np.arange(len(counts)), counts)
        within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        alone, own = groups[rows] < 0, keys.take(pa.array(rows))
        other = self._members[np.where(alone, 0, self._starts[groups[rows]] + within)]
        return rows, pc.if_else(pa.array(alone), own, pa.array(other)), within == 0


def new_of(
    con: duckdb.DuckDBPyConnection,
    register: Register,
    folder: Path,
    name: Table,
    table: pa.Table,
    *,
    aliases: Aliases,
    met: Met,
) -> tuple[pa.Table, npt.NDArray[np.bool_], Identities]:
    """The rows that the lab does not have, which of these are a new version of one it has, and the identity of each.

    Compared only with segments whose span of time comes within a day of the batch's (an event keeps its time)
    and with all rows without an exact time.
    """
    numbered = table.append_column("row_number", pa.array(np.arange(table.num_rows)))
    own = _identities(con, name, table)
    same = own  # under which number each is the same event: with its accounts under one key each
    spelled, of = own, np.arange(table.num_rows)
    several = _touched(name, table, aliases)
    countable = True
    if several is not None:
        touched = numbered.take(several)
        countable = _spellings(name, touched, aliases) <= _MOST_SPELLINGS
        same, spelled, of = _respelled(con, name, touched, own, aliases, every=countable)
    kept = _once(np.arange(table.num_rows), same, table["exact"].to_numpy(), table["happened_at"].to_numpy())
    revised = np.zeros(table.num_rows, np.bool_)
    rivals = _rivals(register, name, table["happened_at"])
    holding, there = _holding(con, folder, name, rivals, spelled, met)
    if not countable:  # too many names to go through: everything is compared with everything
        holding, there = rivals, np.unique(spelled)
    if holding:
        rows = np.unique(of[is_among(spelled, there)])
        con.register("arrived", numbered.take(pa.array(rows)))
        known, fresh = _compared(con, folder, name, holding, aliases, there if countable else None)
        # what was known once in just this form is nothing new, however often a source tells it again
        kept[known] = False
        revised[known] = revised[fresh] = True
        con.unregister("arrived")
    if kept.all():
        return table, revised, own
    return table.filter(pa.array(kept)), revised[kept], own[kept]


def _identities(con: duckdb.DuckDBPyConnection, name: Table, table: pa.Table) -> Identities:
    con.register("arrived", table.append_column("place", pa.array(np.arange(table.num_rows))))
    found = con.execute(f"select place, {TABLES[name].identity} as identity from arrived").fetchnumpy()
    con.unregister("arrived")
    identities = np.empty(table.num_rows, np.uint64)
    identities[found["place"]] = found["identity"]
    return identities


def _touched(name: Table, table: pa.Table, aliases: Aliases) -> pa.Array | None:
    """The numbers of the rows that name an account with several names, where that matters; None for none."""
    if not len(aliases) or not _NAMED[name]:
        return None
    touched = np.zeros(table.num_rows, np.bool_)
    for column in _NAMED[name]:
        touched |= np.asarray(pc.is_in(table[column], value_set=aliases.every))
    return pa.array(np.flatnonzero(touched)) if touched.any() else None


def _spellings(name: Table, touched: pa.Table, aliases: Aliases) -> int:
    """Under how many identities all these rows may stand."""
    counts = np.ones(touched.num_rows, np.int64)
    for column in _NAMED[name]:
        counts *= np.minimum(aliases.names(aliases.places(touched[column])), _MOST_SPELLINGS)
    return int(np.minimum(counts, _MOST_SPELLINGS).sum())


def _respelled(
    con: duckdb.DuckDBPyConnection,
    name: Table,
    touched: pa.Table,
    own: Identities,
    aliases: Aliases,
    *,
    every: bool,
) -> tuple[Identities, Identities, npt.NDArray[np.int64]]:
    """The identity of each row with its accounts under one key each; all those it may have in a segment; whose those are."""
    whose = np.asarray(touched["row_number"])
    is_head = np.ones(len(whose), np.bool_)
    table = touched.select([c for c in touched.column_names if re.search(rf"\b{c}\b", TABLES[name].identity)])
    for column in _NAMED[name]:
        rows, keys, stands = aliases.spellings(table[column], every=every)
        table = table.take(pa.array(rows))
        table = table.set_column(table.column_names.index(column), column, keys)
        whose, is_head = whose[rows], is_head[rows] & stands
    spelled = _identities(con, name, table)
    same = own.copy()
    same[whose[is_head]] = spelled[is_head]
    return same, np.concatenate([own, spelled]), np.concatenate([np.arange(len(own)), whose])


def _holding(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    name: Table,
    rivals: list[Segment],
    identities: Identities,
    met: Met,
) -> tuple[list[Segment], Identities]:
    """The segments that hold one of these events, and which events those are."""
    holding, there = [], [identities[:0]]
    for group in _some_at_once([s for s in rivals if s.path not in met]):
        for segment, found in _read(con, folder, name, group):
            met.add(segment.path, found)
            if segment.path not in met and len(these := np.intersect1d(identities, found)):
                holding.append(segment)
                there.append(these)
    paths, these = met.holding([s.path for s in rivals], identities)
    holding += [s for s in rivals if s.path in set(paths)]
    return holding, np.unique(np.concatenate([*there, these]))


def _some_at_once(rivals: list[Segment]) -> Iterator[list[Segment]]:
    """Many small segments at once, few large ones."""
    group: list[Segment] = []
    for segment in rivals:
        if group and sum(s.rows for s in group) + segment.rows > _ROWS_AT_ONCE:
            yield group
            group = []
        group.append(segment)
    if group:
        yield group


def _read(
    con: duckdb.DuckDBPyConnection, folder: Path, name: Table, group: list[Segment]
) -> Iterator[tuple[Segment, Identities]]:
    """The identities of the events in these segments."""
    stored = segments.stored(folder, name, group, ", filename = true")
    sql = f"select parse_filename(filename), list({TABLES[name].identity}) from {stored} group by all"
    rows = con.sql(sql).to_arrow_table()
    found = {file.as_py(): lists.values for file, lists in zip(*rows.columns, strict=True)}
    for segment in group:
        held = found.get(Path(segment.path).name)
        yield segment, np.asarray([] if held is None else held, np.uint64)


def _compared(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    name: Table,
    holding: list[Segment],
    aliases: Aliases,
    there: Identities | None,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The numbers of the rows in `arrived` that these segments hold in the same form, and those in another form.

    there: which of their events are meant; None for any of them.
    """
    shape = TABLES[name]
    arrived, stored = "arrived", segments.stored(folder, name, holding)
    if there is not None:
        con.register("there", pa.table({"identity": there}))
        stored = f"(select * from {stored} where {shape.identity} in (select identity from there))"
    if len(aliases):
        con.register("alias_rows", aliases.table())
        arrived, stored = one_name(name, arrived), one_name(name, stored)
    con.execute(
        f"""create or replace temp table known as select distinct identity, content
            from (select {shape.identity} as identity, {shape.content} as content from {stored})
            where identity in (select {shape.identity} from {arrived})"""
    )
    both = con.execute(
        f"""select row_number, (identity, content) in (select (identity, content) from known) as same
            from (select row_number, {shape.identity} as identity, {shape.content} as content from {arrived})
            where identity in (select identity from known)"""
    ).fetchnumpy()
    con.execute("drop table known")
    if there is not None:
        con.unregister("there")
    if len(aliases):
        con.unregister("alias_rows")
    is_same = both["same"].astype(np.bool_)
    return both["row_number"][is_same], both["row_number"][~is_same]


def one_name(name: Table, relation: str) -> str:
    """A relation whose accounts stand under one key each, whichever of their URIs was told; needs `alias_rows`."""
    mapped = ", ".join(
        f'coalesce((select canonical from alias_rows where key = r."{c}"), r."{c}") as "{c}"'
        for c in TABLES[name].accounts
    )
    return f"(select * replace ({mapped}) from {relation} r)"


def _once(
    rows: npt.NDArray[np.int64],
    identities: npt.NDArray[np.uint64],
    exact: npt.NDArray[np.bool_],
    at: npt.NDArray[np.datetime64],
) -> npt.NDArray[np.bool_]:
    """Which rows stay when each event is told once: of several the last, of these rather one with a certain time."""
    kept = np.ones(len(rows), np.bool_)
    ordered = np.sort(identities)
    several = ordered[1:][ordered[1:] == ordered[:-1]]
    if len(several):
        met = np.flatnonzero(several[np.searchsorted(several[:-1], identities)] == identities)
        met = met[np.lexsort((rows[met], at[rows[met]], exact[rows[met]], identities[met]))]
        again = identities[met][1:] == identities[met][:-1]
        kept[rows[met[:-1][again]]] = False
    return kept


def _rivals(register: Register, name: Table, times: pa.ChunkedArray) -> list[Segment]:
    """The segments that may hold one of the events that happened at these times."""
    low, high = pc.min_max(times.cast(pa.int64())).as_py().values()
    around = (
        (low - _A_DAY_US, high + _A_DAY_US) if low is not None else None
    )  # sources differ by seconds, or by zones
    found = register.segments(name, overlapping=around) if around else []
    dated = [s for s in found if s.month != UNDATED]
    undecided: list[Segment] = register.segments(name, month=UNDATED)
    return dated + undecided
