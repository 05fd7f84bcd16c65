"""Any number of acts as columns: for benchmarks and for the question how it is with a hundred million.

Every value is a function of the seed and its own number alone (a hash, no running state): the same
rows come whatever the size of a piece, pieces can be made in any order, and memory does not grow.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from leumund.events import Rows
from leumund.simulate.dice import Dice
from leumund.simulate.names import SERVERS
from leumund.simulate.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

Whole: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int64]]
Real: TypeAlias = np.ndarray[tuple[int], np.dtype[np.floating]]
Truths: TypeAlias = np.ndarray[tuple[int], np.dtype[np.bool_]]
Noun = Literal["account", "post", "act"]

WITH_POST = 5
"""Every so many-th act is done with a post of its own: a reply, a mention or a quote."""
ORIGINALS = 8
"""So many acts to one original post."""
TAIL = 3.0
"""Activity of the account at place x of n goes with x ** (1 / TAIL - 1): one in a thousand does a tenth of all."""
START = date(2025, 10, 1)
_DAY = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a stream is made of. friday_share: share of Follow-Friday posts among posts made with an act."""

    seed: int
    acts: int
    accounts: int
    days: int
    start: date = START
    friday_share: float = 0.05

    @property
    def originals(self) -> int:
        """How many original posts there are."""
        return -(-self.acts // ORIGINALS)

    @property
    def posts(self) -> int:
        """How many posts there are: originals and those made with an act."""
        return self.originals + -(-self.acts // WITH_POST)


def stream(
    seed: int, acts: int, accounts: int, days: int = 182, *, start: date = START, piece: int = 100_000,
    friday_share: float = 0.05,
) -> Iterator[Rows]:  # fmt: skip
    """Rows of accounts (each seen once), then of posts and acts piece by piece, in order of time.

    Args:
        seed: another seed gives other rows of the same kind.
        acts: exactly so many acts; posts come on top, about a third as many (`Plan.posts`).
        accounts: how many act and are acted on; at least 2.
        days: over how many days they are spread, busier by day than by night.
        start: the first day, from midnight UTC.
        piece: acts (or accounts) to one Rows; changes nothing but the size of the pieces.
        friday_share: share of #FF posts among posts made with an act; nine in ten of them on a Friday.
    Gives: an act's `post` and `via` are posts of this stream, earlier than the act or at its time.
        Follows and unfollows are drawn without regard to each other.

    """
    if acts < 1 or accounts < 2 or days < 1 or piece < 1 or not 0 <= friday_share <= 0.12:
        raise ValueError(
            f"acts={acts}, accounts={accounts}, days={days}, piece={piece}, friday_share={friday_share}"
        )
    plan = Plan(seed=seed, acts=acts, accounts=accounts, days=days, start=start, friday_share=friday_share)
    for first in range(0, accounts, piece):
        yield Rows(noun="account", table=account_table(plan, first, min(first + piece, accounts)))
    texts = sentences(seed)
    for first in range(0, acts, piece):
        last = min(first + piece, acts)
        yield Rows(noun="post", table=post_table(plan, first, last, texts))
        yield Rows(noun="act", table=act_table(plan, first, last))


def chance(plan: Plan, what: int, numbers: Whole) -> Real:
    """An even number in [0, 1) for each number: a hash (splitmix64) of seed, purpose and number."""
    key = (plan.seed * 0x9E3779B97F4A7C15 + what * 0xD1B54A32D192ED03) & 0xFFFFFFFFFFFFFFFF
    z = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(key)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return (z >> np.uint64(11)).astype(np.float64) * 2.0**-53


def busy(plan: Plan, what: int, numbers: Whole, turn: int) -> Whole:
    """An account for each number, few of them often; `turn` says who the few are."""
    place = (plan.accounts * chance(plan, what, numbers) ** TAIL).astype(np.int64)
    return (place + turn * (plan.accounts // 7)) % plan.accounts


def times(plan: Plan, position: Real) -> Whole:
    """Microseconds since 1970 of that position in the order of acts (0 to plan.acts)."""
    day = position * (plan.days / plan.acts)
    whole = np.floor(day)
    part = day - whole
    part += np.sin(2 * np.pi * (part - 0.15)) * (0.75 / (2 * np.pi)) + 0.75 / (2 * np.pi) * np.sin(
        2 * np.pi * 0.15
    )
    began = datetime(plan.start.year, plan.start.month, plan.start.day, tzinfo=UTC)
    microseconds: Whole = ((whole + np.clip(part, 0.0, 1.0 - 1e-9)) * _DAY).astype(np.int64)
    return microseconds + int((began - _EPOCH).total_seconds()) * 1_000_000


def original_authors(plan: Plan, posts: Whole) -> Whole:
    """Who wrote those original posts."""
    return busy(plan, 1, posts, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """Acts by number, as arrays. kind: place in the list `KIND`; post, target: -1 where there is none."""

    number: Whole
    when: Whole
    kind: Whole
    actor: Whole
    target: Whole
    post: Whole
    friday: Truths


KIND = ("like", "reshare", "follow", "unfollow", "reply", "mention", "quote")


def acts_between(plan: Plan, first: int, last: int) -> Acts:
    """The acts from number first on, before last."""
    number: Whole = np.arange(first, last, dtype=np.int64)
    when = times(plan, number + chance(plan, 2, number))
    weekday = (when // _DAY + 3) % 7  # 1 January 1970 was a Thursday; Monday is 0
    luck = chance(plan, 3, number)
    bare = np.searchsorted(np.array([0.66, 0.83, 0.97]), luck)
    with_post = number % WITH_POST == 0
    friday = with_post & (luck < plan.friday_share * np.where(weekday == 4, 6.3, 0.7 / 6))
    spoken = np.where(friday | (luck > 0.82), 5, np.where(luck > 0.76, 6, 4))
    kind = np.where(with_post, spoken, bare).astype(np.int64)
    actor = busy(plan, 4, number, 0)
    on_post = (kind <= 1) | (kind == 4) | (kind == 6)
    newest = number * plan.originals // plan.acts
    back = (chance(plan, 5, number) ** 4 * np.minimum(newest, 20_000)).astype(np.int64) + 1
    on_post &= newest >= back  # the very first acts have no post before them
    post = np.where(on_post, np.maximum(newest - back, 0), -1)
    target = np.where(on_post, original_authors(plan, np.maximum(post, 0)), busy(plan, 6, number, 1))
    kind = np.where((post < 0) & (kind <= 1), 2, np.where((post < 0) & with_post, 5, kind))
    actor = np.where(actor == target, (actor + 1) % plan.accounts, actor)
    return Acts(number=number, when=when, kind=kind, actor=actor, target=target, post=post, friday=friday)


def act_table(plan: Plan, first: int, last: int) -> pa.Table:
    """Those acts with the columns of `events.Act`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    acts = acts_between(plan, first, last)
    actors = account_names(acts.actor)
    number = pc.cast(pa.array(acts.number), pa.string())
    with_post = acts.number % WITH_POST == 0
    columns = {
        "kind": pa.array(KIND).take(pa.array(acts.kind)),
        "actor": actors,
        "target": account_names(acts.target),
        "network": _same("mastodon", len(number)),
        "happened_at": pa.array(acts.when, pa.timestamp("us", "UTC")),
        "act": _joined("https://akte.example/", number),
        "post": _where(acts.post >= 0, original_names(acts.post)),
        "via": _where(with_post, _joined("https://antwort.example/", number)),
    }
    return pa.table(columns)


def post_table(plan: Plan, first: int, last: int, texts: pa.Array) -> pa.Table:
    """The posts of that stretch of acts, in order of time, with columns of `events.Post`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    low, high = first * plan.originals // plan.acts, -(-last * plan.originals // plan.acts) + 1
    original: Whole = np.arange(low, min(high, plan.originals), dtype=np.int64)
    position = original * (plan.acts / plan.originals)
    original = original[(position >= first) & (position < last)]
    every = acts_between(plan, first, last)
    chosen = np.flatnonzero(every.number % WITH_POST == 0)
    number, spoken = every.number[chosen], every.kind[chosen]
    named = _named(plan, every, chosen)
    answer = pc.cast(pa.array(number), pa.string())
    author = np.concatenate([original_authors(plan, original), every.actor[chosen]])
    when = np.concatenate([times(plan, original * (plan.acts / plan.originals)), every.when[chosen]])
    line = np.concatenate([chance(plan, 7, original), chance(plan, 8, number)]) * len(texts)
    text = pa.concat_arrays(
        [
            texts.take(pa.array(line.astype(np.int64)[: len(original)])),
            _answers(plan, every, chosen, named, texts),
        ]
    )
    none = np.full(len(original), -1)
    on = every.post[chosen]
    parent = np.concatenate([none, np.where(spoken == 4, on, -1)])
    quoted = np.concatenate([none, np.where(spoken == 6, on, -1)])
    ends = np.concatenate([np.zeros(len(original) + 1, np.int64), np.cumsum(named[0])])
    table = pa.table(
        {
            "post": pa.concat_arrays([original_names(original), _joined("https://antwort.example/", answer)]),
            "account": account_names(author),
            "network": _same("mastodon", len(author)),
            "happened_at": pa.array(when, pa.timestamp("us", "UTC")),
            "text": text,
            "language": _same("de", len(author)),
            "reply_to": _where(parent >= 0, original_names(parent)),
            "reply_to_account": _where(
                parent >= 0, account_names(original_authors(plan, np.maximum(parent, 0)))
            ),
            "quote_of": _where(quoted >= 0, original_names(quoted)),
            "mentions": pa.ListArray.from_arrays(pa.array(ends, pa.int32()), account_names(named[1])),
        }
    )
    return table.take(pa.array(np.argsort(when, kind="stable")))


def account_table(plan: Plan, first: int, last: int) -> pa.Table:
    """Those accounts, each seen once at the start, with columns of `events.Account`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    number: Whole = np.arange(first, last, dtype=np.int64)
    names = account_names(number)
    seen = np.full(len(number), times(plan, np.zeros(1))[0])
    followers = (40 / (chance(plan, 9, number) + 1e-4)).astype(np.int64)
    age = (chance(plan, 10, number) * 3000 * _DAY).astype(np.int64)
    return pa.table(
        {
            "account": names,
            "seen_at": pa.array(seen, pa.timestamp("us", "UTC")),
            "network": _same("mastodon", len(number)),
            "handle": pc.utf8_slice_codeunits(names, 5),
            "name": _joined("Konto ", pc.cast(pa.array(number), pa.string())),
            "created_at": pa.array(seen - age, pa.timestamp("us", "UTC")),
            "followers": pa.array(followers),
            "following": pa.array((followers * (0.3 + chance(plan, 11, number))).astype(np.int64)),
            "posts": pa.array((chance(plan, 12, number) ** 3 * 20_000).astype(np.int64)),
            "automated": pa.array(chance(plan, 13, number) < 0.02),
        }
    )


def sentences(seed: int, count: int = 2_000) -> pa.Array:
    """The texts that posts of a stream are drawn from."""
    import pyarrow as pa

    dice = Dice(seed, "sentences")
    return pa.array(
        [
            say(dice.pick(("leben", "coach_leben", "antwort", "fuehrung", "homeoffice")), dice)
            for _ in range(count)
        ]
    )


def account_names(number: Whole) -> pa.Array:
    """acct:k1234@server, the same for the same number."""
    import pyarrow as pa
    import pyarrow.compute as pc

    servers = pa.array(SERVERS).take(pa.array(number % len(SERVERS)))
    return pc.binary_join_element_wise("acct:k", pc.cast(pa.array(number), pa.string()), "@", servers, "")


def original_names(number: Whole) -> pa.Array:
    """The URIs of original posts."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return _joined("https://beitrag.example/", pc.cast(pa.array(number), pa.string()))


def _named(plan: Plan, every: Acts, chosen: Whole) -> tuple[Whole, Whole]:
    """How many accounts each of those posts names, and which, one post after the other."""
    number, friday = every.number[chosen], every.friday[chosen]
    count = np.where(friday, 1 + (chance(plan, 14, number) ** 2 * 8).astype(np.int64), 1)
    post = np.repeat(np.arange(len(chosen)), count)
    starts = np.cumsum(count) - count
    place = np.arange(len(post)) - starts[post]
    others = busy(plan, 15, number[post] * 8 + place, 1)
    mine = every.actor[chosen][post]
    others = np.where(others == mine, (others + 1) % plan.accounts, others)
    return count, np.where(place == 0, every.target[chosen][post], others)


def _answers(plan: Plan, every: Acts, chosen: Whole, named: tuple[Whole, Whole], texts: pa.Array) -> pa.Array:
    """Texts of posts made with an act: "@whom ..." or "#FF @a @b"."""
    import pyarrow as pa
    import pyarrow.compute as pc

    count, whom = named
    ends = pa.array(np.concatenate([np.zeros(1, np.int64), np.cumsum(count)]), pa.int32())
    ats = pc.binary_join_element_wise("@", pc.utf8_slice_codeunits(account_names(whom), 5), "")
    listed = pc.binary_join(pa.ListArray.from_arrays(ends, ats), " ")
    line = (chance(plan, 8, every.number[chosen]) * len(texts)).astype(np.int64)
    friday = pa.array(every.friday[chosen])
    head = pc.if_else(friday, "#FF ", "")
    said = pc.if_else(pc.and_(friday, pa.array(count > 2)), "", texts.take(pa.array(line)))
    return pc.utf8_rtrim_whitespace(
        pc.binary_join_element_wise(pc.binary_join_element_wise(head, listed, ""), said, " ")
    )


def _joined(head: str, tail: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(head, tail, "")


def _where(there: Truths, value: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.if_else(pa.array(there), value, pa.scalar(None, pa.string()))


def _same(value: str, count: int) -> pa.Array:
    import pyarrow as pa

    return pa.array([value]).take(pa.array(np.zeros(count, np.int64)))
