"""What a measure is given: the lab's events as tables, already cut at `as_of`.

A measure cannot see a later row, a deleted post or a row learned after `known_by`, because the
views it queries do not hold them. Accounts with several URIs appear under one key. A measure is shown people:
whoever has several accounts stands under one key, so no measure can count her twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import pyarrow as pa

from leumund.facts import Fact, all_facts
from leumund.store import session
from leumund.store.keys import ALIASES, PERSONS, under_one_key
from leumund.store.labels import labels_in
from leumund.store.marks import marks_in
from leumund.store.one_person import Person, people_in
from leumund.store.register import Register, Segment, as_us
from leumund.store.schema import TABLES, UNDATED, TableShape, revised_mark
from leumund.store.segments import stored
from leumund.store.stated import STATED, stated_in

COMMUNITY = "community"
"""What `kind` in a lab's register says where it is a community's."""

_APART, _JOINED = "by_account", "by_person"
_EVER_APART, _EVER = "ever_by_account", "ever_by_person"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far the lab can see. first, last: of what was read, in microseconds since 1970.

    undated: rows whose time is not known; later: rows dated after the moment, which are not counted in `rows`.
    """

    first: int | None
    last: int | None
    rows: int
    undated: int
    sources: tuple[str, ...]
    later: int = 0


class Tables:
    """Views over one lab at one moment: posts, acts, sightings, and each fact derived from posts.

    as_of: nothing that happened later is seen. known_by: nothing the lab learned later is seen
    (None: all that it knows now).
    Columns are those of `store.schema.TABLES`; times are TIMESTAMP in UTC, accounts are keys. Also there: own
    (account: the owner's), persons (account, person: whose accounts are linked), marks (account, mark, since, said_at,
    holds: whom the owner trusts or wants to avoid, see `store.marks`), labels (account, answer, said_at: what she says
    of accounts, see `store.labels`), and what she entered: goals, customers, chains, hours, costs, notes, experiments,
    thanked (see `store.stated`).
    All views are there twice: by_account.acts holds single accounts, by_person.acts the one key that stands for
    whoever did it. Plain names mean accounts until `person_by_person` is called, as is done for every measure; then
    own is one row or none. Sightings are of single accounts in both.
    memory_mb, spill, engine: what runs the queries, see `session.open_engine`.
    community: whether the lab is a community's, with an operator, and not one person's.
    people: those with several accounts or a name, by their key; own: the owner's key, None where nobody said.
    """

    people: Mapping[int, Person]
    own: int | None
    community: bool = False

    def __init__(
        self,
        register: Register,
        folder: Path,
        *,
        as_of: datetime,
        known_by: datetime | None = None,
        memory_mb: int = 2048,
        spill: Path | None = None,
        engine: str = "",
    ) -> None:
        self.as_of = as_of
        self.known_by = known_by
        self._folder = folder
        self._known_as = register.known_as
        self._con = session.open_engine(engine, folder, memory_mb=memory_mb, spill=spill)
        self._bodies: dict[str, str] = {}
        self._gone_shown = False
        self._cut_at = as_us(as_of)
        self._cut_known = as_us(known_by) if known_by else None
        with register.snapshot():  # one state of the catalogue for all views, whoever writes meanwhile
            self._con.execute(f"create schema {_APART}")
            self._aliased = self._bring_accounts(register)
            self.community = register.get("kind") == COMMUNITY
            self._revisions = {n for n in TABLES if register.get(revised_mark(n))}
            self._deletions = self._segments(register, "deletions")
            if self._deletions:
                self._view_deletions()
            for name in ("posts", "acts", "sightings"):
                self._view(name, self._segments(register, name))
            self._facts = {
                fact.name: [s for s in self._segments(register, fact.name) if s.code == fact.version]
                for fact in all_facts().values()
            }
            for name in self._facts:
                self._show(name, self._fact(name))
            self.coverage = self._coverage(register)
            self._join_people(*people_in(register))
            self.account_by_account()

    def sql(self, query: str, **parameters: Any) -> session.Rows:
        """The rows of a query over the views; $name stands for a parameter."""
        found: session.Rows = self._con.sql(query, params=parameters or None)
        return found

    def arrow(self, query: str, **parameters: Any) -> pa.Table:
        """The same as an Arrow table."""
        return self.sql(query, **parameters).to_arrow_table()

    def define(self, name: str, query: str) -> None:
        """Keep a query's rows under a name, for the steps that follow."""
        self._con.execute(f"create or replace temp table {name} as {query}")

    def person_of(self, account: int) -> int:
        """The key that stands for the person whose account this is."""
        return self._person_of.get(account, account)

    def one_key(self) -> dict[int, int]:
        """The accounts that stand under another key than their own, and that key."""
        keys = {a: self.person_of(head) for a, head in self._aliases.items()} | self._person_of
        return {account: key for account, key in keys.items() if account != key}

    def profiles(self, keys: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
        """What is known of each account of these people, as it was last told: uri, network, handle, bio, place ...

        Profiles have no history: what somebody takes out of hers is gone from old readings too.
        """
        accounts = {k: p.accounts if (p := self.people.get(k)) else (k,) for k in dict.fromkeys(keys)}
        known = self._known_as(a for group in accounts.values() for a in group)
        return {k: [known[a] for a in group if a in known] for k, group in accounts.items()}

    @property
    def has_deletions(self) -> bool:
        """Whether there is a table `gone` (of, subject, account, moment, certain)."""
        return bool(self._deletions)

    def account_by_account(self) -> Self:
        """From now on plain names mean single accounts: for what leaves as it came in."""
        self._con.execute(f"set search_path = '{_APART},main'")
        return self

    def person_by_person(self) -> Self:
        """From now on plain names mean people, each under one key: for measures."""
        self._con.execute(f"set search_path = '{_JOINED},main'")
        return self

    @contextmanager
    def with_gone(self) -> Iterator[None]:
        """Meanwhile, for measures, posts, acts and facts are there that were deleted since, each with `gone_at`.

        gone_at: when it was deleted (TIMESTAMP), null for what is still there. Only where there are deletions; ask
        `has_deletions` first.
        """
        if not self._gone_shown:
            self._show_gone()
        self._con.execute(f"set search_path = '{_EVER},{_JOINED},main'")
        try:
            yield
        finally:
            self.person_by_person()

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
        def is_early(s: Segment) -> bool:
            return s.min_at is None or s.min_at <= self._cut_at

        return [s for s in register.segments(name) if is_early(s) and self._is_known(s)]

    def _is_known(self, s: Segment) -> bool:
        return self._cut_known is None or s.min_known is None or s.min_known <= self._cut_known

    def _bring_accounts(self, register: Register) -> bool:
        aliases = self._aliases = register.aliases()
        if aliases:
            table = pa.table({"key": list(aliases), "canonical": list(aliases.values())})
            self._con.register("alias_rows", table)
            self._con.execute(
                "create temp table alias as select key::BIGINT as key, canonical::BIGINT as canonical from alias_rows"
            )
            self._con.execute("set variable aliases = (select map(list(key), list(canonical)) from alias)")
        own = pa.table({"account": pa.array(register.own_accounts(), pa.int64())})
        self._con.register("own_rows", own)
        self._con.execute(f"create table {_APART}.own as select * from own_rows")
        said = (
            ("marks", marks_in(register, aliases), "since"),
            ("labels", labels_in(register, aliases), "said_at"),
        )
        for name, rows, happened in said:
            self._con.register(f"{name}_rows", rows)
            cut = self._where(happened=happened)
            self._con.execute(f"create table {_APART}.{name} as select * from {name}_rows where {cut}")
        for name, rows in stated_in(register, aliases, known_by=self._cut_known).items():
            self._con.register(f"{name}_rows", rows)
            cut = f"happened_at <= make_timestamp({self._cut_at})"  # by what was known they are cut already
            self._con.execute(f"create table {_APART}.{name} as select * from {name}_rows where {cut}")
        return bool(aliases)

    def _where(self, *, happened: str = "happened_at") -> str:
        parts = [f"{happened} <= make_timestamp({self._cut_at})"]
        if self._cut_known is not None:
            parts.append(f"known_at <= make_timestamp({self._cut_known})")
        return " and ".join(parts)

    def _files(self, segments: Iterable[Segment]) -> str:
        return session.files([self._folder / s.path for s in segments])

    def _view_deletions(self) -> None:
        columns = ("of", "subject", "account", "exact", "happened_at", "known_at")
        told = self._mapped(f"read_parquet({self._files(self._deletions)})", columns, ("account",), ())
        self._con.execute(
            # what came back is gone by what was told later alone; certain: somebody told so, it was not merely missing
            f"""create temp table gone as with words as (
                    select split_part("of", ' ', 1) as "of", subject, account, exact,
                        happened_at as moment, ends_with("of", ' back') as back,
                        max(happened_at) filter (ends_with("of", ' back'))
                            over (partition by split_part("of", ' ', 1), subject) as back_at
                    from ({told} where {self._where()}) d)
                select "of", subject, account, max(moment) as moment, bool_or(exact) as certain from words
                where not back and (back_at is null or moment > back_at) group by all"""
        )

    def _view(self, name: str, segments: list[Segment]) -> None:
        shape = TABLES[name]  # type: ignore[index]
        if not segments:
            self._show(name, _nothing(shape.columns))
            return
        files = stored(self._folder, name, segments)
        mapped = self._mapped(files, shape.columns, shape.accounts, shape.account_lists)
        body = f"{mapped} where {self._where()}"
        if name in self._revisions:  # the newest known of each value that is known
            newest = ", ".join(
                f'{shape.merged.get(c) or f"""arg_max("{c}", known_at)"""} as "{c}"'
                for c in shape.columns
                if c != "known_at"
            )
            body = f"select {newest}, max(known_at) as known_at from ({body}) group by {shape.identity}"
        self._show(name, body)

    def _fact(self, name: str, since_us: int | None = None) -> str:
        """SQL: of each post what was read in it last; of what happened since then alone, if said."""
        fact = all_facts()[name]
        segments = self._facts[name]
        when = "true"
        if since_us is not None:
            segments = [s for s in segments if s.max_at is None or s.max_at >= since_us]
            when = f"happened_at >= make_timestamp({since_us})"
        if not segments:
            return _nothing(fact.columns)
        files = f"read_parquet({self._files(segments)})"
        mapped = self._mapped(files, fact.columns, fact.accounts, fact.account_lists)
        newest = "qualify row_number() over (partition by post order by known_at desc) = 1"
        return f"select * from ({mapped} where {self._where()} and {when}) {newest}"

    def show_since(self, name: str, since_us: int) -> None:
        """Show a fact once more as `NAME_since`: only what happened since then, and so only a part is read.

        For whoever knows that of none of these posts anything earlier was read (or later, of an earlier time).
        """
        fact = all_facts()[name]
        self._show(f"{name}_since", self._fact(name, since_us), like=name)
        self._view_people(f"{name}_since", fact.accounts, fact.account_lists)

    def _show(self, name: str, body: str, *, like: str = "") -> None:
        """Show these rows without those that are gone; what `with_gone` shows is made from the same. like: gone as those are."""
        self._bodies[name] = body
        self._con.execute(
            f"create or replace view {_APART}.{name} as select * from ({body}) t {self._not_gone(like or name)}"
        )

    def _mapped(
        self, rows: str, columns: Iterable[str], accounts: Iterable[str], lists: Iterable[str]
    ) -> str:
        """SQL: these columns of the rows, each account under the one key of its several URIs."""
        if self._aliased:
            return under_one_key(rows, ALIASES, accounts=accounts, lists=lists, columns=columns)
        return f"""select {", ".join(f'"{c}"' for c in columns)} from {rows} t"""

    def _not_gone(self, name: str) -> str:
        if not self._deletions or name == "sightings":
            return ""
        return "where " + " and ".join(f"not exists (select 1 from gone where {by})" for by in _gone_by(name))

    def _show_gone(self) -> None:
        """The views of posts, acts and facts once more, with what is gone in them."""
        self._con.execute(f"create schema {_EVER_APART}")
        self._con.execute(f"create schema {_EVER}")
        for name, shape in _told_of_accounts().items():
            when = ", ".join(f"(select min(moment) from gone where {by})" for by in _gone_by(name))
            body = f"select *, least({when}) as gone_at from ({self._bodies[name]}) t"
            self._con.execute(f"create view {_EVER_APART}.{name} as {body}")
            self._view_people(name, shape.accounts, shape.account_lists, to=_EVER, of=_EVER_APART)
        self._gone_shown = True

    def _join_people(self, people: Mapping[int, Person], own: int | None) -> None:
        """Show the views of single accounts once more, with one key for each person."""
        self.people, self.own = people, own
        self._con.execute(f"create schema {_JOINED}")
        self._person_of = {a: key for key, person in people.items() for a in person.accounts}
        pairs = {
            "account": pa.array(self._person_of, pa.int64()),
            "person": pa.array(self._person_of.values(), pa.int64()),
        }
        self._con.register("person_rows", pa.table(pairs))
        self._con.execute("create table persons as select * from person_rows")
        if pairs["account"]:
            self._con.execute("set variable persons = (select map(list(account), list(person)) from persons)")
        own_rows = under_one_key(f"{_APART}.own", PERSONS, accounts=("account",))
        self._con.execute(f"create table {_JOINED}.own as select distinct account from ({own_rows}) o")
        self._con.execute(f"create view {_JOINED}.sightings as select * from {_APART}.sightings")
        self._view_people("marks", ("account",), ())
        self._view_people("labels", ("account",), ())
        for name, stated in STATED.items():
            self._view_people(name, stated.accounts, ())
        for name, shape in _told_of_accounts().items():
            self._view_people(name, shape.accounts, shape.account_lists)

    def _view_people(
        self, name: str, accounts: Sequence[str], lists: Sequence[str], *, to: str = _JOINED, of: str = _APART
    ) -> None:
        body = f"select * from {of}.{name}"
        if self._person_of and (accounts or lists):
            body = under_one_key(f"{of}.{name}", PERSONS, accounts=accounts, lists=lists)
        self._con.execute(f"create or replace view {to}.{name} as {body}")

    def _coverage(self, register: Register) -> Coverage:
        segments = [s for n in ("posts", "acts") for s in self._segments(register, n)]
        dated = [s for s in segments if s.month != UNDATED]
        later, hidden = self._later(register, segments)
        sources = register.db.execute(
            "select distinct source from import where new + known > 0 order by source"
        )
        firsts = [s.min_at for s in dated if s.min_at is not None]
        lasts = [s.max_at for s in dated if s.max_at is not None]
        return Coverage(
            first=min(firsts, default=None),
            last=min(max(lasts), self._cut_at) if lasts else None,
            rows=sum(s.rows for s in segments) - later,
            undated=sum(s.rows for s in segments if s.month == UNDATED),
            sources=tuple(row[0] for row in sources),
            later=later + hidden,
        )

    def _later(self, register: Register, seen: list[Segment]) -> tuple[int, int]:
        """How many rows are dated after the moment: in segments that hold earlier ones too, and in the others."""
        cut = [s for s in seen if s.max_at is not None and s.max_at > self._cut_at]
        later = 0
        if cut:
            query = f"select count(*) from read_parquet({self._files(cut)}) where happened_at > make_timestamp({self._cut_at})"
            ((later,),) = self._con.sql(query).fetchall()
        every = [s for n in ("posts", "acts") for s in register.segments(n) if self._is_known(s)]
        return later, sum(s.rows for s in every if s.min_at is not None and s.min_at > self._cut_at)


def _told_of_accounts() -> dict[str, TableShape | Fact]:
    """What holds accounts that may be one person's, by name; sightings are of single accounts."""
    return {"posts": TABLES["posts"], "acts": TABLES["acts"], **all_facts()}


def _nothing(columns: Mapping[str, str]) -> str:
    """SQL: these columns and no row."""
    return f"""select {", ".join(f'null::{kind} as "{c}"' for c, kind in columns.items())} where false"""


def _gone_by(name: str) -> tuple[str, ...]:
    """What a row `t` of a table may be gone by: conditions on the rows of `gone`."""
    if name == "acts":
        return (
            """"of" = 'act' and subject = t.act""",
            """"of" = 'post' and subject = t.via""",
            """"of" = 'account' and gone.account = t.actor""",
        )
    return (""""of" = 'post' and subject = t.post""", """"of" = 'account' and gone.account = t.account""")
