"""What she said of her followers on the last evening: ten minutes, a hundred of them drawn by lot, one key each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leumund.events import Statement
from leumund.simulate.clock import DAY, moment
from leumund.simulate.dice import Dice
from leumund.simulate.truth import MACHINES

if TYPE_CHECKING:
    from datetime import datetime

    from leumund.simulate.people import Person
    from leumund.simulate.stage import Stage

LOOKED_AT = 104
SECONDS_EACH = 5.5
UNSURE, FOLLOWED_BACK = 0.04, 0.15  # shares of those looked at, and of the people among them


def labels(stage: Stage) -> tuple[Statement, ...]:
    """Her labels, in order of time: what she can tell is true; of a few she cannot tell, and says so.

    Nobody is asked about who calls itself automated. The lot has nothing to do with what somebody is.
    """
    dice = Dice(stage.seed, "labels")
    evening = moment(stage.start + DAY * (stage.days - 1), 20.5)
    asked = [p for p in stage.people if p.is_follower(evening) and not p.automated]
    told = []
    for n, person in enumerate(dice.some(sorted(asked, key=lambda p: p.uri), LOOKED_AT), 1):
        at = moment(stage.start + DAY * (stage.days - 1), 20.5 + n * SECONDS_EACH / 3600)
        told.append(_label(f"label-{n}", person, _answer(person, dice), at))
    return tuple(told)


def _answer(person: Person, dice: Dice) -> str:
    unsure, again = dice.chance(UNSURE), dice.chance(FOLLOWED_BACK)
    if unsure:
        return "reviewed"
    if person.who in MACHINES:
        return "robot"
    return "follow_back" if again else "person"


def _label(name: str, person: Person, answer: str, at: datetime) -> Statement:
    body = {"label": person.uri, "network": "mastodon", "answer": answer}
    return Statement(kind="label", happened_at=at.replace(microsecond=0), body=body, statement=name)
