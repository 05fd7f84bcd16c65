"""One figure: said large, with its interval; the rows, if any, are what it was made from."""

from __future__ import annotations

from leumund.measures import Column, Reading
from leumund.views import Headline, View, cells, written
from leumund.views.words import label


def _headlines(reading: Reading, _highlight: frozenset[int]) -> tuple[Headline, ...]:
    key = next((k for k in reading.figures if not written.is_bound(k)), None)
    if key is not None:
        return (_from_figures(reading, key),)
    at = written.value_at(reading)
    if at is None or not reading.rows:
        return ()
    column, row = reading.columns[at], reading.rows[0]
    said = cells.written(column.kind, row[at])
    missing = cells.is_unknown(row[at])
    return (
        Headline(
            written.head(column), said, "" if missing else written.interval(reading, row, at), unknown=missing
        ),
    )


def _from_figures(reading: Reading, key: str) -> Headline:
    at = written.called(reading, key)
    title = written.head(reading.columns[at]) if at is not None else label(key)
    missing = cells.is_unknown(reading.figures[key])
    low, high = (
        next((b for b in (f"{key}_{end}", end) if b in reading.figures), None) for end in ("low", "high")
    )
    interval = ""
    if low and high and not missing:
        column = reading.columns[at] if at is not None else Column(name=key, kind="number", title="")
        interval = written.between(column, reading.figures[low], reading.figures[high])
    return Headline(title, written.figure(reading, key), interval, unknown=missing)


def _describe(reading: Reading) -> str:
    return written.joined(_headlines(reading, frozenset())) or written.nothing()


VIEW = View(shape="number", headlines=_headlines, describe=_describe, as_table=written.table)
