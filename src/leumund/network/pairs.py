"""Pairs of people in files: what was done towards whom and by whom, of a week or of a day.

target, actor (numbers of accounts), fast, slow, acts: `measures.influence.by_week`, sorted
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.ipc

from leumund.network.accounts import Accounts
from leumund.network.kept import Kept
from leumund.store.tables import Tables

PAIRS = ("target", "actor", "fast", "slow", "acts")
_TYPES = (pa.int32(), pa.int32(), pa.float64(), pa.float64(), pa.int32())


def files_of(entry: Mapping[str, Any]) -> list[str]:
    """The files of a week's pairs: one, or one for each day so far."""
    if "pairs" in entry:
        return [entry["pairs"]]
    return [day["pairs"] for _number, day in sorted(entry.get("days", {}).items())]


def put_pairs(
    tables: Tables, kept: Kept, accounts: Accounts, spans: range, *, each: str
) -> tuple[Accounts, dict[int, str]]:
    """Write the rows of `scores_by_week`, each span of its own; gives the numbers of accounts, and the files.

    each: the column that says the span, "week" or "day".
    """
    rows = tables.arrow(f"select {each}, target, actor, fast, slow, acts from scores_by_week")
    coded = [rows[name].combine_chunks().dictionary_encode() for name in ("target", "actor")]
    keys = [code.dictionary.to_numpy() for code in coded]
    accounts = accounts.with_all(np.concatenate(keys))
    numbers = [accounts.numbers(k)[code.indices.to_numpy()] for k, code in zip(keys, coded, strict=True)]
    columns = [*numbers, *(rows[name].to_numpy() for name in PAIRS[2:])]
    span = (rows[each].to_numpy() - spans.start).astype(np.int16)  # sorted by its digits, so quickly
    order = np.argsort(numbers[0].astype(np.int64) << 32 | numbers[1])
    order = order[np.argsort(span[order], kind="stable")]
    bounds = np.searchsorted(span[order], np.arange(len(spans) + 1))
    files = {}
    for number, (low, high) in zip(spans, pairwise(bounds.tolist()), strict=True):
        some = order[low:high]
        files[number] = _written(kept, f"{each}-{number}", [column[some] for column in columns])
    return accounts, files


def put_together(kept: Kept, name: str, files: Sequence[str]) -> str:
    """Write the sums of several such files as one."""
    tables = [read(kept, file) for file in files]
    target, actor, *values = (
        np.concatenate([table[name].to_numpy() for table in tables])
        if tables
        else np.zeros(0, kind.to_pandas_dtype())
        for name, kind in zip(PAIRS, _TYPES, strict=True)
    )
    pair = target.astype(np.int64) << 32 | actor
    order = np.argsort(pair, kind="stable")  # sorted stretches are merged
    pair = pair[order]
    begins = np.flatnonzero(np.diff(pair, prepend=-1))
    sums = [np.add.reduceat(column[order], begins) if len(begins) else column for column in values]
    one = pair[begins]
    return _written(kept, name, [(one >> 32).astype(np.int32), (one & 0xFFFFFFFF).astype(np.int32), *sums])


def _written(kept: Kept, name: str, columns: Sequence[Any]) -> str:
    file = kept.new(name) + ".arrow"
    arrays = [pa.array(column, kind) for column, kind in zip(columns, _TYPES, strict=True)]
    write(kept, file, pa.table(arrays, names=list(PAIRS)))
    return file


def write(kept: Kept, file: str, table: pa.Table) -> None:
    """A table as it lies in memory, to be read without being copied."""
    with pa.OSFile(str(kept.path(file)), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())


def read(kept: Kept, file: str) -> pa.Table:
    """The same again."""
    with pa.memory_map(str(kept.path(file))) as source:
        return pa.ipc.open_file(source).read_all()
