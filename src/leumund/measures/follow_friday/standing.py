"""How much a recommender's voice counts: the place where standing will be known. Today it is not."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from leumund.store.tables import Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The weight of each recommender's voice.

    weights: account (int64), weight (float64, 0 or more); others: the weight of everybody who is not in it.
    A person with several accounts has the greatest of their weights, so that splitting oneself gains nothing.
    known: False where nothing is known of anybody; all count the same then, and the reading says so.
    """

    weights: pa.Table | None = None
    others: float = 1.0
    known: bool = False


def standing_in(_tables: Tables) -> Standing:
    """What this lab knows about the standing of those who recommend: nothing yet, so all count the same."""
    return Standing()


def define_standing(tables: Tables, standing: Standing) -> None:
    """Keep `ff_standing` (recommender, weight); by person."""
    if standing.weights is None:
        tables.define("ff_standing", "select 0::BIGINT as recommender, 0::DOUBLE as weight where false")
        return
    tables.bring("ff_standing_rows", standing.weights)
    tables.define(
        "ff_standing",
        """select coalesce(p.person, w.account) as recommender, max(w.weight)::DOUBLE as weight
           from ff_standing_rows w left join persons p on p.account = w.account group by 1""",
    )
