"""Follow Friday: the place on the board, and who recommended."""

from __future__ import annotations

from datetime import date
from typing import Any

from leumund.asking import Question
from leumund.clean import clean
from leumund.locale import _, ngettext
from leumund.measures import Reading, measure_named
from leumund.today import Readings
from leumund.today.changes import Change
from leumund.today.since import end_before
from leumund.today.whose import board_language
from leumund.views import cells, vague, written

_FIRST = 10
_NAMED = 2


def board(readings: Readings, since: date, *, language: str = "") -> Change:
    """language: of the board; "": the one most of the owner's posts are in. It matters where the place of then lies outside what the place of now may be."""
    tables = readings.state.tables
    language = language or board_language(tables)
    reading = readings.reading("follow_friday", board=language, limit=_FIRST)
    mine = _own_row(reading, tables.own)
    page, command = f"/measures/follow_friday?board={language}", f"show follow_friday --board {language}"
    heading = _("Follow Friday")
    if mine is None:
        places = reading.figures.get("places")
        text = ngettext(
            "You are not on {board} ({n} account): nobody is known to have recommended you.",
            "You are not on {board} ({n} accounts): nobody is known to have recommended you.",
            places if isinstance(places, int) else 0,
        )
        why = text.format(board=written.board(reading), n=cells.any_value(places))
        return Change(name="board", heading=heading, value=_("not listed"), unknown=True, why=why, page=page, command=command)  # fmt: skip
    with Question(readings.lab, end_before(since)).state() as then:
        earlier = then.reading(measure_named("follow_friday"), board=language, limit=_FIRST)
        before = _own_row(earlier, then.tables.own)
    low, high = mine["rank_low"], mine["rank_high"]
    known = bool(earlier.figures.get("places"))
    # where nothing is known of then, nothing is known to have changed
    outside = known if before is None else low is not None and not low <= before["rank"] <= high
    named = _recommended_by(readings, since)
    of = _("of {n}").format(n=cells.any_value(reading.figures.get("places")))
    if low is not None and low != high and not vague.is_on():
        between = _("between {low} and {high}").format(low=cells.number(low), high=cells.number(high))
        of = f"{of}, {between}"
    return Change(
        name="board", heading=heading, value=vague.place(mine["rank"]) if vague.is_on() else cells.number(mine["rank"]), of=of,
        change="" if before is None else _moved(before["rank"] - mine["rank"]), matters=outside,
        why=" ".join(filter(None, (_place(before, mine["rank"], known=known, outside=outside), named))), page=page, command=command,
    )  # fmt: skip


def _own_row(reading: Reading, own: int | None) -> dict[str, Any] | None:
    columns = [c.name for c in reading.columns]
    return next((dict(zip(columns, r, strict=True)) for r in reading.rows if r[1] == own), None)


def _place(before: dict[str, Any] | None, now: int, *, known: bool, outside: bool) -> str:
    """How the place stands beside that of then. known: whether anybody was on the board then."""
    if before is None:
        return _("You were not on it then.") if known else _("From then no recommendation is known.")
    if before["rank"] == now:
        return _("The same place as then.")
    if vague.is_on():
        went = _("You went up.") if now < before["rank"] else _("You went down.")
        return went if outside else _("Nothing that matters.")
    then = cells.number(before["rank"])
    if outside:
        return _("It was place {then}.").format(then=then)
    return _("Nothing that matters: it was place {then}, and so exactly nobody knows it.").format(then=then)


def _recommended_by(readings: Readings, since: date) -> str:
    """Who recommended the owner since then, the last one first."""
    start = end_before(since)
    rows = [r for r in readings.reading("courtesy").dicts() if r["kind"] == "endorse" and r["time"] > start]
    names = list(
        dict.fromkeys(str(r["account"]) for r in sorted(rows, key=lambda r: r["time"], reverse=True))
    )
    if not names:
        return ""
    said, more = ", ".join(clean(n, 80) for n in names[:_NAMED]), len(names) - _NAMED
    if more > 0:
        text = ngettext("Recommended by {names} and {n} more.", "Recommended by {names} and {n} more.", more)
        return text.format(names=said, n=cells.number(more))
    return _("Recommended by {names}.").format(names=said)


def _moved(places: int) -> str:
    """How many places up or down; "" for none."""
    if not places:
        return ""
    many = ngettext("{n} place up", "{n} places up", abs(places))
    if places < 0:
        many = ngettext("{n} place down", "{n} places down", abs(places))
    return many.format(n=cells.number(abs(places)))
