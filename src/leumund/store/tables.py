"""What a measure is given: the lab's events as tables, already cut at `as_of`.

A measure cannot see a later row, a deleted post or a row learned after `known_by`, because the
views it queries do not hold them. Accounts with several URIs appear under one key.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import duckdb
import pyarrow as pa

from leumund.facts import Fact, all_facts
from leumund.store import session
from leumund.store.register import Register, Segment, as_us
from leumund.store.schema import TABLES, revised_mark
from leumund.store.segments import stored


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far the lab can see: (source title or name, first, last) in microseconds, and what is undated."""

    first: int | None
    last: int | None
    rows: int
    undated: int
    sources: tuple[str, ...]


class Tables:
    """Views over one lab at one moment: posts, acts, sightings, and each fact derived from posts.

    as_of: nothing that happened later is seen. known_by: nothing the lab learned later is seen
    (None: all that it knows now). Also there: own (account), persons (account, person).
    Columns are those of `store.schema.TABLES`; times are TIMESTAMP in UTC, accounts are keys.
    """

    def __init__(
        self,
        register: Register,
        folder: Path,
        *,
        as_of: datetime,
        known_by: datetime | None = None,
        memory_mb: int = 2048,
    ) -> None:
        self.as_of = as_of
        self.known_by = known_by
        self._folder = folder
        self._con = session.open_session(memory_mb=memory_mb)
        self._cut_at = as_us(as_of)
        self._cut_known = as_us(known_by) if known_by else None
        with register.snapshot():  # one state of the catalogue for all views, whoever writes meanwhile
            self._aliased = self._bring_accounts(register)
            self._revisions = {n for n in TABLES if register.get(revised_mark(n))}
            self._deletions = self._segments(register, "deletions")
            if self._deletions:
                self._view_deletions()
            for name in ("posts", "acts", "sightings"):
                self._view(name, self._segments(register, name))
            for fact in all_facts().values():
                segments = [s for s in self._segments(register, fact.name) if s.code == fact.version]
                self._view_fact(fact, segments)
            self.coverage = self._coverage(register)

    def sql(self, query: str, **parameters: Any) -> duckdb.DuckDBPyRelation:
        """The rows of a query over the views; $name stands for a parameter."""
        return self._con.sql(query, params=parameters or None)

    def arrow(self, query: str, **parameters: Any) -> pa.Table:
        """The same as an Arrow table."""
        return self.sql(query, **parameters).to_arrow_table()

    def define(self, name: str, query: str) -> None:
        """Keep a query's rows under a name, for the steps that follow."""
        self._con.execute(f"create or replace temp table {name} as {query}")

    def run(self, statement: str) -> None:
        """Run a statement that gives no rows (a COPY of an export)."""
        self._con.execute(statement)

    def bring(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table known under a name."""
        self._con.register(name, table)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._con.close()

    # -- how the views are made

    def _segments(self, register: Register, name: str) -> list[Segment]:
        def visible(s: Segment) -> bool:
            early = s.min_at is None or s.min_at <= self._cut_at
            known = self._cut_known is None or s.min_known is None or s.min_known <= self._cut_known
            return early and known

        return [s for s in register.segments(name) if visible(s)]

    def _bring_accounts(self, register: Register) -> bool:
        aliases = register.aliases()
        if aliases:
            table = pa.table({"key": list(aliases), "canonical": list(aliases.values())})
            self._con.register("alias_rows", table)
            self._con.execute(
                "create temp table alias as select key::BIGINT as key, canonical::BIGINT as canonical from alias_rows"
            )
            self._con.execute("set variable aliases = (select map(list(key), list(canonical)) from alias)")
        own = sorted({aliases.get(k, k) for k in register.own_accounts()})
        self._con.register("own_rows", pa.table({"account": pa.array(own, pa.int64())}))
        self._con.execute("create temp table own as select * from own_rows")
        people = register.db.execute("select account, person from person_account").fetchall()
        rows = pa.table(
            {
                "account": pa.array([aliases.get(a, a) for a, _ in people], pa.int64()),
                "person": pa.array([p for _, p in people], pa.int64()),
            }
        )
        self._con.register("person_rows", rows)
        self._con.execute("create temp table persons as select distinct * from person_rows")
        return bool(aliases)

    def _where(self, *, happened: str = "happened_at") -> str:
        parts = [f"{happened} <= make_timestamp({self._cut_at})"]
        if self._cut_known is not None:
            parts.append(f"known_at <= make_timestamp({self._cut_known})")
        return " and ".join(parts)

    def _files(self, segments: Iterable[Segment]) -> str:
        return session.files([self._folder / s.path for s in segments])

    def _view_deletions(self) -> None:
        self._con.execute(
            f"""create temp table gone as select distinct "of", subject, {self._key("account")} as account
                from read_parquet({self._files(self._deletions)}) where {self._where()}"""
        )

    def _view(self, name: str, segments: list[Segment]) -> None:
        shape = TABLES[name]  # type: ignore[index]
        if not segments:
            self._empty(name, shape.columns)
            return
        mapped = ", ".join(
            f'{self._key(c)} as "{c}"' if c in shape.accounts else f'"{c}"' for c in shape.columns
        )
        body = f"select {mapped} from {stored(self._folder, name, segments)} where {self._where()}"
        if name in self._revisions:  # the newest known of each value that is known
            newest = ", ".join(
                f'{shape.merged.get(c) or f"""arg_max("{c}", known_at)"""} as "{c}"'
                for c in shape.columns
                if c != "known_at"
            )
            body = f"select {newest}, max(known_at) as known_at from ({body}) group by {shape.identity}"
        self._con.execute(f"create temp view {name} as select * from ({body}) t {self._not_gone(name)}")

    def _view_fact(self, fact: Fact, segments: list[Segment]) -> None:
        if not segments:
            self._empty(fact.name, fact.columns)
            return
        columns = []
        for name in fact.columns:
            if name in fact.accounts:
                columns.append(f'{self._key(name)} as "{name}"')
            elif name in fact.account_lists and self._aliased:
                columns.append(
                    f'list_transform("{name}", lambda x: coalesce(getvariable(\'aliases\')[x], x)) as "{name}"'
                )
            else:
                columns.append(f'"{name}"')
        body = f"select {', '.join(columns)} from read_parquet({self._files(segments)}) where {self._where()}"
        body = (
            f"select * from ({body}) qualify row_number() over (partition by post order by known_at desc) = 1"
        )
        self._con.execute(
            f"create temp view {fact.name} as select * from ({body}) t {self._not_gone(fact.name)}"
        )

    def _key(self, column: str) -> str:
        if not self._aliased:
            return f'"{column}"'
        return f'coalesce((select canonical from alias where key = "{column}"), "{column}")'

    def _not_gone(self, name: str) -> str:
        if not self._deletions:
            return ""
        match name:
            case "acts":
                return """where not exists (select 1 from gone where "of" = 'act' and subject = t.act)
                          and not exists (select 1 from gone where "of" = 'post' and subject = t.via)
                          and not exists (select 1 from gone where "of" = 'account' and gone.account = t.actor)"""
            case "sightings":
                return ""
            case _:
                return """where not exists (select 1 from gone where "of" = 'post' and subject = t.post)
                          and not exists (select 1 from gone where "of" = 'account' and gone.account = t.account)"""

    def _empty(self, name: str, columns: dict[str, str]) -> None:
        nulls = ", ".join(f'null::{kind} as "{c}"' for c, kind in columns.items())
        self._con.execute(f"create temp view {name} as select {nulls} where false")

    def _coverage(self, register: Register) -> Coverage:
        segments = [s for n in ("posts", "acts") for s in self._segments(register, n)]
        dated = [s for s in segments if s.month != "undated"]
        sources = register.db.execute(
            "select distinct source from import where new + known > 0 order by source"
        )
        firsts = [s.min_at for s in dated if s.min_at is not None]
        lasts = [s.max_at for s in dated if s.max_at is not None]
        return Coverage(
            first=min(firsts, default=None),
            last=min(max(lasts), self._cut_at) if lasts else None,
            rows=sum(s.rows for s in segments),
            undated=sum(s.rows for s in segments if s.month == "undated"),
            sources=tuple(row[0] for row in sources),
        )
