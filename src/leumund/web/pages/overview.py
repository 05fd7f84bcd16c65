"""The first page: what changed since the owner last looked, and three things worth doing today.

The page itself is quick; what has to be worked out comes in pieces (`overview_piece`), each as soon as it is ready.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from leumund.locale import N_, _
from leumund.report.page import written_moment
from leumund.today.since import USUAL_DAYS, first_day, looked
from leumund.today.whose import owner_called
from leumund.views import cells
from leumund.web.page import Asked, Page
from leumund.web.sight import Sight

_FOUR_WEEKS = 28
_PIECES = ("doing", "followers", "thanks", "board", "goals", "influence")  # quick ones first
_SHOWN = ("influence", "followers", "thanks", "board", "goals")


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    tables = sight.state.tables
    community = tables.community and tables.own is None
    empty = not tables.coverage.rows
    today = sight.as_of.date()
    last, remember = looked(asked.looked, today)
    since = _since(asked.query.get("since", ""), first_day(last, today), today)
    return {
        "owner": owner_called(sight.state),
        "as_of": written_moment(sight.as_of),
        "empty": empty,
        "unowned": tables.own is None and not community,
        "since": cells.day(since),
        "spans": _spans(asked.query.get("since", ""), last),
        "looked": remember,
        "pieces": {
            name: Asked(path={"piece": name, "since": since.isoformat()}, language=asked.language)
            for name in (() if empty else ("community",) if community else _PIECES)
        },
        "shown": () if community else _SHOWN,
    }


def _since(chosen: str, otherwise: date, today: date) -> date:
    days = {"week": USUAL_DAYS, "month": _FOUR_WEEKS}.get(chosen)
    return today - timedelta(days=days - 1) if days else otherwise


def _spans(chosen: str, last: date | None) -> list[tuple[str, str, bool]]:
    """From when on one may look: address, name, and whether it is the one chosen."""
    some = [("/?since=week", _("one week"), "week"), ("/?since=month", _("four weeks"), "month")]
    if last is not None:
        some.insert(0, ("/", _("since you last looked"), ""))
    now = chosen if chosen in {"week", "month"} else "" if last is not None else "week"
    return [(address, name, mine == now) for address, name, mine in some]


PAGE = Page(
    name="overview",
    path="/",
    title=N_("Overview"),
    take=_take,
    group="start",
    order=1,
    pieces="overview_piece",
    looks=True,
)
