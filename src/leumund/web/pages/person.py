"""One person across networks: what went back and forth, what her acts carry, and whether the owner trusts her."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from leumund.clean import clean
from leumund.errors import UsageError
from leumund.ids import network_of
from leumund.lab import Lab
from leumund.locale import N_, _
from leumund.measures import Reading, called
from leumund.store.marks import EVER, marked, trusted_now
from leumund.store.nogo import entries_of
from leumund.store.register import as_time
from leumund.views import cells
from leumund.views.words import word
from leumund.web import box
from leumund.web.deeds import DONE, deed
from leumund.web.page import Asked, Elsewhere, Page, whole_said
from leumund.web.pages import thanks
from leumund.web.sight import Sight

_DEEDS = 5  # shown at once
_QUESTIONS = (
    ("courtesy", N_("Thanks, both ways")),
    ("standing", N_("What this person's acts carry, and why")),
    ("follow_friday", N_("Recommendations on Follow Friday")),
)


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    key = _meant(sight, asked)
    names, handles = called(sight.state.tables, sight.lab.names, [key])
    accounts = _accounts(sight, key)
    known = sight.lab.register.known_as(accounts)
    trusted = trusted_now(sight.lab.register)
    called_so = sight.lab.names(accounts)
    since = next((trusted[a] for a in accounts if a in trusted), None)
    return {
        "key": key,
        "name": clean(names.get(key, str(key)), 200),
        "own": key in sight.own,
        "accounts": [
            {
                "handle": clean(called_so.get(account, row["uri"]), 200),
                "network": word(network_of(row["uri"])),
            }
            for account, row in known.items()
        ],
        "handles": [clean(h, 200) for h in handles.get(key, ())],
        "trusted": _since(since),
        "waits": thanks.waits(sight, key),
        "avoided": _avoided(sight, key),
        "deeds": _deeds(sight, key),
        "parts": sight.once(f"person {key}", lambda: _drawn(sight, key)),
    }


def _meant(sight: Sight, asked: Asked) -> int:
    key = whole_said(asked.path["key"])
    if key is None or key not in sight.lab.register.known_as([key]):
        raise UsageError(_("Nobody in this lab has this address."), hint=_("Find people by their name."))
    return sight.state.tables.person_of(key)


def _accounts(sight: Sight, key: int) -> tuple[int, ...]:
    """All accounts of the person under that key."""
    person = sight.state.tables.people.get(key)
    return person.accounts if person else (key,)


def _avoided(sight: Sight, key: int) -> str:
    """Why somebody stands on the owner's no-go list; "" where she does not."""
    entries = entries_of(sight.lab.register, key, at=datetime.now(UTC))
    return clean(entries[0].reason, 300) or _("no reason given") if entries else ""


def _deeds(sight: Sight, key: int) -> list[dict[str, str]]:
    """What this person did towards the owner, the newest first."""
    box.define_box(sight)
    more_than_likes = [kind for kind in DONE if kind != "like"]
    rows = box.page_of(sight.state.tables, size=_DEEDS, people=[key], kinds=more_than_likes)
    rows = rows or box.page_of(sight.state.tables, size=_DEEDS, people=[key])
    texts = box.texts_of(sight.state.tables, rows)
    return [deed(r["kind"], as_time(r["at_us"]), r["via"] or r["post"], texts.get(r["via"])) for r in rows]


def _since(since: datetime | None) -> str:
    if since is None:
        return ""
    return (
        _("You trust this person.")
        if since == EVER
        else _("You have trusted this person since {day}.").format(day=cells.day(since))
    )


def _drawn(sight: Sight, key: int) -> list[dict[str, Any]]:
    return [
        {"heading": _(title), "reading": sight.shown(f"p{i}", r)}
        for i, (title, r) in enumerate(_parts(sight, key))
    ]


def _parts(sight: Sight, key: int) -> Iterator[tuple[str, Reading]]:
    for name, title in _QUESTIONS:
        reading = sight.explanation(name, key)
        if reading.rows:
            yield title, reading


def _change(sight: Sight, asked: Asked) -> Elsewhere:
    key = _meant(sight, asked)
    if key in sight.own:
        raise UsageError(_("{account} is your own account.").format(account=sight.lab.names([key])[key]))
    at = datetime.now(UTC)
    known = sight.lab.register.known_as(_accounts(sight, key))
    holds = asked.form.get("trust") == "yes"
    since = EVER if asked.form.get("since") == "ever" else None
    trusted = trusted_now(sight.lab.register)
    meant = [key] if holds else [k for k in known if k in trusted]
    said = [
        marked(
            "trust",
            known[k]["uri"],
            network_of(known[k]["uri"]),
            at=at,
            since=since if holds else None,
            holds=holds,
        )
        for k in meant
        if k in known
    ]
    with Lab.open(sight.folder) as there, there.writing_patiently(at) as writer:
        writer.add(said)
    return Elsewhere(f"/people/{key}", _("Noted."))


PAGE = Page(
    name="person",
    path="/people/{key}",
    title=N_("Person"),
    take=_take,
    change=_change,
    remembered=False,
)
