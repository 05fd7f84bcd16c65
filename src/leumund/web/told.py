"""A reading for programs: which rows of it, in which form, and what of it others than the owner may have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from leumund.measures import Measure, Reading
from leumund.options import Option, options_for, settled, value_of
from leumund.report.unlisted import for_others
from leumund.views.arrow import as_parquet
from leumund.views.csv_text import as_csv
from leumund.views.json_text import as_json, rows_as_json
from leumund.web.page import Asked
from leumund.web.sight import Sight

MOST_ROWS = 10**9
SHAPES = ("objects", "arrays", "array")
"""How JSON holds the rows: each an object, each a list; or nothing but a list of objects. Named as Datasette names them."""

LIMIT = Option(name="limit", kind="whole", least=1, most=MOST_ROWS)
OFFSET = Option(name="offset", kind="whole", least=0, most=MOST_ROWS)
SHAPE = Option(name="_shape", kind="choice", choices=SHAPES, default="objects")


@dataclass(frozen=True, slots=True)
class Told:
    """What a program gets. rows: how many there are in all; following: the offset of the next page, None at the end."""

    body: bytes
    rows: int
    following: int | None


def is_paged(measure: Measure, *, explained: bool) -> bool:
    """Whether rows can be left out; an explanation that sums up what lies beyond its own limit would add up no more."""
    if not explained:
        return True
    return all(o.name != "limit" or o.default is None for o in options_for(measure, explained=True))


def told(
    sight: Sight,
    asked: Asked,
    measure: Measure,
    take: Callable[[Mapping[str, Any]], Reading],
    *,
    explained: bool,
) -> Told:
    """The reading that was asked for, as the bytes of an answer. take: gives it with these options.

    Raises:
        UsageError: an option that there is not, or a value that means nothing.
    """
    query = dict(asked.query)
    today = sight.as_of.date()
    shape = value_of(sight.lab, SHAPE, query.pop("_shape", "objects"), today=today)
    first, most = 0, MOST_ROWS
    paged = is_paged(measure, explained=explained)
    if paged:
        first = value_of(sight.lab, OFFSET, query.pop("offset", 0), today=today)
        most = value_of(sight.lab, LIMIT, query.pop("limit", MOST_ROWS), today=today)
    options = settled(sight.lab, measure, query, today=today, explained=explained)
    if paged and any(o.name == "limit" for o in options_for(measure, explained=explained)):
        options["limit"] = MOST_ROWS  # a program gets all and pages through it
    reading = take(options)
    if not asked.own:
        reading = for_others(sight.state, reading)
    rows = len(reading.rows)
    page = replace(reading, rows=reading.rows[first : first + most])
    following = first + most if first + most < rows else None
    return Told(_written(page, asked.path["kind"], shape), rows, following)


def _written(reading: Reading, kind: str, shape: str) -> bytes:
    match kind:
        case "parquet":
            return as_parquet(reading)
        case "csv":
            return as_csv(reading).encode()
    return (rows_as_json(reading) if shape == "array" else as_json(reading, lists=shape == "arrays")).encode()
