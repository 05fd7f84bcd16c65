"""A small made-up world as the tables a measure is given, without a lab's files: quick enough for properties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import pyarrow as pa

from leumund.facts import all_facts
from leumund.measures.follow_friday import standing
from leumund.measures.standing.weekly import Basis
from leumund.store import session
from leumund.store.one_person import Person
from leumund.store.register import as_us
from leumund.store.schema import TABLES
from leumund.store.stated import STATED, columns_of
from leumund.store.tables import Coverage, Tables

FRIDAY = datetime(2026, 3, 6, 9, tzinfo=UTC)
"""A Friday; `friday(n)` is n weeks later."""


_MARKS = {"account": "BIGINT", "mark": "VARCHAR", "since": "TIMESTAMP", "until": "TIMESTAMP", "said_at": "TIMESTAMP",
          "known_at": "TIMESTAMP", "holds": "BOOLEAN"}  # fmt: skip


_LABELS = {"account": "BIGINT", "answer": "VARCHAR", "said_at": "TIMESTAMP", "known_at": "TIMESTAMP"}


def friday(week: float = 0) -> datetime:
    return FRIDAY + timedelta(weeks=week)


def long_ago() -> datetime:
    """Before anything happened."""
    return friday(-10_000 / 7)


@dataclass
class World:
    """Write down what happened, then ask for the tables of any moment. Accounts are small whole numbers."""

    own: tuple[int, ...] = ()
    persons: tuple[tuple[int, ...], ...] = ()
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    profiles: dict[int, dict[str, Any]] = field(default_factory=dict)

    def ff(
        self, author: int, *named: int, at: datetime, reason: str = "", kind: str = "vote",
        visibility: str = "public", post: str = "", language: str | None = None,
    ) -> World:  # fmt: skip
        """A post read as a Follow-Friday post of that kind."""
        post = post or f"p{len(self.rows.get('posts', ()))}"
        self._add(
            "recommendations", at, post=post, account=author, network="other", visibility=visibility,
            endorsed=list(named), reason_given=bool(reason), reason=reason, why="[]", **{"class": kind},
        )  # fmt: skip
        return self.post(author, at=at, post=post, visibility=visibility, language=language, mentions=named)

    def post(
        self, author: int, *, at: datetime, post: str = "", visibility: str = "public",
        language: str | None = None, mentions: tuple[int, ...] = (),
    ) -> World:  # fmt: skip
        post = post or f"p{len(self.rows.get('posts', ()))}"
        self._add(
            "posts", at, post=post, account=author, visibility=visibility, mentions=list(mentions), text=""
        )
        self._add("languages", at, post=post, account=author, language=language, declared=True)
        return self

    def act(self, kind: str, actor: int, target: int, *, at: datetime, **more: Any) -> World:
        more = {"network": "other", "count": 1, **more}
        self._add("acts", at, kind=kind, actor=actor, target=target, **more)
        return self

    def sighting(self, account: int, followers: int | None, *, at: datetime) -> World:
        self._add("sightings", at, account=account, followers=followers)
        return self

    def profile(self, account: int, **known: Any) -> World:
        """What an account says of itself: handle, bio, place ..."""
        usual = {"uri": f"acct:a{account}@example.social", "network": "mastodon", "handle": None, "bio": None}
        self.profiles[account] = {**usual, "place": None, "name": None, **known}
        return self

    def mark(
        self, account: int, mark: str, *, at: datetime, holds: bool = True, until: datetime | None = None
    ) -> World:
        """The owner says whom she trusts, or whom she wants to avoid."""
        self._add("marks", at, account=account, mark=mark, since=at, until=until, said_at=at, holds=holds)
        return self

    def label(self, account: int, answer: str, *, at: datetime) -> World:
        """What the owner says an account is."""
        self._add("labels", at, account=account, answer=answer, said_at=at)
        return self

    def stated(self, table: str, *, at: datetime, **row: Any) -> World:
        """What the owner entered: a row of goals, customers, chains, hours, costs, notes or experiments."""
        self._add(table, at, **{"entry": f"{table}{len(self.rows.get(table, ()))}", "said_at": at, **row})
        return self

    def _add(self, table: str, at: datetime, **row: Any) -> None:
        row = {"exact": True, "happened_at": at, "known_at": at, **row}
        self.rows.setdefault(table, []).append(row)

    def tables(self, as_of: datetime) -> Tables:
        tables = Tables.__new__(Tables)
        con = session.open_session(memory_mb=256, threads=1)
        tables._con = con
        tables.as_of = as_of
        tables._deletions = []
        tables._known_as = lambda keys: {k: self.profiles[k] for k in keys if k in self.profiles}
        con.execute("create schema by_account")
        tables.coverage = Coverage(first=None, last=None, rows=0, undated=0, sources=())
        shapes = {n: s.columns for n, s in TABLES.items()} | {n: f.columns for n, f in all_facts().items()}
        shapes["marks"] = _MARKS
        shapes["labels"] = _LABELS
        shapes |= {name: columns_of(name) for name in STATED}
        con.execute(f"begin; {'; '.join(_empty(n, c) for n, c in shapes.items())}")
        for name in self.rows:
            columns = shapes[name]
            seen = [row for row in self.rows[name] if row["happened_at"] <= as_of]
            if not seen:
                continue
            data = {c: [_plain(row.get(c)) for row in seen] for c in columns}
            con.register(f"{name}_rows", pa.table({c: pa.array(v) for c, v in data.items()}))
            picked = ", ".join(
                f'make_timestamp("{c}"::BIGINT)' if kind == "TIMESTAMP" else f'"{c}"::{kind}'
                for c, kind in columns.items()
            )
            con.execute(f"insert into by_account.{name} select {picked} from {name}_rows")
        con.register("own_rows", pa.table({"account": pa.array(self.own, pa.int64())}))
        con.execute("create table by_account.own as select * from own_rows")
        people = [p for p in self.persons if not set(p) & set(self.own)]
        mine = self.own + tuple(a for p in self.persons if set(p) & set(self.own) for a in p)
        people += [tuple(sorted(set(mine)))] if mine else []
        tables._join_people(
            {min(p): Person(accounts=p) for p in people if len(p) > 1}, min(mine, default=None)
        )
        con.execute("commit")
        return tables.person_by_person()


@contextmanager
def standings(known: Mapping[int | tuple[int, int], float]) -> Iterator[None]:
    """Recommenders have this standing: in every week, or in one (account, week); nobody else has any."""

    def define(tables: Tables, pairs: str) -> Basis:
        rows = [(a, w, known.get((a, w), known.get(a, 0.0))) for a, w in tables.sql(pairs).fetchall()]
        kept = [row for row in rows if row[2] > 0]
        shape = pa.schema([("account", pa.int64()), ("week", pa.int64()), ("tau", pa.float64())])
        columns = zip(*kept, strict=True) if kept else ((), (), ())
        tables.bring(
            "told", pa.table([pa.array(c, f.type) for c, f in zip(columns, shape, strict=True)], schema=shape)
        )
        tables.define("standing_by_week", "select * from told")
        return Basis("personal", known_since=0)

    with mock.patch.object(standing, "define_weekly", define):
        yield


def _empty(name: str, columns: Mapping[str, str]) -> str:
    """A table without rows: most are, and to make one so takes a tenth of the time."""
    told = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
    return f"create table by_account.{name} ({told})"


def _plain(value: Any) -> Any:
    return as_us(value) if isinstance(value, datetime) else value
