"""The owner's no-go list: who may belong on it and why, who stands there, on and off. For her alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time
from typing import Any

from leumund.clean import clean
from leumund.errors import UsageError
from leumund.ids import account_key
from leumund.lab import Lab
from leumund.locale import N_, _
from leumund.meant import uri_meant
from leumund.measures import Reading, called
from leumund.spoken.days import day_said
from leumund.spoken.zones import today_at
from leumund.store.nogo import Entry, entries_of, kept, listed, put, removed, undone
from leumund.views import cells, vague
from leumund.views.words import label
from leumund.web.page import Asked, Elsewhere, Page, whole_said
from leumund.web.sight import Sight

_MOST = 10  # proposals at once
_LONGEST_REASON = 300


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    at = datetime.now(UTC)
    tables = sight.state.tables
    entries = listed(sight.lab.register, at=at)
    people = {tables.person_of(e.account) for e in entries}
    reading = sight.reading("conduct")
    proposed = [r for r in _rows(reading) if r["proposed"] and r["account"] not in people]
    whom = asked.query.get("account", "")
    names, _handles = called(tables, sight.lab.names, people | {r["account"] for r in proposed})
    return {
        "entries": [_entry(e, names.get(tables.person_of(e.account), ""), at) for e in entries],
        "changed": bool(undone(sight.lab.register, at=at)),
        "proposed": [_proposal(r, names) for r in proposed[:_MOST]],
        "left": max(0, len(proposed) - _MOST),
        "whom": _named(sight, whom),
        "limits": list(_limits(reading)),
        "few": not reading.rows and not reading.figures.get("accounts"),
    }


def _rows(reading: Reading) -> Iterator[dict[str, Any]]:
    names = [c.name for c in reading.columns]
    return (dict(zip(names, row, strict=True)) for row in reading.rows)


def _named(sight: Sight, whom: str) -> str:
    """The account a link of ours names, as a person writes it."""
    key = whole_said(whom)
    return "" if key is None else clean(sight.lab.names([key]).get(key, ""), 200)


def _entry(entry: Entry, name: str, at: datetime) -> dict[str, Any]:
    told = [_("since {day}").format(day=cells.day(entry.since))]
    if entry.until:
        told.append(_("until {day}").format(day=cells.day(entry.until)))
    told.append(_("look again on {day}").format(day=cells.day(entry.review)))
    return {
        "account": entry.account,
        "name": clean(name or entry.uri, 80),
        "reason": clean(entry.reason, _LONGEST_REASON) or _("no reason given"),
        "told": ", ".join(told),
        "due": entry.is_due(at),
    }


def _proposal(row: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    """What speaks for it, with its interval, and the words that may stand as the reason."""
    low, high = (cells.written("share", row[name]) for name in ("share_low", "share_high"))
    evidence = _("{what}: {share} of {n} posts; at least {low}, at most {high} (90 per cent sure)")
    if vague.is_on():
        evidence = _("{what} in its posts: {share}")
    return {
        "account": row["account"],
        "name": clean(names.get(row["account"], str(row["account"])), 80),
        "beyond": clean(row["beyond"] or "", _LONGEST_REASON),
        "evidence": evidence.format(
            what=label(row["evidence"]), share=cells.written("share", row["share"]),
            n=cells.number(row["posts"]), low=low, high=high,
        )
        if row["evidence"]
        else "",
    }  # fmt: skip


def _limits(reading: Reading) -> Iterator[str]:
    for note in reading.notes:
        if "limits" in note.values or note.text.startswith("You have set no limits"):
            yield cells.sentence(note)


def _change(sight: Sight, asked: Asked) -> Elsewhere:
    at = datetime.now(UTC)
    since = sight.as_of if sight.as_of < at and sight.as_of != sight.at else None
    do = asked.form.get("do", "")
    with Lab.open(sight.folder) as there:
        if do == "put":
            made = list(_put(there, asked, at, since))
            said = _("On your no-go list. Nobody else sees it.")
        elif do in {"off", "keep"}:
            entries = _meant(there, asked.form.get("account", ""), at)
            made = kept(entries, at=at) if do == "keep" else [removed(e, at=at, since=since) for e in entries]
            said = _("Noted.") if do == "keep" else _("Off your no-go list.")
        else:
            made = undone(there.register, at=at, since=since) if do == "undo" else []
            if not made:
                raise UsageError(_("Your no-go list has never been changed."))
            said = _("The last change is taken back.")
        with there.writing_patiently(at) as writer:
            writer.add(made)
    return Elsewhere("/nogo", said, soon=True)


def _put(there: Lab, asked: Asked, at: datetime, since: datetime | None) -> Iterator[Any]:
    whom, until = asked.form.get("account", ""), asked.form.get("until", "")
    if not whom:
        raise UsageError(_("Say whom."), hint=_("Write it as on the network: @name@server, name.bsky.social, x.com/name or a profile link."))  # fmt: skip
    key = whole_said(whom)
    known = None if key is None else there.register.known_as([key]).get(key)
    uri = str(known["uri"]) if known else uri_meant(there, whom)
    end = None
    if until:
        day = day_said(until, today_at(at), toward="future")
        end = datetime.combine(day, time.max, UTC)
    reason = asked.form.get("reason", "").strip()[:_LONGEST_REASON]
    yield from put(there.register, [uri], at=at, since=since, reason=reason, until=end).values()


def _meant(there: Lab, written: str, at: datetime) -> list[Entry]:
    key = whole_said(written)
    found = entries_of(there.register, account_key(written) if key is None else key, at=at)
    if not found:
        raise UsageError(_("That account is not on your no-go list."))
    return found


PAGE = Page(
    name="nogo",
    path="/nogo",
    title=N_("No-go list"),
    take=_take,
    change=_change,
    group="people",
    order=8,
    remembered=False,
    feeds=("conduct",),
)
