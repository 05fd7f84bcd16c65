"""Places: bars in the order of the rows, the owner's picked out wherever it stands."""

from __future__ import annotations

from typing import Any

from leumund.locale import _
from leumund.measures import Column, Reading
from leumund.views import Frame, Headline, View, bars, cells, vague, written

_MOST_BARS = 12
_MOST_BARS_NARROW = 10


_PLACE = Column(name="rank", kind="whole", title="")


def _headlines(reading: Reading, highlight: frozenset[int]) -> tuple[Headline, ...]:
    """The place of each highlighted account."""
    said = []
    who, at = written.find(reading, "account"), written.value_at(reading)
    for place, row in enumerate(reading.rows, 1):
        if who is None or row[who] not in highlight:
            continue
        detail = []
        if isinstance(total := reading.figures.get("places"), int):  # the rows may be the first few only
            of = _("of {n} places on {board}") if written.board(reading) else _("of {n} places")
            detail.append(of.format(n=cells.number(total), board=written.board(reading)))
        if at is not None:
            value = cells.column(reading.columns[at], [r[at] for r in reading.rows])[place - 1]
            detail.append(f"{written.head(reading.columns[at])} {value}")
        rank = written.rank_at(reading)
        number = place if rank is None else row[rank]
        interval = "" if rank is None else _places(reading, row, rank)
        label = _("Place of {name}").format(name=written.name(reading, row[who], 40))
        said.append(
            Headline(
                label,
                cells.column(_PLACE, [number])[0],
                interval,
                ", ".join(detail),
                cells.is_unknown(number),
            )
        )
    return tuple(said)


def _places(reading: Reading, row: tuple[Any, ...], rank: int) -> str:
    bounds = written.bounds_at(reading, rank)
    if bounds is None:
        return ""
    low, high = row[bounds[0]], row[bounds[1]]
    if not cells.is_unknown(low) and low == high:
        return _("most probably this place")
    return written.between(reading.columns[rank], low, high)


def _describe(reading: Reading) -> str:
    who, at = written.find(reading, "account", "text", "kind", "post"), written.value_at(reading)
    if who is None or not reading.rows:
        return written.nothing()
    values = ["" if at is None else v for v in _values(reading, at)]
    first = [
        f"{_label(reading, row, who)} {value}".strip()
        for row, value in zip(reading.rows[:3], values, strict=False)
    ]
    if at is None:
        return _("First: {names}.").format(names=", ".join(first))
    return _("First by {what}: {names}.").format(
        what=written.head(reading.columns[at]), names=", ".join(first)
    )


def _values(reading: Reading, at: int | None) -> list[str]:
    return (
        [""] * len(reading.rows)
        if at is None
        else cells.column(reading.columns[at], [r[at] for r in reading.rows])
    )


def _label(reading: Reading, row: tuple[Any, ...], who: int) -> str:
    kind = reading.columns[who].kind
    return written.name(reading, row[who], 60) if kind == "account" else cells.written(kind, row[who])


def _as_chart(reading: Reading, frame: Frame) -> Any:
    who, at = written.find(reading, "account", "text", "kind", "post"), written.value_at(reading)
    if who is None or at is None:
        return None
    most = _MOST_BARS_NARROW if frame.narrow else _MOST_BARS
    own = {i for i, row in enumerate(reading.rows) if written.is_marked(reading, row, frame.highlight)}
    shown = sorted({*range(min(most, len(reading.rows))), *own})
    rank, bounds = written.rank_at(reading), written.bounds_at(reading, at)
    values = _values(reading, at)
    drawn = []
    for i in shown:
        row = reading.rows[i]
        place = i + 1 if rank is None else row[rank]
        low, high = (cells.known(row[b]) for b in bounds) if bounds else (None, None)
        drawn.append(
            bars.Bar(
                name=_label(reading, row, who) if vague.is_on() else f"{cells.written('whole', place)}. {_label(reading, row, who)}",
                text=values[i],
                end=cells.known(row[at]),
                low=low, high=high,
                colour="accent" if i in own else "soft", strong=i in own,
            )
        )  # fmt: skip
    return bars.draw(drawn, frame)


VIEW = View(
    shape="ranking", headlines=_headlines, describe=_describe, as_table=written.table, as_chart=_as_chart
)
