"""Reading a list that grows at its top: new things first, then what is still missing further down.

Servers list the newest first and give a place from which to go on. A walk goes down from the top to what was
read before. If it is interrupted, the part not yet walked is remembered as a gap; the next walk starts at the
top again and fills the gaps afterwards. So the first reading of a long history never keeps new things waiting,
and new things never make the history start anew.

Only the order and an opaque place are relied on, no comparing of ids: these differ from server to server. A list that
goes on for much longer than the server itself counts things is left, and gone on with the next time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from leumund.errors import (
    EndlessListError,
    NotNowError,
    SourceError,
    StrangeAnswerError,
    TokenRefusedError,
)
from leumund.locale import _
from leumund.sources import Cursor, Page

FRESH = "fresh"
"""In a page's position: 1 where it belongs to the stretch from the top down, whose pages join without a gap."""
GUESSED = "guessed"
"""In a page's position: 1 where the server did not say how its list goes on, so that something may be left out."""
_MOST_EMPTY = 3  # pages without anything in a row, before a server is not believed any more
_LATE = timedelta(days=2)  # how much later than its neighbours something may be listed
_ODD = 2  # so many on a page may bear a time that has nothing to do with their place
_LONGEST_PLACE = 8_192
_MOST_PAGES = 10_000  # in one run, whatever a server counts
_TIMES_COUNTED, _BESIDES = (
    3,
    2_000,
)  # so many times what it counts, and some more: servers count in their own ways


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list, the newest first. next: the place to go on from, None at the end.

    guessed: the server did not say how to go on; the place was made from what it listed.
    """

    data: bytes
    ids: tuple[str, ...]
    times: tuple[datetime, ...]
    next: str | None
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class _Gap:
    """A stretch not yet read: from a place (None: the top) down to an id (None: the end)."""

    place: str | None
    until: str | None
    until_at: str | None


@dataclass(frozen=True, slots=True)
class _State:
    top: str | None = None
    top_at: str | None = None
    since: str | None = None
    gaps: tuple[_Gap, ...] = ()

    @classmethod
    def of(cls, cursor: Cursor) -> _State:
        if not cursor:
            return cls()
        gaps = json.loads(str(cursor.get("gaps") or "[]"))
        text = {n: v if isinstance(v := cursor.get(n), str) else None for n in ("top", "top_at", "since")}
        return cls(**text, gaps=tuple(_Gap(*gap) for gap in gaps))

    def position(self) -> dict[str, str | int | float | None]:
        gaps = json.dumps([[g.place, g.until, g.until_at] for g in self.gaps])
        return {"top": self.top, "top_at": self.top_at, "since": self.since, "gaps": gaps}


Ask = Callable[[str | None], Listing]
"""The listing at a place; None: at the top."""

Made = Callable[[bytes, Mapping[str, str | int | float | None]], Page]
"""A page of these bytes with this position."""


def walk(
    cursor: Cursor,
    ask: Ask,
    made: Made,
    *,
    at: datetime,
    again: timedelta = timedelta(0),
    counted: int | None = None,
) -> Iterator[Page]:
    """The pages of a list from the top down to what is known, then those of the gaps.

    at: the moment of the reading: what claims to be later says nothing of what was read.
    again: how far below what is known to go, so that edits and counts of the last days are seen.
    counted: how many things the server says there are, where it says so.
    Each page carries the position from which the next call goes on. A failure in one stretch does not keep the
    others from being read; it is raised at the end.

    Raises:
        EndlessListError: the list went on for much too long; what is left of it is remembered.
    """
    state = _State.of(cursor)
    fresh = _Gap(None, state.top, state.top_at)
    todo = [fresh, *state.gaps]
    failed: list[_Gap] = []
    failure: SourceError | None = None
    patience = _Patience(counted)
    for index, gap in enumerate(todo):
        later = todo[index + 1 :]
        rest = None if gap is fresh else gap  # without a single page of the fresh stretch nothing has changed
        try:
            for listing, left in _stretch(gap, ask, made, again if gap is fresh else timedelta(0), patience):
                if gap is fresh and rest is None:
                    state = _topped(state, listing, at)
                rest = left
                gaps = [*failed, *([left] if left else []), *later]
                state = replace(state, since=_earliest(state.since, listing.times), gaps=tuple(gaps))
                marks = {FRESH: int(gap is fresh), GUESSED: int(listing.guessed)}
                yield made(listing.data, {**state.position(), **marks})
        except (TokenRefusedError, NotNowError, EndlessListError):
            raise
        except SourceError as error:
            failure = failure or error
            failed += [rest] if rest else []
    if failure:
        raise failure


@dataclass(slots=True)
class _Patience:
    """How long a walk goes on. counted: what the server says there is; pages, things: what was listed so far."""

    counted: int | None
    pages: int = 0
    things: int = 0

    def is_over(self, listing: Listing) -> bool:
        """Take note of one page more."""
        self.pages += 1
        self.things += len(listing.ids)
        too_many = self.counted is not None and self.things > self.counted * _TIMES_COUNTED + _BESIDES
        return too_many or self.pages >= _MOST_PAGES


def _stretch(
    gap: _Gap, ask: Ask, made: Made, again: timedelta, patience: _Patience
) -> Iterator[tuple[Listing, _Gap | None]]:
    """The listings of one stretch, each with what is left of it afterwards."""
    place = gap.place
    been = {place}
    before: tuple[str, ...] = ()
    empty = 0
    while True:
        listing = ask(place)
        if listing.ids and listing.ids == before:  # a server that cannot page gives the first page for ever
            yield Listing(data=b"[]", ids=(), times=(), next=None, guessed=listing.guessed), None
            return
        before = listing.ids
        empty = 0 if listing.ids else empty + 1
        onwards = listing.next if listing.next not in been and empty < _MOST_EMPTY else None
        if onwards is None or _reached(gap, listing, again):
            yield listing, None
            return
        if len(onwards) > _LONGEST_PLACE:  # it would be kept, and sent back each time
            yield listing, _Gap(place, gap.until, gap.until_at)
            raise StrangeAnswerError(
                made(b"[]", {}).where, _("what it says of where its list goes on is too long")
            )
        been.add(onwards)
        place = onwards
        yield listing, _Gap(place, gap.until, gap.until_at)
        if patience.is_over(listing):
            raise EndlessListError(patience.pages, patience.things)


def _reached(gap: _Gap, listing: Listing, again: timedelta) -> bool:
    """Whether what was known before begins on this page."""
    if gap.until is None or not listing.times:
        return False
    if gap.until in listing.ids and not again:
        return True
    if gap.until_at is None:
        return gap.until in listing.ids
    until = datetime.fromisoformat(gap.until_at)
    return until - sorted(listing.times)[: _ODD + 1][-1] > max(again, _LATE)


def _topped(state: _State, listing: Listing, at: datetime) -> _State:
    """The same with a new top, where the list has one. What claims to be of tomorrow says nothing of what was read."""
    if not listing.ids:
        return state
    newest = min(sorted(listing.times)[-_ODD - 1 :][0], at) if listing.times else None
    return replace(state, top=listing.ids[0], top_at=newest.isoformat() if newest else None)


def _earliest(known: str | None, times: tuple[datetime, ...]) -> str | None:
    found = [t.isoformat() for t in times] + ([known] if known else [])
    return min(found, default=None, key=datetime.fromisoformat)
