"""Whom to thank first where not everybody can be thanked: an order, not a reproach."""

from __future__ import annotations

from dataclasses import dataclass

from leumund.locale import N_, _
from leumund.measures.courtesy.dues import Due
from leumund.measures.days import DAY_US

SILENT_DAYS = 90
FIRST, ARGUED, SILENT = N_("first time"), N_("gave a reason"), N_("back after a long time")
_WEIGHT = {FIRST: 3.0, ARGUED: 2.0, SILENT: 2.0}
_BY_KIND = {"endorse": 1.0, "quote": 0.7, "mention": 0.5, "reshare": 0.4}


@dataclass(frozen=True, slots=True)
class Turn:
    """Why somebody comes early, and how much that weighs."""

    weight: float
    grounds: tuple[str, ...]

    @property
    def words(self) -> str | None:
        """The grounds in the language in use, None where there are none."""
        return ", ".join(_(g) for g in self.grounds) or None


def turns(dues: list[Due], met: dict[int, list[int]], *, seen_since: int) -> list[Turn]:
    """For each act why it comes early. met: when each person did anything for the owner before, in order of time.

    seen_since: from when on anything is known; who turns up sooner than 90 days after that may have been there before,
    so she is called neither new nor back.
    """
    told = []
    for due in dues:
        before = [t for t in met.get(due.account, ()) if t < due.at]
        far = due.at - seen_since >= SILENT_DAYS * DAY_US
        grounds = []
        if not before and far:
            grounds.append(FIRST)
        if due.argued:
            grounds.append(ARGUED)
        if before and due.at - max(before) >= SILENT_DAYS * DAY_US:
            grounds.append(SILENT)
        told.append(Turn(_BY_KIND[due.kind] + sum(_WEIGHT[g] for g in grounds), tuple(grounds)))
    return told


def ordered(dues: list[Due], told: list[Turn], still: list[int], *, beyond: bool) -> list[int]:
    """The places of what is open, whom to thank first at the front.

    beyond: more comes than can be answered; then grounds count, else simply what has waited longest.
    """

    def key(place: int) -> tuple[float, int, int, str, str]:
        due = dues[place]
        return (-told[place].weight if beyond else 0.0, due.at, due.account, due.kind, due.post or "")

    return sorted(still, key=key)
