"""What is under way beside the pages: how far it is, what it asks, what came of it; and how to stop it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from leumund.clean import clean
from leumund.errors import LeumundError, UsageError
from leumund.http.words import host_of
from leumund.lab import Lab
from leumund.locale import N_, _, kept, told
from leumund.report.readable import readable
from leumund.store import connections, runs
from leumund.views import cells
from leumund.web.hints import in_pages
from leumund.web.page import Asked, Elsewhere, Page, whole_said
from leumund.web.place import Place
from leumund.web.work import Job, Part
from leumund.web.workshop import UnderWay

_SOON_S = 2
_STATES = {
    "waiting": N_("waits until the one before is done"),
    "going": N_("under way"),
    "asking": N_("waits for you"),
    "done": N_("done"),
    "failed": N_("did not work"),
    "stopped": N_("stopped"),
}
_ENDED = {
    "going": N_("broken off"),
    "done": N_("done"),
    "failed": N_("not everything worked"),
    "stopped": N_("stopped"),
}


def _here(place: Place, asked: Asked) -> Mapping[str, Any]:
    del asked
    going, ended = place.workshop.going(), place.workshop.ended()
    over = [_shown(w) for w in _still_told(going, ended)]
    for one in over if going else over[1:]:
        one["sync"] = ""  # what comes after it is under way, or was done
    shown = {"going": [_shown(w) for w in going], "ended": over, "before": _before(place)}
    return {**shown, **({"refresh": _SOON_S} if any(w.question is None for w in going) else {})}


def _still_told(going: list[UnderWay], ended: list[UnderWay]) -> list[UnderWay]:
    """What is over, the newest first, without what did not work at all, or was stopped, where the same worked later or is tried
    again.
    """
    found, settled = [], {_what(w) for w in going}
    for work in ended:
        if work.state == "done":
            settled.add(_what(work))
        elif {_what(work), (work.job.kind, "")} & settled:
            told_nothing = work.told is None or not work.told.lines
            if told_nothing or (work.state == "stopped" and not work.unfinished):
                continue
        found.append(work)
    return found


def _what(work: UnderWay) -> tuple[str, str]:
    """What is tried again: any import after one that failed, an account of the same network, the same accounts."""
    given = work.job.given
    return work.job.kind, "" if work.job.kind == "import" else given.get("source") or given.get("only", "")


def _state(work: UnderWay) -> str:
    """How far it is, in words; where only a part failed, that is said."""
    if work.state == "failed" and work.told is not None and work.told.lines:
        return _("A part of it did not work")
    return _(_STATES[work.state])


def _shown(work: UnderWay) -> dict[str, Any]:
    """A work as the page shows it."""
    found = work.told
    return {
        "number": work.number,
        "title": _safe(work.job.title),
        "state": _("is being stopped") if work.stopping and found is None else _state(work),
        "since": _minutes(work.began),
        "parts": [_part(p) for p in work.parts.values()],
        "question": _question(work),
        "lines": [_safe(line) for line in found.lines] if found else [],
        "wrong": [(_safe(m), in_pages(_safe(h))) for m, h in found.wrong] if found else [],
        "readable": readable() if found is not None and found.unknown else [],
        "times": _times(work.began, work.ended) if work.ended else "",
        "leads": [(address, told(words)) for address, words in found.leads] if found else [],
        "sync": found.sync if found else "",
        "file": found is not None and found.file is not None,
        "goes_on": work.unfinished,
        "again": work.job.given.get("again", "")
        if found and found.state != "done" and not work.unfinished
        else "",
    }


def _part(part: Part) -> dict[str, Any]:
    percent = min(100 * part.done // part.of, 100) if part.of else None
    return {"name": clean(part.name, 200), "lines": [_safe(line) for line in part.lines], "percent": percent}


def _question(work: UnderWay) -> dict[str, Any] | None:
    asked = work.question
    if asked is None:
        return None
    return {
        "kind": asked.kind,
        "nth": work.questions,
        "text": _safe(asked.text),
        "yes": _(asked.yes),
        "lines": [w for line in asked.lines if (w := in_pages(_safe(line)))],
        "address": asked.address if asked.address.startswith(("https://", "http://")) else "",
        "host": clean(host_of(asked.address)),
        "hidden": asked.hidden,
    }


def _before(place: Place) -> list[dict[str, Any]]:
    """What was done before, as the lab remembers it."""
    try:
        with Lab.open(place.folder, read_only=True) as lab:
            known = runs.runs(lab.register)
    except LeumundError:
        return []
    here = {w.began.isoformat() for w in (*place.workshop.going(), *place.workshop.ended())}
    return [
        {
            "title": _safe(r.title),
            "when": _times(
                datetime.fromisoformat(r.began), datetime.fromisoformat(r.ended) if r.ended else None
            ),
            "state": _(_ENDED[r.state]),
            "lines": [_safe(line) for line in r.lines],
        }
        for r in known
        if r.began not in here
    ]


def _change_here(place: Place, asked: Asked) -> Elsewhere:
    do = asked.form.get("do", "")
    if do == "sync":
        return Elsewhere("/work", begin=_sync(place, asked.form.get("connection", "")))
    number = whole_said(asked.form.get("number", ""))
    work = None if number is None else place.workshop.find(number)
    if work is None:
        return Elsewhere("/work", _("That is over by now."))
    if do == "stop":
        place.workshop.stop(work)
        return Elsewhere("/work")
    if do == "go on":
        job = place.workshop.taken_up(work)
        return Elsewhere("/work", _("That is over by now.")) if job is None else Elsewhere("/work", begin=job)
    if do == "answer":
        nth = whole_said(asked.form.get("question", ""))
        heard = place.workshop.answer(work, asked.form.get("answer", ""), nth=nth)
        return Elsewhere("/work", "" if heard else _("That is over by now."))
    raise UsageError(_("Nothing can be changed here."))


def _sync(place: Place, only: str) -> Job:
    """What brings one connection, or all, up to date.

    Raises:
        UsageError: nothing is connected, or it is the example.
    """
    from leumund.connecting import names_of

    if place.standing.demo:
        raise UsageError(
            _("This is the example: nothing is connected to it."), hint=_("Make your own lab first.")
        )
    with Lab.open(place.folder, read_only=True) as lab:
        which = (
            [connections.connection_named(lab.register, only)]
            if only
            else connections.all_connections(lab.register)
        )
        names = names_of(lab, which)
    if not which:
        raise UsageError(_("No account is connected yet."))
    title = _("Bringing {accounts} up to date").format(accounts=", ".join(names[c.id] for c in which))
    return Job(kind="sync", folder=place.folder, title=kept(title), given={"only": only, "again": "/connect"})


def _times(began: datetime, ended: datetime | None) -> str:
    """When it began and ended; once, where that is the same minute or nobody knows the end."""
    first, last = cells.moment(began), cells.moment(ended) if ended else ""
    if last in {first, ""}:
        return first
    on = f"{cells.day(began)}, "
    return _("{began} to {ended}").format(began=first, ended=last.removeprefix(on))


def _minutes(began: datetime) -> str:
    """For how long."""
    seconds = max(0, round((datetime.now(UTC) - began).total_seconds()))
    return f"{seconds // 60}:{seconds % 60:02d}"


def _safe(text: str) -> str:
    return clean(told(text), 600)


PAGE = Page(
    name="work",
    path="/work",
    title=N_("Under way"),
    here=_here,
    change_here=_change_here,
    group="lab",
    order=8,
)
