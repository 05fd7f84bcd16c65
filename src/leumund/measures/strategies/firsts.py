"""Weeks in which many voices recommended somebody that had never recommended anybody before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leumund.measures.strategies.chance import BELIEVED, Numbers, Whole, adjusted, at_least_of_poisson

LEAST_VOICES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Bursts:
    """Weeks with strikingly many first voices for an account. voices: how many; expected: by that week's newcomers."""

    account: Whole
    week: Whole
    voices: Whole
    expected: Numbers
    q: Numbers


def first_voices(recommender: Whole, account: Whole, week: Whole) -> Bursts:
    """Weeks in which more newcomers recommend an account than the account's share of all other votes explains.

    A newcomer is somebody whose first vote in this lab falls into that week. Expected are the week's newcomers,
    shared out as all other votes are; the count is then Poisson. All accounts and weeks with votes are tested
    (Benjamini-Hochberg, .05), and at least five voices are needed.
    """
    people, who = np.unique(recommender, return_inverse=True)
    weeks, when = np.unique(week, return_inverse=True)
    whom, target = np.unique(account, return_inverse=True)
    first = np.full(len(people), len(weeks), np.int64)
    np.minimum.at(first, who, when)
    new = first[who] == when
    code = target.astype(np.int64) * max(len(weeks), 1) + when
    cells, at = np.unique(code, return_inverse=True)
    voices = np.bincount(at, new, len(cells)).astype(np.int64)
    of, then = cells // max(len(weeks), 1), cells % max(len(weeks), 1)
    arrived = np.bincount(when, new, len(weeks))  # votes by newcomers in each week
    known = np.bincount(target, ~new, len(whom))
    share = (known[of] + 1) / (max(int((~new).sum()), 1) + len(whom))
    expected = arrived[then] * share
    q = adjusted(at_least_of_poisson(voices, expected), len(cells))
    kept = np.flatnonzero((q <= BELIEVED) & (voices >= LEAST_VOICES))
    return Bursts(
        account=whom[of[kept]],
        week=weeks[then[kept]],
        voices=voices[kept],
        expected=expected[kept],
        q=q[kept],
    )
