"""How much each recommender's voice counts in each week: her standing before that week began."""

from __future__ import annotations

from typing import Any

from leumund.measures.standing.kinds import standing_of
from leumund.measures.standing.weekly import Basis, define_weekly
from leumund.store.tables import Tables

weekly_standing = define_weekly


def define_standing(tables: Tables) -> Basis:
    """Keep `ff_standing` (recommender, week, weight), a row wherever the weight is not `others_weight`.

    Needs `ff_lists`.
    """
    basis = weekly_standing(tables, "select recommender as account, week from ff_lists")
    rows = "standing_by_week" if basis.known else "(select 0 as account, 0 as week, 0 as tau where false)"
    tables.define(
        "ff_standing",
        f"select account::BIGINT as recommender, week::BIGINT as week, tau::DOUBLE as weight from {rows}",
    )
    return basis


def others_weight(basis: Basis) -> float:
    """The weight of those who are not in `ff_standing`: where nothing is known of anybody, all count the same."""
    return 0.0 if basis.known else 1.0


def known_since(tables: Tables) -> int | None:
    """Since when anything is known of anybody's standing, in microseconds since 1970; None where nothing is."""
    found = standing_of(tables)
    marks: Any = getattr(found, "marks", found)  # in a community the operator's marks tell
    kinds = ("trust", "exchanged", "followed") if found.kind == "personal" else ("trust",)
    return min(
        (int(marks.spans[kind].since.min()) for kind in kinds if len(marks.spans[kind].since)), default=None
    )
