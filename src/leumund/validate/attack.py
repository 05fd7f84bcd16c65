"""Attacks on a real graph: what a ring, a farm, bought likes or a woken account gain, by standing and by plain counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np

from leumund.errors import UnreadableFileError, UsageError
from leumund.graph import Graph, lent, standing
from leumund.locale import N_, _
from leumund.measures.influence.score import admitted, score
from leumund.measures.standing.community import ALPHA
from leumund.validate import Finding, said
from leumund.validate.cells import Figures, table
from leumund.validate.edges import Edges, Indices, read_edges
from leumund.validate.tables import Numbers

Kind = Literal["ring", "farm", "likes", "dormant"]
KINDS: tuple[Kind, ...] = get_args(Kind)

DAMPING = 0.85  # of the PageRank everybody knows
EVERYBODY = 50  # a ring up to this size is linked each to each
LINKS = 20  # in a larger one each is linked to so many
FOLLOW_BACK = 0.72  # of those who are followed follow back (published)
MOST_RING = 1_000_000
_LEAST_SEEDS = 3
_NOTHING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """Edges that are added to a graph. boss: who is to gain; ring: the accounts made for it; outside: edges from real
    accounts that were won over, and how many.
    """

    source: Indices
    target: Indices
    weight: Numbers
    ring: Indices
    boss: int
    outside: int


def check(
    path: Path,
    *,
    ring: int,
    outside: int,
    kind: Kind = "ring",
    seeds: Path | None = None,
    draw: int = 1,
    edges: Edges | None = None,
) -> Finding:
    """Add an attack to a graph and see how far it gets.

    Args:
        ring: how many accounts are made up. outside: how many edges from real accounts they win.
        kind: "ring", linked among themselves; "farm", following real accounts of which 72 % follow back; "likes",
            acts towards the boss and nothing else; "dormant", the same towards a real account that
            lay still: nobody pointed at it (a made-up one where there is none).
        seeds: a file with one account a line; None: see `chosen_seeds`.
        draw: another number draws other outsiders.
    Gives: what standing, number of accounts that point at it (in-degree) and PageRank give the ring.
    """
    if not 1 <= ring <= MOST_RING or not 0 <= outside <= MOST_RING:
        words = _("The ring must have 1 to {most} accounts, and 0 to {most} edges from outside.")
        raise UsageError(words.format(most=MOST_RING))
    real = read_edges(path) if edges is None else edges
    trusted, rule = (chosen_seeds(real), _RULE) if seeds is None else (_named_seeds(real, seeds), "")
    made = _made(real, kind, ring, outside, trusted, np.random.default_rng(draw))
    figures = _figures(real, trusted, made, kind)
    figures["seed_rule"] = rule or str(seeds)
    return Finding(figures=figures, told=(*real.told, *_told(figures, by_rule=bool(rule))))


_RULE = N_(
    "sqrt(n) accounts that most others point at, among those with somebody who points back; a stand-in for an operator's list"
)


def chosen_seeds(real: Edges) -> Indices:
    """Accounts to begin trust with where nobody gave a list: sqrt(n) of the largest in-strength with a mutual tie.

    Few and fixed before the attack, as an operator's list would be: chosen afterwards, a large ring would elect
    itself. Only accounts with a mutual tie: who never looks back at anybody lends standing blindly, and a name that
    is merely famous is nobody's acquaintance.
    """
    size = real.size
    strength = np.bincount(real.target, real.weight, size)
    there = real.source.astype(np.int64) * size + real.target
    back = real.target.astype(np.int64) * size + real.source
    mutual = np.zeros(size, bool)
    mutual[real.source[np.isin(there, back)]] = True
    if not mutual.any():
        mutual[real.source] = True  # a graph without any: whoever points at somebody
    strength = np.where(mutual, strength, -1.0)
    many = min(max(_LEAST_SEEDS, round(math.sqrt(size))), int(mutual.sum()))
    return np.sort(np.argsort(-strength, kind="stable")[:many]).astype(np.int32)


def _named_seeds(real: Edges, path: Path) -> Indices:
    from leumund.sources.text_files import head, is_regular

    text = head(path, 2**24) if is_regular(path) else None
    if text is None:
        raise UnreadableFileError(path, _("there is no such file, or it is no text"))
    wanted = {line.strip() for line in text.splitlines() if line.strip() and line[0] not in "%#"}
    found = [i for i, name in enumerate(real.names.to_pylist()) if name in wanted]
    if not found:
        hint = _("Write one account a line, spelt as in the edges.")
        raise UnreadableFileError(path, _("none of these accounts is in the graph"), hint=hint)
    return np.array(found, np.int32)


def _made(
    real: Edges, kind: Kind, ring: int, outside: int, trusted: Indices, dice: np.random.Generator
) -> Attack:
    """The edges of an attack. An edge won outside weighs as an ordinary one: the median of the graph."""
    usual = float(np.median(real.weight))
    fakes = np.arange(real.size, real.size + ring, dtype=np.int32)
    others = np.setdiff1d(np.arange(real.size, dtype=np.int32), trusted)
    if outside > len(others):
        words = _("There are only {count} accounts outside the seeds that could lend an edge.")
        raise UsageError(words.format(count=len(others)))
    won = dice.choice(others, outside, replace=False).astype(np.int32)
    boss = int(fakes[0])
    if kind == "dormant":
        lying = np.setdiff1d(others, np.concatenate([real.target, won]))
        boss = int(lying[0]) if len(lying) else boss
    ends: list[tuple[Indices, Indices]] = [(won, np.full(outside, boss, np.int32))]
    if kind == "ring":
        ends += [_linked(fakes), (fakes[1:], np.full(ring - 1, boss, np.int32))]
    elif kind == "farm":
        ends[0] = (won[dice.random(outside) < FOLLOW_BACK], np.zeros(0, np.int32))
        ends[0] = (ends[0][0], dice.choice(fakes, len(ends[0][0])).astype(np.int32))
        ends += [(dice.choice(fakes, outside).astype(np.int32), won), _linked(fakes)]
        ends.append((fakes[1:], np.full(ring - 1, boss, np.int32)))
    else:
        mine = fakes if boss not in fakes else fakes[1:]
        ends.append((mine, np.full(len(mine), boss, np.int32)))
    source, target = (np.concatenate(side) for side in zip(*ends, strict=True))
    return Attack(
        source=source, target=target, weight=np.full(len(source), usual), ring=fakes, boss=boss,
        outside=len(ends[0][0]),
    )  # fmt: skip


def _linked(fakes: Indices) -> tuple[Indices, Indices]:
    """Each linked to each; in a large ring, each to the next few in a circle."""
    many = len(fakes)
    steps = min(many - 1, many - 1 if many <= EVERYBODY else LINKS)
    at = np.repeat(np.arange(many), steps)
    to = (at + np.tile(np.arange(1, steps + 1), many)) % max(1, many)
    return fakes[at], fakes[to]


def _figures(real: Edges, trusted: Indices, made: Attack, kind: Kind) -> dict[str, Any]:
    size = int(max(real.size, made.ring[-1] + 1))
    source = np.concatenate([real.source, made.source])
    target = np.concatenate([real.target, made.target])
    weight = np.concatenate([real.weight, made.weight])
    graph = Graph.of(source, target, weight, size)
    ours = standing(graph, trusted.astype(np.int64), alpha=ALPHA)
    everybody = np.arange(size, dtype=np.int64)
    rank = standing(graph, everybody, alpha=1 - DAMPING).p
    pairs = np.unique(source.astype(np.int64) * size + target)
    degree = np.bincount(pairs % size, minlength=size).astype(np.float64)
    group = np.union1d(made.ring, [made.boss]).astype(np.int64)
    scale = len(trusted) / ALPHA
    tau = scale * ours.p
    handed = scale * lent(graph, ours, group)
    held = float(tau[group].sum())
    bound = handed * (1 - ALPHA) / ALPHA
    true = np.setdiff1d(np.arange(real.size), group)
    reached = tau[true][tau[true] > 0]
    median = float(np.median(tau[true])) if len(true) else 0.0
    best = float(tau[group].max())
    behind = float(tau[np.unique(source[target == made.boss])].sum())
    return {
        "kind": kind, "ring": len(made.ring), "outside": made.outside, "accounts": real.size,
        "edges": len(real.source), "seeds": len(trusted), "alpha": ALPHA,
        "standing": {
            "ring": held, "lent": handed, "bound": bound, "within_bound": bool(held <= bound + 2 * scale * ours.error),
            "share": held / float(tau.sum()), "best_rank": _place(tau, group), "best": best,
            "median_real": median, "median_reached": float(np.median(reached)) if len(reached) else None,
            "reached": len(reached), "above_median": int((tau[group] > median).sum()),
        },
        "in_degree": {"best_rank": _place(degree, group), "share": float(degree[group].sum() / degree.sum())},
        "pagerank": {"best_rank": _place(rank, group), "share": float(rank[group].sum() / rank.sum()), "damping": DAMPING},
        "points": {"unknown_at_most": _points(0.0), "boss_at_most": _points(behind)},
    }  # fmt: skip


def _place(value: Numbers, group: Any) -> int:
    """The place of the best of the group among all: one more than there are with more."""
    return int((value > value[group].max()).sum()) + 1


def _points(behind: float) -> float:
    """Points on the score that acts of these accounts can bring at most, however often they act: every cap full."""
    return score(behind + admitted(behind, math.inf))


def _told(figures: dict[str, Any], *, by_rule: bool) -> list[str]:
    ours, degree, rank = figures["standing"], figures["in_degree"], figures["pagerank"]
    told = []
    if by_rule:
        words = N_("Seeds, {count}: {rule}.")
        told.append(said(words, count=figures["seeds"], rule=_(_RULE)))
    told += [
        said(N_("{accounts} real accounts, {edges} edges; added: {ring} accounts ({kind}) with {outside} edges from outside."),
            **{name: figures[name] for name in ("accounts", "edges", "ring", "outside", "kind")}
        ),
        said(N_("Standing of the ring: {ring:.6g}; lent to it {lent:.6g}, so at most {bound:.6g}: {held}."),
            **ours_rounded(ours), held=_("held") if ours["within_bound"] else _("NOT held")
        ),
        said(N_("Best place of a ring account: by standing {ours}, by number of others {degree}, by PageRank {rank}."),
            ours=ours["best_rank"] if ours["best"] > 0 else _("none, it has no standing"),
            degree=degree["best_rank"], rank=rank["best_rank"],
        ),
        said(N_("The ring's share of all: standing {ours:.2%}, number of others {degree:.2%}, PageRank {rank:.2%}."),
            ours=ours["share"], degree=degree["share"], rank=rank["share"]
        ),
        said(N_("Median standing of real accounts: {all:.4g}; of the {count} that standing reaches: {reached:.4g}."),
            all=ours["median_real"], count=ours["reached"],
            reached=ours["median_reached"],
        ),
        said(N_("Ring accounts above the median of all real ones: {count}."), count=ours["above_median"]),
        said(N_("On the score, all acts towards the boss, from the ring and from outside, are worth {most:.1f} points at most, however many ({unknown:.2f} without any standing)."),
            most=figures["points"]["boss_at_most"], unknown=figures["points"]["unknown_at_most"]
        ),
    ]  # fmt: skip
    return told


def ours_rounded(ours: dict[str, Any]) -> dict[str, float]:
    """The three figures of the bound, without the engine's rounding rest."""
    return {name: 0.0 if abs(ours[name]) < _NOTHING else ours[name] for name in ("ring", "lent", "bound")}


def section(runs: Sequence[tuple[str, Figures]], command: str) -> str:
    """One row for each attack on each graph, what is true of all of them before."""
    rows = []
    for name, f in runs:
        ours, degree, rank = f["standing"], f["in_degree"], f["pagerank"]
        rows.append(
            (
                name, f["kind"], f"{f['ring']:,}", str(f["outside"]), f"{ours['ring']:.3g} ≤ {ours['bound']:.3g}",
                f"{ours['best_rank']:,}" if ours["best"] > 0 else "none", f"{degree['best_rank']:,}", f"{rank['best_rank']:,}",
                f"{ours['share']:.2%}", f"{degree['share']:.1%}", f"{rank['share']:.1%}", f"{ours['above_median']:,}",
                f"{f['points']['boss_at_most']:.1f}",
            )
        )  # fmt: skip
    heads = (
        "graph", "attack", "accounts", "edges won", "standing ≤ bound", "best place: standing", "number of others",
        "PageRank", "share of all: standing", "number of others", "PageRank", "above the median", "points at most",
    )  # fmt: skip
    graphs = dict(runs)
    of = "; ".join(
        f"{name}: {f['accounts']:,} accounts, {f['edges']:,} edges, {f['seeds']} seeds, of which standing reaches"
        f" {f['standing']['reached']:,}, median of all {f['standing']['median_real']:.2g}"
        for name, f in graphs.items()
    )
    held = all(f["standing"]["within_bound"] for _name, f in runs)
    without = [f for _name, f in runs if f["outside"] == 0]
    above = sum(f["standing"]["above_median"] for f in without)
    told = (
        f"`{command}`. {of}.\n\nThe bound held in {'all' if held else 'NOT all'} {len(runs)} runs. Without edges from outside"
        f" {above} ring accounts were above the median of real accounts, in {len(without)} runs."
    )
    return f"{told}\n\n{table(heads, rows)}"
