"""A reading as an Arrow table, for pandas, Polars, DuckDB and notebooks; and as a Parquet file.

    account, text, kind, post   string; accounts as people write them, words as programs read them
    whole                       int64
    number, points, share       double; a share is 0 to 1
    flag                        bool
    time                        timestamp[us, UTC]
    day, week                   date32; a week is the date of its Monday

Unknown is null, never 0 and never NaN. What a reading says besides its rows stands in the schema's metadata under
`leumund`: the reading as JSON (`json_text`) with no rows in it.
"""

from __future__ import annotations

import io
from typing import Any

import pyarrow as pa

from leumund.clean import clean
from leumund.measures import ColumnKind, Reading
from leumund.views import cells, json_text

_TYPES: dict[ColumnKind, pa.DataType] = {
    "whole": pa.int64(),
    "number": pa.float64(),
    "points": pa.float64(),
    "share": pa.float64(),
    "flag": pa.bool_(),
    "time": pa.timestamp("us", tz="UTC"),
    "day": pa.date32(),
    "week": pa.date32(),
}
METADATA = b"leumund"


def as_arrow(reading: Reading) -> pa.Table:
    """The reading's rows as a table; a reading without rows has the same columns and types."""
    named = reading.dicts()
    schema = pa.schema(
        [pa.field(c.name, _TYPES.get(c.kind, pa.string())) for c in reading.columns],
        metadata={METADATA: json_text.as_json(reading, rows=False).encode()},
    )
    columns = [pa.array([_value(c.kind, row[c.name]) for row in named], _TYPES.get(c.kind, pa.string()))
               for c in reading.columns]  # fmt: skip
    return pa.Table.from_arrays(columns, schema=schema)


def as_parquet(reading: Reading) -> bytes:
    """The same as a Parquet file, packed with zstd."""
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(as_arrow(reading), out, compression="zstd")
    return out.getvalue()


def _value(kind: ColumnKind, given: Any) -> Any:
    if cells.is_unknown(given):
        return None
    if kind == "time":
        return cells.as_moment(given)
    if kind in ("day", "week"):
        return cells.as_day(given)
    if kind == "whole":
        return int(given)
    if kind in cells.NUMERIC:
        return float(given)
    if kind == "flag":
        return bool(given)
    return clean(str(given))
