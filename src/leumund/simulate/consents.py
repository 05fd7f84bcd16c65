"""Who agreed to stand on her board: those she asked by mail or in a thread, and some who let everybody list them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leumund.events import Statement
from leumund.simulate.clock import DAY, moment
from leumund.simulate.dice import Dice

if TYPE_CHECKING:
    from datetime import datetime

    from leumund.simulate.people import Person
    from leumund.simulate.stage import Stage

ASKED, AGREED, LISTED = 60, 0.6, 0.15
"""How many she asked; which part of them agreed; which part of all others lets everybody list them."""
_HOW = ("per Mail", "in unserem Gespräch im Netz", "beim Barcamp gesagt", "hat mir geschrieben")


def consents(stage: Stage) -> tuple[tuple[Statement, ...], dict[str, bool]]:
    """Her notes on who agreed, in order of time, and whose profile was looked at on the last evening: whether everybody
    may put it on lists. The first of those who agreed take it back in the end; the second agreed for some weeks only.
    """
    dice = Dice(stage.seed, "consents")
    there = [
        p for p in stage.people if p.who in ("coach", "fan", "loyal fan") and p.gone is None and not p.locked
    ]
    liked = sorted(there, key=lambda p: (-p.esteem, p.uri))[:ASKED]
    agreed = [p for p in liked if dice.chance(AGREED)]
    begun = stage.start + DAY * round(stage.days * 0.8)
    said = []
    for n, person in enumerate(agreed):
        at = moment(begun + DAY * (n // 6), 17.0 + n % 6 / 10)
        end = moment(begun + DAY * 21, 0.0) if n == 1 else None
        how = dice.pick(_HOW)
        said.append(_word(f"consent-{n}", person, at, how=how, until=end))
        if n % 4 == 3:
            said.append(_word(f"consent-parts-{n}", person, at, how=how, purpose="parts"))
    late = moment(stage.start + DAY * (stage.days - 3), 9.0)
    said += [_word("consent-back", person, late, holds=False) for person in agreed[:1]]
    seen = dict.fromkeys((p.uri for p in agreed), False)
    seen |= {p.uri: True for p in there if p.uri not in seen and dice.chance(LISTED)}
    return tuple(said), seen


def _word(
    name: str,
    person: Person,
    at: datetime,
    *,
    how: str = "",
    until: datetime | None = None,
    holds: bool = True,
    purpose: str = "board",
) -> Statement:
    body: dict[str, str | bool] = {
        "consent": person.uri,
        "network": "mastodon",
        "purpose": purpose,
        "holds": holds,
    }
    more = {"how": how} if how else {}
    if until is not None:
        more["until"] = until.isoformat()
    return Statement(kind="consent", happened_at=at, body={**body, **more}, statement=name)
