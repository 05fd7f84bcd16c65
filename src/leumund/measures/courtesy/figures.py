"""The single figures of the ledger: the load, and from which size of the community on not everybody can be thanked."""

from __future__ import annotations

from datetime import timedelta
from math import isfinite

from leumund.measures.courtesy.account import Ledger
from leumund.measures.courtesy.capacity import Keeping
from leumund.store.tables import Tables

Figures = dict[str, float | int | str | None]

_KEPT = (
    "load", "load_low", "load_high", "thanked_share", "thanked_share_low", "thanked_share_high", "open_later",
    "open_later_low", "open_later_high", "community", "community_low", "community_high",
)  # fmt: skip
LOAD = ("rate", *_KEPT, "until", "until_low", "until_high", *(f"{name}_more" for name in _KEPT))


def figures_of(found: Ledger, tables: Tables) -> Figures:
    """The load and what follows from it; all None where too little is known."""
    figures: Figures = dict.fromkeys(LOAD)
    figures.update(
        minutes_a_day=found.spent.minutes_a_day, minutes_each=found.spent.minutes_each, time_for=found.spent.a_day,
        followers=None if found.grown.now is None else int(found.grown.now),
    )  # fmt: skip
    keeps, more = found.keeps, found.more
    if keeps is None or more is None:
        return figures
    figures.update(rate=keeps.rate, **_kept(keeps), **{f"{name}_more": v for name, v in _kept(more).items()})
    figures.update(_until(found, keeps, tables))
    return figures


def _kept(keeps: Keeping) -> Figures:
    low, middle, high = keeps.backlog
    few, some, many = keeps.community or (None, None, None)
    return {
        "load": keeps.load, "load_low": keeps.load_low, "load_high": keeps.load_high,
        "thanked_share": keeps.thanked, "thanked_share_low": _at_most_all(keeps.load_high),
        "thanked_share_high": _at_most_all(keeps.load_low),
        "open_later": round(middle), "open_later_low": round(low), "open_later_high": round(high),
        "community": some and round(some), "community_low": few and round(few), "community_high": many and round(many),
    }  # fmt: skip


def _at_most_all(load: float) -> float:
    return 1.0 if load <= 1 else 1 / load


def _until(found: Ledger, keeps: Keeping, tables: Tables) -> Figures:
    """When the followers become so many that not everybody can be thanked, or when they became so."""
    if keeps.weeks is None or keeps.community is None:
        return {}
    today = tables.as_of.date()
    days: list[str | None] = []
    for weeks, size in zip(keeps.weeks, keeps.community, strict=True):
        if weeks > 0:
            days.append((today + timedelta(weeks=weeks)).isoformat() if isfinite(weeks) else "")
        else:
            since = found.grown.reached(size)
            days.append(None if since is None else since.isoformat())
    return dict(zip(("until_low", "until", "until_high"), days, strict=True))
