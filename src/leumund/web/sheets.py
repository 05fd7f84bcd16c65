"""Pages on which the owner enters something: a form in plain words, the list of what there is, change, take away, undo.

A page names its sheets, one for each kind of entry; what the words mean is read where commands read them
(`leumund.entering`). What cannot be understood is shown again as it was filled in, with what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Literal

from leumund.clean import clean
from leumund.entering import kept
from leumund.entering.lines import dated, line
from leumund.entering.said import Said, midnight, today_at
from leumund.errors import UsageError
from leumund.events import StatementKind
from leumund.lab import Lab
from leumund.locale import N_, _
from leumund.saying import can_be_taken_back, take_back
from leumund.store.entries import Entry
from leumund.store.register import as_time
from leumund.views import cells
from leumund.web.page import Asked, Elsewhere
from leumund.web.sight import Sight

_SHOWN = 50
_LONGEST = 200  # letters of an entry, where it is said back

SOME_NETWORK: tuple[tuple[str, str], ...] = (
    ("", N_("all")), ("mastodon", "Mastodon"), ("bluesky", "Bluesky"), ("x", "X"), ("linkedin", "LinkedIn"),
    ("facebook", "Facebook"), ("blog", N_("blog")), ("other", N_("other")),
)  # fmt: skip
Filled = Mapping[str, str]
"""What was filled in, by field; "" where nothing was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form. title, example, choices' titles: English, marked for translation. wide: as wide as there is room."""

    name: str
    title: str
    kind: Literal["text", "area", "select", "check"] = "text"
    example: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    needed: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One kind of entry. said: what was filled in, understood; told: an entry as its form would have been filled in.

    doubts: what she may not expect of what she entered. title: above the form; listed: above the list; nothing: where there is none.
    """

    kind: StatementKind
    title: str
    listed: str
    nothing: str
    fields: tuple[Field, ...]
    said: Callable[[Lab, date, Filled], Said]
    told: Callable[[Entry], Filled]
    doubts: Callable[[Lab, Said], list[str]] = lambda _lab, _said: []


def taken(sheets: tuple[Sheet, ...], sight: Sight, asked: Asked) -> dict[str, Any]:
    """The sheets and whether there is anything to take back, for `sheets.html`."""
    return {
        "sheets": [_taken(sheet, sight, asked) for sheet in sheets],
        "undo": can_be_taken_back(sight.lab.register, {s.kind for s in sheets}),
    }


def _taken(sheet: Sheet, sight: Sight, asked: Asked) -> dict[str, Any]:
    entries = kept.listed(sight.lab, sheet.kind)
    refused = asked.form.get("kind") == sheet.kind and asked.form.get("do") == "save"
    number = asked.form.get("entry", "") if refused else asked.query.get("edit", "")
    entry = next((e.entry for e in entries if e.entry.entry == number), None)
    filled: Filled = asked.form if refused else sheet.told(entry) if entry else {}
    shown = entries if asked.query.get("all") else entries[:_SHOWN]
    return {
        "kind": sheet.kind,
        "title": _(sheet.title),
        "listed": _(sheet.listed),
        "nothing": _(sheet.nothing),
        "number": entry.entry if entry else "",
        "fields": as_fields(sheet.fields, filled),
        "entries": [
            {
                "number": e.entry.entry,
                "day": cells.day(e.happened_at),
                "text": clean(line(sheet.kind, e.entry.body), 600),
            }
            for e in shown
        ],
        "left": len(entries) - len(shown),
    }


def as_fields(fields: tuple[Field, ...], filled: Filled) -> list[dict[str, Any]]:
    """The fields as they are filled in, for `sheets.html`."""
    return [_field(f, filled.get(f.name, "")) for f in fields]


def _field(field: Field, value: str) -> dict[str, Any]:
    return {
        "name": field.name,
        "title": _(field.title),
        "kind": field.kind,
        "example": _(field.example) if field.example else "",
        "choices": [(v, _(title) if title else "") for v, title in field.choices],
        "needed": field.needed,
        "wide": field.wide,
        "value": value,
    }


def changed(
    sheets: tuple[Sheet, ...], address: str, sight: Sight, asked: Asked, *, kinds: tuple[str, ...] = ()
) -> Elsewhere:
    """Do what a form of a sheet asks for: keep, take away, or take the last thing said back.

    kinds: what the page speaks of beside its sheets.

    Raises:
        UsageError: something cannot be understood or is not there.
    """
    at = datetime.now(UTC)
    do, number = asked.form.get("do", ""), asked.form.get("entry", "")
    sheet = next((s for s in sheets if s.kind == asked.form.get("kind")), None)
    with Lab.open(sight.folder) as lab:
        if do == "undo":
            text = _taken_back(lab, {*kinds, *(s.kind for s in sheets)})
        elif sheet is not None and do == "save":
            text = _saved(sheet, lab, sight, asked, number, at)
        elif sheet is not None and do == "remove" and number:
            gone = kept.remove(lab, sheet.kind, number, at=at)
            text = _("Taken away: {what}").format(what=_written(gone))
        else:
            raise UsageError(_("Nothing can be changed here."))
    return Elsewhere(address, clean(text, 3 * _LONGEST))


def _saved(sheet: Sheet, lab: Lab, sight: Sight, asked: Asked, number: str, at: datetime) -> str:
    today = today_at(at if sight.as_of == sight.at else sight.as_of)  # the demo's today is its last day
    filled = {f.name: asked.form.get(f.name, "").strip() for f in sheet.fields}
    for field in sheet.fields:
        if field.needed and not filled[field.name]:
            raise UsageError(_("“{field}” is empty.").format(field=_(field.title)))
    said = sheet.said(lab, today, filled)
    if number:
        done = kept.change(lab, said, number, at=at)
        return " ".join([_("Changed: {what}").format(what=_written(done)), *sheet.doubts(lab, done)])
    if said.happened_at is None:
        said = replace(said, happened_at=midnight(today))
    done = kept.add(lab, said, at=at)
    return " ".join([_("Noted: {what}").format(what=_written(done)), *sheet.doubts(lab, done)])


def _written(said: Said) -> str:
    told = dated(said.kind, said.body, said.happened_at) if said.happened_at else line(said.kind, said.body)
    return clean(told, _LONGEST)


def _taken_back(lab: Lab, kinds: set[str]) -> str:
    """What was said last is taken back, if it was said on this page, and told."""
    done = take_back(lab.register, kinds)
    if not done:
        return _("There is nothing left to take back.")
    words = {
        "gone": _("Taken back: {what}"),
        "as before": _("As it was before: {what}"),
        "back": _("There again: {what}"),
    }
    first = done[0]
    return words[first.way].format(what=dated(first.kind, first.body, as_time(first.happened_at)))


def day_told(entry: Entry) -> str:
    """The day of an entry as a person would write it."""
    return cells.day(as_time(entry.happened_at))
