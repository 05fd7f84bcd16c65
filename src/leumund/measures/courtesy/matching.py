"""Which answer belongs to which act: certain ones, thank-yous that cover several, the rest by assignment.

1. A reply to, like, reshare or quote of the very post is certain.
2. A thank-you that names somebody covers all that is open from her of the last two weeks; where it says for what
   (`danke fürs Teilen`), only that. One that replies to her post and does not say for what covers that post alone.
3. What remains may be answered in kind: something of hers reshared, quoted, recommended, or (at once only) liked,
   replied to or mentioned. Each such act answers at most one. cost = -log(w(kind) * exp(-delay / tau(kind))), leaving it
   open costs -log(OPEN); the sum is the least there is (Hungarian method, person by person).
4. What is open then, and the owner says she has thanked for elsewhere or lets go, is settled by her word.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np

from leumund.locale import N_
from leumund.measures.courtesy.dues import Answer, Due, by_account
from leumund.measures.days import DAY_US

COVERS_DAYS: Final = 14
IN_KIND: Final[dict[str, tuple[float, float]]] = {
    "reshare": (0.6, 3.0), "quote": (0.6, 3.0), "endorse": (0.6, 4.0),
    "like": (0.3, 0.25), "reply": (0.3, 0.25), "mention": (0.4, 0.5),
}  # fmt: skip
"""How likely such an act is meant as an answer at once, and after how many days that falls to 1/e."""
OPEN: Final = 0.05
COLLECTIVE, THANKS = N_("collective"), N_("thanks")
ELSEWHERE, LET_GO = N_("thanked elsewhere"), N_("let go")
_AT_ONCE: Final = 400  # acts of one person that are assigned together; more are taken in pieces of time
_CERTAIN: Final = frozenset({"reply", "like", "reshare", "quote", "thanks"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """How something was settled. how: reply, like, reshare ...; collective: by a thank-you for several; thanked elsewhere, let
    go: by her word. certain: by 1, 2 or 4.
    """

    at: int
    how: str
    by: str | None
    certain: bool

    @property
    def let_go(self) -> bool:
        """Whether there were no thanks."""
        return self.how == LET_GO


@dataclass(frozen=True, slots=True)
class Said:
    """The owner's own word: all that is open from that person up to then is settled; lets_go: not by thanks."""

    account: int
    at: int
    lets_go: bool


def settle(dues: list[Due], answers: list[Answer]) -> list[Settled | None]:
    """The answer to each of the acts, None for what is open. What is done before an act does not answer it."""
    found: list[Settled | None] = [None] * len(dues)
    mine = by_account(dues)
    theirs: dict[int, list[Answer]] = {}
    for answer in sorted(answers, key=lambda a: (a.at, a.kind, a.by or "", a.on or "")):
        if answer.account in mine:
            theirs.setdefault(answer.account, []).append(answer)
    several = _several(answers)
    for account, places in mine.items():
        given = theirs.get(account, [])
        used: set[str] = set()
        _directly(dues, places, given, found, used)
        _by_thanks(dues, places, given, found, several)
        _in_kind(dues, places, [a for a in given if not a.thanks and a.by not in used], found)
    return found


def settle_by_word(dues: list[Due], settled: list[Settled | None], said: list[Said]) -> None:
    """Fill in what is open and the owner has spoken of since: her first word after an act holds for it."""
    by_person: dict[int, list[Said]] = {}
    for one in sorted(said, key=lambda s: s.at):
        by_person.setdefault(one.account, []).append(one)
    for place, due in enumerate(dues):
        if settled[place] is None:
            word = next((s for s in by_person.get(due.account, ()) if s.at >= due.at), None)
            if word is not None:
                settled[place] = Settled(
                    at=word.at, how=LET_GO if word.lets_go else ELSEWHERE, by=None, certain=True
                )


def _several(answers: list[Answer]) -> set[str]:
    """The thank-yous that name more than one person."""
    named: dict[str, set[int]] = {}
    for a in answers:
        if a.thanks and a.by:
            named.setdefault(a.by, set()).add(a.account)
    return {by for by, whom in named.items() if len(whom) > 1}


def _directly(
    dues: list[Due], places: list[int], given: list[Answer], found: list[Settled | None], used: set[str]
) -> None:
    first: dict[str, list[Answer]] = {}
    for answer in given:
        if answer.on is not None and answer.kind in _CERTAIN:
            first.setdefault(answer.on, []).append(answer)
    for place in places:
        due = dues[place]
        earliest = next((a for a in first.get(due.on or "", ()) if a.at >= due.at), None)
        if earliest is not None:
            how = "reply" if earliest.kind == "thanks" else earliest.kind
            found[place] = Settled(at=earliest.at, how=how, by=earliest.by, certain=True)
            if earliest.by:
                used.add(earliest.by)


def _by_thanks(
    dues: list[Due], places: list[int], given: list[Answer], found: list[Settled | None], several: set[str]
) -> None:
    posts = {dues[p].on for p in places if dues[p].on}
    for answer in given:
        if not answer.thanks or (answer.on in posts and not answer.of):
            continue
        for place in places:
            due = dues[place]
            meant = not answer.of or due.kind in answer.of
            fresh = 0 <= answer.at - due.at <= COVERS_DAYS * DAY_US
            earlier = (there := found[place]) is None or there.at > answer.at
            if meant and fresh and earlier:
                how = COLLECTIVE if answer.by in several else THANKS
                found[place] = Settled(at=answer.at, how=how, by=answer.by, certain=True)


def _in_kind(dues: list[Due], places: list[int], given: list[Answer], found: list[Settled | None]) -> None:
    still = sorted((p for p in places if found[p] is None), key=lambda p: dues[p].at)
    acts = [a for a in given if a.kind in IN_KIND]
    if not still or not acts:
        return
    longest = max(tau * (log(w) - log(OPEN)) for w, tau in IN_KIND.values()) * DAY_US
    for piece in _pieces(dues, still, longest):
        start, end = dues[piece[0]].at, dues[piece[-1]].at + longest
        here = [a for a in acts if start <= a.at <= end]
        if not here:
            continue
        taken = _assigned([dues[p].at for p in piece], here)
        acts = [a for n, a in enumerate(acts) if a not in taken.values()] if len(piece) == _AT_ONCE else acts
        for row, answer in taken.items():
            found[piece[row]] = Settled(at=answer.at, how=answer.kind, by=answer.by, certain=False)


def _pieces(dues: list[Due], still: list[int], longest: float) -> list[list[int]]:
    """Runs of open acts so far apart that no act can answer one of each; none longer than can be assigned at once."""
    runs: list[list[int]] = []
    for place in still:
        near = runs and dues[place].at - dues[runs[-1][-1]].at <= longest
        if near and len(runs[-1]) < _AT_ONCE:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _assigned(times: list[int], acts: list[Answer]) -> dict[int, Answer]:
    """Row -> act, of the assignment that costs least in all, leaving open included."""
    from scipy.optimize import linear_sum_assignment  # half a second that no other measure is to wait for

    acts = acts[: 4 * _AT_ONCE]
    weight = np.array([IN_KIND[a.kind] for a in acts])
    delay = (np.array([a.at for a in acts])[None, :] - np.array(times)[:, None]) / DAY_US
    cost = -np.log(weight[:, 0])[None, :] + np.maximum(delay, 0) / weight[:, 1][None, :]
    leave = -log(OPEN)
    cost = np.where((delay < 0) | (cost >= leave), 4 * leave + 1, cost)
    whole = np.hstack([cost, np.full((len(times), len(times)), leave)])
    rows, columns = linear_sum_assignment(whole)
    return {
        int(r): acts[c] for r, c in zip(rows, columns, strict=True) if c < len(acts) and cost[r, c] < leave
    }
