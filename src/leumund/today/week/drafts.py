"""This Friday's recommendations, as drafts to be copied: one for each network. Nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from leumund.clean import clean
from leumund.today import Readings
from leumund.today.tasks.friday import SUGGESTED
from leumund.views import vague
from leumund.views.words import word

_DRAFT = "draft_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Whom to recommend and why; posts: the network's name and the text for it."""

    name: str
    why: str
    posts: tuple[tuple[str, str], ...]


def drafts(readings: Readings) -> Iterator[Draft]:
    """For each who is suggested, whoever comes first at the front; none where there is no draft for anybody."""
    if readings.state.tables.own is None:
        return
    for row in readings.reading("suggestions", limit=SUGGESTED).dicts():
        posts = tuple(
            (word(name.removeprefix(_DRAFT)), clean(text, 600))
            for name, text in row.items()
            if name.startswith(_DRAFT) and text
        )
        if posts:
            why = clean(row["reason"], 300)
            if vague.is_on():
                why = vague.untimed(why)
            yield Draft(name=clean(str(row["account"]), 80), why=why, posts=posts)
