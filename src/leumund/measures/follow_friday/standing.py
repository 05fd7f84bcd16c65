"""How much each recommender's voice counts in each week: her standing before that week began."""

from __future__ import annotations

from leumund.measures.standing.weekly import Basis, define_weekly
from leumund.store.tables import Tables


def define_standing(tables: Tables) -> Basis:
    """Keep `ff_standing` (recommender, week, weight), a row wherever the weight is not `others_weight`.

    Needs `ff_lists`.
    """
    basis = define_weekly(tables, "select recommender as account, week from ff_lists")
    tables.define("ff_standing", "select account as recommender, week, tau as weight from standing_by_week")
    return basis


def others_weight(basis: Basis) -> float:
    """The weight of those who are not in `ff_standing`: where nothing is known of anybody, all count the same."""
    return 0.0 if basis.known else 1.0
