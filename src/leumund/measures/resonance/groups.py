"""Into which groups posts fall: by the hour, weekday, topic, kind, language, network, or each by itself."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo

import numpy as np
import numpy.typing as npt

from leumund.clean import clean
from leumund.errors import UsageError
from leumund.friday_tag import has_tag
from leumund.locale import N_, _
from leumund.measures.resonance.posts import Posts
from leumund.store.register import as_time
from leumund.store.tables import Tables

Places = npt.NDArray[np.int64]

BYS = ("topic", "kind", "hour", "weekday", "language", "network", "post")
LINK = re.compile(r"https?://[^\s<>\"'\\]+|(?<![\w@/.])www\.[^\s<>\"'\\]+", re.IGNORECASE)
TAG = re.compile(r"(?<![\w/&])[#＃]([^\W\d_]\w{1,59})(?!\w)")
NO_TOPIC = ("rare", "none")
"""Keys of what is left where posts are grouped by their tags."""

_RARE = 3  # a tag used in fewer posts than this says nothing by itself
_EXCERPT = 60

DAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
KINDS = {
    "original": N_("a post of its own"),
    "with_link": N_("a post with a link"),
    "thread": N_("a thread continued"),
    "naming": N_("a post that names others"),
    "quote": N_("a quote"),
    "reply": N_("a reply to others"),
    "reshare": N_("a reshare of others"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """keys, titles: of the groups, in a fixed order; a title is for people, in the language in use.

    at, of: each pair says that a post (its place) is in a group (its place). A post may be in several, or in none.
    """

    keys: tuple[str, ...]
    titles: tuple[str, ...]
    at: Places
    of: Places


def checked_by(by: str) -> str:
    """What posts are grouped by.

    Raises:
        UsageError: with what there is.
    """
    if by not in BYS:
        text = _("Posts cannot be grouped by “{by}”: say one of {names}.")
        raise UsageError(text.format(by=by, names=", ".join(BYS)))
    return by


def kind_of(text: str, reply_to: str | None, mine: bool, quote_of: str | None, names: bool) -> str:
    """What kind of post it is, one of KINDS.

    >>> kind_of("Read https://anna.example/1", None, False, None, False)
    'with_link'
    """
    if reply_to is not None:
        return "thread" if mine else "reply"
    if quote_of is not None:
        return "quote"
    if names:
        return "naming"
    return "with_link" if LINK.search(text) else "original"


def tags_of(text: str) -> dict[str, str]:
    """The hashtags of a post, in small letters -> as written; not that of Follow Friday.

    >>> tags_of("#Gehalt und #GEHALT, #FF")
    {'gehalt': 'GEHALT'}
    """
    found = {t.casefold(): t for t in TAG.findall(unicodedata.normalize("NFKC", text))}
    return {tag: written for tag, written in found.items() if not has_tag("#" + written)}


def grouped(tables: Tables, posts: Posts, by: str, zone: tzinfo) -> Groups:
    """The groups of these posts."""
    if by == "topic":
        return _topics(posts.column("text"))
    if by == "post":
        texts = [clean(text, _EXCERPT) or "–" for text in posts.column("text")]
        each = np.arange(len(texts), dtype=np.int64)
        return Groups(keys=tuple(posts.column("post")), titles=tuple(texts), at=each, of=each)
    keys, title = _keys(tables, posts, by, zone)
    there = sorted(set(keys))
    place = {key: i for i, key in enumerate(there)}
    of = np.array([place[key] for key in keys], np.int64)
    return Groups(
        keys=tuple(there),
        titles=tuple(title(k) for k in there),
        at=np.arange(len(keys), dtype=np.int64),
        of=of,
    )


def _keys(tables: Tables, posts: Posts, by: str, zone: tzinfo) -> tuple[list[str], Callable[[str], str]]:
    """Of each post the key of its group, and what a group is called."""
    if by == "kind":
        columns = zip(
            *(posts.column(c) for c in ("text", "reply_to", "mine", "quote_of", "names")), strict=True
        )
        return [kind_of(*row) for row in columns], lambda key: _(KINDS[key])
    if by == "hour":
        return [f"{t.hour:02d}" for t in _local(posts, zone)], lambda key: f"{key}:00–{key}:59"
    if by == "weekday":
        return [str(t.isoweekday()) for t in _local(posts, zone)], lambda key: _(DAYS[int(key) - 1])
    if by == "language":
        rows = tables.sql("select no, l.language from re_posts join languages l using (post)").fetchall()
        known = dict(rows)
        found = [known.get(no) or "unknown" for no in posts.column("no")]
        return found, lambda key: _("language unknown") if key == "unknown" else clean(key, 20)
    from_code = {"x": "X", "linkedin": "LinkedIn", "blog": _("blog"), "other": _("other")}
    return [str(n) for n in posts.column("network")], lambda key: from_code.get(key, key.capitalize())


def _local(posts: Posts, zone: tzinfo) -> list[datetime]:
    return [as_time(us).astimezone(zone) for us in posts.at_us.tolist()]


def _topics(texts: list[str]) -> Groups:
    tags = [tags_of(text) for text in texts]
    used = Counter(tag for found in tags for tag in found)
    spelled: dict[str, Counter[str]] = {}
    for found in tags:
        for tag, written in found.items():
            spelled.setdefault(tag, Counter())[written] += 1
    often = sorted(tag for tag, n in used.items() if n >= _RARE)
    titles = {f"#{tag}": "#" + min(spelled[tag].items(), key=lambda i: (-i[1], i[0]))[0] for tag in often}
    titles |= {"rare": _("only tags used once or twice"), "none": _("without a hashtag")}
    pairs = [
        (at, key)
        for at, found in enumerate(tags)
        for key in ([f"#{t}" for t in sorted(found) if used[t] >= _RARE] or ["rare" if found else "none"])
    ]
    there = sorted({key for _at, key in pairs})
    place = {key: i for i, key in enumerate(there)}
    return Groups(
        keys=tuple(there),
        titles=tuple(clean(titles[key], 62) for key in there),
        at=np.array([at for at, _key in pairs], np.int64),
        of=np.array([place[key] for _at, key in pairs], np.int64),
    )
