"""Public collections of labelled accounts, read into profiles: what the weights are learnt from and tried on.

Their leaks are taken out here: whoever stands in both classes is left out, verified accounts of the collection of 2017
are left out (43 % of its people have the badge, hardly a robot has it), and `features` reads no word by which an
account calls itself a robot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from leumund.errors import UnreadableFileError
from leumund.locale import _
from leumund.measures.audience.features import Profile, Written, signs_of
from leumund.validate.tables import look, missing

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

MOST_ACCOUNTS = 500_000
MOST_POSTS = 1_000_000
_LETTERS, _EACH = 600, 60  # of a post; posts of an account
_SEEN_2017 = datetime(2017, 4, 15, tzinfo=UTC)  # when that collection was made, from its newest posts
_FORMATS = (
    "%a %b %d %H:%M:%S %z %Y", "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d",
    "%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y, %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y, %H:%M:%S",
)  # fmt: skip
_NOTHING = frozenset({"", "none", "null", "nan"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Labelled accounts of one collection."""

    name: str
    signs: Numbers
    automated: Flags


def collections_in(folder: Path) -> list[Collection]:
    """The collections that lie in a folder, or beside it in `conduct`, those with both classes.

    Raises:
        UnreadableFileError: none of them is there.
    """
    beside = [folder, folder / "audience", folder / "conduct", folder.parent / "conduct"]

    def found(name: str) -> Path | None:
        return next((d / name for d in beside if (d / name).is_file()), None)

    made = []
    robots, people = found("bots_data.csv"), found("nonbots_data.csv")
    if robots and people:
        made.append(_of_2017(robots, people))
    if fakes := found("accounts_2015.csv"):
        made.append(_of_2015(fakes))
    if polluters := found("accounts_2011.csv"):
        posts = [p for n in ("posts_legit.csv.gz", "posts_polluter.csv.gz") if (p := found(n))]
        made.append(_of_2011(polluters, posts))
    if not made:
        hint = _("Wanted are bots_data.csv with nonbots_data.csv, accounts_2015.csv or accounts_2011.csv.")
        raise UnreadableFileError(folder, _("none of the known collections lies there"), hint=hint)
    return made


def _of_2017(robots: Path, people: Path) -> Collection:
    rows = [(row, is_robot) for path, is_robot in ((robots, True), (people, False)) for row in rows_of(path)]
    classes: dict[str, set[bool]] = {}
    for row, is_robot in rows:
        classes.setdefault(row.get("screen_name", "").lower(), set()).add(is_robot)
    kept = [
        (row, is_robot)
        for row, is_robot in rows
        if row.get("verified", "").upper() != "TRUE" and len(classes[row.get("screen_name", "").lower()]) == 1
    ]
    profiles = [
        Profile(
            followers=count(row.get("followers_count")), following=count(row.get("friends_count")),
            posts=count(row.get("statuses_count")), age_days=age(row.get("created_at"), _SEEN_2017),
            handle=_said(row.get("screen_name")), name=_said(row.get("name")), bio=_said(row.get("description")),
            place=_said(row.get("location")), url=_said(row.get("url")),
        )
        for row, _is_robot in kept
    ]  # fmt: skip
    return _collection("accounts of 2017", profiles, [is_robot for _row, is_robot in kept])


def _of_2015(path: Path) -> Collection:
    rows = list(rows_of(path))
    profiles = [
        Profile(
            followers=count(row.get("numberoffollowers")), following=count(row.get("numberoffollowing")),
            posts=count(row.get("numberoftweets")), handle=row.get("screen name"), name=row.get("name"),
        )
        for row in rows
    ]  # fmt: skip
    return _collection(
        "fake followers of 2015", profiles, [row.get("label") != "Legitimate User" for row in rows]
    )


def _of_2011(path: Path, posts: Sequence[Path]) -> Collection:
    rows = list(rows_of(path))
    written = written_by(posts, who="author_id", when="created_at")
    profiles = [
        Profile(
            followers=count(row.get("numberoffollowers")), following=count(row.get("numeroffollowings")),
            posts=count(row.get("numberoftweets")), written=written.get(row.get("userid", ""), ()),
            age_days=age(row.get("createdat"), moment(row.get("collectedat"))),
        )
        for row in rows
    ]  # fmt: skip
    return _collection(
        "content polluters of 2011", profiles, [row.get("label") == "polluter" for row in rows]
    )


def _collection(name: str, profiles: Sequence[Profile], automated: Sequence[bool]) -> Collection:
    return Collection(name=name, signs=signs_of(profiles), automated=np.array(automated, bool))


def rows_of(path: Path, wanted: Sequence[str] | None = None) -> Iterator[dict[str, str]]:
    """The rows of a table by column name in small letters; wanted: only these columns, those that are there.

    Raises:
        UnreadableFileError: no table, or more rows than can be looked at.
    """
    sheet = look(path)
    names = [n for n in dict.fromkeys(sheet.names) if n and (wanted is None or n in wanted)]
    if not names:
        raise missing(path, wanted or ())
    at = [sheet.names.index(n) for n in names]
    for part in sheet.read(at):
        for row in zip(*(column.to_pylist() for column in part.columns), strict=True):
            yield dict(zip(names, row, strict=True))


def written_by(
    paths: Sequence[Path], *, who: str, when: str, name: Callable[[str], str] = str.strip
) -> Mapping[str, list[Written]]:
    """The latest posts of each account in these tables, in order of time; no more than can be held."""
    kept: dict[str, list[Written]] = {}
    total = 0
    for path in paths:
        for row in rows_of(path, (who, when, "text", "reply_to", "reply_to_account")):
            at = moment(row.get(when))
            reply = bool(row.get("reply_to") or row.get("reply_to_account"))
            post = Written((row.get("text") or "")[:_LETTERS], at.timestamp() if at else None, reply)
            mine = kept.setdefault(name(row.get(who) or ""), [])
            if len(mine) < _EACH:
                if total >= MOST_POSTS:
                    continue
                total += 1
                mine.append(post)
            else:  # the oldest one gives way
                oldest = min(range(_EACH), key=lambda i: mine[i].at or 0.0)
                if (post.at or 0.0) > (mine[oldest].at or 0.0):
                    mine[oldest] = post
    for mine in kept.values():
        mine.sort(key=lambda w: w.at or 0.0)
    return kept


def count(text: Any) -> float | None:
    """A count of a table's cell; None for none."""
    try:
        found = float(text)
    except (TypeError, ValueError):
        return None
    return found if isfinite(found) and found >= 0 else None


def moment(text: str | None) -> datetime | None:
    """A time of a table's cell, ISO 8601 or as some collections write it; None for none."""
    bare = (text or "").strip().strip('"')
    if not bare:
        return None
    try:
        found = datetime.fromisoformat(bare)
    except ValueError:
        for form in _FORMATS:
            try:
                found = datetime.strptime(bare, form)  # noqa: DTZ007  given a zone below
            except ValueError:
                continue
            break
        else:
            return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def age(created: str | None, seen: datetime | None) -> float | None:
    """How many days old an account was when it was seen."""
    began = moment(created)
    return None if began is None or seen is None else max(0.0, (seen - began).total_seconds() / 86_400)


def _said(text: str | None) -> str:
    bare = (text or "").strip().strip('"').strip()
    return "" if bare.lower() in _NOTHING else bare


def both_classes(collection: Collection) -> bool:
    """Whether there are accounts of both kinds."""
    return len(Counter(collection.automated.tolist())) == 2
