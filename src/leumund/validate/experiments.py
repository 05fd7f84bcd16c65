"""How often experiments see what is not there, how often they see what is, and whether returns' intervals hold."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from leumund.locale import N_, _
from leumund.measures.experiments.power import log_ratio, p_values, power
from leumund.measures.experiments.signs import LEVEL, Numbers, interval
from leumund.measures.returns.cost import each
from leumund.measures.returns.effect import HALF_LIVES_WEEKS, PRIOR_SD, echo, effects, shift_p, standardised
from leumund.measures.returns.knowing import weeks_needed
from leumund.validate import Finding, said
from leumund.validate.cells import Figures, figure, table

WORLDS = {
    "quiet": N_("three a week"),
    "busy": N_("twenty a week, more scattered than chance"),
    "wandering": N_("good and bad times that last for weeks"),
    "growing": N_("five per cent more every week"),
    "bursting": N_("one week in ten brings eight times as many"),
}
PAIRS = (6, 9, 12)
RUNS = 2_000
POWERS = ((6, 1.5), (8, 1.5), (12, 1.5), (6, 2.0), (12, 1.25))
_SPREAD = 30.0


def check(*, runs: int = RUNS, seed: int = 1) -> Finding:
    """False positives and power of experiments, and how often the intervals of returns hold, in made-up weeks.

    Args:
        runs: so many experiments of each kind; a tenth as many for the dearer checks. seed: another one makes others.
    """
    figures: dict[str, Any] = {"runs": runs, "level": LEVEL}
    figures["seen_without_effect"] = {
        kind: {pairs: null_seen(kind, pairs, runs=runs, seed=seed) for pairs in PAIRS} for kind in WORLDS
    }
    figures["at_most"] = {pairs: attainable(pairs) for pairs in PAIRS}
    every = [share for kind in figures["seen_without_effect"].values() for share in kind.values()]
    figures["seen_in_all"] = float(np.mean(every))
    figures["power"] = [
        {"pairs": pairs, "ratio": ratio, "seen": power(20, pairs, ratio)} for pairs, ratio in POWERS
    ]
    dice = np.random.default_rng([seed, 7])
    figures["interval"] = _interval_held(dice, runs // 5)
    figures["cost"] = {rate: _cost_held(dice, rate, runs) for rate in (1.5, 4.0, 15.0)}
    figures["effect"] = _effect_held(dice, runs // 5)
    figures["shift"] = _shifted(dice, runs // 5)
    figures["weeks"] = {ratio: _told_after(dice, ratio, runs) for ratio in (1.5, 2.0)}
    return Finding(figures=figures, told=tuple(_told(figures)))


def attainable(pairs: int) -> float:
    """The largest share that the coins alone allow: whole ways of falling, two of each size, at most 5 % of all.

    >>> attainable(6), round(attainable(12), 4)
    (0.03125, 0.0498)
    """
    ways = 2**pairs
    return float(2 * int(LEVEL * ways / 2) / ways)


def null_seen(kind: str, pairs: int, *, runs: int = RUNS, seed: int = 1) -> float:
    """The share of experiments without any effect that are seen (p <= .05), in a world of that kind."""
    dice = np.random.default_rng([seed, pairs, *kind.encode()])
    n = 2 * pairs
    mean: Numbers = np.full((runs, n), 3.0 if kind == "quiet" else 20.0)
    if kind == "wandering":
        mean = mean * np.exp(np.cumsum(dice.normal(0, 0.2, (runs, n)), axis=1))
    elif kind == "growing":
        mean = mean * np.exp(0.05 * np.arange(n))
    elif kind == "bursting":
        mean = mean * np.where(dice.random((runs, n)) < 0.1, 8.0, 1.0)
    counts = dice.poisson(dice.gamma(_SPREAD, mean / _SPREAD)).reshape(runs, pairs, 2)
    first = dice.random((runs, pairs)) < 0.5  # the coins: in which of the two weeks the change is made
    on = np.where(first, counts[:, :, 0], counts[:, :, 1])
    off = np.where(first, counts[:, :, 1], counts[:, :, 0])
    signs = np.array(list(product((1.0, -1.0), repeat=pairs))).T
    return float((p_values(log_ratio(on, off), signs) <= LEVEL).mean())


def _interval_held(dice: np.random.Generator, runs: int) -> float:
    """How often the interval of 95 % of an experiment's effect holds it."""
    effect = float(np.log(1.5))
    drawn = dice.normal(effect, 0.3, (runs, 10))
    return float(np.mean([low <= effect <= high for low, high in map(interval, drawn)]))


def _cost_held(dice: np.random.Generator, rate: float, runs: int) -> float:
    """How often the interval of 90 % of the cost of one customer holds it, where so many are to be expected."""
    held = 0
    for n in dice.poisson(rate, runs).tolist():
        found = each(100.0, n)
        held += (found.low or 0.0) <= 100 / rate <= (np.inf if found.high is None else found.high)
    return held / runs


def _effect_held(dice: np.random.Generator, runs: int) -> float:
    """How often the interval of 90 % holds an effect drawn from the prior."""
    held = []
    for _i in range(runs):
        x, effect = dice.normal(size=80), dice.normal(0, PRIOR_SD)
        z = standardised(echo(x, HALF_LIVES_WEEKS[dice.integers(len(HALF_LIVES_WEEKS))])[1:])
        if z is None:
            continue
        found = effects(np.concatenate([[0.0], dice.poisson(np.exp(effect * z))]), [x])
        if found is not None:
            held.append(found[0].low <= effect <= found[0].high)
    return float(np.mean(held))


def _shifted(dice: np.random.Generator, runs: int) -> float:
    """How often two series of slow weeks that have nothing to do with each other look alike (p <= .05)."""
    seen = []
    for _i in range(runs):
        x = np.convolve(dice.normal(size=115), np.full(12, 0.3), "valid")
        seen.append((shift_p(dice.poisson(1.0, 104).astype(np.float64), x) or 1.0) <= LEVEL)
    return float(np.mean(seen))


def _told_after(dice: np.random.Generator, ratio: float, runs: int) -> dict[str, float]:
    """Weeks needed at thirty customers a year, and how often the effect is seen after them."""
    a_week = 30 / 52.18
    weeks = weeks_needed(a_week, ratio) or 0.0
    without, with_ = (dice.poisson(a_week * r * weeks / 2, runs) for r in (1.0, ratio))
    error = np.sqrt(1 / (without + 0.5) + 1 / (with_ + 0.5))
    seen = np.abs(np.log((with_ + 0.5) / (without + 0.5))) > 1.96 * error
    return {"weeks": weeks, "seen": float(seen.mean())}


def _told(figures: dict[str, Any]) -> list[str]:
    told = [
        said(
            N_(
                "Changes without any effect, {runs} experiments each; seen at 6, 9 and 12 pairs (at most .05 is promised):"
            ),
            runs=figures["runs"],
        )
    ]
    for kind, words in WORLDS.items():
        shares = ", ".join(f"{share:.3f}" for share in figures["seen_without_effect"][kind].values())
        told.append(f"  {shares}  {_(words)}")
    told += [
        said(
            N_("{pairs} pairs see {ratio:.2f} times as many, at twenty a week, in {seen:.0%} of all cases."), **one
        )
        for one in figures["power"]
    ]  # fmt: skip
    told.append(
        said(N_("The 95 per cent interval of an effect held it in {held:.1%}."), held=figures["interval"])
    )
    told += [
        said(
            N_("The 90 per cent interval of what a customer cost held it in {held:.1%}, at {rate:.1f} customers to be expected."),
            held=held, rate=rate,
        )
        for rate, held in figures["cost"].items()
    ]  # fmt: skip
    told.append(
        said(N_("The 90 per cent interval of what weeks do held it in {held:.1%}."), held=figures["effect"])
    )
    told.append(
        said(
            N_("Weeks without any connection looked alike, by shifting, in {seen:.1%}."),
            seen=figures["shift"],
        )
    )
    told += [
        said(
            N_("{ratio:.1f} times as many, at thirty customers a year: after {weeks:.0f} weeks seen in {seen:.0%}."),
            ratio=ratio, **one,
        )
        for ratio, one in figures["weeks"].items()
    ]  # fmt: skip
    return told


def section(figures: Figures, command: str) -> str:
    """False positives by kind of week, power, and how often the intervals of returns held."""
    nulls = figures["seen_without_effect"]
    pairs = list(next(iter(nulls.values())))
    rows = [
        (f"{kind}: {WORLDS[kind]}", *(f"{share:.3f}" for share in by_pairs.values()))
        for kind, by_pairs in nulls.items()
    ]
    told = f"`{command}`: share of {figures['runs']:,} experiments without any effect that are seen (p <= .05).\n\n"
    rows.append(("the most that the coins allow", *(f"{share:.3f}" for share in figures["at_most"].values())))
    told += table(("weeks", *(f"{n} pairs" for n in pairs)), rows)
    told += f"\n\nIn all {figures['runs'] * len(rows[:-1]) * len(pairs):,}: {figures['seen_in_all']:.3f}."
    powers = [(str(one["pairs"]), f"{one['ratio']:g}", figure(one["seen"], 2)) for one in figures["power"]]
    told += "\n\nPower at twenty responses a counted week, variance m + m²/30:\n\n"
    told += table(("pairs", "times as many", "seen"), powers)
    held = [("effect of an experiment", "95 %", figure(figures["interval"], 3))]
    held += [
        (f"cost of one, {rate:g} customers to be expected", "90 %", figure(share, 3))
        for rate, share in figures["cost"].items()
    ]
    held.append(("what weeks with more influence do", "90 %", figure(figures["effect"], 3)))
    told += "\n\n" + table(("interval", "should hold", "held"), held)
    told += f"\n\nWeeks without any connection look alike by shifting (p <= .05) in {figures['shift']:.1%}."
    for ratio, one in figures["weeks"].items():
        told += f" {ratio:g} times as many at thirty customers a year: {one['weeks']:.0f} weeks, then seen in {one['seen']:.0%}."
    return told
