"""A made-up business over years: who came by which way, what each way cost, and whether presence had a hand in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import exp
from typing import TYPE_CHECKING

from leumund.events import Account, Act, Event, Kind, Statement, StatementKind
from leumund.simulate.dice import Dice
from leumund.simulate.swings import Course, common, echo, fading, poisson, standardised, wave

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OWNER = "acct:mara@betrieb.example"
START = date(2023, 1, 2)
FANS = 60
RATE = 50.0
"""What an hour of hers is worth, in euro."""
_KINDS: tuple[Kind, ...] = ("like", "like", "like", "reply", "reshare")

WAYS: tuple[tuple[float, tuple[str, ...], str], ...] = (
    (0.20, ("mastodon",), "mastodon"),
    (0.10, ("mastodon", "mastodon"), "mastodon"),
    (0.10, (), "mastodon"),
    (0.05, ("mastodon",), "fair"),
    (0.20, (), "advert"),
    (0.15, (), "fair"),
    (0.20, ("word of mouth",), ""),
)
"""How often somebody comes that way: the links before her, each by where that person met the owner, and her own answer."""
_WEEKLY = {"advert": 40.0}
_QUARTERLY = {"fair": 650.0, "mastodon": 15.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """Somebody who came, as it was. lead: only asked. told: whether she says how; else nothing of the way is known."""

    at: datetime
    way: int
    lead: bool
    told: bool
    fans: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """Weeks from a Monday on, and the truth behind them.

    acts, hours: of each week. influence: the logarithm of a fading sum of acts, at each week's end. rates: how many
    were to be expected to come in each week. effect: by what, on the log scale, weeks after one standard deviation more of
    influence differ (faded with half_life_weeks). lead_share: how many of those who come only ask.
    """

    seed: int
    start: date
    effect: float
    half_life_weeks: float
    lead_share: float
    by_networks: bool
    acts: tuple[int, ...]
    hours: tuple[float, ...]
    influence: tuple[float, ...]
    rates: tuple[float, ...]
    came: tuple[Came, ...]
    costs: tuple[tuple[date, str, float], ...]

    @property
    def end(self) -> datetime:
        """The moment after the last week."""
        return _noon(self.start + timedelta(weeks=len(self.acts)), 0.0)

    @property
    def spent(self) -> dict[str, float]:
        """On each channel, hours priced."""
        found: dict[str, float] = {"mastodon": sum(self.hours) * RATE}
        for _day, channel, amount in self.costs:
            found[channel] = found.get(channel, 0.0) + amount
        return found

    def expected(self, *, customers: bool) -> Mapping[str, float]:
        """How many were to be expected by each channel, shared equally along each chain: customers, or all who came."""
        total = sum(self.rates) * ((1 - self.lead_share) if customers else 1.0)
        return {channel: total * share for channel, share in shares(by_networks=self.by_networks).items()}

    def events(self) -> Iterator[Event]:
        """What a lab would be told: her account, what fans did, what she entered."""
        dice = Dice(self.seed, "business acts")
        yield Account(
            account=OWNER,
            seen_at=_noon(self.start, 0.0),
            network="mastodon",
            handle="mara@betrieb.example",
            own=True,
        )
        for fan in range(FANS):
            yield Act(
                kind="follow",
                actor=_fan(fan),
                target=OWNER,
                network="mastodon",
                happened_at=_noon(self.start, fan / 60),
            )
            body: dict[str, str | bool] = {
                "trust": _fan(fan),
                "network": "mastodon",
                "holds": True,
                "since": _noon(self.start, 0.0).isoformat(),
            }
            yield Statement(
                kind="trust", happened_at=_noon(self.start, 1.0), body=body, statement=f"trust-{fan}"
            )
        for week, number in enumerate(self.acts):
            monday = self.start + timedelta(weeks=week)
            for _n in range(number):
                at = _noon(monday, dice.between(1.0, 160.0))
                kind = dice.pick(_KINDS)
                yield Act(
                    kind=kind,
                    actor=_fan(dice.whole(0, FANS - 1)),
                    target=OWNER,
                    network="mastodon",
                    happened_at=at,
                )
        yield from self.statements()

    def statements(self) -> Iterator[Statement]:
        """What she enters: hours, costs, and whoever came."""
        made = 0

        def state(kind: StatementKind, at: datetime, **body: str | float | bool) -> Statement:
            nonlocal made
            made += 1
            return Statement(
                kind=kind,
                happened_at=at,
                body={"said_at": at.isoformat(), **body},
                statement=f"{kind}-{made}",
            )

        for week, hours in enumerate(self.hours):
            yield state("time", _noon(self.start + timedelta(weeks=week), 150), time="mastodon", hours=hours)
        for day, channel, amount in self.costs:
            yield state("cost", _noon(day, 12), cost=channel, amount=amount)
        for number, one in enumerate(self.came, 1):
            _share, links, answer = WAYS[one.way]
            body: dict[str, str | float | bool] = {"customer": f"K{number}", "lead": one.lead}
            if one.told:
                body |= {"found_us_by": answer} if answer else {}
                # who is nearest to her first
                named = (
                    [_fan(f).removeprefix("acct:") for f in reversed(one.fans)]
                    if "mastodon" in links
                    else ["Frau X"] * bool(links)
                )
                body |= {"recommended_by": " > ".join(named)} if named else {}
            yield state("customer", one.at, **body)


def ways(*, by_networks: bool) -> list[tuple[float, tuple[str, ...], str]]:
    """How often somebody comes which way; without networks no way leads over one, and the others have its share."""
    kept = [by_networks or "mastodon" not in (*links, answer) for _often, links, answer in WAYS]
    total = sum(way[0] for way, there in zip(WAYS, kept, strict=True) if there)
    return [(o / total if there else 0.0, links, a) for (o, links, a), there in zip(WAYS, kept, strict=True)]


def shares(*, by_networks: bool = True) -> dict[str, float]:
    """The share of each channel in one who comes, to be expected; sums to 1."""
    found: dict[str, float] = {}
    for often, links, answer in ways(by_networks=by_networks):
        if not often:
            continue
        chain = [*links, answer] if answer else list(links)
        for channel in chain:
            found[channel] = found.get(channel, 0.0) + often / len(chain)
    return found


def business(
    *, seed: int, weeks: int = 104, a_week: float = 0.8, effect: float = 0.0, half_life_weeks: float = 4.0,
    untold: float = 0.15, lead_share: float = 0.4, course: Course = "wandering",
    by_networks: bool = True,
) -> Business:  # fmt: skip
    """Weeks of a business.

    Args:
        a_week: how many come in a usual week. effect: 0: influence brings nobody. untold: the share of those who do not say how.
        by_networks: False: nobody comes over a social network, whatever she does there. course: see Course; what "growing" and "yearly" have in common is time alone, and not an effect.
    """
    dice = Dice(seed, "business")
    alone = [common(course, week, weeks) for week in range(weeks)]
    lively = wave(Dice(seed, "business wave"), weeks)
    moods = wave(Dice(seed, "business moods"), weeks, sd=0.4) if course == "moody" else [0.0] * weeks
    acts = tuple(poisson(dice, 12 * exp(w + c)) for w, c in zip(lively, alone, strict=True))
    hours = tuple(max(0.5, round(4 * (4 + lively[t] + 1.2 * dice.normal())) / 4) for t in range(weeks))
    influence = tuple(fading(acts))
    pull = standardised(echo(influence, half_life_weeks))
    rates = tuple(a_week * exp(effect * p + c + m) for p, c, m in zip(pull, alone, moods, strict=True))
    start = START
    often = [way[0] for way in ways(by_networks=by_networks)]
    running = [sum(often[: n + 1]) for n in range(len(often))]
    came = []
    for week, rate in enumerate(rates):
        for _n in range(poisson(dice, rate)):
            at = _noon(start + timedelta(weeks=week), dice.between(8.0, 150.0))
            way = dice.weighted(range(len(WAYS)), running)
            fans = tuple(dice.some(range(FANS), len(WAYS[way][1]))) if "mastodon" in WAYS[way][1] else ()
            came.append(
                Came(at=at, way=way, lead=dice.chance(lead_share), told=not dice.chance(untold), fans=fans)
            )
    costs = [(start + timedelta(weeks=w), c, a) for w in range(weeks) for c, a in _WEEKLY.items()]
    costs += [(start + timedelta(weeks=w), c, a) for w in range(0, weeks, 13) for c, a in _QUARTERLY.items()]
    return Business(
        seed=seed, start=start, effect=effect, half_life_weeks=half_life_weeks, lead_share=lead_share, by_networks=by_networks, acts=acts, hours=hours,
        influence=influence, rates=rates, came=tuple(sorted(came, key=lambda c: c.at)), costs=tuple(costs),
    )  # fmt: skip


def _fan(number: int) -> str:
    return f"acct:fan{number:02d}@betrieb.example"


def _noon(day: date, hours: float) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hours)
