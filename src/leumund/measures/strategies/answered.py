"""Who recommends people just after they recommended her: more often than her own rhythm explains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leumund.measures.strategies.chance import BELIEVED, Numbers, Whole, adjusted

WITHIN_WEEKS = 2
LEAST_ANSWERS = 5
_DRAWS = 1999
_MOST_WORK = 12_000_000  # votes shuffled in all draws together
_FEWEST_DRAWS = 199


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Accounts that answer strikingly often. answered: their votes within two weeks after one from whom they named.

    votes: all their votes; expected: answers to be expected by their own rhythm; q: chance of being chance.
    """

    account: Whole
    answered: Whole
    votes: Whole
    expected: Numbers
    q: Numbers


def quick_answers(recommender: Whole, account: Whole, week: Whole) -> Answers:
    """Accounts whose votes come within two weeks after a vote of the same person for them, beyond chance.

    The null keeps whom an account recommends and in which weeks she recommends anybody, and shuffles which of her
    votes fall into which of these weeks. Who recommends the same friends every week answers no quicker than chance,
    and is not found here (but see `mutual`). One row per vote; each vote once. Always gives the same for the same
    votes, in whatever order they come.
    """
    order = np.lexsort((week, account, recommender))
    giver, taker, when = recommender[order], account[order], week[order] - (week.min() if len(week) else 0)
    span = int(when.max()) + WITHIN_WEEKS + 1 if len(when) else 1
    pairs, pair_of = np.unique(np.stack([giver, taker], 1), axis=0, return_inverse=True)
    place = {(int(a), int(b)): n for n, (a, b) in enumerate(pairs)}
    reverse = np.array([place.get((int(b), int(a)), -1) for a, b in pairs], np.int64)
    pair_of = pair_of.ravel().astype(np.int64)
    open_at = np.zeros(0, np.int64)
    told = reverse[pair_of]
    if (told >= 0).any():
        late = np.arange(WITHIN_WEEKS + 1, dtype=np.int64)
        open_at = np.unique((told[told >= 0] * span + when[told >= 0])[:, None] + late)
    people, who = np.unique(giver, return_inverse=True)
    found = np.bincount(who, _is_in(open_at, pair_of * span + when), len(people)).astype(np.int64)
    tested = np.flatnonzero(found >= LEAST_ANSWERS)
    mine = np.isin(who, tested)
    if not len(tested):
        nothing = np.zeros(0, np.int64)
        return Answers(account=nothing, answered=nothing, votes=nothing, expected=np.zeros(0), q=np.zeros(0))
    whose, base, weeks = np.searchsorted(tested, who[mine]), pair_of[mine] * span, when[mine]
    draws = int(np.clip(_MOST_WORK // len(base), _FEWEST_DRAWS, _DRAWS))
    chance = np.random.default_rng(2011)
    total, as_many = np.zeros(len(tested)), np.ones(len(tested))
    for _ in range(draws):
        shuffled = weeks[np.argsort(whose + chance.random(len(weeks)))]  # rows lie by account already
        now = np.bincount(whose, _is_in(open_at, base + shuffled), len(tested))
        total += now
        as_many += now >= found[tested]
    q = adjusted(as_many / (draws + 1), len(tested))
    kept = np.flatnonzero(q <= BELIEVED)
    return Answers(
        account=people[tested[kept]], answered=found[tested[kept]],
        votes=np.bincount(whose, minlength=len(tested))[kept], expected=total[kept] / draws, q=q[kept],
    )  # fmt: skip


def _is_in(known: Whole, asked: Whole) -> Numbers:
    """1 where a number is among the known ones, which are sorted."""
    if not len(known):
        return np.zeros(len(asked))
    at = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    hits: Numbers = (known[at] == asked).astype(np.float64)
    return hits
