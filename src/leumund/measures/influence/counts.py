"""What a profile's counts tell of somebody's influence, where single acts are not known: for comparing two accounts."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from leumund.measures.influence.acts import Numbers
from leumund.measures.influence.score import ANCHOR, PER_DOUBLING
from leumund.measures.worth import BASE


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Counts of several accounts, one place each; NaN is unknown, and a whole column may be left out (None).

    followers, listed: how many there are today (listed: on how many lists others put the account).
    mentions, reshares: how many the account receives in a given time, the same for all that are compared.
    """

    followers: Numbers | None = None
    listed: Numbers | None = None
    mentions: Numbers | None = None
    reshares: Numbers | None = None

    def __len__(self) -> int:
        return max((len(v) for f in fields(self) if (v := getattr(self, f.name)) is not None), default=0)


def points(worth: Numbers) -> Numbers:
    """8 points per doubling above the anchor, as in the score, but without its top: nothing above it could be compared.

    >>> points(np.array([0.0, 0.05, 0.15])).round(6).tolist()
    [0.0, 8.0, 16.0]
    """
    return np.asarray(PER_DOUBLING / np.log(2) * np.log1p(worth / ANCHOR), np.float64)


def received(counts: Counts) -> Numbers:
    """Points for what others do towards an account: L = 1.5 * mentions + 3 * reshares; NaN where one is unknown."""
    return points(BASE["mention"] * _known(counts, "mentions") + BASE["reshare"] * _known(counts, "reshares"))


def parts(counts: Counts) -> dict[str, Numbers]:
    """The three readings a profile allows, in points: what it receives, who follows, who put it on a list.

    received   L = 1.5 * mentions + 3 * reshares
    followers  L = 1 * followers
    listed     L = 4 * listed: putting somebody on a list for others to follow is recommending
    """
    return {
        "received": received(counts),
        "followers": points(BASE["follow"] * _known(counts, "followers")),
        "listed": points(BASE["endorse"] * _known(counts, "listed")),
    }


def apart(first: Counts, second: Counts) -> Numbers:
    """How many points the first account is ahead of the second: the mean over the parts known of both; NaN for none.

    The mean of the parts' points and not the points of their sum: followers and lists are what has piled up in years,
    received acts are those of a short time. In one sum the pile would drown the rest (followers are some thousand times
    the acts), whatever the weights. The mean of logarithms gives each kind of evidence the same say, needs no weight
    that would have to be fitted, and asks for all three: bought followers alone move a third.
    """
    ones, others = parts(first), parts(second)
    differences = np.array([ones[name] - others[name] for name in ones])
    known = ~np.isnan(differences)
    total = np.where(known, differences, 0.0).sum(axis=0)
    many = known.sum(axis=0)
    mean: Numbers = np.divide(total, many, out=np.full(total.shape, np.nan), where=many > 0)
    return mean


def _known(counts: Counts, name: str) -> Numbers:
    values = getattr(counts, name)
    if values is None:
        return np.full(len(counts), np.nan)
    found = np.asarray(values, np.float64)
    return np.where(found >= 0, found, np.nan)  # what is less than none is not known
