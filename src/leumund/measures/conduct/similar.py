"""Posts that are similar to an earlier post of somebody else: found by their wordings, compared exactly, checked.

Similar: at least four fifths of their pieces in common, at least eight content words, the other post earlier by the
servers' time. Two posts alike by .8 share fewer than two of ten numbers once in 25 times, and are then not seen; those
alike by .9 once in two thousand. Left out: what names or links where it comes from, and what three others had said before (a saying, a
headline). Nothing here says who wrote it first in the world; the lab knows only what it was told.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from leumund.facts.likeness import BANDS, SAME, jaccard, normalised
from leumund.facts.links import LINK
from leumund.ids import display_handle
from leumund.store.tables import Tables

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

SAYING = 3
"""What so many others had said before is a saying."""
_MOST_ACCOUNTS = 8
"""A number that more accounts' posts share is that of a form which many use."""
_SHORTEST_NAME = 4


@dataclass(frozen=True, slots=True)
class Similar:
    """A post and the earliest other it is similar to. likeness: .8 to 1."""

    post: str
    account: int
    other: str
    other_account: int
    likeness: float


def similar_posts(tables: Tables) -> list[Similar]:
    """Of the posts in `co_posts` (post, account) those that are similar to an earlier one, by account and post."""
    worded = tables.arrow(
        """select w.post, w.account, epoch_us(w.happened_at) as at_us, w.bands, c.post is not null as asked
           from wordings w join posts p on p.post = w.post left join co_posts c on c.post = w.post
           where w.exact and coalesce(p.visibility, 'public') not in ('followers', 'direct')
           order by w.happened_at, w.post"""
    )
    if not worded.num_rows:
        return []
    account, at_us = (worded[n].to_numpy().astype(np.int64) for n in ("account", "at_us"))
    table = worded["bands"].combine_chunks().flatten().to_numpy().reshape(-1, BANDS)
    asked = np.asarray(worded["asked"].to_numpy(zero_copy_only=False), np.bool_)
    later, earlier = pairs(account, table, asked)
    sure = at_us[earlier] < at_us[later]
    later, earlier = later[sure], earlier[sure]
    posts = worded["post"].take(pa.array(np.concatenate([later, earlier]))).to_pylist()
    told = _told(tables, set(posts))
    names = _names(tables, set(account[earlier].tolist()))
    before: dict[str, dict[int, Similar]] = {}
    attributed: set[str] = set()
    whose = account[later].tolist(), account[earlier].tolist()
    for post, other, who, whom in sorted(zip(posts[: len(later)], posts[len(later) :], *whose, strict=True)):
        one, two = told[post], told[other]
        if (likeness := jaccard(one.words, two.words)) < SAME:
            continue
        found = Similar(post, who, other, whom, likeness)
        others = before.setdefault(post, {})
        if whom not in others or two.at_us < told[others[whom].other].at_us:
            others[whom] = found
        if _is_attributed(one, two, whom, names.get(whom, ())):
            attributed.add(post)
    return [
        min(others.values(), key=lambda s: (told[s.other].at_us, s.other))
        for post, others in before.items()
        if post not in attributed and len(others) < SAYING
    ]


def pairs(account: Whole, bands: npt.NDArray[np.int32], asked: Flags) -> tuple[Whole, Whole]:
    """Pairs (later, earlier) of posts of different accounts that share at least two numbers in the same place.

    The posts stand in order of time; asked: whose likeness to earlier ones is looked for. Of each account only its first
    post with a number is an earlier one; a number that more than eight accounts share says nothing.
    """
    size = len(account)
    keys = []
    for place in range(bands.shape[1]):
        order = np.lexsort((np.arange(size), account, bands[:, place]))
        band, who = bands[order, place], account[order]
        new_band = np.concatenate([[True], band[1:] != band[:-1]])
        new_account = new_band | np.concatenate([[True], who[1:] != who[:-1]])
        group = np.cumsum(new_band) - 1
        accounts = np.bincount(group[new_account])
        kept = (accounts >= 2) & (accounts <= _MOST_ACCOUNTS)
        firsts = np.flatnonzero(new_account & kept[group])
        begins = np.searchsorted(group[firsts], np.arange(len(accounts)))
        asking = np.flatnonzero(kept[group] & asked[order])
        times = accounts[group[asking]]
        step = np.arange(int(times.sum())) - np.repeat(np.cumsum(times) - times, times)
        later = order[np.repeat(asking, times)]
        earlier = order[firsts[np.repeat(begins[group[asking]], times) + step]]
        right = (earlier < later) & (account[earlier] != account[later])
        keys.append(later[right] * size + earlier[right])
    key, often = np.unique(np.concatenate(keys), return_counts=True)
    key = key[often >= 2]
    return key // size, key % size


@dataclass(frozen=True, slots=True)
class _Told:
    """A post as it is compared. words: normalised."""

    text: str
    words: str
    at_us: int
    places: tuple[str, ...]
    mentions: tuple[int, ...]


def _told(tables: Tables, posts: set[str]) -> dict[str, _Told]:
    tables.bring("co_wanted_rows", pa.table({"post": pa.array(sorted(posts), pa.string())}))
    rows = tables.arrow(
        """select post, text, epoch_us(happened_at) as at_us, url, mentions from posts
           where post in (select post from co_wanted_rows)"""
    )
    columns = (rows[n].to_pylist() for n in ("post", "text", "at_us", "url", "mentions"))
    return {
        post: _Told(
            text, normalised(text), at, tuple(p for p in (post, url) if p and "://" in p), tuple(named or ())
        )
        for post, text, at, url, named in zip(*columns, strict=True)
    }


def _names(tables: Tables, accounts: set[int]) -> dict[int, tuple[str, ...]]:
    """By which words a text names these people: their handles and names, in small letters."""
    named = {}
    for key, profiles in tables.profiles(accounts).items():
        words = set()
        for one in profiles:
            handle = display_handle(one["uri"]).lstrip("@").lower()
            words |= {handle, handle.partition("@")[0], str(one["name"] or "").lower()}
        named[key] = tuple(w for w in words if len(w) >= _SHORTEST_NAME)
    return named


def _is_attributed(post: _Told, other: _Told, whom: int, names: tuple[str, ...]) -> bool:
    """Whether a post names the other author or her post, or both lead to the same page."""
    text = post.text.lower()
    return (
        whom in post.mentions
        or any(name in text for name in names)
        or any(place.lower() in text for place in other.places)
        or bool(set(LINK.findall(post.text)) & set(LINK.findall(other.text)))
    )
