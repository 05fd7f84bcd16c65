"""How many of the followers are people can only be told when the owner has looked at some of them."""

from __future__ import annotations

from leumund.locale import _, ngettext
from leumund.measures.audience import LEAST_FOLLOWERS
from leumund.measures.audience.prevalence import WANTED
from leumund.today import Doing, Readings, Task
from leumund.views import cells, vague


def find(readings: Readings) -> Doing | None:
    """As long as answers are wanted, there is anybody left to look at, and there are enough for shares to be told."""
    figures = readings.reading("audience").figures
    followers, labels = figures.get("followers"), figures.get("labels")
    told = labels if isinstance(labels, int) else 0
    if not isinstance(followers, int) or followers < LEAST_FOLLOWERS or told >= min(WANTED, followers):
        return None
    missing = min(WANTED, followers) - told
    why = ngettext(
        "One more answer, and it can be told how many of your followers are people.",
        "{n} more answers, and it can be told how many of your followers are people.",
        missing,
    ).format(n=cells.number(missing))
    why = vague.opening(why)
    return Doing(
        what=_("Look at ten of your followers: who is a person?"), why=why, go=_("To the followers"), page="/triage",
        command="triage",
    )  # fmt: skip


TASK = Task(name="triage", turn="in turn", find=find, order=40)
