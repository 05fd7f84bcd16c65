"""New followers day by day, and whether anything known explains a day with many."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from leumund.locale import N_
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.days import DAY_US, as_days, day_ends, unfinished
from leumund.measures.named import define_named
from leumund.store.tables import Tables

Numbers = npt.NDArray[np.float64]

_BEFORE = 28  # days that say what is usual
_LEAST = 5  # new followers, below which no day is a spike
_CHANCE = 0.01  # that any of the days shown is called a spike by chance alone
_MARKED = (N_("recommended"), N_("passed on"), N_("mentioned"), N_("none known"))
_SHAPE = pa.schema(
    {
        "day": pa.date32(), "follows": pa.int64(), "usual": pa.float64(), "spike": pa.bool_(), "cause": pa.string(),
        "acts": pa.int64(),
    }
)  # fmt: skip


def audience_growth(tables: Tables, *, days: int = 90) -> Result:
    """New followers on each of the last days on which there were any (UTC), and spikes with what may explain them.

    usual: the mean of the 28 days before. A day is a spike where at least five came and so many would come by chance on
    less than one in a hundred such spans of days: negative binomial with the mean and the variance of the days before,
    divided among the days shown. cause: what happened most beyond its own usual on that day or the two before:
    recommended (Follow Friday), passed on (reshares and quotes), mentioned (mentions and replies); none known otherwise.

    Args:
        days: so many calendar days.
    Gives: day, follows, usual (None before anything is usual), spike, cause (None for no spike), acts (towards the
        owner on those three days). Figures: spikes, without_cause.
    Edges: only follows whose time is certain. A cause is what happened at that time, not proof. Nothing is said of who
        came: a spike without a known cause may be a newspaper as well as a bought crowd.
    Source: ours.
    """
    ends = day_ends(tables.as_of, days + _BEFORE + 3)
    define_named(tables, name="au_named")
    follows = _by_day(tables, ends, "select epoch_us(happened_at) as at_us, 1 as n from acts where kind = 'follow' and exact and target in (select account from own)")  # fmt: skip
    causes = {
        "recommended": _by_day(tables, ends, "select epoch_us(happened_at) as at_us, 1 as n from au_named where account in (select account from own)"),
        "passed_on": _by_day(tables, ends, _acts("'reshare', 'quote'")),
        "mentioned": _by_day(tables, ends, _acts("'mention', 'reply'")),
    }  # fmt: skip
    rows = []
    calm = follows.copy()  # an earlier spike must not make the next one look usual
    for i in range(_BEFORE + 3, len(follows)):
        if not follows[i]:
            continue
        before = calm[i - _BEFORE : i]
        usual = float(before.mean()) if before.any() else None
        spike = usual is not None and bool(_is_spike(follows[i], before, days))
        calm[i] = usual if spike and usual is not None else follows[i]
        around = {
            name: (c[i - 2 : i + 1].sum(), c[i - _BEFORE : i - 2].mean() * 3) for name, c in causes.items()
        }
        rows.append(
            {
                "day": as_days(ends[i + 1 : i + 2])[0].as_py(), "follows": int(follows[i]), "usual": usual, "spike": spike,
                "cause": _cause(around) if spike else None, "acts": int(sum(n for n, _usual in around.values())),
            }
        )  # fmt: skip
    spikes = [r for r in rows if r["spike"]]
    without = sum(r["cause"] == "none_known" for r in spikes)
    notes: tuple[Note, ...] = (Note(N_("No follow is known of these days, with its day.")),)
    if rows:
        text = N_("A cause is what happened at that time, not proof; a day without one accuses nobody.")
        notes = (Note(text), *unfinished(tables))
    figures: dict[str, Any] = {
        "spikes": len(spikes) if rows else None,
        "without_cause": without if rows else None,
    }
    return Result(rows=pa.Table.from_pylist(rows, _SHAPE), notes=notes, figures=figures)


def _acts(kinds: str) -> str:
    return f"""select epoch_us(happened_at) as at_us, "count" as n from acts
               where kind in ({kinds}) and exact and target in (select account from own) and actor <> target"""


def _by_day(tables: Tables, ends: npt.NDArray[np.int64], query: str) -> Numbers:
    """How many there were on each day that ends so."""
    days = len(ends) - 1
    rows = tables.sql(
        f"select (at_us - $first - 1) // {DAY_US} as day, sum(n) from ({query}) q where at_us > $first and at_us <= $last group by 1",
        first=int(ends[0]),
        last=int(ends[-1]),
    ).fetchall()
    found = np.zeros(days)
    for day, n in rows:
        found[min(int(day), days - 1)] += float(n)
    return found


def _is_spike(n: float, before: Numbers, days: int) -> bool:
    """Whether so many are more than chance brings, by what the days before brought."""
    from scipy.stats import nbinom, poisson

    if n < _LEAST:
        return False
    mean = max(float(before.mean()), 0.25)
    variance = float(before.var(ddof=1))
    if variance <= mean * 1.001:
        chance = poisson.sf(n - 1, mean)
    else:
        p = mean / variance
        chance = nbinom.sf(n - 1, mean * p / (1 - p), p)
    return bool(chance < _CHANCE / days)


def _cause(around: dict[str, tuple[float, float]]) -> str:
    """What happened most beyond what is usual: at least twice that and two more; else nothing known."""
    beyond = {
        name: float((n - usual) / np.sqrt(usual + 1))
        for name, (n, usual) in around.items()
        if n >= 2 * usual and n >= usual + 2
    }
    return max(beyond, key=lambda name: (beyond[name], name), default="none_known")


MEASURE = Measure(
    name="audience_growth",
    topic="followers",
    title=N_("New followers and what may explain them"),
    question=N_("On which days did many begin to follow me, and is a cause known?"),
    shape="table",
    columns=(
        Column(name="day", kind="day", title=N_("Day")),
        Column(name="follows", kind="whole", title=N_("New followers known")),
        Column(name="usual", kind="number", title=N_("Usual in the 28 days before"), optional=True),
        Column(name="spike", kind="flag", title=N_("More than chance")),
        Column(name="cause", kind="kind", title=N_("Known cause"), optional=True, nothing=N_("not needed")),
        Column(name="acts", kind="whole", title=N_("Acts around it")),
    ),
    order=("-day",),
    compute=audience_growth,
    figures={
        "spikes": N_("Days with more than chance brings"),
        "without_cause": N_("Of these without a known cause"),
    },
    facts=("recommendations",),
    private=True,
    reference=N_("Days against those before by a negative binomial; ours."),
)
