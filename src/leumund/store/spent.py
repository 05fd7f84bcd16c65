"""The hours the owner says she spent, as a table: what the time of her thanks can be reckoned from."""

from __future__ import annotations

import json
from math import isfinite

import pyarrow as pa

from leumund.store.register import Register

_MOMENT = pa.timestamp("us")
_SHAPE = pa.schema({"hours": pa.float64(), "happened_at": _MOMENT, "known_at": _MOMENT})


def spent_in(register: Register) -> pa.Table:
    """Every statement of time: hours, happened_at, known_at."""
    rows = []
    for row in register.db.execute("select * from statement where kind = 'time' order by happened_at, id"):
        hours = json.loads(row["body"]).get("hours")
        if isinstance(hours, (int, float)) and isfinite(hours) and hours > 0:
            rows.append((float(hours), row["happened_at"], row["known_at"]))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(_SHAPE)
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, _SHAPE, strict=True)], schema=_SHAPE)
