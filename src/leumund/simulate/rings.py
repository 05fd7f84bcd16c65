"""Worlds of recommendations alone, with rings that are known: what the search for strategies is held against.

Honest people recommend favourites, mostly of their own circle, and the well known; friends recommend each other for
months, and some give back what they were given. Rings do the same on purpose: more or less busy, more or less of
their list, with honest votes for disguise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

from leumund.simulate.dice import Dice

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """members: accounts, as numbers. busy: chance to recommend in a week; share: of the others named each time;
    honest: how many outsiders are named beside them; since: the first week.
    """

    members: tuple[int, ...]
    busy: float
    share: float
    honest: int
    since: int = 0


@dataclass(slots=True, kw_only=True)
class VotingWorld:
    """votes: (recommender, recommended, week), in order. rings: the truth; friends: honest pairs, mutual by liking."""

    people: int
    weeks: int
    rings: tuple[Ring, ...]
    friends: frozenset[tuple[int, int]]
    votes: list[tuple[int, int, int]] = field(default_factory=list)

    @property
    def in_rings(self) -> frozenset[int]:
        """Everybody who is in a ring."""
        return frozenset(m for ring in self.rings for m in ring.members)


def voting_world(
    seed: int,
    *,
    people: int = 400,
    weeks: int = 26,
    sizes: Sequence[int] = (3, 5, 8, 12),
    strength: float = 1.0,
) -> VotingWorld:
    """Half a year of Fridays of honest people and a few rings.

    sizes: of the rings; strength: 1 as rings usually are, less for those that hide better (fewer weeks, shorter lists).
    """
    dice = Dice(seed, "votes")
    esteem = list(accumulate(dice.lognormal(1.0, 1.1) for _ in range(people)))
    circle = [dice.whole(0, max(1, people // 40)) for _ in range(people)]
    taken = iter(dice.some(range(people), sum(sizes)))
    rings = tuple(
        Ring(
            members=tuple(sorted(next(taken) for _ in range(size))),
            busy=min(0.97, dice.between(0.45, 0.95) * strength), share=min(1.0, dice.between(0.5, 1.0) * strength),
            honest=dice.whole(0, 3), since=dice.whole(0, weeks // 3),
        )
        for size in sizes
    )  # fmt: skip
    favourites, friends = _favourites(dice, people, circle, esteem)
    ring_of = {m: ring for ring in rings for m in ring.members}
    keen = [min(0.9, dice.lognormal(0.3, 0.6)) for _ in range(people)]
    world = VotingWorld(people=people, weeks=weeks, rings=rings, friends=frozenset(friends))
    owed: dict[int, list[int]] = {}
    for week in range(weeks):
        given: dict[int, list[int]] = {}
        for who in range(people):
            ring = ring_of.get(who)
            named = _in_the_ring(dice, ring, who, week) if ring else []
            if named or dice.chance(keen[who]):
                several = ring.honest if ring and named else 1 + dice.poisson(1.6)
                for _ in range(several):
                    likes = favourites[who]
                    named.append(
                        dice.pick(likes)
                        if likes and dice.chance(0.7)
                        else dice.weighted(range(people), esteem)
                    )
                named += [back for back in owed.get(who, []) if dice.chance(0.15)]
            given[who] = [n for n in dict.fromkeys(named) if n != who]
        owed = {}
        for who, named in given.items():
            for other in named:
                world.votes.append((who, other, week))
                owed.setdefault(other, []).append(who)
    return world


def _favourites(
    dice: Dice, people: int, circle: list[int], esteem: list[float]
) -> tuple[list[list[int]], set[tuple[int, int]]]:
    """Whom each one likes to recommend; and the pairs of friends, who like each other."""
    favourites: list[list[int]] = [[] for _ in range(people)]
    friends: set[tuple[int, int]] = set()
    for who in range(people):
        near = [p for p in range(people) if circle[p] == circle[who] and p != who]
        for _ in range(dice.whole(2, 5)):
            one = dice.pick(near) if near and dice.chance(0.6) else dice.weighted(range(people), esteem)
            if one == who:
                continue
            favourites[who].append(one)
            if dice.chance(0.05):
                favourites[one].append(who)
                friends.add((min(who, one), max(who, one)))
    return favourites, friends


def _in_the_ring(dice: Dice, ring: Ring, who: int, week: int) -> list[int]:
    if week < ring.since or not dice.chance(ring.busy):
        return []
    return [m for m in ring.members if m != who and dice.chance(ring.share)]
