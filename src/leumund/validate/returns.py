"""Returns and fame held against made-up businesses whose truth is known: costs, quotients, effects, the answer itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from math import inf
from typing import Any

import numpy as np

from leumund.locale import N_, _
from leumund.measures.fame.alike import alike
from leumund.measures.fame.taken import Answer, answer_of
from leumund.measures.fame.words import has_risen, verdict
from leumund.measures.returns.cost import Each
from leumund.measures.returns.credit import Customer, Link, chains
from leumund.measures.returns.customers import Came
from leumund.measures.returns.effect import Effect, Numbers
from leumund.measures.returns.knowing import WEEKS_A_YEAR, weeks_between, weeks_needed
from leumund.measures.returns.spending import Spending, Spent
from leumund.measures.returns.weekly import Weekly
from leumund.simulate import business as made
from leumund.simulate.business import Business, business
from leumund.store.register import as_us
from leumund.validate import Finding, said
from leumund.validate.cells import Figures, figure, table

WORLDS: Mapping[str, dict[str, Any]] = {
    "nothing": {},
    "growing": {"course": "growing"},
    "yearly": {"course": "yearly"},
    "moody": {"course": "moody"},
    "one year": {"weeks": 52},
    "few": {"weeks": 52, "a_week": 0.15},
    "effect": {"effect": 0.3},
    "strong": {"effect": 0.5, "weeks": 156, "a_week": 1.5},
}
TITLES = {
    "nothing": N_("influence brings nobody"),
    "growing": N_("influence brings nobody; both rise for reasons of their own"),
    "yearly": N_("influence brings nobody; both swing with the year"),
    "moody": N_("influence brings nobody; business has long good and bad times of its own"),
    "one year": N_("influence brings nobody; one year"),
    "few": N_("influence brings nobody; one year, eight people"),
    "effect": N_("influence brings 1.35 times as many"),
    "strong": N_("influence brings 1.65 times as many; three years, 78 people each"),
}
_PAID = ("advert", "fair")
_RANKS = {"unconnected": 0.0, "connected": 0.6}
_FANS = {f: Link(channel="mastodon", account=f) for f in range(made.FANS)}


def check(*, worlds: int = 400, seed: int = 1) -> Finding:
    """How often each interval that returns and fame show holds the truth, and how often fame says what is not so.

    Each world is a business of one to three years (`leumund.simulate.business`): 40 people a year, 15 of 100 of whom tell nothing.

    Gives, by world: costs (cost of one customer and of one who came, through a channel), ratio, ratio_asked, influence and hours
        (shares of intervals of 90 % that held the truth), share (what networks brought lies between the bounds shown),
        silent ("the data say nothing"), sentence ("clearly more influence"), risen (so that the answer is yes),
        yes (the answer, in the same business without anybody who came by networks).
        needed: intervals of the weeks until one could know, and how often one then does. ranks: of rank correlations of weeks.

    Args:
        worlds: so many are made of each kind. seed: another one makes others.
    """
    figures: dict[str, Any] = {"worlds": worlds, "kinds": {}}
    for kind, options in WORLDS.items():
        runs = [held_in(business(seed=seed * 1_000_003 + n, **options)) for n in range(worlds)]
        without = [business(seed=seed * 1_000_003 + n, by_networks=False, **options) for n in range(worlds)]
        names = dict.fromkeys(name for run in runs for name in run)
        found = {name: float(np.mean([run[name] for run in runs if name in run])) for name in names}
        found["yes"] = float(np.mean([verdict(answer_in(b)) == "yes" for b in without]))
        found["effect"] = options.get("effect", 0.0)
        figures["kinds"][kind] = found
    dice = np.random.default_rng(seed)
    figures["needed"] = _needed(dice, worlds * 10)
    figures["ranks"] = {kind: _ranks(dice, rho, worlds * 2) for kind, rho in _RANKS.items()}
    return Finding(figures=figures, told=tuple(_told(figures)))


def answer_in(world: Business) -> Answer:
    """What fame takes from a business, without a lab: influence as the world has it."""
    came = _came(world)
    spending = Spending(currency="EUR")
    for _day, channel, amount in world.costs:
        spending.by_channel.setdefault(channel, Spent()).cash += amount
    spending.by_channel.setdefault("mastodon", Spent()).hours = sum(world.hours)
    numbers = np.arange(len(world.acts))
    at = np.array([(c.at.date() - world.start).days // 7 for c in world.came], np.int64)
    lead = np.array([c.lead for c in world.came], bool)
    weeks = Weekly(
        mondays=tuple(world.start + timedelta(weeks=int(n)) for n in numbers),
        influence=np.array(world.influence),
        hours=np.array(world.hours),
        customers=np.bincount(at[~lead], minlength=len(numbers)).astype(np.float64),
        asked=np.bincount(at, minlength=len(numbers)).astype(np.float64),
        responders=np.array(world.acts, np.float64),
        own_share=np.full(len(numbers), np.nan),
    )
    return answer_of(weeks, came, spending, made.RATE)


def _came(world: Business) -> list[Came]:
    customers = []
    for number, one in enumerate(world.came):
        _often, links, told = made.WAYS[one.way]
        named: tuple[int | str, ...] = one.fans or (("Frau X",) if links else ())
        customers.append(
            Customer(
                name=f"K{number}", at_us=as_us(one.at), lead=one.lead,
                found_us_by=told if one.told else "", through=named if one.told else (),
            )
        )  # fmt: skip
    found = chains(customers, lambda account, _at: _FANS[account])
    return [Came(str(n), c, chain) for n, (c, chain) in enumerate(zip(customers, found, strict=True))]


def held_in(world: Business, answer: Answer | None = None) -> dict[str, bool]:
    """For each interval whether it held the truth of that world; further what was said. answer: None: as `answer_in` takes it."""
    answer = answer_in(world) if answer is None else answer
    bought, asked = (world.expected(customers=c) for c in (True, False))
    found: dict[str, bool] = {}
    for channel in answer.channels:
        name = channel.name
        for what, each, of in (
            ("customer", channel.per_customer, bought),
            ("asked", channel.per_asked, asked),
        ):
            if each is not None:
                found[f"{what} by {name}"] = _holds(each, world.spent[name] / of[name])
    paid = sum(world.spent[name] for name in _PAID)
    for what, ratio, of in (("ratio", answer.ratio, bought), ("ratio_asked", answer.ratio_asked, asked)):
        if ratio.low is not None or ratio.high is not None:
            truth = (world.spent["mastodon"] / of["mastodon"]) / (paid / sum(of[n] for n in _PAID))
            found[what] = _holds(ratio, truth)
    brought = [
        c for c in world.came if not c.lead and "mastodon" in (*made.WAYS[c.way][1], made.WAYS[c.way][2])
    ]
    told = answer.customers
    found["share"] = told.alone <= len(brought) <= told.involved + told.unknown
    for what, effect, truth in (("influence", answer.influence, world.effect), ("hours", answer.hours, 0.0)):
        if effect is not None:
            found[what] = effect.low <= truth <= effect.high
    if answer.influence is not None:
        found |= {
            "silent": answer.influence.is_silent,
            "sentence": _is_clear(answer.influence),
            "risen": has_risen(answer),
        }
    return found


def _holds(each: Each, truth: float) -> bool:
    return (each.low or 0.0) <= truth <= (inf if each.high is None else each.high)


def _is_clear(effect: Effect) -> bool:
    return not effect.is_silent and not effect.low < 0 < effect.high


def _needed(dice: np.random.Generator, runs: int) -> dict[str, float]:
    """From a year of thirty: the intervals of the weeks needed for a doubling; and how often, after so many weeks, it is seen."""
    a_week, counted = 30 / WEEKS_A_YEAR, 52
    truth = weeks_needed(a_week, 2.0) or inf
    held, seen = [], []
    for number in dice.poisson(a_week * counted, runs).tolist():
        low, high = weeks_between(number, counted, 2.0)
        held.append(low <= truth <= high)
        weeks = weeks_needed(number / counted, 2.0)
        if weeks is None:
            continue
        without, with_ = dice.poisson(a_week * np.array([1.0, 2.0]) * weeks / 2)
        error = np.sqrt(1 / (without + 0.5) + 1 / (with_ + 0.5))
        seen.append(abs(np.log((with_ + 0.5) / (without + 0.5))) > 1.96 * error)
    return {"held": float(np.mean(held)), "seen": float(np.mean(seen))}


def _ranks(dice: np.random.Generator, rho: float, runs: int) -> dict[str, float]:
    """Two courses of 104 weeks, each like its own week before, of which one's weeks foretell the other's next week as rho says."""
    truth = 6 / np.pi * np.arcsin(rho / 2)  # Spearman's, of two normal variables
    found = [alike(*_courses(dice, rho)) for _n in range(runs)]
    known = [one for one in found if one is not None]
    return {
        "held": float(np.mean([one.low <= truth <= one.high for one in known])),
        "claimed": float(np.mean([not one.low <= 0 <= one.high for one in known])),
    }


def _courses(
    dice: np.random.Generator, rho: float, weeks: int = 104, kept: float = 0.6
) -> tuple[Numbers, Numbers]:
    own, other = dice.normal(size=(2, weeks + 50))
    x, y = np.zeros((2, weeks + 50))
    for t in range(1, weeks + 50):
        x[t] = kept * x[t - 1] + own[t]
        y[t] = kept * y[t - 1] + rho * own[t - 1] + np.sqrt(1 - rho**2) * other[t]
    return x[50:], y[50:]


def costs_of(found: Mapping[str, float]) -> dict[str, float]:
    """The shares of one world that are of what one cost."""
    return {name: share for name, share in found.items() if " by " in name}


def _told(figures: dict[str, Any]) -> list[str]:
    told = [
        said(
            N_("Intervals of 90 per cent that held the truth, in {worlds} made-up businesses of each kind:"),
            worlds=figures["worlds"],
        )
    ]
    for kind, found in figures["kinds"].items():
        costs = costs_of(found)
        text = N_(
            "{kind}: what one cost {low:.2f} to {high:.2f}; against adverts and fairs {ratio:.2f}; influence {influence:.2f}; hours {hours:.2f}"
        )
        told.append(said(text, kind=_(TITLES[kind]), low=min(costs.values()), high=max(costs.values()),
                         **{n: found[n] for n in ("ratio", "influence", "hours")}))  # fmt: skip
        text = N_(
            "“the data say nothing” {silent:.0%}; “after weeks with more influence more came” {risen:.1%}; answer “yes” where nobody came by a network {yes:.1%}"
        )
        told.append("  " + said(text, **{n: found[n] for n in ("silent", "risen", "yes")}))
    told.append(
        said(
            N_("How many weeks a doubling needs: held in {held:.0%}; after so many weeks it is seen in {seen:.0%}."),
            **figures["needed"],
        )
    )  # fmt: skip
    text = N_(
        "Likeness of weeks that have nothing to do with each other: held in {held:.0%}, claimed in {claimed:.1%}."
    )
    told.append(said(text, **figures["ranks"]["unconnected"]))
    text = N_("Likeness of weeks that follow from each other: held in {held:.0%}, claimed in {claimed:.0%}.")
    told.append(said(text, **figures["ranks"]["connected"]))
    return told


def section(figures: Figures, command: str) -> str:
    """How often the intervals of returns and fame held in made-up businesses, and what was claimed, by kind of business."""
    told = f"`{command}`: shares of {figures['worlds']:,} made-up businesses of each kind in which an interval of 90 % held the truth.\n\n"
    held, said = [], []
    for kind, one in figures["kinds"].items():
        costs = costs_of(one)
        between = f"{figure(min(costs.values()), 2)} to {figure(max(costs.values()), 2)}"
        rows = (
            between,
            *(figure(one[n], 2) for n in ("ratio", "ratio_asked", "influence", "hours", "share")),
        )
        held.append((TITLES[kind], *rows))
        said.append((TITLES[kind], *(f"{one[n]:.1%}" for n in ("silent", "sentence", "risen", "yes"))))
    told += table(
        (
            "business",
            "cost of one",
            "against adverts and fairs",
            "the same, all who came",
            "influence",
            "hours",
            "share of networks",
        ),
        held,
    )
    told += "\n\n" + table(
        (
            "business",
            "“the data say nothing”",
            "more influence, more came",
            "the same, and shifted weeks seldom do",
            "“yes” though nobody came by a network",
        ),
        said,
    )
    needed, apart, joined = figures["needed"], figures["ranks"]["unconnected"], figures["ranks"]["connected"]
    told += f"\n\nHow many weeks a doubling needs, from a year of thirty: interval held in {needed['held']:.1%}; after so many weeks seen in {needed['seen']:.1%}."
    told += f" Rank correlation of weeks with the next ones: held in {apart['held']:.1%} where there is none (claimed in {apart['claimed']:.1%}),"
    return told + f" in {joined['held']:.1%} where there is one (claimed in {joined['claimed']:.1%})."
