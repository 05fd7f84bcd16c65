"""Which weeks are not what they were: by the rows in them, by what was deleted, and by who is one person.

Segments never change, so each is looked at once: of every day in it a fingerprint of its rows is kept. The sum of those
of all segments is that of the day, and of days that of the week, whatever is compacted meanwhile. What comes from elsewhere (deletions, accounts that
turn out to be one, posts that turn out to be for a few only) is compared with what it was last time, and the weeks in which
it is met are looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from leumund.measures.days import DAY_US
from leumund.measures.weeks import WEEK, week_at
from leumund.network.kept import Kept
from leumund.store.register import Register, Segment
from leumund.store.session import files
from leumund.store.tables import Tables

_PRINT = {
    "acts": 'hash(kind, actor, target, happened_at, known_at, "count", via, act, post)',
    "recommendations": "hash(post, account, class, visibility, endorsed, reason_given, happened_at, known_at)",
}
_ENDORSES = {"acts": "kind = 'endorse'", "recommendations": "true"}
"""What of them votes are made of."""
UNDATED = -1_000_000
"""The week, and the day, in which what has no date is counted: before all."""
_DAY = f"epoch_us(happened_at) // {DAY_US}"
_FEW = "visibility in ('followers', 'direct')"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The living segments of one moment, by table."""

    folder: Path
    of: Mapping[str, Sequence[Segment]]

    @classmethod
    def now(cls, register: Register, folder: Path, fact_version: str) -> Catalogue:
        """As the register has it; to be taken in the snapshot in which the tables are made."""
        found = {name: register.segments(name) for name in ("acts", "posts", "recommendations", "sightings")}
        found["recommendations"] = [s for s in found["recommendations"] if s.code == fact_version]
        return cls(folder, {name: [s for s in those if s.rows] for name, those in found.items()})

    def files(self, segments: Iterable[Segment]) -> str:
        """Those segments as DuckDB reads them."""
        return f"read_parquet({files([self.folder / s.path for s in segments])}, filename = true)"


@dataclass(frozen=True, slots=True)
class Weeks:
    """prints: the fingerprint of each week; rows: how many acts; touched: weeks that are not what they were, for another
    reason than their own rows; None: any may be. votes: the fingerprints of what votes are made of, what has no date as a
    week before all; moved: whether any post was read as of several weeks, so that no week can be read alone. days: as prints.
    """

    prints: dict[int, str]
    rows: dict[int, int]
    touched: set[int] | None
    votes: dict[int, str]
    moved: bool
    days: dict[int, str]


def look(tables: Tables, catalogue: Catalogue, kept: Kept) -> Weeks:
    """Compare with what was kept, and keep what is now (in `kept.told`, for the commit)."""
    told = kept.told
    old: dict[str, Any] = told.get("segments", {})
    first = not old
    fresh = {
        n: [s for s in catalogue.of[n] if s.path not in old] for n in ("acts", "posts", "recommendations")
    }
    now = {s.path: old[s.path] for n in fresh for s in catalogue.of[n] if s.path in old}
    for name in _PRINT:
        now |= _printed(tables, catalogue, name, fresh[name])
    now |= _restricted(tables, catalogue, fresh["posts"])
    told["segments"] = now
    prints: dict[int, int] = {}
    days: dict[int, int] = {}
    votes: dict[int, int] = {}
    rows: dict[int, int] = {}
    endorsed = False
    for name in _PRINT:
        for segment in catalogue.of[name]:
            for number, (count, print_, endorses, vote) in now[segment.path].items():
                day = int(number)
                week = UNDATED if day == UNDATED else week_at(day * DAY_US)
                if endorses:
                    votes[week] = (votes.get(week, 0) + int(vote)) % 2**62
                if week != UNDATED:
                    prints[week] = (prints.get(week, 0) + int(print_)) % 2**62
                    days[day] = (days.get(day, 0) + int(print_)) % 2**62
                    rows[week] = rows.get(week, 0) + (count if name == "acts" else 0)
                    endorsed |= bool(endorses) and name == "acts"
    _define_subjects(tables, catalogue, fresh)
    changed = [
        _compare(tables, kept, name, query) for name, query in _queries(tables, catalogue, now).items()
    ]
    touched = (
        None
        if first
        else _touched(tables, catalogue, endorsed=endorsed)
        if _any(tables) or any(changed)
        else set()
    )
    moved = told["moved"] = bool(told.get("moved")) or _moved(tables, catalogue, first=first)
    return Weeks(_said(prints), rows, touched, _said(votes), moved, _said(days))


def _said(prints: Mapping[int, int]) -> dict[int, str]:
    return {number: f"{print_}" for number, print_ in prints.items()}


def _printed(tables: Tables, catalogue: Catalogue, name: str, fresh: Sequence[Segment]) -> dict[str, Any]:
    found: dict[str, Any] = {s.path: {} for s in fresh}
    by_name = {Path(s.path).name: s.path for s in fresh}
    total = "sum(print)"
    if fresh:
        rows = tables.sql(
            f"""select file, day, count(*), {total}, count(*) filter (votes), {total} filter (votes)
                from (select parse_filename(filename) as file, case when exact then {_DAY} else {UNDATED} end as day,
                             {_PRINT[name]}::HUGEINT as print, {_ENDORSES[name]} as votes
                      from {catalogue.files(fresh)}) group by all"""
        ).fetchall()
        for file, day, count, print_, endorses, vote in rows:
            found[by_name[file]][str(day)] = [
                count, f"{int(print_) % 2**62}", endorses, f"{int(vote or 0) % 2**62}",
            ]  # fmt: skip
    return found


def _moved(tables: Tables, catalogue: Catalogue, *, first: bool) -> bool:
    """Whether a post that is new among the readings was read as of several weeks. Needs `network_posts`."""
    read = catalogue.of["recommendations"]
    if not read:
        return False
    some = "" if first else "where post in (select post from network_posts)"
    query = f"""select count(*) from (
        select post from {catalogue.files(read)} {some} group by post having count(*) > 1 and (
            min({WEEK}) is distinct from max({WEEK}) or bool_or(exact) <> bool_and(exact)))"""
    return bool(tables.sql(query).fetchall()[0][0])


def _restricted(tables: Tables, catalogue: Catalogue, fresh: Sequence[Segment]) -> dict[str, Any]:
    """Of segments of posts, how many are for a few only."""
    found: dict[str, Any] = {s.path: 0 for s in fresh}
    by_name = {Path(s.path).name: s.path for s in fresh}
    if fresh:
        query = (
            f"select parse_filename(filename), count(*) from {catalogue.files(fresh)} where {_FEW} group by 1"
        )
        found |= {by_name[file]: count for file, count in tables.sql(query).fetchall()}
    return found


def _define_subjects(tables: Tables, catalogue: Catalogue, fresh: Mapping[str, Sequence[Segment]]) -> None:
    """Keep `network_posts` (posts read as recommendations that are new) and `network_revised` (events told anew)."""
    recommended = (
        f"select distinct post from {catalogue.files(fresh['recommendations'])}"
        if fresh["recommendations"]
        else "select null::VARCHAR as post where false"
    )
    revised = [s for s in fresh["acts"] if s.revisions]
    events = (
        f"select distinct coalesce(via, post, act) as subject from {catalogue.files(revised)}"
        if revised
        else "select null::VARCHAR as subject where false"
    )
    tables.define("network_posts", recommended)
    tables.define("network_revised", f"select * from ({events}) where subject is not null")


def _queries(tables: Tables, catalogue: Catalogue, now: Mapping[str, Any]) -> dict[str, str]:
    """What is compared as a whole with what it was: deletions, who is one person, which posts are for a few only."""
    gone = "select null::VARCHAR as a, null::VARCHAR as b, null::BIGINT as account, null::BIGINT as at where false"
    if tables.has_deletions:
        gone = 'select "of" as a, subject as b, account, epoch_us(moment) as at from gone'
    keys = tables.one_key()
    tables.bring(
        "network_keys",
        pa.table({"account": pa.array(keys, pa.int64()), "key": pa.array(keys.values(), pa.int64())}),
    )
    some = [s for s in catalogue.of["posts"] if now[s.path]]
    few = "select null::VARCHAR as post where false"
    if some:
        every = catalogue.files(catalogue.of["posts"])
        few = f"""select post from (
                select post, arg_max(visibility, known_at) filter (visibility is not null) as visibility from {every}
                where post in (select post from {catalogue.files(some)} where {_FEW}) group by post
            ) where {_FEW}"""
    return {"gone": gone, "one_key": "select account, key from network_keys", "few": few}


def _compare(tables: Tables, kept: Kept, name: str, query: str) -> bool:
    """Keep `network_NAME`, what came or went since last time; whether anything did. What is now is kept for next time."""
    tables.define(f"network_now_{name}", query)
    before = kept.told.get(name)
    was = (
        f"select * from read_parquet('{kept.path(before)}')"
        if before
        else f"select * from network_now_{name} where false"
    )
    tables.define(
        f"network_{name}",
        f"""(select * from network_now_{name} except ({was})) union all (({was}) except select * from network_now_{name})""",
    )
    ((count,),) = tables.sql(f"select count(*) from network_{name}").fetchall()
    if count or not before:
        file = kept.new(name) + ".parquet"
        pq.write_table(tables.arrow(f"select * from network_now_{name}"), kept.path(file), compression="zstd")
        kept.told[name] = file
    return bool(count)


def _any(tables: Tables) -> bool:
    query = "select (select count(*) from network_posts) + (select count(*) from network_revised)"
    return bool(tables.sql(query).fetchall()[0][0])


def _touched(tables: Tables, catalogue: Catalogue, *, endorsed: bool) -> set[int]:
    """The weeks in which something is met of what changed."""
    tables.define(
        "network_subjects",
        """select b as subject from network_gone where a in ('post', 'act') and b is not null
           union select post from network_few union select subject from network_revised""",
    )
    tables.define(
        "network_accounts",
        """with those as (
               select account from network_gone where a = 'account' and account is not null
               union select account from network_one_key
           ) select account from those
           union select n.account from network_now_one_key n where n.key in (select account from those)""",
    )
    subjects, accounts, posts = (
        f"(select {column} from network_{name})"
        for name, column in (("subjects", "subject"), ("accounts", "account"), ("posts", "post"))
    )
    ((people, things),) = tables.sql(
        "select (select count(*) from network_accounts), (select count(*) from network_subjects)"
    ).fetchall()
    queries = []
    acts, read = (catalogue.of[name] for name in ("acts", "recommendations"))
    if acts and people:
        queries.append(
            f"select {WEEK} from {catalogue.files(acts)} where exact and (actor in {accounts} or target in {accounts})"
        )
    if acts and things:
        queries.append(
            f"select {WEEK} from {catalogue.files(acts)} where exact and (via in {subjects} or act in {subjects} or post in {subjects})"
        )
    if acts and endorsed:
        queries.append(
            f"select {WEEK} from {catalogue.files(acts)} where exact and kind = 'endorse' and via in {posts}"
        )
    if read:
        queries.append(
            f"select {WEEK} from {catalogue.files(read)} where exact and (post in {posts} or post in {subjects})"
        )
    if read and people:
        queries.append(
            f"""select week from (select {WEEK} as week, account, unnest(endorsed) as named from {catalogue.files(read)} where exact)
                where account in {accounts} or named in {accounts}"""
        )
    if not queries:
        return set()
    rows = tables.sql(
        "select distinct week from ("
        + " union all ".join(f"select * from ({q}) q(week)" for q in queries)
        + ")"
    )
    return {int(row[0]) for row in rows.fetchall()}
