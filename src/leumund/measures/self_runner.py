"""Is it a self-runner? Whether gains grow with what is there, with what the owner does, or with neither."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from leumund.locale import N_
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.days import DAY_US
from leumund.measures.goals import tracks
from leumund.measures.goals.curves import WEEK, Curve, Days, Numbers, day_of
from leumund.measures.goals.dependence import Elasticity, elasticities
from leumund.measures.goals.words import ALONE
from leumund.store.tables import Tables

LEAST_WEEKS = 26
BACK = 156
SURE = 0.5  # an elasticity below this, with its whole interval, is called none
_BURST = 6.0
_SHAPE = pa.schema(
    {
        "factor": pa.string(), "verdict": pa.string(), "times": pa.float64(), "times_low": pa.float64(),
        "times_high": pa.float64(), "lowest": pa.float64(), "highest": pa.float64(), "weeks": pa.int64(), "place": pa.int64(),
    }
)  # fmt: skip
_EVIDENCE = pa.schema(
    {
        "day": pa.date32(),
        "gain": pa.int64(),
        "what_is_there": pa.int64(),
        "posts": pa.float64(),
        "hours": pa.float64(),
    }
)
WORDS = (N_("what is there"), N_("posts"), N_("hours"), N_("grows with it"), N_("falls with it"), N_("hardly depends on it"), N_("cannot be told"))  # fmt: skip


def self_runner(tables: Tables, *, network: str | None = None) -> Result:
    """Whether the weekly gain in followers grows with how many there are, with posts, with hours: the last three years.

    log E[gain of a week] = a + b1 log(followers before) + b2 log(1 + posts of that week and the one before)
    + b3 log(1 + hours of these weeks), quasi-Poisson; each factor with the others held. times = 2 ** b: what twice as
    much went with. Weeks beyond six robust standard deviations count as one that lies there.

    Args:
        network: only the followers, posts and hours of one network.
    Gives: factor, verdict (grows with it: the 90 % interval of times lies above 1; falls with it: below; hardly depends on
        it: below the root of 2 with 1 inside; else it cannot be told), times with its interval, lowest and highest (of
        the factor, a week), weeks, place. Figures: weeks; followers_times, posts_times, hours_times.
    Edges: only weeks that were counted themselves. Hours only where some were entered for at least a quarter of the weeks.
        What went together need not have brought each other: followers and time grow together.
    Source: quasi-Poisson regression, Newey and West 1987; ours in what it says.
    """
    curve = tracks.followers(tables, network)
    if curve is None or curve.counted < LEAST_WEEKS:
        weeks = 0 if curve is None else curve.counted
        text = N_("Too little data: {weeks} weeks were counted, and {least} are needed.")
        return Result(
            rows=_SHAPE.empty_table(),
            notes=(Note(text, {"weeks": weeks, "least": LEAST_WEEKS}),),
            figures={"weeks": weeks},
        )
    factors = _factors(tables, curve, network)
    seen = (curve.spans == 1) & ~np.isnan(curve.counts[:-1]) & (curve.counts[:-1] > 0)
    seen[: max(1, len(seen) - BACK)] = False
    gain = _cut(curve.gains[seen])
    kept = {name: values[seen] for name, values in factors.items() if _moves(values[seen])}
    found = elasticities(gain, np.column_stack(list(kept.values()))) if kept else None
    if found is None:
        text = N_("It cannot be told: gains or what they could hang on hardly changed in {weeks} weeks.")
        return Result(
            rows=_SHAPE.empty_table(),
            notes=(Note(text, {"weeks": int(seen.sum())}),),
            figures={"weeks": int(seen.sum())},
        )
    told = dict(zip(kept, found, strict=True))
    rows = [_row(place, name, one, kept[name]) for place, (name, one) in enumerate(told.items(), 1)]
    figures: dict[str, Any] = {"weeks": int(seen.sum())}
    figures |= {f"{_FIGURES[name]}_times": 2.0**one.value for name, one in told.items()}
    return Result(rows=pa.Table.from_pylist(rows, _SHAPE), notes=tuple(_said(told)), figures=figures)


def evidence(tables: Tables, account: int | None = None, *, network: str | None = None) -> Result:
    """The weeks that `self_runner` looks at: what came, and what it may hang on.

    Gives: day (the last of the week), gain (None: that week was not counted by itself), what_is_there (before it), posts
        and hours (a week; the mean of that week and the one before; None: none were ever entered).
    Source: as `self_runner`.
    """
    if account is not None and tables.person_of(account) != tables.own:
        return Result(rows=_EVIDENCE.empty_table(), notes=(ALONE,))
    curve = tracks.followers(tables, network)
    if curve is None or not curve.weeks:
        return Result(
            rows=_EVIDENCE.empty_table(),
            notes=(Note(N_("No source has told how many followers there are.")),),
        )
    factors = _factors(tables, curve, network)
    rows = []
    for week in range(max(0, curve.weeks - BACK), curve.weeks):
        there, known = curve.counts[week], curve.spans[week] == 1
        rows.append(
            {
                "day": day_of(curve.last_day - WEEK * (curve.weeks - 1 - week)), "gain": round(curve.gains[week]) if known else None,
                "what_is_there": None if np.isnan(there) else round(there),
                **{name: float(factors[name][week] - 1) if name in factors else None for name in ("posts", "hours")},
            }
        )  # fmt: skip
    return Result(rows=pa.Table.from_pylist(rows, _EVIDENCE))


_FIGURES = {"what_is_there": "followers", "posts": "posts", "hours": "hours"}


def _factors(tables: Tables, curve: Curve, network: str | None) -> dict[str, Numbers]:
    """What was there, what was posted and how long was worked, by week of the curve; above 0."""
    ends = curve.last_day - WEEK * np.arange(len(curve.gains) - 1, -1, -1, dtype=np.int64)
    there = "network = $network" if network else "true"
    named = {"network": network} if network else {}
    channel = "channel = $network" if network else "true"
    posts = tables.arrow(
        f"""select epoch_us(happened_at) // {DAY_US} as day, count(*)::DOUBLE as n from posts
            where exact and account in (select account from own) and {there} group by 1""",
        **named,
    )
    hours = tables.arrow(
        f"select epoch_us(happened_at) // {DAY_US} as day, sum(hours)::DOUBLE as n from hours where {channel} group by 1",
        **named,
    )
    found: dict[str, Numbers] = {"what_is_there": np.maximum(curve.counts[:-1], 1e-9)}
    for name, rows in (("posts", posts), ("hours", hours)):
        weekly = _weekly(ends, rows["day"].to_numpy(), rows["n"].to_numpy())
        if (weekly > 0).mean() >= 0.25:
            found[name] = 1 + (weekly + np.append(weekly[0], weekly[:-1])) / 2
    return found


def _weekly(ends: Days, days: Days, n: Numbers) -> Numbers:
    at = np.searchsorted(ends, days)
    inside = (at < len(ends)) & (days > ends[0] - WEEK) if len(ends) else np.zeros(len(days), bool)
    return np.bincount(at[inside], n[inside], len(ends)).astype(np.float64)


def _cut(gain: Numbers) -> Numbers:
    middle = float(np.median(gain))
    size = float(np.quantile(np.abs(gain - middle), 0.75)) / 1.15
    return np.clip(gain, middle - _BURST * size - 1, middle + _BURST * size + 1)


def _moves(values: Numbers) -> bool:
    return len(values) > 0 and bool(np.log(values).std() > 0.02)


def verdict(one: Elasticity) -> str:
    """What an interval allows to say."""
    if one.low > 0:
        return "grows_with_it"
    if one.high < 0:
        return "falls_with_it"
    return "hardly_depends_on_it" if one.high < SURE and one.low > -SURE else "cannot_be_told"


def _row(place: int, name: str, one: Elasticity, values: Numbers) -> dict[str, Any]:
    plain = values if name == "what_is_there" else values - 1
    return {
        "factor": name, "verdict": verdict(one), "times": 2.0**one.value, "times_low": 2.0**one.low, "times_high": 2.0**one.high,
        "lowest": float(plain.min()), "highest": float(plain.max()), "weeks": len(values), "place": place,
    }  # fmt: skip


_TEXTS = {
    ("what_is_there", "grows_with_it"): N_("With twice as many followers, {times:.1f} times as many came in a week (between {low:.1f} and {high:.1f}): who is there brings others. As far as that goes it runs by itself."),
    ("what_is_there", "falls_with_it"): N_("With twice as many followers only {times:.1f} times as many came in a week (between {low:.1f} and {high:.1f}): the more there were, the slower it grew."),
    ("what_is_there", "hardly_depends_on_it"): N_("How many come in a week hardly depends on how many are there: with twice as many it was {times:.1f} times as many (between {low:.1f} and {high:.1f}). It does not run by itself."),
    ("what_is_there", "cannot_be_told"): N_("Whether it runs by itself cannot be told yet: with twice as many followers it may be {low:.1f} to {high:.1f} times as many in a week."),
    ("posts", "grows_with_it"): N_("In weeks with twice as many posts, {times:.1f} times as many came (between {low:.1f} and {high:.1f})."),
    ("posts", "falls_with_it"): N_("In weeks with twice as many posts fewer came: {times:.1f} times as many (between {low:.1f} and {high:.1f})."),
    ("posts", "hardly_depends_on_it"): N_("How many come hardly depends on how much you post: in weeks with twice as many posts it was {times:.1f} times as many (between {low:.1f} and {high:.1f})."),
    ("posts", "cannot_be_told"): N_("Whether it grows with your posts cannot be told yet: with twice as many it may be {low:.1f} to {high:.1f} times as many in a week."),
    ("hours", "grows_with_it"): N_("In weeks with twice as many hours, {times:.1f} times as many came (between {low:.1f} and {high:.1f})."),
    ("hours", "falls_with_it"): N_("In weeks with twice as many hours fewer came: {times:.1f} times as many (between {low:.1f} and {high:.1f})."),
    ("hours", "hardly_depends_on_it"): N_("How many come hardly depends on your hours: in weeks with twice as many it was {times:.1f} times as many (between {low:.1f} and {high:.1f})."),
    ("hours", "cannot_be_told"): N_("Whether it grows with your hours cannot be told yet: with twice as many it may be {low:.1f} to {high:.1f} times as many in a week."),
}  # fmt: skip


def _said(told: dict[str, Elasticity]) -> list[Note]:
    notes = [
        Note(
            _TEXTS[name, verdict(one)], {"times": 2.0**one.value, "low": 2.0**one.low, "high": 2.0**one.high}
        )
        for name, one in told.items()
    ]
    said = {verdict(one) for one in told.values()}
    if said <= {"hardly_depends_on_it"}:
        notes.append(
            Note(N_("It grows neither with what is there nor with what you do, as far as that was counted."))
        )
    if "grows_with_it" in said:
        notes.append(
            Note(
                N_(
                    "What went together need not have brought each other: followers and months grow together. An experiment would tell: leumund experiment plan"
                )
            )
        )
    return notes


MEASURE = Measure(
    name="self_runner",
    title=N_("Does it run by itself?"),
    question=N_("Do more come because many are there, because I do much, or neither?"),
    topic="success",
    shape="table",
    columns=(
        Column(name="factor", kind="kind", title=N_("The gain and")),
        Column(name="verdict", kind="kind", title=N_("What the data say")),
        Column(name="times", kind="number", title=N_("Twice as much: times the gain")),
        Column(name="times_low", kind="number", title=N_("At least")),
        Column(name="times_high", kind="number", title=N_("At most")),
        Column(name="lowest", kind="number", title=N_("Least in a week")),
        Column(name="highest", kind="number", title=N_("Most in a week")),
        Column(name="weeks", kind="whole", title=N_("Weeks")),
        Column(name="place", kind="whole", title=N_("No.")),
    ),
    order=("place",),
    compute=self_runner,
    figures={"weeks": "", "followers_times": "", "posts_times": "", "hours_times": ""},
    explain=evidence,
    explain_title=N_("What came each week, and what was there"),
    explain_shape="series",
    explain_columns=(
        Column(name="day", kind="day", title=N_("Week until")),
        Column(name="gain", kind="whole", title=N_("Came"), optional=True),
        Column(name="what_is_there", kind="whole", title=N_("Were there"), optional=True),
        Column(name="posts", kind="number", title=N_("Posts a week"), optional=True),
        Column(name="hours", kind="number", title=N_("Hours a week"), optional=True),
    ),
    explain_order=("day",),
    private=True,
    reference=N_(
        "Quasi-Poisson regression by weeks, intervals that allow for weeks that resemble each other (Newey and West 1987)."
    ),
)
