"""The owner's overview: the most important readings together, on a screen or as a page.

Who follows me, what do I set in motion and why did it fall, where do I stand on Follow Friday, whom do I
owe thanks: each with a sentence in plain words, the figures and what is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from leumund.asking import Question, State, bring_facts
from leumund.clean import clean
from leumund.lab import Lab
from leumund.locale import _, code, ngettext
from leumund.measures import Note, Reading, called, measure_named
from leumund.measures.influence import sentences
from leumund.report.page import render
from leumund.report.sections import Section
from leumund.views import Mark, cells

_DAYS = 90
_WEEK = 7
_SILENT_DAYS = 4
_A_FALL = -1.0  # points in a week from which on it is worth a word
_OTHERS_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What was taken. fall: why influence fell while she was silent, else in the worst week; None where it did not.

    silent: these days are the owner's longest silence.
    """

    owner: str
    own: frozenset[int]
    as_of: datetime
    followers: Reading
    influence: Reading
    fall: Reading | None
    fall_span: tuple[datetime, datetime] | None
    silent: bool
    board: Reading
    language: str
    thanks: Reading


def take(lab: Lab, as_of: datetime, *, at: datetime) -> Overview:
    """Take all readings of the overview. as_of: the moment they speak of; at: the clock, for what is computed."""
    friday = measure_named("follow_friday")
    bring_facts(lab, friday, {"board": "de"}, at=at)  # whichever board it will be: the languages tell
    with Question(lab, as_of).state() as state:
        influence = state.reading(measure_named("influence"), days=_DAYS)
        span = _silence(state)
        fall = _explained(state, span) if span else None
        silent = fall is not None and _change(fall) <= _A_FALL
        if not silent:
            span = _worst_week(influence)
            fall = _explained(state, span) if span else None
        language = _board_language(state)
        return Overview(
            owner=_owner(state), own=frozenset(lab.register.own_accounts()), as_of=as_of,
            followers=state.reading(measure_named("followers"), days=_DAYS),
            influence=influence, fall=fall, fall_span=span, silent=silent,
            board=state.reading(friday, board=language, limit=10),
            language=language,
            thanks=state.reading(measure_named("courtesy")),
        )  # fmt: skip


def _owner(state: State) -> str:
    """What the owner is called, and all her accounts."""
    mine = state.tables.own
    if mine is None:
        return _("an owner who has not said which accounts are hers")
    shown, handles = called(state.tables, state.lab.names, [mine])
    every = ", ".join(handles.get(mine, (shown.get(mine, "?"),)))
    return every if shown.get(mine) in {None, *handles.get(mine, ()), every} else f"{shown[mine]} ({every})"


def _explained(state: State, span: tuple[datetime, datetime]) -> Reading:
    return state.explanation(measure_named("influence"), start=span[0], end=span[1])


def _change(explanation: Reading) -> float:
    change = explanation.figures.get("change")
    return change if isinstance(change, float) else 0.0


def _board_language(state: State) -> str:
    """The language most of the owner's own posts are in; "all" where that cannot be told."""
    rows = state.tables.sql(
        """select language, count(*) as n from languages where account in (select account from own)
           and language is not null group by language order by n desc, language"""
    ).fetchall()
    if not rows or rows[0][1] * 10 < 6 * sum(n for _language, n in rows):
        return "all"
    return str(rows[0][0])


def _silence(state: State) -> tuple[datetime, datetime] | None:
    """The longest run of days (UTC) of the last months on which the owner posted nothing, if it was long."""
    found = state.tables.sql(
        """select distinct happened_at::date as day from posts
           where account in (select account from own) and exact order by day"""
    ).fetchall()
    days = [row[0] for row in found if (state.tables.as_of.date() - row[0]).days <= _DAYS]
    gaps = [(later - before, before, later) for before, later in pairwise(days)]
    if not gaps or max(gaps)[0] <= timedelta(days=_SILENT_DAYS):
        return None
    _length, before, later = max(gaps)
    return _beginning(before + timedelta(days=1)), datetime.combine(later - timedelta(days=1), time.max, UTC)


def _beginning(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _worst_week(influence: Reading) -> tuple[datetime, datetime] | None:
    """The seven days in which the score fell most, if it fell by a point or more."""
    rows = [r for r in influence.dicts() if r["score"] is not None]
    rows.sort(key=lambda r: r["day"])
    falls = [
        (later["score"] - before["score"], before["day"], later["day"])
        for before, later in zip(rows, rows[_WEEK:], strict=False)
        if later["day"] - before["day"] == timedelta(days=_WEEK)
    ]
    if not falls or min(falls)[0] > _A_FALL:
        return None
    _points, before, last = min(falls)
    end = min(datetime.combine(last, time.max, UTC), influence.as_of)
    return _beginning(before + timedelta(days=1)), end


# -- in words


def _followers_words(o: Overview) -> list[str]:
    now, change = o.followers.figures.get("now"), o.followers.figures.get("change_28")
    if not isinstance(now, int):
        return [_("How many follow you is not known: no source has told it yet.")]
    words = ngettext("{n} account follows you.", "{n} accounts follow you.", now).format(n=cells.number(now))
    if isinstance(change, int):
        words += " " + _("In four weeks: {change}.").format(change=cells.number(change, signed=True))
    return [words, _("How many of them are people and how many are machines cannot be told yet.")]


def _influence_words(o: Overview) -> list[str]:
    score, low, high = (o.influence.figures.get(k) for k in ("score", "low", "high"))
    if not isinstance(score, float):
        return [cells.sentence(n) for n in o.influence.notes]
    words = _("Your influence is {score} of 100").format(score=cells.number(score, 1))
    if isinstance(low, float) and isinstance(high, float):
        words += _(" (most probably between {low} and {high})").format(
            low=cells.number(low, 1), high=cells.number(high, 1)
        )
    return [words + "."]


def _fall_words(o: Overview) -> list[str]:
    if not isinstance(o.influence.figures.get("score"), float):
        return []
    if o.fall is None or o.fall_span is None:
        return [_("In the last three months there was no week in which it fell by more than a point.")]
    figures = o.fall.figures
    text = _("In the week from {start} to {end} it fell from {before} to {after}.")
    if o.silent:
        text = _("From {start} to {end} you posted nothing, and it fell from {before} to {after}.")
    said = text.format(
        start=cells.day(o.fall_span[0]),
        end=cells.day(o.fall_span[1]),
        before=_points(figures.get("from_score")),
        after=_points(figures.get("to_score")),
    )
    paragraphs = [said]
    why = [cells.sentence(n) for n in o.fall.notes[1:] if "accounts" not in n.values]
    best = [cells.sentence(Note(n.text, n.values)) for n in sentences(o.fall, 2)]
    paragraphs.append(" ".join([*why, *(b + "." for b in best)]))
    now = o.influence.figures.get("score")
    before = figures.get("from_score")
    if isinstance(now, float) and isinstance(before, float):
        if now >= before - 0.5:
            paragraphs.append(
                _("Did it matter? It is back at {now}: this fall left no mark.").format(now=_points(now))
            )
        else:
            paragraphs.append(_("Since then it has gone to {now}.").format(now=_points(now)))
    return paragraphs


def _board_words(o: Overview) -> list[str]:
    boards = {"de": _("the German board"), "en": _("the English board"), "all": _("the board of all")}
    board = boards.get(o.language) or _("the board “{language}”").format(language=clean(o.language))
    mine = [r for r in o.board.rows if r[1] in o.own]
    places = o.board.figures.get("places")
    total = cells.number(places) if isinstance(places, int) else "?"
    if not mine:
        return [
            _("You are not on {board} ({n} accounts): nobody is known to have recommended you.").format(
                board=board, n=total
            )
        ]
    row = dict(zip([c.name for c in o.board.columns], mine[0], strict=True))
    words = _("You are number {rank} of {n} on {board}").format(
        rank=cells.number(row["rank"]), n=total, board=board
    )
    if row["rank_low"] is not None:
        words += _(" (most probably between {low} and {high})").format(
            low=cells.number(row["rank_low"]), high=cells.number(row["rank_high"])
        )
    words += "."
    people = ngettext(
        "{n} person has recommended you", "{n} people have recommended you", row["recommenders"]
    )
    words += " " + people.format(n=cells.number(row["recommenders"]))
    words += _(", {n} times with a reason.").format(n=cells.number(row["reasons"]))
    return [words]


def _thanks_words(o: Overview) -> list[str]:
    still, answered = o.thanks.figures.get("open"), o.thanks.figures.get("answered")
    if not o.thanks.rows:
        return [cells.sentence(n) for n in o.thanks.notes]
    words = ngettext("{n} recommendation or reshare of the last four weeks is still without an answer",
                     "{n} recommendations and reshares of the last four weeks are still without an answer",
                     int(still or 0))  # fmt: skip
    words = words.format(n=cells.number(int(still or 0)))
    return [words + _(", {n} are answered.").format(n=cells.number(int(answered or 0)))]


def _points(value: Any) -> str:
    return cells.number(value, 1) if isinstance(value, float) else cells.unknown()


# -- on a screen, as a page


def as_text(o: Overview, *, width: int = 100, colour: bool = False, asked: str | None = "") -> str:
    """The overview for a terminal. asked: options that the commands it names need, to speak of the same; None where
    no command can, since nothing was kept.
    """
    parts = [_("Overview of {owner}, {day}").format(owner=clean(o.owner), day=cells.day(o.as_of)), ""]
    blocks: tuple[tuple[str, list[str], list[str], str], ...] = (
        (_("Followers"), _followers_words(o), [], "show followers"),
        (_("Influence"), [*_influence_words(o), *_fall_words(o)], [], "why influence" + _span(o)),
        (_("Follow Friday"), _board_words(o), ["", *_places(o, width)], "why follow_friday"),
        (_("Thanks"), _thanks_words(o), _open_thanks(o), "show courtesy"),
    )
    for heading, sentences_, more, command in blocks:
        parts.append(_bold(heading, colour=colour))
        parts += [line for s in sentences_ if s for line in _wrapped(s, width)]
        parts += more
        if asked is not None:
            parts.append("  " + _("More: {command}").format(command=clean(f"leumund {command}{asked}")))
        parts.append("")
    parts += _wrapped(
        _(
            "Not known yet: who is behind each account. So all recommenders and all acts count alike, and a ring of accounts that praise each other counts too."
        ),
        width,
    )
    return "\n".join(parts) + "\n"


def _span(o: Overview) -> str:
    """The days of the fall, as options."""
    if o.fall is None or o.fall_span is None:
        return ""
    start, end = o.fall_span
    return f" --from {start.date()} --to {end.date()}"


def _places(o: Overview, width: int) -> list[str]:
    few = [r for r in o.board.rows if r[0] <= _OTHERS_SHOWN or r[1] in o.own]
    names = {k: clean(o.board.names.get(k, "?")) for r in few for k in (r[1],)}
    longest = max((len(n) for n in names.values()), default=0)
    del width
    lines = []
    for rank, account, score, *_rest in few:
        sign = "→" if account in o.own else " "
        lines.append(f"  {sign} {rank:>3}  {names[account]:<{longest}}  {cells.number(score, 1):>6}")
    return lines


def _open_thanks(o: Overview) -> list[str]:
    columns = [c.name for c in o.thanks.columns]
    rows = [dict(zip(columns, r, strict=True)) for r in o.thanks.rows]
    oldest = sorted((r for r in rows if r["open"]), key=lambda r: r["time"])[:3]
    lines = []
    for row in oldest:
        name, kind = clean(o.thanks.names.get(row["account"], "?")), cells.written("kind", row["kind"])
        lines.append(
            "    " + _("{name}, {kind}, {day}").format(name=name, kind=kind, day=cells.day(row["time"]))
        )
    return [_("  Waiting longest:"), *lines] if lines else []


def _bold(text: str, *, colour: bool) -> str:
    return f"\x1b[1m{text}\x1b[0m" if colour else text


def _wrapped(text: str, width: int) -> list[str]:
    import textwrap

    return textwrap.wrap(
        text, max(width - 2, 20), initial_indent="  ", subsequent_indent="  ", break_long_words=False
    )


def as_page(o: Overview) -> str:
    """The overview as one self-contained HTML page with charts."""
    marks = []
    if o.fall_span is not None:
        start, end = o.fall_span
        label = _("you posted nothing") if o.silent else _("the fall explained below")
        marks.append(Mark(start, label, until=end))
    influence = Section(_("What you set in motion"), _influence_words(o), [o.influence], marks=marks)
    sections = [Section(_("Who follows you"), _followers_words(o), [o.followers]), influence]
    if o.fall is not None:
        sections.append(Section(_("Why it fell"), _fall_words(o), [o.fall]))
    sections += [
        Section(_("Follow Friday: who recommends whom"), _board_words(o), [o.board], highlight=o.own),
        Section(_("Whom you owe thanks"), _thanks_words(o), [o.thanks]),
    ]
    title = _("Overview, {day}").format(day=cells.day(o.as_of))
    return render(sections, title=title, owner=o.owner, as_of=o.as_of, language=code())
