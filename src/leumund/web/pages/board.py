"""A board to publish: who would stand on it, who agreed, who took it back; built into a folder, never sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from leumund.board.building import build
from leumund.board.options import MOST_PLACES, Options, chosen, keep, options_in
from leumund.board.proposal import MOST, kind_named, propose_list
from leumund.board.site import title
from leumund.board.taken import Survey, survey
from leumund.clean import clean
from leumund.consent import may_appear
from leumund.errors import UsageError
from leumund.ids import display_handle
from leumund.lab import Lab
from leumund.locale import N_, _, ngettext
from leumund.meant import uri_meant
from leumund.saying import keep as say
from leumund.spoken.days import day_said
from leumund.spoken.zones import today_at
from leumund.store.consents import PURPOSES, Purpose, agreed, withdrawn, words_in
from leumund.views import cells
from leumund.web.page import Asked, Elsewhere, Page, folder_said, whole_said
from leumund.web.sight import Sight

_LONGEST = 300
_FOLDER = "follow-friday"
_BOARDS = ("de", "en", "all")
_FOR: Mapping[Purpose, str] = {"board": N_("the board"), "parts": N_("blog and reports")}


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    at = datetime.now(UTC)
    options = options_in(sight.lab.register)
    found = sight.once(f"board {options}", lambda: survey(sight.state, options, at=at))
    return {
        "title": title(found.taken),
        "places": list(_places(found)),
        "options": options,
        "boards": [(b, _board_named(b)) for b in dict.fromkeys((*_BOARDS, options.board))],
        "most": MOST_PLACES,
        "folder": options.out or str(Path.home() / _FOLDER),
        "built": options.out if options.out and (Path(options.out) / "index.html").exists() else "",
        "unchecked": list(found.unchecked),
        "missing": [(m.account, m.name, m.why) for m in found.missing if m.agreed],
        "silent": cells.number(sum(not m.agreed for m in found.missing)),
        "words": list(_words(sight, at)),
        "purposes": [(p, _(text)) for p, text in _FOR.items()],
        "proposal": _proposal(sight, options, asked.query.get("list", ""), at),
        "networks": [(k, k.capitalize()) for k in MOST],
    }


def _places(found: Survey) -> Iterator[dict[str, Any]]:
    for place in found.taken.published.places:
        yield {
            "rank": place.rank,
            "account": place.account,
            "person": found.taken.people[place.account],
            "score": cells.number(place.score, 2),
            "own": place.account == found.taken.own,
        }


def _board_named(board: str) -> str:
    return {"de": _("German board"), "en": _("English board"), "all": _("board of all languages")}.get(
        board
    ) or clean(board, 60)


def _words(sight: Sight, at: datetime) -> Iterator[dict[str, Any]]:
    """What was recorded, the newest first, each with whether it helps now."""
    words = words_in(sight.lab.register)
    for purpose in PURPOSES:
        mine = [w for w in words if w.purpose == purpose]
        answers = may_appear(sight.lab, sight.state.tables, [w.account for w in mine], purpose, at=at)
        names = sight.lab.names(answers)
        for word in reversed(mine):
            answer = answers[word.account]
            told = _("may be named") if answer.yes else _("is not named: {why}").format(why=answer)
            yield {
                "account": word.account,
                "uri": word.uri,
                "name": clean(names.get(word.account) or display_handle(word.uri), 80),
                "purpose": purpose,
                "what": _(_FOR[purpose]),
                "told": told,
                "yes": answer.yes,
                "holds": word.holds,
                "how": clean(word.how, _LONGEST),
                "day": cells.day(word.said_at),
                "until": cells.day(word.until) if word.until else "",
            }


def _proposal(sight: Sight, options: Options, wanted: str, at: datetime) -> list[str]:
    if not wanted:
        return []
    kind = kind_named(wanted)
    return list(
        sight.once(f"list {kind} {options}", lambda: propose_list(sight.state, options, kind, at=at)).lines()
    )


def _change(sight: Sight, asked: Asked) -> Elsewhere:
    at, do = datetime.now(UTC), asked.form.get("do", "")
    with Lab.open(sight.folder) as there:
        if do in {"yes", "no"}:
            said = _say_yes(there, asked, at) if do == "yes" else _say_no(there, asked, at)
        elif do in {"build", "choose"}:
            said = _build(sight, there, asked, at)
        else:
            raise UsageError(_("Nothing can be changed here."))
    return Elsewhere("/board", said)


def _say_yes(there: Lab, asked: Asked, at: datetime) -> str:
    end = None
    if until := asked.form.get("until", ""):
        end = datetime.combine(day_said(until, today_at(at), toward="future"), time.max, UTC)
    how = asked.form.get("how", "").strip()[:_LONGEST]
    said = agreed(there.register, [_meant(there, asked)], [_purpose(asked)], at=at, how=how, until=end)
    say(there, [s for group in said.values() for s in group], at=at)
    return _("Noted.")


def _say_no(there: Lab, asked: Asked, at: datetime) -> str:
    """Whoever takes it back for the board is named nowhere else either, unless only the other purpose is meant."""
    purposes = [_purpose(asked)] if asked.form.get("purpose") else list(PURPOSES)
    said = withdrawn(there.register, [_meant(there, asked)], purposes, at=at)
    say(there, [s for group in said.values() for s in group], at=at)
    return _("Taken back. Build the board again and publish it anew, so that the name vanishes there too.")


def _meant(there: Lab, asked: Asked) -> str:
    written = asked.form.get("account", "")
    if not written:
        raise UsageError(_("Say whom."), hint=_("Write it as on the network: @name@server, name.bsky.social, x.com/name or a profile link."))  # fmt: skip
    key = whole_said(written)
    known = None if key is None else there.register.known_as([key]).get(key)
    return str(known["uri"]) if known else uri_meant(there, written)


def _purpose(asked: Asked) -> Purpose:
    return next((p for p in PURPOSES if p == asked.form.get("purpose", "board")), "board")


def _build(sight: Sight, there: Lab, asked: Asked, at: datetime) -> str:
    form = asked.form
    places = form.get("places", "25")
    options = chosen(
        options_in(there.register), board=form.get("board", "de"), contact=form.get("contact", ""),
        address=form.get("address", ""), index=form.get("index") == "yes",
        places=int(places) if places.isdecimal() and len(places) < 6 else 0,
    )  # fmt: skip
    out = folder_said(form.get("folder", ""))
    if form.get("do") == "choose":
        keep(there.register, replace(options, out=str(out) if out else options.out))
        return _("Noted.")
    if out is None:
        raise UsageError(_("Say into which folder, with its whole path."), hint=str(Path.home() / _FOLDER))
    as_of = at if sight.as_of == sight.at else sight.as_of
    built = build(there, options, out, as_of=as_of, at=at, without_unchecked=form.get("without") == "yes")
    number = len(built.taken.published.places)
    return ngettext("Built, with {n} place: {path}", "Built, with {n} places: {path}", number).format(
        n=number, path=clean(str(built.folder))
    )


PAGE = Page(
    name="board",
    path="/board",
    title=N_("A board to publish"),
    take=_take,
    change=_change,
    group="people",
    order=30,
    remembered=False,
)
