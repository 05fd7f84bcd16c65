"""Resonance in made-up worlds whose truth is known: how often a group is wrongly called better, and an interval holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from leumund.locale import N_, _
from leumund.measures.resonance.shrink import Numbers, Shrunk, chance_of, scatter_of, shrink, sums_of
from leumund.validate import Finding, said
from leumund.validate.cells import Figures, percent, table
from leumund.views import cells

GROUPS, POSTS, USUAL = 40, 8, 5.0
WORLDS = {
    "alike": N_("all groups are alike"),
    "different": N_("groups differ"),
    "one stands out": N_("one group of forty stands out"),
    "wild": N_("groups differ, and single posts differ wildly"),
}


def check(*, worlds: int = 200, seed: int = 1) -> Finding:
    """Shares over made-up worlds of 40 groups with 8 posts each, 5 responders per post on average.

    claimed: worlds in which some group is called more or less than usual; wrong: of the groups called so, those that are
    on the other side of the mean of all rates; found: of the groups whose true rate is half as high again as the mean or
    more, those called more; held: intervals of 90 % that hold the true rate.

    Args:
        worlds: so many are made of each kind. seed: another one makes others.
    """
    figures: dict[str, Any] = {"worlds": worlds, "groups": GROUPS, "posts": POSTS, "kinds": {}}
    for kind in WORLDS:
        dice = np.random.default_rng(seed)
        figures["kinds"][kind] = _over([_world(kind, dice) for _n in range(worlds)])
    return Finding(figures=figures, told=tuple(_told(figures)))


def _world(kind: str, dice: np.random.Generator) -> tuple[Numbers, Shrunk]:
    rates = np.full(GROUPS, USUAL)
    if kind == "one stands out":
        rates[0] *= 2
    elif kind != "alike":
        rates = USUAL * dice.lognormal(-0.08, 0.4, GROUPS)
    appeal = 1.0 if kind == "wild" else 0.5
    of = np.repeat(np.arange(GROUPS), POSTS)
    y = dice.poisson(rates[of] * dice.lognormal(-(appeal**2) / 2, appeal, len(of))).astype(np.float64)
    e, at = np.ones(len(of)), np.arange(len(of))
    sums, spans = sums_of(y, e, at, of, GROUPS)
    scatter = scatter_of(y, e, at, of, GROUPS)
    return rates, shrink(sums, spans, scatter=scatter, chance=chance_of(y, e, at, of, GROUPS))


def _over(made: list[tuple[Numbers, Shrunk]]) -> dict[str, float | None]:
    told = wrong = high = found = 0
    for rates, s in made:
        mean = rates.mean()
        for verdict, rate in zip(s.verdicts, rates, strict=True):
            told += verdict != "unclear"
            wrong += (verdict == "more" and rate <= mean) or (verdict == "less" and rate >= mean)
            high += rate >= 1.5 * mean
            found += rate >= 1.5 * mean and verdict == "more"
    return {
        "claimed": float(np.mean([set(s.verdicts) != {"unclear"} for _rates, s in made])),
        "wrong": wrong / told if told else None,
        "found": found / high if high else None,
        "held": float(np.mean([(s.low <= rates) & (rates <= s.high) for rates, s in made])),
    }


def _told(figures: dict[str, Any]) -> Iterator[str]:
    for kind, words in WORLDS.items():
        one = figures["kinds"][kind]
        yield said(
            N_("{world}: some group is called more or less than usual in {claimed} of the worlds; of these calls {wrong} are"
               " wrong. Of the groups half as high again {found} are found. 90 per cent intervals hold the truth in {held}."),
            world=_(words)[:1].upper() + _(words)[1:],
            **{name: None if value is None else cells.written("share", round(value, 3)) for name, value in one.items()},
        )  # fmt: skip


def section(figures: Figures, command: str) -> str:
    """What is claimed of groups of posts, one row for each kind of world."""
    rows = [
        [WORLDS[name], *(percent(one[k]) for k in ("claimed", "wrong", "found", "held"))]
        for name, one in figures["kinds"].items()
    ]  # fmt: skip
    heads = (
        "world", "worlds in which a group is called more or less", "of these calls wrong", "found of those half as high again",
        "held by intervals of 90 %",
    )  # fmt: skip
    told = f"`{command}`: {figures['worlds']} worlds of each kind, {figures['groups']} groups of {figures['posts']} posts."
    return f"{told}\n\n{table(heads, rows)}"
