"""The acts that influence is made of: what others did towards the accounts that are looked at."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leumund.errors import UsageError
from leumund.events import NETWORKS
from leumund.locale import _
from leumund.measures.days import DAY_US, Moments
from leumund.measures.named import define_ever_named, define_named
from leumund.measures.public import seen_by_all
from leumund.measures.standing.ties import NEVER
from leumund.measures.worth import base_value
from leumund.store.register import as_us
from leumund.store.tables import Tables

A_DAYS_ACTS = 50
"""Who does more than this on one day spreads herself thin: each of her acts of that day counts less in proportion."""

MEMORY_US = 730 * DAY_US
"""After two years an act is forgotten; a five-thousandth of its slow part was left."""

NEW, DELETED, DILUTION, FORGOTTEN = range(4)
ENTRIES = ("new", "deleted", "dilution", "forgotten")
"""Why an act begins or ceases to count."""

Indices = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Acts that begin (worth above 0) or cease (below 0) to count, in order of the moment at which they do.

    moment: when, and at_us: when the act itself happened, from which it fades; microseconds since 1970. worth: base
    value times count times dilution; stream: whose and what, see `Acts`; why: place in `ENTRIES`.
    """

    moment: Moments
    at_us: Moments
    worth: Numbers
    stream: Indices
    why: Indices


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """What others did. changes: see there; streams: actor (person's key), kind, network of each stream.

    person_of: who is behind each stream, as a place in `people` (the persons' keys, sorted). at_us, times, worth,
    person: of each act that counts at the end, when, how often, what it was worth then, and by whom. first_us: when
    the first one of all that are left happened, None where there is none; ever_us: the first, deleted since or not. undated: how many acts are left out since their time is
    not known. somebody: whether anybody is looked at; False where nobody said which accounts are the owner's.
    """

    changes: Change
    streams: pa.Table
    person_of: Indices
    people: Indices
    at_us: Moments
    times: Indices
    worth: Numbers
    person: Indices
    first_us: int | None
    ever_us: int | None
    undated: int
    somebody: bool

    def known_at(self, moment_us: int) -> bool:
        """Whether any act was known at that moment, by what is known of it today."""
        if self.first_us is not None and self.first_us <= moment_us:
            return True
        then = (self.changes.moment <= moment_us) & (self.changes.why != DILUTION)
        return float(np.sign(self.changes.worth[then]).sum()) > 0


def acts_towards(
    tables: Tables,
    account: int | None,
    *,
    network: str | None = None,
    start_us: int | None = None,
    end_us: int | None = None,
) -> Acts:
    """The acts of others towards the person of that account, or towards the owner (None).

    A recommendation is one act a week for each recommender, as in follow_friday. One post is one act, the one
    that counts most: a mention in a recommendation, or the mention that a reply carries, is not counted again.
    What was done in a post for followers only, or in a direct message, is left out. Of an account that did more than
    50 acts on one day, as far as the lab saw them, each counts 50 / n; on a day that is not over, n is so far.

    network: only what was done there. end_us: only what had happened by then (as_of unless given); start_us: the
    first moment that is looked at (end_us unless given): what was forgotten by then is left out, and the dilution of
    its day is as it was at that moment.

    Raises:
        UsageError: there is no such network.
    """
    if network is not None and network not in NETWORKS:
        text = _("There is no network “{name}”: say one of {names}.")
        raise UsageError(text.format(name=network, names=", ".join(NETWORKS)))
    whose = tables.own if account is None else tables.person_of(account)
    end_us = as_us(tables.as_of) if end_us is None else end_us
    tables.define("influence_mine", f"select {whose or 0}::BIGINT as account where {whose is not None}")
    first, ever = _define_acts(
        tables, network, end_us, (end_us if start_us is None else start_us) - MEMORY_US
    )
    with tables.with_gone() if tables.has_deletions else nullcontext():
        tables.define("influence_busy", _busy(end_us))
    tables.define(
        "influence_streams",
        """select actor, kind, network, row_number() over (order by actor, kind, network) - 1 as stream
           from (select distinct actor, kind, network from influence_acts)""",
    )
    rows = tables.arrow(
        f"""select epoch_us(happened_at) as at_us, epoch_us(since) as since_us, coalesce(epoch_us(until), {NEVER}) as until_us,
                   worth, times, stream, a.actor, least(1, {A_DAYS_ACTS} / coalesce(n, 1)) as diluted
            from influence_acts a join influence_streams using (actor, kind, network)
            left join influence_busy b on b.actor = a.actor and b.day = {_DAY}
            order by happened_at, stream, worth, times"""
    )
    streams = tables.arrow("select actor, kind, network from influence_streams order by stream")
    people, person_of = np.unique(_whole(streams, "actor"), return_inverse=True)
    left = rows.filter(
        pc.and_(pc.greater(rows["until_us"], end_us), pc.greater(rows["at_us"], end_us - MEMORY_US))
    )
    return Acts(
        changes=_changes(tables, rows, start_us, end_us),
        streams=streams,
        person_of=person_of.astype(np.int64),
        people=people,
        at_us=_whole(left, "at_us"),
        times=_whole(left, "times"),
        worth=np.multiply(left["worth"].to_numpy(), left["diluted"].to_numpy()),
        person=person_of.astype(np.int64)[_whole(left, "stream")],
        first_us=first,
        ever_us=ever,
        undated=_count(
            tables, f"select count(*) as n from acts where not exact and {_towards()} and kind <> 'unfollow'"
        ),
        somebody=whose is not None,
    )


_DAY = f"epoch_us(happened_at) // {DAY_US}"


def _whole(rows: pa.Table, name: str) -> Indices:
    return np.asarray(rows[name].to_numpy(), np.int64)


def _changes(tables: Tables, rows: pa.Table, start_us: int | None, end_us: int) -> Change:
    """Every act begins to count when it happens, or when what stood before it was deleted, and ceases when it was
    deleted itself; of a day cut by `start_us`, dilution changes right after it.
    """
    at_us, since_us, until_us, stream = (_whole(rows, n) for n in ("at_us", "since_us", "until_us", "stream"))
    full, diluted = (rows[name].to_numpy().astype(np.float64) for name in ("worth", "diluted"))
    worth = full * diluted
    parts = [(since_us, at_us, worth, stream, np.where(since_us == at_us, NEW, DELETED))]
    until_us = np.minimum(until_us, at_us + MEMORY_US)
    gone = np.flatnonzero(until_us <= end_us)
    why = np.where(until_us[gone] == at_us[gone] + MEMORY_US, FORGOTTEN, DELETED)
    parts.append((until_us[gone], at_us[gone], -worth[gone], stream[gone], why))
    if start_us is not None and (diluted < 1).any():
        day = start_us // DAY_US
        here = (diluted < 1) & (at_us // DAY_US == day) & (since_us <= start_us) & (until_us > start_us)
        cut = np.flatnonzero(here)
        with tables.with_gone() if tables.has_deletions else nullcontext():
            busy = tables.arrow(_busy(start_us, since_us=day * DAY_US)).to_pylist()
        seen = {r["actor"]: r["n"] for r in busy}
        then = np.array([min(1.0, A_DAYS_ACTS / seen.get(a, 1)) for a in _whole(rows, "actor")[cut].tolist()])
        worth[cut] = full[cut] * then
        later = full[cut] * (diluted[cut] - then)
        parts.append(
            (np.full(len(cut), start_us + 1), at_us[cut], later, stream[cut], np.full(len(cut), DILUTION))
        )
    moment, at, worth, stream, why = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(moment, kind="stable")
    return Change(
        moment=moment[order], at_us=at[order], worth=worth[order], stream=stream[order], why=why[order]
    )


def _busy(end_us: int, since_us: int | None = None) -> str:
    """Actors and days with more acts than one can mean, whomever they were meant for, and whether deleted since or not."""
    since = "" if since_us is None else f"and happened_at >= make_timestamp({since_us})"
    return f"""select actor, {_DAY} as day, sum("count")::DOUBLE as n from acts
               where exact and kind <> 'unfollow' and happened_at <= make_timestamp({end_us}) {since}
                 and actor in (select actor from influence_acts)
               group by all having sum("count") > {A_DAYS_ACTS}"""


def _counts() -> str:
    return f"kind not in ('unfollow', 'endorse') and {_towards()}"


def _towards() -> str:
    return "target in (select account from influence_mine) and actor <> target"


def _define_acts(
    tables: Tables, network: str | None, end_us: int, since_us: int
) -> tuple[int | None, int | None]:
    """Keep `influence_acts`: kind, actor, network, happened_at, times, worth, since and until (when it counts).

    Gives when the first act that is left happened, forgotten or not, and when the first one of all.
    """
    only = "n.account in (select account from influence_mine)"
    define_named(tables, only=only)
    first = _first(tables, network, end_us, named="ff_named")
    if not tables.has_deletions:
        tables.define("influence_named", "select *, null::TIMESTAMP as gone_at from ff_named")
        tables.define("influence_acts", _query(network, end_us, since_us, "null::TIMESTAMP"))
        return first, first
    define_ever_named(tables, only=only, name="influence_named")
    with tables.with_gone():
        tables.define("influence_acts", _query(network, end_us, since_us, "gone_at"))
        return first, _first(tables, network, end_us, named="influence_named")


def _query(network: str | None, end_us: int, since_us: int, act_gone: str) -> str:
    """The acts that ever counted. act_gone: SQL for when an act was deleted.

    Of several that would count as one, one counts until it is deleted; then the next one does.
    """
    there = "true" if network is None else f"network = '{network}'"
    return f"""
        with votes as (
            select 'endorse' as kind, recommender as actor, network, happened_at, 1 as times, post as via, gone_at as until,
                   {_since("recommender, account, week", "happened_at, post", "happened_at", "gone_at")} as since
            from influence_named
        ), every as (
            select * from votes where since is not null
            union all
            select kind, actor, network, happened_at, "count" as times, via, {act_gone}, happened_at from acts
            where exact and {_counts()}
        ), open as (
            select e.kind, e.actor, e.network, e.happened_at, e.via, e.times, e.until, e.since,
                   {base_value()} * e.times as worth
            from every e
            where {there} and happened_at > make_timestamp({since_us}) and happened_at <= make_timestamp({end_us})
              and {seen_by_all("e.via")}
        ), first as (
            select * replace ({_since("actor, via", "worth desc, kind, happened_at", "since", "until")} as since)
            from open where via is not null
        )
        select kind, actor, network, happened_at, times, worth, since, until from (
            select * from open where via is null union all select * from first where since is not null
        ) where since <= make_timestamp({end_us}) and (until is null or until > since)"""


def _since(group: str, order: str, since: str, until: str) -> str:
    """SQL: from when on a row counts: from `since`, or from when all before it in its group are gone; null: never."""
    before = f"(partition by {group} order by {order} rows between unbounded preceding and 1 preceding)"
    return f"""case when count(*) over {before} = 0 then {since}
                    when max(coalesce({until}, 'infinity'::TIMESTAMP)) over {before} < 'infinity'::TIMESTAMP
                    then greatest({since}, max({until}) over {before}) end"""


def _first(tables: Tables, network: str | None, end_us: int, *, named: str) -> int | None:
    """When the first act of all happened; microseconds since 1970."""
    there = "true" if network is None else f"network = '{network}'"
    rows = tables.arrow(
        f"""select epoch_us(min(happened_at)) as at_us from (
                select happened_at, network from acts a where exact and {_counts()} and {seen_by_all("a.via")}
                union all select happened_at, network from {named}
            ) where {there} and happened_at <= make_timestamp({end_us})"""
    )
    found: int | None = rows["at_us"][0].as_py()
    return found


def _count(tables: Tables, query: str) -> int:
    return int(tables.arrow(query)["n"][0].as_py())
