"""How often the score's 90 % interval holds what it should, in made-up worlds whose truth is known."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from leumund.locale import N_, _
from leumund.measures.days import DAY_US
from leumund.measures.influence.fading import Fading
from leumund.measures.influence.score import LEAST_N_EFF, capped, interval, score
from leumund.validate import Finding, said
from leumund.validate.cells import Figures, figure, table
from leumund.validate.sureness import LEVEL, Numbers

_DAYS = 400  # older acts are worth less than a thousandth
_BASES = (3.0, 2.0, 1.5, 1.0, 0.3)
_SHARES = (0.12, 0.3, 0.1, 0.08, 0.4)
BANDS = (LEAST_N_EFF, 15.0, 25.0, 50.0, 100.0, float("inf"))
SIZES = (10, 20, 40, 100, 300)
REDRAWN = 3
"""So often the people of a world are drawn anew: one lot of regulars says little."""
WORLDS = {
    "passers-by": N_("everybody responds once, by chance"),
    "regulars": N_("the same people respond again and again"),
    "mixed": N_("a few regulars and many passers-by"),
}


def check(*, worlds: int = 400, seed: int = 1) -> Finding:
    """The share of made-up weeks in which the interval holds the score of the mean mass, by effective actors.

    A world has people with rates of their own, from which their acts come by chance (Poisson). The truth is the
    score of the mean of L over all worlds of the same rates; an interval of 90 % should hold it in 90 of 100.

    Args:
        worlds: so many are made of each kind and size. seed: another one makes others.
    """
    dice = np.random.default_rng(seed)
    figures: dict[str, Any] = {"level": LEVEL, "least_n_eff": LEAST_N_EFF, "worlds": worlds, "kinds": {}}
    for kind in WORLDS:
        held: list[tuple[float, bool, float]] = []
        silent = 0
        for people in SIZES * REDRAWN:
            rates, passing = _people(kind, people, dice)
            found = np.array([_world(rates, passing, dice) for _i in range(worlds)])
            low, high = interval(found[:, 0], found[:, 1], found[:, 2])
            truth = score(float(found[:, 0].mean()))
            shown = ~np.isnan(low)
            silent += int((~shown).sum())
            n_eff = found[shown, 0] ** 2 / found[shown, 1]
            inside = (low[shown] <= truth) & (truth <= high[shown])
            held += zip(n_eff.tolist(), inside.tolist(), (high - low)[shown].tolist(), strict=True)
        figures["kinds"][kind] = _bands(held, silent, worlds * len(SIZES) * REDRAWN)
    return Finding(figures=figures, told=tuple(_told(figures)))


def _people(kind: str, people: int, dice: np.random.Generator) -> tuple[Numbers, float]:
    """Acts a day of each regular, and how many acts a day come from somebody who never comes again."""
    again = np.clip(dice.lognormal(np.log(0.05), 1.0, people), 0.005, 2.0)
    if kind == "passers-by":
        return again[:0], people / 20
    return (again, 0.0) if kind == "regulars" else (again[: max(3, people // 4)], people / 20)


def _world(rates: Numbers, passing: float, dice: np.random.Generator) -> tuple[float, float, float]:
    """Sum, sum of squares and maximum of the actors' contributions, in one world of these rates."""
    who = np.repeat(np.arange(len(rates)), dice.poisson(rates * _DAYS))
    once = int(dice.poisson(passing * _DAYS))
    who = np.concatenate([who, np.arange(len(rates), len(rates) + once)])
    size = len(rates) + once
    age_us = (dice.random(len(who)) * _DAYS * DAY_US).astype(np.int64)
    state = Fading.nothing(size, _DAYS * DAY_US)
    state.add(_DAYS * DAY_US - age_us, dice.choice(_BASES, len(who), p=_SHARES), who)
    each = capped(state.worth())
    return float(each.sum()), float(each @ each), float(each.max(initial=0.0))


def _bands(held: list[tuple[float, bool, float]], silent: int, total: int) -> dict[str, Any]:
    rows = []
    for low, high in pairwise(BANDS):
        inside = [row for row in held if low <= row[0] < high]
        if inside:
            rows.append(
                {
                    "n_eff_from": low,
                    "n_eff_to": None if high == float("inf") else high,
                    "cases": len(inside),
                    "held": sum(row[1] for row in inside) / len(inside),
                    "width": float(np.median([row[2] for row in inside])),
                }
            )
    return {
        "too_little_data": silent / total, "bands": rows,
        "held": sum(row[1] for row in held) / len(held) if held else None,
    }  # fmt: skip


def _told(figures: dict[str, Any]) -> list[str]:
    told = [
        _(
            "How often a 90 per cent interval held the truth, by the effective number of people behind the score:"
        )
    ]
    for kind, words in WORLDS.items():
        one = figures["kinds"][kind]
        told.append(
            said(
                N_("{kind} ({words}): {held:.2f} in all; “too little data” in {silent:.0%}"),
                kind=kind,
                words=_(words),
                held=one["held"],
                silent=one["too_little_data"],
            )
        )
        for band in one["bands"]:
            upto = "∞" if band["n_eff_to"] is None else f"{band['n_eff_to']:g}"
            told.append(
                "  "
                + said(
                    N_("{held:.2f}  at {low:g}–{high} people; {cases} cases, {width:.1f} points wide"),
                    held=band["held"],
                    low=band["n_eff_from"],
                    high=upto,
                    cases=band["cases"],
                    width=band["width"],
                )
            )
    return told


def section(figures: Figures, command: str) -> str:
    """How often the interval held, one row for each kind of world."""
    heads = ["world", "“too little data”", "held in all"]
    bands: dict[str, None] = {}
    for one in figures["kinds"].values():
        bands |= dict.fromkeys(_band(b) for b in one["bands"])
    ordered = sorted(bands, key=lambda b: float(b.split()[-1].split("–")[0]))
    rows = []
    for kind, one in figures["kinds"].items():
        held = {_band(b): b for b in one["bands"]}
        cells = [
            f"{figure(held[b]['held'], 2)} ({held[b]['cases']:,}; {held[b]['width']:.1f} wide)"
            if b in held
            else ""
            for b in ordered
        ]
        rows.append(
            [f"{kind}: {WORLDS[kind]}", f"{one['too_little_data']:.0%}", figure(one["held"], 2), *cells]
        )
    told = f"`{command}`: share of intervals of 90 % that held the truth (cases; points wide), by n_eff."
    return f"{told}\n\n{table([*heads, *ordered], rows)}"


def _band(band: Figures) -> str:
    upto = "" if band["n_eff_to"] is None else f"{band['n_eff_to']:g}"
    return f"n_eff {band['n_eff_from']:g}–{upto}"
