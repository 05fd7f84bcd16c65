"""The digest of a week: five minutes of reading, made of the same readings as everything else.

span        which week: the last one that is over or, from Friday on, the one that is going on
responses   what came back, and for which posts
newcomers   who responded for the first time
trying      what to try next
drafts      this Friday's recommendations
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from leumund.asking import Question
from leumund.clean import clean
from leumund.locale import _, ngettext
from leumund.today import Readings
from leumund.today.changes import Change, changes
from leumund.today.taken import Taken
from leumund.today.week.drafts import Draft, drafts
from leumund.today.week.newcomers import newcomers
from leumund.today.week.responses import PostOfTheWeek, best_posts, responses
from leumund.today.week.span import Span
from leumund.today.week.trying import trying
from leumund.today.whose import board_language, owner_called
from leumund.views import cells, vague

_THANKS_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a list. link: where it can be read, "" for nowhere."""

    text: str
    more: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One question of the week with its answer, in the language in use. page, go: where there is more, and what that is called."""

    name: str
    heading: str
    sentences: tuple[str, ...] = ()
    entries: tuple[Item, ...] = ()
    page: str = ""
    go: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A week. figures: the main measures at its end with their changes; friday: drafts, for the newest week alone."""

    owner: str
    span: Span
    figures: tuple[Change, ...]
    parts: tuple[Part, ...]
    friday: tuple[Draft, ...]


def digest(readings: Readings, span: Span) -> Digest:
    """The week's digest, as it was at its end. readings: of now; drafts are made of these."""
    with _at_its_end(readings, span) as then:
        tables = then.state.tables
        parts = (
            Part(
                name="back", heading=_("What came back"), sentences=tuple(responses(tables, span)),
                entries=tuple(_post(p) for p in best_posts(tables, span)), page="/measures/resonance", go=_("What your posts bring back"),
            ),
            _new(then, span),
            _owed(then),
            Part(
                name="try", heading=_("What to try"), sentences=tuple(trying(then)), page="/experiments", go=_("To the experiments"),
            ),
        )  # fmt: skip
        return Digest(
            owner=owner_called(then.state),
            span=span,
            figures=tuple(changes(then, span.monday, language=board_language(readings.state.tables))),
            parts=parts,
            friday=tuple(drafts(readings)) if span.newest else (),
        )


@contextmanager
def _at_its_end(readings: Readings, span: Span) -> Iterator[Readings]:
    """The readings of the moment at which the week ended."""
    if span.end >= readings.as_of:
        yield readings
        return
    with Question(readings.lab, span.end).state() as state:
        yield Taken(readings.lab, state, readings.at, span.end)


def _post(post: PostOfTheWeek) -> Item:
    many = ngettext("one person responded", "{n} people responded", post.people)
    more = f"{cells.day(post.day)}, {many.format(n=cells.number(post.people))}"
    return Item(text=post.text or _("a post without words"), more=more, link=post.link)


def _new(then: Readings, span: Span) -> Part:
    found = newcomers(then, span)
    return Part(
        name="new", heading=_("Who was new"), sentences=(found.sentence,),
        entries=tuple(Item(text=name, more=done) for name, done in found.people), page="/people", go=_("Find a person"),
    )  # fmt: skip


def _owed(then: Readings) -> Part:
    reading = then.reading("courtesy")
    rows = sorted(
        (r for r in reading.dicts() if r["open"] and r["turn"] is not None), key=lambda r: r["turn"]
    )
    still = len(rows)
    if rows:
        text = ngettext("{n} thing waits for thanks. These come first:", "{n} things wait for thanks. These come first:", still)  # fmt: skip
        said = vague.opening(text.format(n=cells.number(still)))
    else:
        said = _("You owe nobody thanks.") if reading.rows else _("Nothing is known that merits thanks.")
    items = []
    for row in rows[:_THANKS_SHOWN]:
        grounds = f" ({clean(row['reason'], 120)})" if row["reason"] else ""
        more = f"{cells.written('kind', row['kind'])}, {cells.day(row['time'])}{grounds}"
        items.append(Item(text=clean(str(row["account"]), 80), more=more))
    return Part(name="owed", heading=_("What is owed"), sentences=(said,), entries=tuple(items), page="/thanks", go=_("To the thanks"))  # fmt: skip
