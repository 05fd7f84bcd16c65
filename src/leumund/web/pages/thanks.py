"""The thanks ledger: who waits, what for, since when; a draft to copy. Nothing is ever sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from leumund.clean import clean
from leumund.errors import UsageError
from leumund.ids import account_key
from leumund.lab import Lab
from leumund.locale import N_, _, ngettext
from leumund.measures import Reading, called
from leumund.measures.courtesy.drafts import drafts_for_all
from leumund.measures.courtesy.matching import ELSEWHERE, LET_GO
from leumund.saying import keep
from leumund.store.entries import Entry, corrected, entries_in, held
from leumund.store.register import as_time, as_us
from leumund.store.thanked import HOWS, settled_by_word
from leumund.views import cells
from leumund.views.words import word
from leumund.web.deeds import deed, texts_of
from leumund.web.page import Asked, Elsewhere, Page, whole_said
from leumund.web.sight import Sight

_AT_ONCE = 20  # people on one page
_SHOWN = 1  # act of each person; the others fold away
_LAST = 8  # of the owner's own words that can be taken back here
_WEEK = 7


@dataclass(slots=True)
class Waiting:
    """One person. acts: rows of the reading that are open, or were until the owner spoke; draft: network -> text."""

    key: int
    name: str
    acts: list[Mapping[str, Any]]
    drafts: dict[str, str] | None = None


@dataclass(slots=True)
class Owed:
    """The ledger as one state of the lab tells it; the owner's words since then are laid over it."""

    reading: Reading
    people: list[Waiting]
    texts: dict[str, str] = field(default_factory=dict)


def _owed(sight: Sight) -> Owed:
    reading = sight.reading("courtesy")
    names = [c.name for c in reading.columns]
    acts: dict[int, list[Mapping[str, Any]]] = {}
    for row in reading.rows:
        act = dict(zip(names, row, strict=True))
        if act["open"] or act["answered"] in (ELSEWHERE, LET_GO):
            acts.setdefault(act["account"], []).append(act)
    called_so, _handles = called(sight.state.tables, sight.lab.names, acts)
    people = [Waiting(key, clean(called_so.get(key, str(key)), 80), done) for key, done in acts.items()]
    people.sort(key=lambda p: min(a["turn"] or len(reading.rows) for a in p.acts))
    texts = texts_of(sight.state.tables, (a["post"] for p in people for a in p.acts))
    return Owed(reading, people, texts)


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    owed = sight.once("owed", lambda: _owed(sight))
    words = _words(sight)
    waiting = [(p, still) for p in owed.people if (still := _still(p, words))]
    shown = waiting if asked.query.get("all") else waiting[:_AT_ONCE]
    _with_drafts(sight, [p for p, _still in shown])
    return {
        "capacity": list(_capacity(owed.reading)),
        "count": len(waiting),
        "waiting": [_written(owed, p, still) for p, still in shown],
        "shown": _SHOWN,
        "more": _more(len(waiting) - len(shown)),
        "said": list(_said(sight, words)),
        "own": sight.state.tables.own is not None,
    }


def waits(sight: Sight, key: int) -> str:
    """Since when somebody waits for thanks; "" where she does not."""
    owed = sight.once("owed", lambda: _owed(sight))
    person = next((p for p in owed.people if p.key == key), None)
    still = _still(person, _words(sight)) if person else []
    return _since(owed, still) if still else ""


def _since(owed: Owed, still: list[Mapping[str, Any]]) -> str:
    first = min(a["time"] for a in still)
    days = max(0, (owed.reading.as_of.date() - first.date()).days)
    if not days:
        return _("since today")
    text = ngettext("waits since {day}, for {n} day", "waits since {day}, for {n} days", days)
    return text.format(day=cells.day(first), n=days)


def _words(sight: Sight) -> list[tuple[int, Entry]]:
    """What the owner said of thanks, with the person it is about; the latest first."""
    heads, tables = sight.lab.register.aliases(), sight.state.tables
    found = []
    for entry in held(sight.lab.register, "thanks"):
        key = account_key(str(entry.body.get("thanks")))
        found.append((tables.person_of(heads.get(key, key)), entry))
    return sorted(found, key=lambda f: f[1].last.said_at, reverse=True)


def _still(person: Waiting, words: list[tuple[int, Entry]]) -> list[Mapping[str, Any]]:
    """What is open from somebody now."""
    until = max((e.happened_at for key, e in words if key == person.key), default=None)
    return [a for a in person.acts if until is None or as_us(a["time"]) > until]


def _with_drafts(sight: Sight, people: list[Waiting]) -> None:
    new = {p.key: [a["kind"] for a in p.acts] for p in people if p.drafts is None}
    if not new:
        return
    found = drafts_for_all(sight.state.tables, new)
    for person in people:
        if person.key in found:
            person.drafts = {word(n): text for n, text in found[person.key].items() if text}


def _written(owed: Owed, person: Waiting, still: list[Mapping[str, Any]]) -> dict[str, Any]:
    acts = sorted(still, key=lambda a: as_us(a["time"]), reverse=True)
    return {
        "key": person.key,
        "name": person.name,
        "since": _since(owed, still),
        "why": ", ".join(dict.fromkeys(a["reason"] for a in acts if a["reason"])),
        "acts": [deed(a["kind"], a["time"], a["post"], owed.texts.get(a["post"])) for a in acts],
        "more": ngettext("and one more", "and {n} more", len(acts) - _SHOWN).format(
            n=cells.number(len(acts) - _SHOWN)
        ),
        "drafts": person.drafts or {},
    }


def _more(left: int) -> str:
    return (
        ngettext("and one more person", "and {n} more people", left).format(n=cells.number(left))
        if left
        else ""
    )


def _capacity(reading: Reading) -> Iterator[str]:
    """So many a week merit thanks, so many can be answered; whether that goes together."""
    rate, can, load = (reading.figures.get(name) for name in ("rate", "time_for", "load"))
    if not isinstance(rate, int | float) or not isinstance(can, int | float) or load is None:
        if reading.rows:
            yield _("Whether you can keep up is not known yet: fewer than two weeks are known.")
        return
    came = round(rate * _WEEK)
    text = ngettext("In a week {n} deed merits thanks; you have time for {can}.",
                    "In a week {n} deeds merit thanks; you have time for {can}.", came)  # fmt: skip
    yield text.format(n=cells.number(came), can=cells.number(round(can * _WEEK)))
    if float(load) >= 1:
        yield _("More comes than you can answer. Those who gave a reason, were new or long silent stand first; letting the others go is no failing.")  # fmt: skip
    else:
        yield _("You can keep up with that.")


def _said(sight: Sight, words: list[tuple[int, Entry]]) -> Iterator[dict[str, Any]]:
    """The owner's last words, which she can take back."""
    names, _handles = called(sight.state.tables, sight.lab.names, [key for key, _e in words[:_LAST]])
    for key, entry in words[:_LAST]:
        let_go = entry.body.get("answer") == "let go"
        text = _("{account}: let go, {day}") if let_go else _("{account}: thanked, {day}")
        day = cells.day(as_time(entry.happened_at))
        yield {
            "entry": entry.entry,
            "text": text.format(account=clean(names.get(key, str(key)), 80), day=day),
        }


def _change(sight: Sight, asked: Asked) -> Elsewhere:
    at = datetime.now(UTC)
    what = asked.form.get("do", "")
    with Lab.open(sight.folder) as there:
        if what == "back":
            number = asked.form.get("entry", "")
            entry = next((e for e in entries_in(there.register, ["thanks"]) if e.entry == number and e.holds), None)  # fmt: skip
            if entry is None:
                raise UsageError(_("That was taken back already."))
            when = as_time(entry.happened_at)
            keep(there, [corrected(entry, entry.body, happened_at=when, said_at=at, holds=False)], at=at)
            return Elsewhere("/thanks", _("Taken back: it is open again."), soon=True)
        key = whole_said(asked.form.get("person", ""))
        if what not in HOWS or key is None or key not in sight.lab.register.known_as([key]):
            raise UsageError(_("That is no answer about somebody who waits for thanks."))
        when = sight.as_of if sight.as_of != sight.at else at  # the demo's last day is over
        name = sight.lab.names([key]).get(key, "")
        keep(there, settled_by_word(there.register, [key], what, happened_at=when, said_at=at), at=at)
    text = _("{account}: let go.") if what == "let go" else _("{account}: thanked.")
    return Elsewhere("/thanks", text.format(account=clean(name, 80)), soon=True)


PAGE = Page(
    name="thanks",
    path="/thanks",
    title=N_("Thanks"),
    take=_take,
    change=_change,
    group="start",
    order=4,
    remembered=False,
    feeds=("courtesy",),
)
