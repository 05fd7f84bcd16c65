"""A reading written out in the language in use: its table, and the sentences that belong beneath it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from leumund.clean import clean
from leumund.locale import _, ngettext
from leumund.measures import Column, ColumnKind, Reading
from leumund.views import Headline, cells, vague
from leumund.views.words import label

_BOUND = re.compile(r"(?:.+_)?(?:low|high)\Z")
_PLACES = cells.PLACES
_BLUESKY_POST = re.compile(r"at://(did:[a-z]+:[\w.:%-]+)/app\.bsky\.feed\.post/(\w+)\Z")
_WEB = re.compile(r"https?://[^\s\"'<>\\]+\Z")
_LONGEST_NAME = 80
_LONGEST_TEXT = 400


@dataclass(frozen=True, slots=True)
class Cell:
    """One written value. link: the web address of a post, "" for everything else."""

    text: str
    unknown: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a written column."""

    title: str
    kind: ColumnKind

    @property
    def numeric(self) -> bool:
        """Whether it is set flush right."""
        return self.kind in cells.NUMERIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Every row written out. marked: which rows belong to the highlighted accounts."""

    title: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    marked: frozenset[int] = frozenset()


def table(reading: Reading, highlight: frozenset[int] = frozenset(), *, backwards: bool = False) -> Table:
    """The reading's rows, written; backwards: the last first."""
    columns = [_column(reading, i) for i in range(len(reading.columns))]
    rows = list(zip(*columns, strict=True)) if reading.rows else []
    marked = {r for r, row in enumerate(reading.rows) if is_marked(reading, row, highlight)}
    if backwards:
        rows.reverse()
        marked = {len(rows) - 1 - r for r in marked}
    heads = tuple(Head(head(c), c.kind) for c in reading.columns)
    return Table(title=title(reading), heads=heads, rows=tuple(rows), marked=frozenset(marked))


def is_marked(reading: Reading, row: Sequence[Any], highlight: frozenset[int]) -> bool:
    """Whether the first account of a row is one of those."""
    at = find(reading, "account")
    return at is not None and row[at] in highlight


def _column(reading: Reading, at: int) -> list[Cell]:
    described = reading.columns[at]
    values = [row[at] for row in reading.rows]
    if described.nothing:
        known = [v for v in values if v is not None]
        cells_of = iter(_cells(reading, described, known))
        return [Cell(_(described.nothing), unknown=False) if v is None else next(cells_of) for v in values]
    return _cells(reading, described, values)


def _cells(reading: Reading, described: Column, values: Sequence[Any]) -> list[Cell]:
    if described.kind == "account":
        return [Cell(name(reading, v), v is None) for v in values]
    texts = cells.column(described, values)
    if described.kind == "post":
        return [
            Cell(clean(t, _LONGEST_NAME), v is None, web_address(v))
            for t, v in zip(texts, values, strict=True)
        ]
    return [Cell(clean(t, _LONGEST_TEXT), cells.is_unknown(v)) for t, v in zip(texts, values, strict=True)]


def name(reading: Reading, key: int | None, most: int = _LONGEST_NAME) -> str:
    """An account as people write it."""
    if key is None:
        return cells.unknown()
    return clean(reading.names.get(key) or str(key), most) or str(key)


def web_address(post: Any) -> str:
    """Where a post can be read in a browser, "" where that cannot be told from its URI.

    >>> web_address("at://did:plc:abc/app.bsky.feed.post/3k")
    'https://bsky.app/profile/did:plc:abc/post/3k'
    """
    text = str(post or "")
    if text != clean(text):
        return ""
    if found := _BLUESKY_POST.match(text):
        return f"https://bsky.app/profile/{found[1]}/post/{found[2]}"
    return text if _WEB.match(text) else ""


def title(reading: Reading) -> str:
    """The reading's title; with the board, where it speaks of one of several."""
    asked = reading.figures.get("board")
    if not isinstance(asked, str):
        return clean(_(reading.title), 200)
    ours = {"de": _("German board"), "en": _("English board"), "all": _("board of all languages")}
    named = ours.get(asked) or _("board “{name}”").format(name=clean(asked, 60))
    return f"{clean(_(reading.title), 200)}: {named}"


def board(reading: Reading) -> str:
    """Which Follow-Friday board a reading speaks of, within a sentence ("on the German board"); "" where it speaks of none."""
    asked = reading.figures.get("board")
    if not isinstance(asked, str):
        return ""
    ours = {"de": _("the German board"), "en": _("the English board"), "all": _("the board of all")}
    return ours.get(asked) or _("the board “{language}”").format(language=clean(asked, 60))


def head(column: Column) -> str:
    """A column's title with its unit."""
    unit = f" ({clean(_(column.unit))})" if column.unit else ""
    return (clean(_(column.title)) or label(column.name)) + unit


# -- finding columns


def find(reading: Reading, *kinds: ColumnKind) -> int | None:
    """The first column of one of these kinds."""
    return next((i for i, c in enumerate(reading.columns) if c.kind in kinds), None)


def called(reading: Reading, *names: str) -> int | None:
    """The column of one of these names, in the order of the names."""
    at = {c.name: i for i, c in enumerate(reading.columns)}
    return next((at[n] for n in names if n in at), None)


def value_at(reading: Reading) -> int | None:
    """The column of *the* value: the first numeric one that is no rank and no bound."""
    numeric = (i for i, c in enumerate(reading.columns) if c.kind in cells.NUMERIC)
    return next(
        (
            i
            for i in numeric
            if not is_bound(reading.columns[i].name) and reading.columns[i].name not in _PLACES
        ),
        None,
    )


def rank_at(reading: Reading) -> int | None:
    """The column of the place, where there is one."""
    return called(reading, *sorted(_PLACES))


def is_bound(name: str) -> bool:
    """Whether a name is that of a bound of something."""
    return bool(_BOUND.match(name))


def bounds_at(reading: Reading, at: int) -> tuple[int, int] | None:
    """The columns of a value's bounds; plain `low` and `high` belong to the value of the reading."""
    own = reading.columns[at].name
    low, high = called(reading, f"{own}_low"), called(reading, f"{own}_high")
    if (low is None or high is None) and at == value_at(reading):
        low, high = called(reading, "low"), called(reading, "high")
    return None if low is None or high is None else (low, high)


# -- sentences


def between(column: Column, low: Any, high: Any) -> str:
    """An interval in words; says so where there is none. "" where words are written instead of numbers."""
    if vague.is_on():
        return ""
    if cells.is_unknown(low) or cells.is_unknown(high):
        return _("too little data for an interval")
    first, last = cells.column(column, [low, high])
    return first if first == last else _("between {low} and {high}").format(low=first, high=last)


def interval(reading: Reading, row: Sequence[Any], at: int) -> str:
    """The interval of one value of a row, "" where the reading gives none."""
    bounds = bounds_at(reading, at)
    return between(reading.columns[at], row[bounds[0]], row[bounds[1]]) if bounds else ""


def figure(reading: Reading, key: str) -> str:
    """One of the reading's single figures, written like the column of its name where there is one."""
    value = reading.figures.get(key)
    if isinstance(value, str):
        return (
            cells.written("kind", value)
            if re.fullmatch(r"[a-z][a-z0-9_]*", value)
            else cells.any_value(value)
        )
    if key == "share" or key.endswith("_share"):
        return cells.written("share", value)
    at = called(reading, key, key.rpartition("_")[0]) if is_bound(key) else called(reading, key)
    if at is None and is_bound(key):
        at = value_at(reading)
    if at is not None and reading.columns[at].kind in cells.NUMERIC:
        return cells.written(reading.columns[at].kind, value)
    if isinstance(value, int) and not isinstance(value, bool):
        return cells.alone(value)  # it stands for itself, behind its label
    return cells.any_value(value)


def figures(reading: Reading) -> list[tuple[str, str]]:
    """All single figures of a reading with their labels."""
    titles = {c.name: head(c) for c in reading.columns}
    ours = reading.figure_titles
    return [
        (_(ours[key]) if key in ours else titles.get(key) or label(key), figure(reading, key))
        for key in reading.figures
        if ours.get(key, key)
    ]


def further(reading: Reading, headlines: Iterable[Headline]) -> list[tuple[str, str]]:
    """The single figures that the headlines have not said yet."""
    said = list(headlines)
    told, labels = joined(said), {h.label for h in said}

    def is_told(title: str, value: str) -> bool:  # a 7 is not told by 7.87
        return title in labels or bool(re.search(rf"(?<![\d.,]){re.escape(value)}(?![.,]?\d)", told))

    found = [(title, value) for title, value in figures(reading) if not is_told(title, value)]
    return [(title, value) for title, value in found if not (vague.is_on() and cells.HIDDEN in value)]


def notes(reading: Reading) -> list[str]:
    """What must be said with the reading."""
    return [said for n in reading.notes if (said := cells.sentence(n))]


def coverage(reading: Reading) -> str:
    """How far the lab can see."""
    c = reading.coverage
    rows = ngettext("{n} record", "{n} records", c.rows).format(n=cells.number(c.rows))
    if c.undated:
        rows += _(" ({n} without a date)").format(n=cells.number(c.undated))
    if c.first is None or c.last is None:
        said = _("What was read: {rows}").format(rows=rows)
    else:
        said = _("What was read: {rows} from {first} to {last}").format(
            rows=rows, first=cells.day(cells.as_day(c.first)), last=cells.day(cells.as_day(c.last))
        )
    if c.sources:
        names = ", ".join(source(reading, s) for s in c.sources)
        said += "; " + ngettext("source: {names}", "sources: {names}", len(c.sources)).format(names=names)
    if c.later:
        many = ngettext(
            "{n} record is dated later and does not count.",
            "{n} records are dated later and do not count.",
            c.later,
        )
        said += ". " + many.format(n=cells.number(c.later)).removesuffix(".")
    return said + "."


def source(reading: Reading, name: str) -> str:
    """A source as people call it: its title up to the first comma, without what stands in brackets."""
    title = clean(_(reading.source_titles.get(name, "")), 200)
    return re.sub(r" \([^)]*\)", "", title).split(",")[0] or label(name)


def unknowns(reading: Reading) -> str:
    """What of the rows is unknown, "" if nothing is."""
    total = len(reading.rows)
    lacking: dict[int, list[str]] = {}
    for i, c in enumerate(reading.columns):
        if c.nothing:
            continue
        if missing := sum(cells.is_unknown(row[i]) for row in reading.rows):
            lacking.setdefault(missing, []).append(head(c))
    if vague.is_on() and lacking:
        columns = ", ".join(dict.fromkeys(title for titles in lacking.values() for title in titles))
        return _("Unknown in some rows: {columns}.").format(columns=columns)
    said = _("Unknown in {n} of {total} rows: {columns}.")
    return " ".join(
        said.format(n=cells.span(n), total=cells.span(total), columns=", ".join(titles))
        for n, titles in lacking.items()
    )


def as_of(reading: Reading) -> str:
    """The moment the reading speaks of."""
    return _("As of {moment}").format(moment=cells.moment(reading.as_of))


def nothing() -> str:
    """What is said of a reading without rows."""
    return _("There is nothing to show yet.")


def joined(headlines: Iterable[Headline]) -> str:
    """Headlines in one line each, for plain text."""
    lines = []
    for h in headlines:
        rest = "; ".join(t for t in (h.interval, h.detail) if t)
        lines.append(f"{h.label}: {h.value}" + (f" ({rest})" if rest else ""))
    return "\n".join(lines)
