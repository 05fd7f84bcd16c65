"""Parts of a whole. Signed points become a waterfall from the start value to the end value; else plain bars."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from leumund.locale import _, ngettext
from leumund.measures import Column, Reading
from leumund.views import Frame, Headline, View, bars, cells, vague, written

_MOST_PARTS = 9
_EXACT = 1e-6  # of a point; beyond it the parts do not make up the change, and the chart says so
_STARTS = ("start", "before")
_ENDS = ("end", "after")


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    value: float
    low: float | None = None
    high: float | None = None


def _parts(reading: Reading) -> tuple[list[_Part], list[str]]:
    """The parts by cause, several rows of one cause added up, and the names of those that are unknown."""
    at = written.value_at(reading)
    who = _causes(reading)
    if at is None or not who:
        return [], []
    bounds = written.bounds_at(reading, at)
    sums: dict[str, list[_Part]] = {}
    missing: list[str] = []
    for row in reading.rows:
        if cells.is_unknown(row[at]):
            missing.append(_cause(reading, row, who))
            continue
        low, high = (row[bounds[0]], row[bounds[1]]) if bounds else (None, None)
        name = _cause(reading, row, who)
        sums.setdefault(name, []).append(_Part(name, float(row[at]), low, high))
    joined = [ps[0] if len(ps) == 1 else _Part(name, sum(p.value for p in ps)) for name, ps in sums.items()]
    return joined, sorted(set(missing))


def _causes(reading: Reading) -> list[int]:
    """The columns that name a cause: two of machine words together ("new: like") if that makes few parts."""
    first = written.find(reading, "kind", "text", "account", "post")
    if first is None:
        return []
    kinds = [i for i, c in enumerate(reading.columns) if c.kind == "kind"][:2]
    if (
        first in kinds
        and len(kinds) == 2
        and len({(row[kinds[0]], row[kinds[1]]) for row in reading.rows}) <= 2 * _MOST_PARTS
    ):
        return kinds
    return [first]


def _cause(reading: Reading, row: tuple[Any, ...], who: list[int]) -> str:
    """What the columns say together, with a capital if it is a word and no name."""
    first, *more = [_name(reading, row, w) for w in who]
    if reading.columns[who[0]].kind == "kind":
        first = first[:1].upper() + first[1:]
    return ": ".join((first, *more))


def _name(reading: Reading, row: tuple[Any, ...], who: int) -> str:
    kind = reading.columns[who].kind
    return written.name(reading, row[who], 60) if kind == "account" else cells.written(kind, row[who])


def _few(parts: list[_Part]) -> list[_Part]:
    """The largest parts in their own order, the rest as one."""
    if len(parts) <= _MOST_PARTS:
        return parts
    keep = {id(p) for p in sorted(parts, key=lambda p: (-abs(p.value), p.name))[: _MOST_PARTS - 1]}
    rest = sum(p.value for p in parts if id(p) not in keep)
    return [*(p for p in parts if id(p) in keep), _Part(_("All others"), rest)]


def _end_named(reading: Reading, names: tuple[str, ...], prefix: str) -> str | None:
    return next((k for k in reading.figures if k in names or k.startswith(prefix)), None)


def _names_ends(reading: Reading) -> bool:
    """Whether the reading speaks of a start and an end, known or not."""
    return None not in (_end_named(reading, _STARTS, "from_"), _end_named(reading, _ENDS, "to_"))


def _ends(reading: Reading) -> tuple[float | None, float | None]:
    def of(names: tuple[str, ...], prefix: str) -> float | None:
        key = _end_named(reading, names, prefix)
        value = None if key is None else reading.figures[key]
        return None if cells.is_unknown(value) or isinstance(value, str) or value is None else float(value)

    return of(_STARTS, "from_"), of(_ENDS, "to_")


def _is_change(reading: Reading) -> bool:
    at = written.value_at(reading)
    return at is not None and reading.columns[at].kind == "points"


# -- in words


def _headlines(reading: Reading, _highlight: frozenset[int]) -> tuple[Headline, ...]:
    at = written.value_at(reading)
    if at is None or not reading.rows or not _is_change(reading):
        return ()
    parts, missing = _parts(reading)
    start, end = _ends(reading)
    if (missing or _names_ends(reading)) and (start is None or end is None):
        detail = "" if end is None else _("now {value}").format(value=cells.column(_LEVEL, [end])[0])
        return (Headline(_("Change"), cells.unknown(), "", detail, unknown=True),)
    change = end - start if start is not None and end is not None else sum(p.value for p in parts)
    detail = ""
    if start is not None and end is not None and not vague.is_on():
        first, last = cells.column(_LEVEL, [start, end])
        detail = _("from {first} to {last}").format(first=first, last=last)
    unit = reading.columns[at].unit
    return (
        Headline(
            _("Change") + (f" ({_(unit)})" if unit else ""), cells.written("points", change), "", detail
        ),
    )


_LEVEL = Column(name="level", kind="number", title="")


def _table(reading: Reading, highlight: frozenset[int]) -> written.Table:
    """Every row, but those too small to be shown with the others' decimals as one."""
    table = written.table(reading, highlight)
    at = written.value_at(reading)
    if at is None or not _is_change(reading):
        return table
    values = [None if cells.is_unknown(row[at]) else float(row[at]) for row in reading.rows]
    decimals = cells.decimals_for("points", values)
    small = {i for i, v in enumerate(values) if v is not None and abs(v) < 0.5 * 10**-decimals}
    if len(small) < 2:
        return table
    said = ngettext("{n} smaller thing", "{n} smaller things", len(small)).format(n=cells.number(len(small)))
    row = [written.Cell(_(c.nothing) if c.nothing else "–") for c in reading.columns]
    row[0] = written.Cell(said)
    together = sum(values[i] or 0.0 for i in small)
    row[at] = written.Cell(cells.written("points", together, decimals=decimals))
    kept = [i for i in range(len(table.rows)) if i not in small]
    marked = frozenset(new for new, old in enumerate(kept) if old in table.marked)
    return replace(table, rows=(*(table.rows[i] for i in kept), tuple(row)), marked=marked)


def _describe(reading: Reading) -> str:
    parts, missing = _parts(reading)
    at = written.value_at(reading)
    if not parts or at is None:
        return written.nothing()
    shown = sorted(_few(parts), key=lambda p: (-abs(p.value), p.name))
    values = cells.column(reading.columns[at], [p.value for p in shown])
    said = "; ".join(f"{p.name} {v}" for p, v in zip(shown, values, strict=True)) + "."
    start, end = _ends(reading)
    if _is_change(reading) and start is not None and end is not None:
        first, last = cells.column(_LEVEL, [start, end])
        said = _("From {first} to {last}:").format(first=first, last=last) + " " + said
    return said + (" " + _("Unknown: {names}.").format(names=", ".join(missing)) if missing else "")


# -- as a chart


def _as_chart(reading: Reading, frame: Frame) -> Any:
    parts, missing = _parts(reading)
    at = written.value_at(reading)
    if not parts or at is None:
        return None
    shown = _few(parts)
    if _is_change(reading):
        return _waterfall(reading, at, shown, frame)
    values = cells.column(reading.columns[at], [p.value for p in shown])
    drawn = [
        bars.Bar(p.name, v, p.value, low=p.low, high=p.high, colour="age2")
        for p, v in zip(shown, values, strict=True)
    ]
    drawn += [bars.Bar(name, cells.unknown(), None) for name in missing[: max(0, _MOST_PARTS - len(drawn))]]
    return bars.draw(drawn, frame)


def _waterfall(reading: Reading, at: int, parts: list[_Part], frame: Frame) -> Any:
    start, end = _ends(reading)
    running = start or 0.0
    total = running + sum(p.value for p in parts)
    if end is not None and start is not None and abs(total - end) > _EXACT:
        parts = [*parts, _Part(_("Not explained"), end - total)]
    values = cells.column(reading.columns[at], [p.value for p in parts])
    drawn = []
    if start is not None:
        drawn.append(
            bars.Bar(
                _("At the start"),
                cells.column(_LEVEL, [start, total])[0],
                start,
                start,
                strong=True,
                tick=True,
            )
        )
    for part, value in zip(parts, values, strict=True):
        after = running + part.value
        drawn.append(
            bars.Bar(part.name, value, after, running, colour="plus" if part.value >= 0 else "minus")
        )
        running = after
    if start is not None:
        drawn.append(
            bars.Bar(
                _("At the end"),
                cells.column(_LEVEL, [start, running])[1],
                running,
                running,
                strong=True,
                tick=True,
            )
        )
    elif not _names_ends(reading):  # from an unknown start nobody knows where the parts lead
        drawn.append(
            bars.Bar(
                _("Together"), cells.written("points", running), running, running, strong=True, tick=True
            )
        )
    return bars.draw(drawn, frame, zero=start is None, joined=True)


VIEW = View(shape="breakdown", headlines=_headlines, describe=_describe, as_table=_table, as_chart=_as_chart)
