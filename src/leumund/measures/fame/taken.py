"""All the figures behind the answer to whether fame brings business."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum

import numpy as np

from leumund.channels import SOCIAL
from leumund.measures.fame.alike import Alike, alike
from leumund.measures.returns.channels import Channel, Side, channels_of, quotient, together
from leumund.measures.returns.cost import Each, each
from leumund.measures.returns.credit import UNKNOWN, credits_of
from leumund.measures.returns.customers import Came, came_in
from leumund.measures.returns.effect import Effect, effects, shift_p
from leumund.measures.returns.knowing import weeks_between, weeks_needed
from leumund.measures.returns.spending import Spending, spending_in
from leumund.measures.returns.weekly import Weekly, weekly
from leumund.store.tables import Tables

RATIOS = {"doubling": 2.0, "half_more": 1.5}
_RESONANCE_DAYS = 365


@dataclass(frozen=True, slots=True)
class Told:
    """What the customers say themselves. number: who bought; credit: equal shares of social networks; alone, involved:
    nothing else (anything) of a network stood in their chains; unknown: of whom nothing is told.
    """

    number: int
    credit: float
    alone: int
    involved: int
    unknown: int


@dataclass(frozen=True, slots=True)
class PerPost:
    """People who respond to a post of one kind: drawn towards what is usual, with the middle 90 %."""

    value: float
    low: float
    high: float
    posts: int


@dataclass(frozen=True, slots=True)
class Needed:
    """Weeks of counting until something is seen, with the interval (90 %) that how many come leaves."""

    weeks: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The figures, None where they cannot be told.

    customers, asked: of those who bought, and of all who came. social, paid: what was spent and what came; each_social,
    each_paid: cost of one customer; ratio, ratio_asked: their quotient. influence, hours: effects on all who came;
    shift: chance that influence and who came look so much alike. needed: weeks of counting for each of RATIOS, by
    customers and by all who came. foretells: the score against next week's responders; usual: this week's responders
    against next week's; own_words: the share of own words against next week's responders; posts: by kind of post.
    """

    weekly: Weekly
    customers: Told
    asked: Told
    channels: Sequence[Channel]
    social: Side
    paid: Side
    each_social: Each | None
    each_paid: Each | None
    ratio: Each
    ratio_asked: Each
    rate: float | None
    influence: Effect | None = None
    hours: Effect | None = None
    shift: float | None = None
    needed: dict[tuple[str, str], Needed] = field(default_factory=dict)
    foretells: Alike | None = None
    usual: Alike | None = None
    own_words: Alike | None = None
    posts: dict[str, PerPost] = field(default_factory=dict)


def answer(tables: Tables, rate: float | None) -> Answer:
    """Take all figures."""
    came = came_in(tables)
    return answer_of(weekly(tables, came), came, spending_in(tables), rate, _posts(tables))


def answer_of(
    weeks: Weekly,
    came: Sequence[Came],
    spending: Spending,
    rate: float | None,
    posts: Mapping[str, PerPost] | None = None,
) -> Answer:
    """All figures from weeks, from who came and from what was spent."""
    channels = channels_of(came, spending, rate)
    social, paid = together(channels, social=True), together(channels, social=False)
    influence, hours = _effects(weeks)
    begin = _begin(weeks)
    return Answer(
        weekly=weeks,
        customers=_told([c for c in came if not c.customer.lead]),
        asked=_told(came),
        channels=channels,
        social=social,
        paid=paid,
        each_social=each(social.worth, social.customers, unknown=social.hidden) if social.worth else None,
        each_paid=each(paid.worth, paid.customers, unknown=paid.hidden) if paid.worth else None,
        ratio=quotient(channels),
        ratio_asked=quotient(channels, asked=True),
        rate=rate,
        influence=influence,
        hours=hours,
        shift=shift_p(weeks.asked[begin:], weeks.influence[begin:]) if influence is not None else None,
        needed=_needed(weeks),
        foretells=alike(weeks.influence, weeks.responders),
        usual=alike(weeks.responders, weeks.responders),
        own_words=alike(weeks.own_share, weeks.responders),
        posts=dict(posts or {}),
    )


def _begin(weeks: Weekly) -> int:
    """The first week whose influence is known."""
    known = ~np.isnan(weeks.influence)
    return int(np.argmax(known)) if known.any() else len(weeks)


def _told(came: Sequence[Came]) -> Told:
    chains = [{t.channel for t in c.chain} for c in came]
    return Told(
        number=len(came),
        credit=fsum(c.credit for name, c in credits_of([c.chain for c in came]).items() if name in SOCIAL),
        alone=sum(chain <= SOCIAL for chain in chains),
        involved=sum(bool(chain & SOCIAL) for chain in chains),
        unknown=sum(chain == {UNKNOWN} for chain in chains),
    )


def _effects(weeks: Weekly) -> tuple[Effect | None, Effect | None]:
    """Of influence and of hours on all who came; of influence alone where hours say nothing, and the other way round."""
    first = _begin(weeks)
    came, influence, hours = weeks.asked[first:], weeks.influence[first:], weeks.hours[first:]
    both = effects(came, [influence, hours]) if hours.any() else None
    if both is not None:
        return both[0], both[1]
    one = effects(came, [influence]) if len(came) else None
    other = effects(weeks.asked, [weeks.hours]) if weeks.hours.any() and one is None else None
    return (one[0] if one else None), (other[0] if other else None)


def _needed(weeks: Weekly) -> dict[tuple[str, str], Needed]:
    found: dict[tuple[str, str], Needed] = {}
    if not len(weeks):
        return found
    for who, series in (("customers", weeks.customers), ("asked", weeks.asked)):
        for name, ratio in RATIOS.items():
            needed = weeks_needed(float(series.mean()), ratio)
            if needed is not None:
                low, high = weeks_between(float(series.sum()), len(weeks), ratio)
                found[who, name] = Needed(needed, low, high)
    return found


def _posts(tables: Tables) -> dict[str, PerPost]:
    """How many people respond to a post in one's own words alone, and to one with a link."""
    if tables.own is None:
        return {}
    from datetime import UTC

    from leumund.measures.resonance.taking import take  # heavy: only who asks waits

    taken = take(tables, by="kind", days=_RESONANCE_DAYS, zone=UTC)
    s, groups = taken.shrunk, taken.groups
    if s is None:
        return {}
    posts = np.bincount(groups.of, minlength=len(groups.keys)).tolist()
    return {
        key: PerPost(float(s.value[at]), float(s.low[at]), float(s.high[at]), posts[at])
        for at, key in enumerate(groups.keys)
        if key in ("original", "with_link") and posts[at]
    }
