"""The program's own record: what it would have foretold of the owner's followers, and what came."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from leumund.locale import N_
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.goals import tracks
from leumund.measures.goals.curves import WEEK, Curve, day_of
from leumund.measures.goals.forecast import crps, forecast
from leumund.measures.goals.growth import LEAST_WEEKS, Growth, growth_of
from leumund.measures.goals.naive import last_8_weeks
from leumund.measures.goals.words import ALONE
from leumund.store.tables import Tables

AHEAD = 12
EVERY = 4
MOST = 65  # five years
_DRAWS = 1_000
_SHAPE = pa.schema(
    {
        "day": pa.date32(), "made_on": pa.date32(), "came": pa.int64(), "low": pa.int64(), "high": pa.int64(),
        "held": pa.bool_(), "missed": pa.float64(), "plain_missed": pa.float64(),
    }
)  # fmt: skip
_GROWTH = pa.schema(
    {
        "day": pa.date32(), "number": pa.int64(), "gained": pa.float64(), "gain": pa.float64(), "loss": pa.float64(),
        "noise": pa.float64(),
    }
)  # fmt: skip


def forecasts(tables: Tables, *, network: str | None = None) -> Result:
    """What would have been foretold of the owner's followers twelve weeks ahead, from every fourth week, and what came.

    Each forecast is that of `goals`, from nothing but the counts until then.

    Args:
        network: only the followers on one network.
    Gives: day (for which), made_on, came (what was counted), low and high (80 of 100 courses), held (whether it lay
        between), missed (CRPS, in followers) and plain_missed (the same of the last eight weeks going on). Figures:
        forecasts, held_share, missed and plain_missed (means); now_weeks.
    Edges: a day on which nobody counted judges no forecast. Forecasts four weeks apart share eight weeks: ten of them
        tell hardly more than three that are independent.
    Source: CRPS: Gneiting and Raftery 2007.
    """
    curve = tracks.followers(tables, network)
    rows = [] if curve is None else _record(curve)
    weeks = 0 if curve is None else curve.weeks
    figures: dict[str, Any] = {
        "forecasts": len(rows),
        "held_share": None,
        "held_low": None,
        "held_high": None,
        "missed": None,
        "plain_missed": None,
        "now_weeks": weeks,
    }
    if not rows:
        text = N_(
            "No forecast can be judged yet: {weeks} weeks of followers are known, and {least} are needed."
        )
        note = Note(text, {"weeks": weeks, "least": LEAST_WEEKS + AHEAD})
        return Result(rows=_SHAPE.empty_table(), notes=(note,), figures=figures)
    held = sum(row["held"] for row in rows)
    missed, plain = (float(np.mean([row[name] for row in rows])) for name in ("missed", "plain_missed"))
    low, high = _share_between(held, len(rows))
    figures |= {
        "held_share": held / len(rows),
        "held_low": low,
        "held_high": high,
        "missed": missed,
        "plain_missed": plain,
    }
    text = (
        N_(
            "Of {forecasts} forecasts twelve weeks ahead, {held} held; four of five should. So few tell it roughly: between {low:.0%} and {high:.0%}."
        )
        if held
        else N_(
            "Of {forecasts} forecasts twelve weeks ahead, none held; four of five should. So few tell it roughly: at most {high:.0%}."
        )
    )
    notes = [Note(text, {"forecasts": len(rows), "held": held, "low": low, "high": high})]
    text = N_(
        "They missed by {missed:.1f} followers; had the last eight weeks simply gone on, by {plain:.1f}."
    )
    notes.append(Note(text, {"missed": missed, "plain": plain}))
    if missed > plain:
        notes.append(Note(N_("The plain way was the better one for you.")))
    notes.append(
        Note(
            N_(
                "Forecasts four weeks apart share most of their weeks: they tell less than as many independent ones."
            )
        )
    )
    return Result(rows=pa.Table.from_pylist(rows, _SHAPE), notes=tuple(notes), figures=figures)


def growth(tables: Tables, account: int | None = None, *, network: str | None = None) -> Result:
    """What forecasts rest on, week by week: what was counted, and what was known then of how fast it grows.

    Gives: day (the last of the week), number (None: nobody counted), gained (that week; the even share of a longer gap), gain
        and loss (a week, as known then, weighted by age), noise (the mean deviation of a week from that).
    Source: as `goals`.
    """
    if account is not None and tables.person_of(account) != tables.own:
        return Result(rows=_GROWTH.empty_table(), notes=(ALONE,))
    curve = tracks.followers(tables, network)
    if curve is None or not curve.weeks:
        return Result(
            rows=_GROWTH.empty_table(), notes=(Note(N_("No source has told how many followers there are.")),)
        )
    found = growth_of(curve)
    rows = [
        {
            "day": day_of(curve.last_day - WEEK * (curve.weeks - week)),
            "number": None if np.isnan(curve.counts[week]) else round(curve.counts[week]), "gained": float(curve.gains[week - 1]),
            "gain": float(found.gain[week - 1]), "loss": float(found.loss[week - 1]), "noise": float(found.noise[week - 1]),
        }
        for week in range(max(1, curve.weeks - MOST * EVERY), curve.weeks + 1)
    ]  # fmt: skip
    return Result(rows=pa.Table.from_pylist(rows, _GROWTH))


def _share_between(held: int, many: int) -> tuple[float, float]:
    """Between what the share of forecasts that hold lies in 90 of 100 cases; those that share weeks count in part.

    Jeffreys' interval, which reaches to the end where none or all held: the share that was seen lies within it.
    Source: Brown, Cai and DasGupta 2001.
    """
    from scipy import special  # heavy: only who asks waits

    alone = many * EVERY / AHEAD
    good = held / many * alone
    low, high = special.betaincinv(good + 0.5, alone - good + 0.5, [0.05, 0.95])
    return float(low) if held else 0.0, float(high) if held < many else 1.0


def _record(curve: Curve) -> list[dict[str, Any]]:
    growth = growth_of(curve) if curve.weeks >= LEAST_WEEKS else None
    rows = []
    for made in range(curve.weeks - AHEAD, LEAST_WEEKS - 1, -EVERY)[:MOST]:
        came = curve.counts[made + AHEAD]
        if growth is None or np.isnan(came) or np.isnan(curve.counts[made]):
            continue
        then = curve.until(made)
        known = Growth(gain=growth.gain[:made], loss=growth.loss[:made], noise=growth.noise[:made])
        found = forecast(then, AHEAD, growth=known, draws=_DRAWS)
        if found is None:
            continue
        low, _middle, high = (float(line[-1]) for line in found.interval())
        day = day_of(then.last_day + AHEAD * WEEK)
        rows.append(
            {
                "day": day, "made_on": day - timedelta(weeks=AHEAD), "came": round(came), "low": round(low), "high": round(high),
                "held": bool(low <= came <= high), "missed": crps(found.courses[:, -1], came),
                "plain_missed": crps(last_8_weeks(then, AHEAD), came),
            }
        )  # fmt: skip
    return rows[::-1]


MEASURE = Measure(
    name="forecasts",
    title=N_("Were the forecasts right?"),
    question=N_("How often did forecasts of my followers hold, and were they worth more than a plain guess?"),
    topic="success",
    shape="series",
    columns=(
        Column(name="day", kind="day", title=N_("Day")),
        Column(name="came", kind="whole", title=N_("Followers that day")),
        Column(name="low", kind="whole", title=N_("Foretold from")),
        Column(name="high", kind="whole", title=N_("Foretold to")),
        Column(name="held", kind="flag", title=N_("Held")),
        Column(name="made_on", kind="day", title=N_("Foretold on")),
        Column(name="missed", kind="number", title=N_("Missed by")),
        Column(name="plain_missed", kind="number", title=N_("A plain guess by")),
    ),
    order=("day",),
    compute=forecasts,
    figures={"forecasts": N_("Forecasts"), "held_share": N_("Held"), "held_low": "", "held_high": "", "missed": N_("Missed by, on average"), "plain_missed": N_("A plain guess by, on average"), "now_weeks": ""},
    explain=growth,
    explain_title=N_("What forecasts rest on"),
    explain_shape="series",
    explain_columns=(
        Column(name="day", kind="day", title=N_("Week until")),
        Column(name="number", kind="whole", title=N_("Followers"), optional=True),
        Column(name="gained", kind="number", title=N_("Gained that week")),
        Column(name="gain", kind="number", title=N_("Come a week, as known then")),
        Column(name="loss", kind="number", title=N_("Go a week, as known then")),
        Column(name="noise", kind="number", title=N_("A week is off by")),
    ),
    explain_order=("day",),
    private=True,
    reference=N_("Forecasts as in goals, each from the counts until then; CRPS (Gneiting and Raftery 2007)."),
)  # fmt: skip
