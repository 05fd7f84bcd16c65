"""What follows from events alone: recommendations, languages, links ... one file, one fact.

A fact is a pure function from posts to rows, computed once per post and kept. `all_facts` finds
every module here that has a `FACT`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from leumund.discovery import records

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """Rows of a fact, and the accounts they name that the lab may not have met (URIs)."""

    rows: pa.Table
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A table derived from posts.

    version: of the rules; older rows are made anew. columns: name -> DuckDB type; every fact has
    post, account, happened_at, known_at, exact. accounts, account_lists: which hold account keys.
    wanted: SQL condition on posts that can have this fact (cheap; the rest is not even read).
    derive: posts (columns of the posts table, `author_uri` and `reply_to_uri`) -> rows.
    at_import: cheap enough to be done with every import; else when a measure first asks.
    """

    name: str
    version: str
    columns: dict[str, str]
    accounts: tuple[str, ...]
    account_lists: tuple[str, ...] = ()
    wanted: str
    derive: Callable[[pa.Table], Derived]
    at_import: bool


@cache
def all_facts() -> Mapping[str, Fact]:
    """Every fact there is, by name."""
    return {f.name: f for f in records(__name__, "FACT", Fact)}
