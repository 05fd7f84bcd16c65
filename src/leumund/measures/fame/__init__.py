"""Fame: whether presence brings business, on one page, with the figures behind each sentence."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp
from typing import Any

import numpy as np
import pyarrow as pa

from leumund.locale import N_
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.fame.alike import Alike
from leumund.measures.fame.taken import Answer, answer
from leumund.measures.fame.words import sentences, verdict
from leumund.measures.returns import NO_CUSTOMER
from leumund.measures.returns.cost import Each
from leumund.measures.returns.customers import came_in
from leumund.measures.returns.effect import PRIOR_SD, Effect
from leumund.measures.returns.spending import check_rate
from leumund.measures.returns.weekly import weekly
from leumund.store.tables import Tables

__all__ = ["MEASURE", "fame"]

_REACH = 1.6449  # 90 % of a normal distribution lie within so many standard deviations
_PARTS = (
    N_("customers through social networks"), N_("all who came through social networks"),
    N_("customers of whom nothing is told"), N_("cost of one through social networks"),
    N_("cost of one through adverts and fairs"), N_("quotient of both"), N_("quotient of both, all who came"),
    N_("times as many after more influence"), N_("times as many after more hours"),
    N_("as much alike when shifted"), N_("weeks needed for a doubling"), N_("weeks needed for half as many again"),
    N_("weeks needed for a doubling, all who came"), N_("weeks needed for half as many again, all who came"),
    N_("weeks counted"), N_("score and next week's responders"), N_("responders and next week's responders"),
    N_("own words and next week's responders"), N_("people per post in own words"), N_("people per post with a link"),
)  # fmt: skip


_VERDICTS = (N_("yes"), N_("perhaps"), N_("no sign"), N_("unknown"))


def fame(tables: Tables, *, rate: float | None = None) -> Result:
    """Whether presence brings business: what customers say, what they cost, what weeks tell, how long to wait.

    share of social networks: equal shares along each customer's chain, see returns
    cost of one = (hours * rate + money) / customers, Gamma(n + 1/2); quotients of two Gammas
    came_t ~ Poisson(rate * exp(b_1 influence_t + b_2 hours_t + trend and season)), both as fading sums of earlier weeks (half-life
    1, 2, 4, 8 or 13 weeks), standardised; b ~ Normal(0, .5); "the data say nothing" where its standard deviation shrinks by less than a fifth
    shifted: the largest correlation over the half-lives, against all circular shifts, both freed of trend and season
    weeks needed = 2 (1 + 1/r) (1.96 + .84)^2 / (customers a week * ln(r)^2), r = 2 and 1.5

    Args:
        rate: what an hour of the owner's is worth; None: hours are not priced.
    Gives: one row for each figure behind the sentences: value, low and high (90 %; of shares: alone, and involved with whoever told nothing), before: what was
        thought possible before counting, number: from how many. Figures: verdict (yes, perhaps, no_sign, unknown).
    Edges: weeks since the first customer, hour or cost that was entered, at most three years. What is not entered is
        unknown: an hour or a customer that nobody wrote down is missing here too. A likeness of weeks is no cause.
    Source: ours; Gelman et al. 2013 (Poisson with priors), Fay and Feuer 1997, Jeffreys.
    """
    check_rate(rate)
    taken = answer(tables, rate)
    figures: dict[str, float | int | str | None] = {
        "verdict": verdict(taken), "customers_entered": taken.customers.number,
        "asked_entered": taken.asked.number, "weeks": len(taken.weekly), "hourly_rate": rate,
    }  # fmt: skip
    rows = [dict.fromkeys(_SHAPE.names) | {"place": n} | row for n, row in enumerate(_rows(taken), 1)]
    notes = (
        *sentences(taken),
        Note(
            N_(
                "Influence rises for other reasons too, and so do customers: an experiment tells more than weeks do (leumund experiment plan)."
            )
        ),
    )
    return Result(rows=pa.Table.from_pylist(rows, _SHAPE), notes=notes, figures=figures)


def _rows(taken: Answer) -> Iterator[dict[str, Any]]:
    for part, told in (
        ("customers through social networks", taken.customers),
        ("all who came through social networks", taken.asked),
    ):
        if told.number:
            yield _row(part, told.credit, told.alone, told.involved + told.unknown, number=told.number)
    if taken.customers.number:
        yield _row(
            "customers of whom nothing is told", taken.customers.unknown, number=taken.customers.number
        )
    for part, one, number in (
        ("cost of one through social networks", taken.each_social, taken.social.customers),
        ("cost of one through adverts and fairs", taken.each_paid, taken.paid.customers),
        ("quotient of both", taken.ratio, None),
        ("quotient of both, all who came", taken.ratio_asked, None),
    ):
        if one is not None and (one.low is not None or one.high is not None):
            yield _row_each(part, one, number)
    for part, effect in (
        ("times as many after more influence", taken.influence),
        ("times as many after more hours", taken.hours),
    ):
        if effect is not None:
            yield _row_effect(part, effect, int(taken.weekly.asked.sum()))
    if taken.shift is not None:
        yield _row("as much alike when shifted", taken.shift, number=len(taken.weekly))
    for who, behind in (("customers", ""), ("asked", ", all who came")):
        for name, part in (
            ("doubling", "weeks needed for a doubling"),
            ("half_more", "weeks needed for half as many again"),
        ):
            if (who, name) in taken.needed:
                needed = taken.needed[who, name]
                yield _row(part + behind, *(float(round(w)) for w in (needed.weeks, needed.low, needed.high)))
    yield _row("weeks counted", len(taken.weekly))
    for part, alike in (
        ("score and next week's responders", taken.foretells),
        ("responders and next week's responders", taken.usual),
        ("own words and next week's responders", taken.own_words),
    ):
        if isinstance(alike, Alike):
            yield _row(part, alike.rank, alike.low, alike.high, number=alike.weeks)
    for part, kind in (
        ("people per post in own words", "original"),
        ("people per post with a link", "with_link"),
    ):
        if (per := taken.posts.get(kind)) is not None:
            yield _row(part, per.value, per.low, per.high, number=per.posts)


def _row(
    part: str, value: float | None, low: float | None = None, high: float | None = None, *, number: float | None = None
) -> dict[str, Any]:  # fmt: skip
    known = None if value is None else float(value)
    return {"part": part, "value": known, "low": low, "high": high, "number": number}


def _row_each(part: str, one: Each, number: float | None) -> dict[str, Any]:
    return _row(part, one.value, one.low, one.high, number=number)


def _row_effect(part: str, effect: Effect, number: int) -> dict[str, Any]:
    return {
        **_row(part, exp(effect.mean), exp(effect.low), exp(effect.high), number=number),
        "before_low": exp(-_REACH * PRIOR_SD), "before_high": exp(_REACH * PRIOR_SD), "learned": max(0.0, effect.learned),
    }  # fmt: skip


def explain(tables: Tables, account: int | None) -> Result:
    """The weeks behind the answer: influence, hours, who came, who responded, whose words they were."""
    del account  # customers are the owner's alone
    weeks = weekly(tables, came_in(tables), unfinished=True)
    rows = pa.table(
        {
            "week": pa.array(weeks.mondays, pa.date32()),
            "influence": pa.array(weeks.influence, from_pandas=True),
            "asked": pa.array(weeks.asked.astype(np.int64)),
            "customers": pa.array(weeks.customers.astype(np.int64)),
            "hours": pa.array(weeks.hours),
            "responders": pa.array(weeks.responders.astype(np.int64)),
            "own_share": pa.array(weeks.own_share, from_pandas=True),
        }
    )
    notes = (
        (Note(N_("The last week is not over: it stands as far as it has come.")),)
        if len(weeks)
        else (NO_CUSTOMER,)
    )
    return Result(rows=rows, notes=notes)


_SHAPE = pa.schema(
    {
        "place": pa.int64(), "part": pa.string(), "value": pa.float64(), "low": pa.float64(), "high": pa.float64(),
        "before_low": pa.float64(), "before_high": pa.float64(), "learned": pa.float64(), "number": pa.float64(),
    }
)  # fmt: skip

MEASURE = Measure(
    name="fame",
    topic="success",
    title=N_("Fame and business"),
    question=N_("Does fame bring business?"),
    shape="table",
    columns=(
        Column(name="place", kind="whole", title=N_("No.")),
        Column(name="part", kind="kind", title=N_("Figure")),
        Column(name="value", kind="number", title=N_("Value"), optional=True, apart=True),
        Column(name="low", kind="number", title=N_("At least"), optional=True, nothing="–", apart=True),
        Column(name="high", kind="number", title=N_("At most"), optional=True, nothing="–", apart=True),
        Column(
            name="number", kind="number", title=N_("From so many"), optional=True, nothing="–", apart=True
        ),
        Column(
            name="before_low",
            kind="number",
            title=N_("Before: at least"),
            optional=True,
            nothing="–",
            apart=True,
        ),
        Column(
            name="before_high",
            kind="number",
            title=N_("Before: at most"),
            optional=True,
            nothing="–",
            apart=True,
        ),
        Column(name="learned", kind="share", title=N_("Learned from the data"), optional=True, nothing="–"),
    ),
    order=("place",),
    compute=fame,
    figures={
        "verdict": N_("Answer"),
        "customers_entered": N_("Customers entered"),
        "asked_entered": N_("Entered with those who only asked"),
        "weeks": N_("Weeks counted"),
        "hourly_rate": N_("An hour is worth"),
    },
    explain=explain,
    explain_title=N_("The weeks behind the answer"),
    explain_shape="series",
    explain_columns=(
        Column(name="week", kind="week", title=N_("Week")),
        Column(name="influence", kind="number", title=N_("Influence"), optional=True),
        Column(name="asked", kind="whole", title=N_("Customers and people who asked")),
        Column(name="customers", kind="whole", title=N_("Customers")),
        Column(name="hours", kind="number", title=N_("Hours on social networks")),
        Column(name="responders", kind="whole", title=N_("People who responded")),
        Column(name="own_share", kind="share", title=N_("Own words"), optional=True),
    ),
    explain_order=("week",),
    facts=("recommendations",),
    private=True,
    answers=True,
    reference=N_(
        "Our own; counts by week after Gelman and others (2013), intervals: Fay and Feuer (1997), Jeffreys."
    ),
)
