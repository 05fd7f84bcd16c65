"""The acts that influence is made of: what others did towards the accounts that are looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from leumund.measures.days import Moments
from leumund.measures.named import define_named
from leumund.store.tables import Tables

BASE = {
    "endorse": 4.0,
    "reshare": 3.0,
    "quote": 3.0,
    "reply": 2.0,
    "mention": 1.5,
    "follow": 1.0,
    "like": 0.3,
}

Indices = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """Acts in order of time. at_us: microseconds since 1970; worth: base value times count; times: the count.

    stream: which of `streams` (actor, kind, network) each act belongs to; person_of: who is behind each stream,
    as a number from 0 to people - 1. undated: how many acts are left out since their time is not known.
    somebody: whether anybody is looked at; False where nobody said which accounts are the owner's.
    """

    at_us: Moments
    worth: Numbers
    times: Indices
    stream: Indices
    streams: pa.Table
    person_of: Indices
    people: int
    undated: int
    somebody: bool


def acts_towards(tables: Tables, account: int | None) -> Acts:
    """The acts of others towards the person of that account, or towards the owner (None).

    A recommendation is one act a week for each recommender, as in follow_friday. One post is one act, the one
    that counts most: a mention in a recommendation, or the mention that a reply carries, is not counted again.
    What was done in a post for followers only, or in a direct message, is left out.
    """
    whose = tables.own if account is None else tables.person_of(account)
    tables.define("influence_mine", f"select {whose or 0}::BIGINT as account where {whose is not None}")
    define_named(tables, only="n.account in (select account from influence_mine)")
    tables.define("influence_acts", _query())
    rows = tables.arrow(
        """select epoch_us(happened_at) as at_us, worth, times, dense_rank() over (order by actor, kind, network) - 1 as stream
           from influence_acts order by happened_at, actor, kind, network, worth, times"""
    )
    streams = tables.arrow(
        """select actor, kind, network, dense_rank() over (order by actor) - 1 as person
           from (select distinct actor, kind, network from influence_acts) order by actor, kind, network"""
    )
    person_of = streams["person"].to_numpy().astype(np.int64)
    return Acts(
        at_us=rows["at_us"].to_numpy().astype(np.int64),
        worth=rows["worth"].to_numpy().astype(np.float64),
        times=rows["times"].to_numpy().astype(np.int64),
        stream=rows["stream"].to_numpy().astype(np.int64),
        streams=streams.drop_columns(["person"]),
        person_of=person_of,
        people=int(person_of.max()) + 1 if len(person_of) else 0,
        undated=_count(
            tables, f"select count(*) as n from acts where not exact and {_towards()} and kind <> 'unfollow'"
        ),
        somebody=whose is not None,
    )


def _counts() -> str:
    return f"kind not in ('unfollow', 'endorse') and {_towards()}"


def _towards() -> str:
    return "target in (select account from influence_mine) and actor <> target"


def _query() -> str:
    values = " ".join(f"when '{kind}' then {value!r}::DOUBLE" for kind, value in BASE.items())
    return f"""
        with votes as (
            select 'endorse' as kind, recommender as actor, network, happened_at, 1 as times, post as via
            from ff_named
            qualify row_number() over (partition by recommender, account, week order by happened_at, post) = 1
        ), every as (
            select * from votes
            union all
            select kind, actor, network, happened_at, "count" as times, via from acts
            where exact and {_counts()}
        ), open as (
            select e.kind, e.actor, e.network, e.happened_at, e.via, e.times,
                   (case e.kind {values} end) * e.times as worth
            from every e
            where not exists (select 1 from posts p where p.post = e.via and p.visibility in ('followers', 'direct'))
        )
        select kind, actor, network, happened_at, times, worth from open where via is null
        union all
        select kind, actor, network, happened_at, times, worth from open where via is not null
        qualify row_number() over (partition by actor, via order by worth desc, kind, happened_at) = 1"""


def _count(tables: Tables, query: str) -> int:
    return int(tables.arrow(query)["n"][0].as_py())
