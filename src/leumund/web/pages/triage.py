"""Going through the followers: who is a person? One account at a time, one click each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, get_args
from urllib.parse import urlencode

from leumund.clean import clean
from leumund.errors import UsageError
from leumund.ids import account_key, network_of
from leumund.lab import Lab
from leumund.locale import N_, _
from leumund.measures.audience.prevalence import WANTED
from leumund.measures.audience.triage import Seen, Triage, seen_of, triage_at
from leumund.report.overview_words import of_people
from leumund.report.triage_words import counts
from leumund.store.labels import Answer, labelled
from leumund.views import cells
from leumund.web.page import Asked, Elsewhere, Page
from leumund.web.sight import Sight

_LETTERS = 300


def _sitting(sight: Sight) -> tuple[Triage, set[str]]:
    """Whom to ask about, and who was answered since this state of the lab was opened."""
    return sight.once("triage", lambda: (triage_at(sight.state.tables, sight.as_of), set()))


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    sitting, done = _sitting(sight)
    shown = (seen_of(sight.state.tables, sitting, key) for key in sitting.order)
    seen = next((s for s in shown if s.uri not in done), None)
    return {
        "answers": cells.alone(sum(sitting.told.values()) + len(done)),
        "enough": sitting.labels + len(done) >= WANTED,
        "wanted": cells.span(WANTED),
        "followers": len(sitting.found),
        "so_far": of_people(sight.reading("audience")),
        "before": asked.query.get("before", ""),
        "seen": _written(seen) if seen else None,
    }


def _written(seen: Seen) -> dict[str, Any]:
    """What everybody can see of the account, made safe."""
    return {
        "uri": seen.uri,
        "name": clean(seen.name, 80),
        "handle": clean(seen.handle, 80),
        "counts": counts(seen),
        "words": [clean(" ".join(t.split()), _LETTERS) for t in seen.words],
        "recent": [clean(" ".join(t.split()), _LETTERS) for t in seen.recent],
    }


def _change(sight: Sight, asked: Asked) -> Elsewhere:
    uri, answer = asked.form.get("uri", ""), asked.form.get("answer", "")
    key = account_key(uri)
    if answer not in get_args(Answer) or sight.lab.register.known_as([key]).get(key, {}).get("uri") != uri:
        raise UsageError(_("That is no answer about somebody who follows you."))
    at = max(sight.as_of, datetime.now(UTC)) if sight.as_of == sight.at else sight.as_of
    with Lab.open(sight.folder) as there, there.writing_patiently(at) as writer:
        writer.add([labelled(uri, network_of(uri), answer, at=at)])  # type: ignore[arg-type]
    done = _sitting(sight)[1]
    if asked.form.get("again"):
        done.discard(uri)
        return Elsewhere("/triage", _("Taken back."), soon=True)
    done.add(uri)
    return Elsewhere(f"/triage?{urlencode({'before': uri})}", soon=True)


PAGE = Page(
    name="triage",
    path="/triage",
    title=N_("Who is a person?"),
    take=_take,
    change=_change,
    group="people",
    order=5,
    remembered=False,
    feeds=("audience",),
)
