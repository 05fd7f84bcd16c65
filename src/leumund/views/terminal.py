"""A reading as text for a terminal: what to know first, the table, and beneath it all that must be said with it.

Where the table does not fit, whole columns are left out and named; where not even a row's name and its value fit,
the rows are listed one below the other. No number is ever cut.
"""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING

from leumund.locale import _, ngettext
from leumund.measures import Reading
from leumund.views import cells, view_of, written

if TYPE_CHECKING:
    from rich.console import Console

_FOLDED = {"account": 50, "text": 24, "kind": 10}  # what such a column needs at least
_NARROW = 60
_BETWEEN = 3  # characters between columns
_BARS = "▁▂▃▄▅▆▇█"


def as_terminal(
    reading: Reading,
    *,
    width: int = 100,
    colour: bool = False,
    highlight: frozenset[int] = frozenset(),
    most: int = 30,
) -> str:
    """The reading as text of that width. colour: with ANSI colours; most: so many rows at most (0: all)."""
    from rich.console import Console
    from rich.text import Text

    out = StringIO()
    width = max(width, 20)
    console = Console(
        file=out, width=width, force_terminal=colour, no_color=not colour, color_system="standard" if colour else None,
        legacy_windows=False, highlight=False, markup=False, emoji=False, _environ={},
    )  # fmt: skip
    view = view_of(reading)
    console.print(Text(written.title(reading), style="bold"))
    console.print(Text(written.as_of(reading), style="dim"))
    headlines = view.headlines(reading, highlight)
    for h in headlines:
        console.print()
        console.print(Text.assemble((h.label + "  ", ""), (h.value, "italic" if h.unknown else "bold cyan")))
        if rest := "; ".join(t for t in (h.interval, h.detail) if t):
            console.print(Text("  " + rest))
    if line := _sparkline(reading, width):
        console.print(Text(line, style="cyan"))
    told = written.further(reading, headlines) if reading.rows or headlines else []
    if rest := ", ".join(f"{title}: {value}" for title, value in told):
        console.print(Text(rest, style="dim"))
    console.print()
    if reading.answers:
        _notes(console, reading)
        console.print()
    if reading.rows or not headlines:
        whole = reading.shape == "breakdown" and not most  # every row is wanted, the smallest too
        table = written.table(reading, highlight) if whole else view.as_table(reading, highlight)
        _rows(console, reading, table, width, most)
        console.print()
    _beneath(console, reading)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _rows(console: Console, reading: Reading, table: written.Table, width: int, most: int) -> None:
    from rich.text import Text

    if not table.rows:
        console.print(Text(written.nothing()))
        return
    shown = replace(table, rows=table.rows[:most] if most else table.rows)
    kept = _fitting(reading, shown, width)
    if kept:
        part = [tuple(row[i] for i in kept) for row in shown.rows]
        _as_grid(console, replace(shown, heads=tuple(shown.heads[i] for i in kept), rows=tuple(part)), width)
        if dropped := [h.title for i, h in enumerate(table.heads) if i not in kept]:
            said = _("Not shown for want of room: {columns}.").format(columns=", ".join(dropped))
            console.print(Text(said, style="dim"))
    else:
        _as_list(console, shown)
    left = len(table.rows) - len(shown.rows)
    if left:
        more = ngettext("{n} more row; all with --limit 0.", "{n} more rows; all with --limit 0.", left)
        more = more.format(n=cells.number(left))
        console.print(Text(more, style="dim"))


def _fitting(reading: Reading, table: written.Table, width: int) -> list[int]:
    """The columns that find room: posts go first, then from the right, never the name of a row and its value."""
    value = written.value_at(reading)
    must = {value, *(written.bounds_at(reading, value) or () if value is not None else ())}
    must.add(written.find(reading, "account", "text", "kind", "time", "day", "week"))
    droppable = [i for i in range(len(table.heads)) if i not in must]
    droppable.sort(key=lambda i: (table.heads[i].kind != "post", -i))
    kept = list(range(len(table.heads)))
    for unwanted in (None, *droppable):
        kept = [i for i in kept if i != unwanted]
        part = [tuple(row[i] for i in kept) for row in table.rows]
        if _widths(replace(table, heads=tuple(table.heads[i] for i in kept), rows=tuple(part)), width):
            return kept
    return []


def _widths(table: written.Table, width: int) -> list[int] | None:
    """How wide each column shall be; None where the table does not fit.

    Only texts may be folded, and titles between their words; what room is left goes to the columns one by one.
    """
    from rich.cells import cell_len

    least, wanted = [], []
    for at, head in enumerate(table.heads):
        widest = max(cell_len(_said(row[at], width)) for row in table.rows)
        word = max((cell_len(w) for w in head.title.split()), default=1)
        least.append(max(min(widest, _FOLDED.get(head.kind, widest)), word))
        wanted.append(max(widest, cell_len(head.title)))
    room = width - sum(least) - _BETWEEN * (len(least) - 1)
    if room < 0:
        return None
    for at in sorted(range(len(least)), key=lambda i: (table.heads[i].kind not in _FOLDED, i)):
        more = min(room, wanted[at] - least[at])
        least[at] += more
        room -= more
    return least


def _said(cell: written.Cell, width: int) -> str:
    return cells.unknown(narrow=True) if cell.unknown and width < _NARROW else cell.text


def _as_grid(console: Console, table: written.Table, width: int) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    grid = Table(
        box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold"
    )
    for head, wide in zip(table.heads, _widths(table, width) or (), strict=True):
        grid.add_column(
            Text(head.title), justify="right" if head.numeric else "left", width=wide, overflow="fold"
        )
    for i, row in enumerate(table.rows):
        texts = [Text(_said(c, width), style="italic dim" if c.unknown else "") for c in row]
        grid.add_row(*texts, style="bold" if i in table.marked else "")
    console.print(grid)
    if width < _NARROW and any(c.unknown for row in table.rows for c in row):
        console.print(Text("? = " + cells.unknown(), style="dim"))


def _as_list(console: Console, table: written.Table) -> None:
    from rich.text import Text

    for i, row in enumerate(table.rows):
        for head, cell in zip(table.heads, row, strict=True):
            console.print(
                Text.assemble((head.title + ": ", "dim"), (cell.text, "bold" if i in table.marked else "")),
                overflow="fold",
            )
        console.print()


def _sparkline(reading: Reading, width: int) -> str:
    """A series in one line; a dot where nothing is known."""
    at = written.value_at(reading)
    if reading.shape != "series" or at is None or written.find(reading, "account", "kind") is not None:
        return ""
    values = [None if cells.is_unknown(row[at]) else float(row[at]) for row in reading.rows][
        -min(width, 80) :
    ]
    known = [v for v in values if v is not None]
    if len(known) < 2 or min(known) == max(known):
        return ""
    low, span = min(known), max(known) - min(known)
    return "".join("·" if v is None else _BARS[min(7, int((v - low) / span * 8))] for v in values)


def _notes(console: Console, reading: Reading) -> None:
    from rich.text import Text

    for note in written.notes(reading):
        console.print(Text("• " + note))


def _beneath(console: Console, reading: Reading) -> None:
    from rich.text import Text

    if not reading.answers:
        _notes(console, reading)
    if missing := written.unknowns(reading):
        console.print(Text(missing))
    console.print(Text(written.coverage(reading), style="dim"))
