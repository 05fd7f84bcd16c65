"""Posts that are similar to an earlier post of somebody else: found by their wordings, compared exactly, checked.

Similar: at least four fifths of their pieces in common, at least eight content words, the other post earlier by the
servers' time. Left out: what names or links where it comes from, and what three others had said before (a saying, a
headline). Nothing here says who wrote it first in the world; the lab knows only what it was told.
"""

from __future__ import annotations

from dataclasses import dataclass

from leumund.facts.likeness import SAME, jaccard, normalised
from leumund.facts.links import LINK
from leumund.ids import display_handle
from leumund.store.tables import Tables

SAYING = 3
"""What so many others had said before is a saying."""
_MOST_AUTHORS = 24
"""Of a number that more authors' posts share nothing is compared: that is a form that many use."""
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
    _define_pairs(tables)
    rows = tables.arrow(
        """select later.post, later.account, earlier.post as other, earlier.account as other_account,
                  later.text, earlier.text as other_text, later.mentions, earlier.url as other_url
           from co_pairs join posts later on later.post = co_pairs.post join posts earlier on earlier.post = co_pairs.other
           order by later.account, later.post, earlier.happened_at, earlier.post"""
    ).to_pylist()
    names = _names(tables, {row["other_account"] for row in rows})
    plain: dict[str, str] = {}

    def words(text: str) -> str:
        if text not in plain:
            plain[text] = normalised(text)
        return plain[text]

    before: dict[tuple[int, str], dict[int, Similar]] = {}
    told: set[tuple[int, str]] = set()
    for row in rows:
        likeness = jaccard(words(row["text"]), words(row["other_text"]))
        if likeness < SAME:
            continue
        key = row["account"], row["post"]
        others = before.setdefault(key, {})
        if row["other_account"] not in others:
            others[row["other_account"]] = Similar(
                row["post"], row["account"], row["other"], row["other_account"], likeness
            )
        if _is_attributed(row, names.get(row["other_account"], ())):
            told.add(key)
    return [next(iter(o.values())) for key, o in before.items() if key not in told and len(o) < SAYING]


def _define_pairs(tables: Tables) -> None:
    """Keep `co_pairs` (post, other): a post of `co_posts` and an earlier one of another author that may be like it."""
    tables.define(
        "co_worded",
        """select row_number() over (order by w.happened_at, w.post) as number, w.post, w.account, w.happened_at, w.bands,
                  c.post is not null as asked
           from wordings w join posts p on p.post = w.post left join co_posts c on c.post = w.post
           where w.exact and coalesce(p.visibility, 'public') not in ('followers', 'direct')""",
    )
    tables.define(
        "co_bands",
        """select number, account, asked, hash(place, band) as band from (
               select number, account, asked, unnest(bands) as band, generate_subscripts(bands, 1) as place from co_worded)""",
    )
    # of each author the first of each band is enough to know that somebody said it before
    tables.define(
        "co_firsts",
        f"""select band, account, number from (
                select band, account, min(number) as number, count(*) over (partition by band) as authors
                from co_bands group by band, account)
            where authors between 2 and {_MOST_AUTHORS}""",
    )
    tables.define(
        "co_pairs",
        """select distinct later.post, earlier.post as other
           from (select distinct b.number as later, f.number as earlier
                 from co_bands b join co_firsts f using (band) where b.asked and f.account <> b.account and f.number < b.number)
           join co_worded later on later.number = later join co_worded earlier on earlier.number = earlier
           where earlier.happened_at < later.happened_at""",
    )


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


def _is_attributed(row: dict[str, object], names: tuple[str, ...]) -> bool:
    """Whether a post names the other author or her post, or both lead to the same page."""
    text, other = str(row["text"]).lower(), str(row["other_text"]).lower()
    mentions = row["mentions"]
    if isinstance(mentions, list) and row["other_account"] in mentions:
        return True
    if any(name in text for name in names):
        return True
    places = [str(row[c]).lower() for c in ("other", "other_url") if row[c] and "://" in str(row[c])]
    return any(place in text for place in places) or bool(set(LINK.findall(text)) & set(LINK.findall(other)))
