"""Standing from the weeks that are kept: reckoned once a week, or when somebody else is trusted, barred or deleted."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from leumund.measures import Note
from leumund.measures.standing.community import NO_SEEDS, WEEKS, Community, community_of
from leumund.measures.standing.personal import Flags, Indices, Numbers, Personal, found, marked
from leumund.measures.weeks import week_at, week_end, week_start
from leumund.network.accounts import Accounts
from leumund.network.kept import Kept
from leumund.network.pairs import read
from leumund.store.register import as_us
from leumund.store.tables import Tables

_EDGES = pa.schema(
    {
        "actor": pa.int64(),
        "target": pa.int64(),
        "week": pa.int64(),
        "until_us": pa.int64(),
        "weight": pa.float64(),
    }
)


@dataclass
class Trusted:
    """A `measures.standing.Standing` that remembers what it said, so that nothing is reckoned twice.

    anew: whether the standing of this week was reckoned now.
    """

    kept: Kept
    marks: Personal
    now_us: int
    anew: bool = False
    _said: tuple[Indices, str] | None = None
    kind: Literal["community"] = "community"

    @cached_property
    def whole(self) -> Community:
        """With all ties of all weeks, for what is not remembered."""
        weeks = self.kept.told["weeks"]
        return self._with(
            [e["ties"] for w, e in sorted(weeks.items(), key=lambda p: int(p[0])) if "ties" in e]
        )

    @property
    def keys(self) -> Indices:
        """Everybody of whom anything is known, sorted."""
        return self.whole.keys

    @property
    def known_since(self) -> int | None:
        """Since when the operator trusts anybody; None where she never did."""
        return self.marks.earliest("trust")

    def notes(self) -> tuple[Note, ...]:
        """What must be said where there are no seeds."""
        return () if self.known_since is not None else (Note(NO_SEEDS),)

    def barred(self, keys: Indices, moment_us: int, *, marks_us: int | None = None) -> Flags:
        """Who is on the no-go list or a robot by her own word."""
        return self.marks.barred(keys, moment_us, marks_us=marks_us)

    def turn(self, moment_us: int, *, marks_us: int | None = None) -> Hashable:
        """What all standing depends on: two moments with the same turn give the same."""
        return (week_at(moment_us), *self.marks.turn(moment_us, marks_us=marks_us))

    def reached(self, moment_us: int) -> tuple[float | None, float | None]:
        """What share of accounts and of ties the trusted accounts can see at all."""
        return self.whole.reached(moment_us)

    def at(self, keys: Indices, moment_us: int, *, marks_us: int | None = None) -> Numbers:
        """The standing of these people (sorted) at a moment. marks_us: the marks as of then."""
        week = week_at(moment_us)
        rests, _ties = self._rests(week, moment_us if marks_us is None else marks_us)
        for said in (
            self.kept.told.get("standing", {}),
            self.kept.told.setdefault("voices", {}).get(str(week), {}),
        ):
            if said.get("rests") == rests:
                there = self.kept.get(said["keys"])
                if said is self.kept.told.get("standing") or np.isin(keys, there).all():
                    return found(there, keys, self.kept.get(said["tau"]))
        tau = self.whole.at(keys, moment_us, marks_us=marks_us)
        self.kept.told["voices"][str(week)] = {
            "rests": rests, "keys": self.kept.put("voices", keys), "tau": self.kept.put("voices-tau", tau),
        }  # fmt: skip
        return tau

    def voices(self, accounts: Accounts) -> Numbers:
        """Of each number tau now, and what of it counts as a stranger."""
        self._bring_up_to_date()
        said: dict[str, Any] = self.kept.told["standing"]
        keys, known = self.kept.get(said["keys"]), self.kept.get(said["tau"])
        if "numbered" not in said:
            said["numbered"] = self.kept.put("standing-numbered", _numbered(accounts, 0, keys, known))
        tau = np.asarray(self.kept.get(said["numbered"]))
        if len(tau) < len(accounts):  # who was met since
            tau = np.concatenate([tau, _numbered(accounts, len(tau), keys, known)])
        voices = np.column_stack([tau, 1.0 - np.minimum(1.0, tau)])
        barred = accounts.numbers(self.marks.all_barred(self.now_us))
        voices[barred[barred >= 0], 1] = 0.0
        return voices

    def _bring_up_to_date(self) -> None:
        """Reckon the standing of this moment, beginning where the last one ended."""
        rests, ties = self._rests(week_at(self.now_us), self.now_us)
        last: dict[str, Any] = self.kept.told.get("standing", {})
        if last.get("rests") == rests:
            return
        who = self._with(ties)
        if last:
            who.begun = found(self.kept.get(last["keys"]), who.keys, self.kept.get(last["p"]))
        tau, p = who.everybody(self.now_us), who.last()
        self.anew = True
        self.kept.told["standing"] = {
            "rests": rests, "keys": self.kept.put("standing-keys", who.keys),
            "tau": self.kept.put("standing-tau", tau),
            "p": self.kept.put("standing-p", np.zeros(len(who.keys)) if p is None else p),
        }  # fmt: skip

    def rests(self, week: int) -> str:
        """A name for all that the standing of those who vote in a week rests on."""
        return self._rests(week, week_end(week))[0]

    def rests_now(self) -> str:
        """The same for the standing of everybody at this moment."""
        return self._rests(week_at(self.now_us), self.now_us)[0]

    def _rests(self, week: int, marks_us: int) -> tuple[str, list[str]]:
        """A name for all that the standing of a week rests on, and the files of its ties."""
        weeks = self.kept.told["weeks"]
        ties = [weeks[str(w)]["ties"] for w in range(week - WEEKS, week) if "ties" in weeks.get(str(w), {})]
        barred = self._written(self.marks.all_barred(week_start(week)))
        what = f"({week}, {ties!r}, {self.marks.trusted(marks_us).tolist()!r}, {barred})"
        return sha256(what.encode()).hexdigest(), ties

    def _written(self, keys: Indices) -> str:
        """These keys in words: the same ones week after week, and many."""
        if self._said is None or not np.array_equal(self._said[0], keys):
            self._said = keys, repr(keys.tolist())
        return self._said[1]

    def _with(self, ties: list[str]) -> Community:
        rows = pa.concat_tables([read(self.kept, file) for file in ties] or [_EDGES.empty_table()])
        return community_of(rows.cast(_EDGES), self.marks, folder=self.kept.folder)


def _numbered(accounts: Accounts, first: int, keys: Indices, values: Numbers) -> Numbers:
    """The values of the numbers from the first on, from those of keys, rising; 0 where there is none."""
    some = np.flatnonzero(accounts.number >= first)
    wanted = accounts.ordered[some]  # rising as well: one is found beside the other
    numbered = np.zeros(len(some))
    if len(keys):
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        numbered[accounts.number[some] - first] = np.where(keys[at] == wanted, values[at], 0.0)
    return numbered


def trusted(tables: Tables, kept: Kept) -> Trusted:
    """The standing of everybody at `as_of` and before, from the weeks that are kept."""
    return Trusted(kept, marked(tables), as_us(tables.as_of))
