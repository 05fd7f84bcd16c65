"""The shape of what a lab keeps: the columns of event segments and the tables of lab.sqlite.

Event segments are Parquet files of one table and one month. Times in them are TIMESTAMP in UTC;
accounts are 63-bit keys (`ids.account_key`): who that is stands only in lab.sqlite. What makes two
rows the same event (`IDENTITY`) is said here once; nothing is stored for it, since an equal row can
be recognised from its own columns (a stored 64-bit hash would be a third of an act's size).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Table = Literal["posts", "acts", "sightings", "deletions"]
SCHEMA_VERSION = 2
UNDATED = "undated"
"""The "month" of rows whose time is not known exactly: they are compared with each other at any age."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShape:
    """columns: name -> DuckDB type, in order. accounts, account_lists: which of them hold account keys.

    identity: SQL for what makes two rows the same event; content: SQL for what may change in it
    (an edited text, a new sum): same identity with other content is a revision. merged: SQL for the columns of
    which not simply the newest known value holds.
    order: how a compacted segment is sorted, so that one account's rows lie together.
    """

    columns: dict[str, str]
    accounts: tuple[str, ...]
    identity: str
    content: str
    order: str
    account_lists: tuple[str, ...] = ()
    merged: dict[str, str] = field(default_factory=dict)


TABLES: dict[Table, TableShape] = {
    "posts": TableShape(
        columns={
            "post": "VARCHAR",
            "account": "BIGINT",
            "network": "VARCHAR",
            "happened_at": "TIMESTAMP",
            "known_at": "TIMESTAMP",
            "exact": "BOOLEAN",
            "text": "VARCHAR",
            "language": "VARCHAR",
            "reply_to": "VARCHAR",
            "reply_to_account": "BIGINT",
            "quote_of": "VARCHAR",
            "mentions": "BIGINT[]",
            "visibility": "VARCHAR",
            "url": "VARCHAR",
            "likes": "INTEGER",
            "reshares": "INTEGER",
            "replies": "INTEGER",
            "views": "INTEGER",
        },
        accounts=("account", "reply_to_account"),
        account_lists=("mentions",),
        identity="hash(post)",
        content="""hash(text, exact, language, reply_to, reply_to_account, quote_of, list_sort(mentions), visibility, url,
                   likes, reshares, replies, views)""",
        merged={  # the earliest certain time; the most private that was ever told; named accounts where they were told;
            # a text that is known not to be whole ("[…]") never stands in for one that is
            "text": "coalesce(arg_max(text, known_at) filter (not ends_with(text, '[…]')), arg_max(text, known_at))",
            "happened_at": "coalesce(min(happened_at) filter (exact), min(happened_at))",
            "exact": "bool_or(exact)",
            "visibility": """case when bool_or(visibility = 'direct') then 'direct' when bool_or(visibility = 'followers')
                             then 'followers' when bool_or(visibility = 'unlisted') then 'unlisted' else 'public' end""",
            "mentions": "coalesce(arg_max(mentions, known_at) filter (len(mentions) > 0), [])",
        },
        order="account, happened_at",
    ),
    "acts": TableShape(
        columns={
            "kind": "VARCHAR",
            "actor": "BIGINT",
            "target": "BIGINT",
            "network": "VARCHAR",
            "happened_at": "TIMESTAMP",
            "known_at": "TIMESTAMP",
            "exact": "BOOLEAN",
            "act": "VARCHAR",
            "post": "VARCHAR",
            "via": "VARCHAR",
            "count": "INTEGER",
        },
        accounts=("actor", "target"),
        # The same act told by two sources carries another id of its own or none: what it was done
        # with or to says more. Only an act with neither is known by its own id or its time.
        identity="""hash(kind, actor, target, coalesce(via, post, act,
                    case when exact then epoch_us(happened_at)::VARCHAR end))""",
        content="hash(count, case when starts_with(act, 'at://') then act end)",
        merged={
            "act": "arg_max(act, happened_at)",
            "happened_at": "coalesce(max(happened_at) filter (exact), max(happened_at))",
            "exact": "bool_or(exact)",
        },
        order="target, happened_at",
    ),
    "sightings": TableShape(
        columns={
            "account": "BIGINT",
            "network": "VARCHAR",
            "happened_at": "TIMESTAMP",
            "known_at": "TIMESTAMP",
            "exact": "BOOLEAN",
            "created_at": "TIMESTAMP",
            "followers": "INTEGER",
            "following": "INTEGER",
            "posts": "INTEGER",
            "automated": "BOOLEAN",
            "locked": "BOOLEAN",
            "discoverable": "BOOLEAN",
            "indexable": "BOOLEAN",
            "limited": "BOOLEAN",
            "featurable": "BOOLEAN",
        },
        accounts=("account",),
        identity="hash(account, happened_at)",
        content="hash(followers, following, posts, automated, locked, discoverable, indexable, limited, featurable)",
        order="account, happened_at",
    ),
    "deletions": TableShape(
        columns={
            "of": "VARCHAR",
            "subject": "VARCHAR",
            "account": "BIGINT",
            "happened_at": "TIMESTAMP",
            "known_at": "TIMESTAMP",
            "exact": "BOOLEAN",
        },
        accounts=("account",),
        identity='hash("of", subject)',
        content="hash(happened_at)",
        order="happened_at",
    ),
}


def revised_mark(name: str) -> str:
    """The name in `meta` that says that a table ever got a second version of a row; it stays for good."""
    return f"revised_{name}"


ADDED: dict[str, dict[str, str]] = {
    "posts": {"views": "INTEGER"},
    "sightings": {"limited": "BOOLEAN", "featurable": "BOOLEAN"},
}
"""Columns that segments written before schema version 2 lack; `segment.code` holds the version of the later ones."""

STATEMENT_DDL = """
create table statement (
    id text not null, kind text not null, happened_at integer not null, known_at integer not null,
    body text not null, primary key (kind, id)
) strict;
"""

CONNECTION_DDL = """
create table connection (
    id text primary key, source text not null, server text not null, account text not null, settings text not null,
    connected_at integer not null, unique (source, server, account)
) strict, without rowid;
create table stream (
    connection text not null references connection (id), name text not null, ran_at integer,
    since integer, whole integer not null default 0,
    pages integer not null default 0, note text not null default '',
    primary key (connection, name)
) strict, without rowid;
create index alias_of on alias (canonical);
"""

DDL = (
    """
create table meta (name text primary key, value text not null) strict;
create table import (
    id integer primary key, source text not null, place text not null, fingerprint text not null,
    started_at integer not null, finished_at integer, new integer not null default 0,
    known integer not null default 0, problems integer not null default 0, cleared integer not null default 0,
    first_at integer, last_at integer
) strict;
create table cursor (
    source text not null, fingerprint text not null, position text not null, updated_at integer not null,
    primary key (source, fingerprint)
) strict, without rowid;
create table segment (
    id integer primary key, tbl text not null, month text not null, path text not null unique,
    rows integer not null, revisions integer not null, bytes integer not null,
    min_at integer, max_at integer, min_known integer, max_known integer,
    import integer, inputs text, code text, created_at integer not null, retired_at integer
) strict;
create index segment_of_table on segment (tbl, month) where retired_at is null;
create table account (
    key integer primary key, uri text not null, network text not null, handle text, name text, bio text,
    url text, place text, seen_at integer, own integer not null default 0
) strict;
create index account_own on account (key) where own = 1; -- one of millions; labs made before it look through all
create table alias (key integer primary key, canonical integer not null) strict;
create table person (id integer primary key, name text not null, owner integer not null default 0) strict;
create table person_account (
    account integer primary key, person integer not null references person (id), evidence text not null
) strict, without rowid;
create table problem (
    id integer primary key, import integer not null, place text not null, message text not null,
    excerpt text not null, hint text not null, unique (import, place, message)
) strict;
create table erasure (hmac blob primary key, erased_at integer not null) strict, without rowid;
"""
    + STATEMENT_DDL
    + CONNECTION_DDL
)
