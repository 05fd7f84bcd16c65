"""Standing in one owner's lab: how much is known of somebody, by the strongest evidence there is.

    trusted by the owner                         1
    two-way exchange in three weeks or more      .7
    followed by the owner                        .5
    known to k whom the owner trusts             1 - .7^k
    else, on her no-go list, or a declared robot 0

Marks of the owner hold at once; all other evidence a day later, so that no act of today weighs itself. No kind of
evidence that comes about by itself (exchange, follows, acquaintance) may weigh more in all than 150 people, or half
of those marked, if these are more: who follows ten thousand back does not know ten thousand. (So at most a third of
all standing, beyond what one person can know, comes from one such kind.)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leumund.locale import N_
from leumund.measures import Note
from leumund.measures.days import DAY_US
from leumund.measures.standing.searched import places
from leumund.measures.standing.ties import BEGINNING, NEVER, TIES, automated_in, ties_in
from leumund.store.marks import MARKS
from leumund.store.tables import Tables

Numbers = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
T = TypeVar("T", bound=np.generic)

NOBODY_KNOWN = N_("Nobody's standing is known yet. Say whom you know and trust: leumund trust ACCOUNT")

CLASSES = (N_("none"), N_("known"), N_("followed"), N_("exchanged"), N_("trusted"), N_("barred"))
"""What a standing may rest on; "barred": on the no-go list, or automated by its own word."""

TRUSTED, EXCHANGED, FOLLOWED, NOT_KNOWN_BY_ONE = 1.0, 0.7, 0.5, 0.7
ROOM = 150.0  # people's worth of standing that one kind of evidence may give without any mark


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spans:
    """From when to when something holds of somebody (`who`, a place in the keys); `by`: through whom, else -1;
    deleted: it ended because what told of it was deleted.
    """

    who: Indices
    since: Indices
    until: Indices
    by: Indices
    deleted: Flags

    def holding(self, at_us: int) -> Flags:
        return (self.since <= at_us) & (at_us < self.until)


@dataclass(slots=True)
class Personal:
    """Everybody's standing at any moment of one owner's lab. keys: of those of whom anything is known, sorted."""

    keys: Indices
    spans: dict[str, _Spans]
    kind: Literal["personal"] = "personal"
    _turns: dict[str, Indices] = field(default_factory=dict)  # the moments at which anything changes
    _last: tuple[tuple[int, int], Numbers, Indices] | None = None

    @property
    def known_since(self) -> int | None:
        """Since when there is anybody of standing; None where there never was."""
        return self.earliest("trust", "exchanged", "followed")

    @property
    def marks(self) -> Personal:
        """Itself: where the owner's marks and all ties are kept."""
        return self

    def earliest(self, *names: str) -> int | None:
        """Since when any of these spans holds of anybody."""
        return min(
            (int(s.since.min()) for s in map(self.spans.__getitem__, names) if len(s.since)), default=None
        )

    def at(self, keys: Indices, moment_us: int, *, marks_us: int | None = None) -> Numbers:
        """The standing of these people, from 0 to 1. marks_us: the marks as of then; at that moment unless given."""
        return found(self.keys, keys, self._all(moment_us, marks_us)[0])

    def classes(self, keys: Indices, moment_us: int, *, marks_us: int | None = None) -> Indices:
        """What their standing rests on, as places in `CLASSES`."""
        return found(self.keys, keys, self._all(moment_us, marks_us)[1])

    def barred(self, keys: Indices, moment_us: int, *, marks_us: int | None = None) -> Flags:
        """Who is on the no-go list or a robot by her own word: such acts count for nothing."""
        return np.asarray(self.classes(keys, moment_us, marks_us=marks_us) == CLASSES.index("barred"))

    def all_barred(self, moment_us: int) -> Indices:
        """The keys of all who are at that moment."""
        return self.keys[_barred(len(self.keys), self.spans, moment_us, _evidence_until(moment_us))]

    def trusted(self, moment_us: int) -> Indices:
        """The keys of those whom the owner trusts at that moment."""
        spans = self.spans["trust"]
        return np.unique(self.keys[spans.who[spans.holding(moment_us)]])

    def notes(self) -> tuple[Note, ...]:
        """What must be said where nobody has any standing yet."""
        return () if self.known_since is not None else (Note(NOBODY_KNOWN),)

    def reached(self, moment_us: int) -> tuple[None, None]:
        """One person's lab has no graph to see."""
        del moment_us
        return None, None

    def turn(self, moment_us: int, *, marks_us: int | None = None) -> tuple[int, int]:
        """What all standing depends on: two moments with the same turn give the same."""
        marks_us = moment_us if marks_us is None else marks_us
        return (
            int(np.searchsorted(self._moments("marks"), marks_us, side="right")),
            int(np.searchsorted(self._moments("ties"), _evidence_until(moment_us), side="right")),
        )

    def _all(self, moment_us: int, marks_us: int | None) -> tuple[Numbers, Indices]:
        turn = self.turn(moment_us, marks_us=marks_us)
        if self._last is None or self._last[0] != turn:
            marks_us = moment_us if marks_us is None else marks_us
            self._last = (turn, *_weighed(len(self.keys), self.spans, marks_us, _evidence_until(moment_us)))
        return self._last[1], self._last[2]

    def _moments(self, which: str) -> Indices:
        if which not in self._turns:
            spans = [self.spans[name] for name in (MARKS if which == "marks" else TIES)]
            self._turns[which] = np.unique(np.concatenate([m for s in spans for m in (s.since, s.until)]))
        return self._turns[which]


def _evidence_until(moment_us: int) -> int:
    """The end of the day before: evidence counts a day later."""
    return moment_us // DAY_US * DAY_US - 1


def personal(tables: Tables) -> Personal:
    """What one owner's lab knows of everybody."""
    return _personal(tables, ties_in(tables))


def marked(tables: Tables) -> Personal:
    """The same of marks and robots alone, which is all that counts in a community."""
    return _personal(tables, automated_in(tables))


def _personal(tables: Tables, ties: pa.Table) -> Personal:
    marks = _marks(tables)
    own = np.array([] if tables.own is None else [tables.own], np.int64)
    columns = [ties["account"], ties["through"].filter(pc.not_equal(ties["through"], 0)), marks["account"]]
    keys = np.unique(np.concatenate([own, *(c.to_numpy().astype(np.int64) for c in columns)]))
    spans = {name: _spans(keys, ties.filter(pc.equal(ties["tie"], name))) for name in TIES}
    for mark in MARKS:
        spans[mark] = _spans(keys, marks.filter(pc.equal(marks["mark"], mark)))
    if len(own):
        spans["own"] = _Spans(who=np.searchsorted(keys, own), since=np.array([BEGINNING]), until=np.array([NEVER]),
                              by=np.array([-1]), deleted=np.array([False]))  # fmt: skip
    return Personal(keys=keys, spans=spans)


def _barred(size: int, spans: dict[str, _Spans], marks_us: int, evidence_us: int) -> Flags:
    barred = np.zeros(size, np.bool_)
    for name, at_us in (("automated", evidence_us), ("nogo", marks_us)):
        barred[spans[name].who[spans[name].holding(at_us)]] = True
    return barred


def _weighed(size: int, spans: dict[str, _Spans], marks_us: int, evidence_us: int) -> tuple[Numbers, Indices]:
    tau, on = np.zeros(size), np.zeros(size, np.int64)
    trusted = np.zeros(size, np.bool_)
    for name in ("trust", "own"):
        if name in spans:
            trusted[spans[name].who[spans[name].holding(marks_us)]] = True
    barred = _barred(size, spans, marks_us, evidence_us)
    trusted &= ~barred  # they lend nothing either
    known = spans["known"]
    live = known.holding(evidence_us) & trusted[known.by] if len(known.who) else np.zeros(0, np.bool_)
    pairs = np.unique(np.stack([known.who[live], known.by[live]]), axis=1)[0]
    familiar = np.bincount(pairs, minlength=size)
    _raise(tau, on, "known", np.asarray(1 - NOT_KNOWN_BY_ONE**familiar, np.float64))
    for name, worth in (("followed", FOLLOWED), ("exchanged", EXCHANGED)):
        some = np.zeros(size)
        some[spans[name].who[spans[name].holding(evidence_us)]] = worth
        _raise(tau, on, name, some)
    _raise(tau, on, "trusted", np.where(trusted, TRUSTED, 0.0))
    tau[barred], on[barred] = 0.0, CLASSES.index("barred")
    room = max(ROOM, float(trusted.sum()) * TRUSTED / 2)
    for name in ("known", "followed", "exchanged"):
        those = on == CLASSES.index(name)
        total = float(tau[those].sum())
        if total > room:
            tau[those] *= room / total
    return tau, on


def _raise(tau: Numbers, on: Indices, name: str, worth: Numbers) -> None:
    """Let this evidence count where it says more than what was there."""
    more = worth > tau
    tau[more], on[more] = worth[more], CLASSES.index(name)


def found(keys: Indices, wanted: Indices, values: npt.NDArray[T]) -> npt.NDArray[T]:
    """The values of these keys, 0 where there is none."""
    if not len(keys):
        return np.zeros(len(wanted), values.dtype)
    at = np.minimum(places(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, values[at], np.zeros(1, values.dtype))


def _spans(keys: Indices, rows: pa.Table) -> _Spans:
    def column(name: str) -> Indices:
        return np.asarray(rows[name].to_numpy(), np.int64)

    by = column("through")
    return _Spans(
        who=np.searchsorted(keys, column("account")),
        since=column("since_us"),
        until=column("until_us"),
        by=np.where(by == 0, -1, np.searchsorted(keys, by)),
        deleted=np.asarray(rows["deleted"].to_numpy(zero_copy_only=False), np.bool_),
    )


def _marks(tables: Tables) -> pa.Table:
    """The spans of the owner's marks: account, mark, since_us, until_us, through.

    A mark holds from the moment it is meant from until it is taken back or ends; set again meanwhile, it holds from the
    earlier of the two.
    """
    rows = tables.arrow(
        f"""select account, mark, epoch_us(since) as since_us, coalesce(epoch_us("until"), {NEVER}) as until_us,
                   holds from marks
            order by account, mark, said_at, known_at"""
    ).to_pylist()
    spans: list[tuple[int, str, int, int]] = []
    held: dict[tuple[int, str], tuple[int, int]] = {}
    for row in rows:
        key = row["account"], row["mark"]
        since, until = held.pop(key, (NEVER, NEVER))
        if row["holds"] and row["since_us"] < until:  # said again meanwhile
            held[key] = min(row["since_us"], since), row["until_us"]
            continue
        spans.append((*key, since, until if row["holds"] else min(until, row["since_us"])))
        if row["holds"]:
            held[key] = row["since_us"], row["until_us"]
    spans += [(*key, since, until) for key, (since, until) in held.items()]
    spans = [span for span in spans if span[2] < span[3]]
    columns = list(zip(*spans, strict=True)) if spans else [(), (), (), ()]
    kinds = (pa.int64(), pa.string(), pa.int64(), pa.int64())
    account, mark, since, until = (pa.array(c, k) for c, k in zip(columns, kinds, strict=True))
    return pa.table({"account": account, "mark": mark, "since_us": since, "until_us": until,
                     "through": pa.array(np.zeros(len(account), np.int64)),
                     "deleted": pa.array(np.zeros(len(account), np.bool_))})  # fmt: skip
