"""The owner's overview: the most important readings together, on a screen or as a page.

Who follows me, what do I set in motion and why did it fall, where do I stand on Follow Friday, whom do I
owe thanks: each with a sentence in plain words, the figures and what is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from leumund.asking import Question, State, bring_facts
from leumund.clean import clean
from leumund.lab import Lab
from leumund.locale import _, code
from leumund.measures import Reading, measure_named
from leumund.measures.happenings import days_posted, silences
from leumund.report import overview_words as words
from leumund.report.page import render
from leumund.report.sections import Section
from leumund.report.unlisted import without_listed
from leumund.today import Doing
from leumund.today.choosing import three
from leumund.today.taken import Taken
from leumund.today.whose import board_language, owner_called
from leumund.views import Mark, cells

_DAYS = 90
_WEEK = 7
_A_MOMENT = timedelta(microseconds=1)
_A_FALL = -1.0  # points in a week from which on it is worth a word
_OTHERS_SHOWN = 5
_STANDING_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What was taken. fall: why influence fell while she was silent, else in the worst week; None where it did not.

    silent: these days are the owner's longest silence. audience: who follows; None where the owner gave no label yet,
    which is all that could tell people from machines. about: what the account is called where it is another's and
    only looked at; "" where the owner herself is spoken to. community: of a lab of a whole community in which no account
    is the operator's own: it is spoken of the community, and what concerns one person is left out. doing: what is worth doing today, where asked for.
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
    standing: Reading
    audience: Reading | None = None
    about: str = ""
    community: bool = False
    doing: tuple[Doing, ...] = ()


def take(lab: Lab, as_of: datetime, *, at: datetime, about: str = "", to_do: bool = False) -> Overview:
    """Take all readings of the overview. as_of: the moment they speak of; at: the clock, for what is computed.

    about: see `Overview`. to_do: with what is worth doing today; private.
    """
    friday = measure_named("follow_friday")
    bring_facts(lab, friday, {"board": "de"}, at=at)  # whichever board it will be: the languages tell
    bring_facts(lab, measure_named("courtesy"), {}, at=at)
    with Question(lab, as_of).state() as state:
        taken = Taken(lab, state, at, as_of)
        influence = taken.reading("influence", days=_DAYS)
        span = _silence(state)
        fall = _explained(state, span) if span else None
        silent = fall is not None and _change(fall) <= _A_FALL
        if not silent:
            span = _worst_week(influence)
            fall = _explained(state, span) if span else None
        language = board_language(state.tables)
        community = state.tables.community and state.tables.own is None
        return Overview(
            owner=owner_called(state), own=frozenset(lab.register.own_accounts()), as_of=as_of,
            followers=taken.reading("followers", days=_DAYS),
            influence=influence, fall=fall, fall_span=span, silent=silent,
            board=taken.reading("follow_friday", board=language, limit=10),
            language=language,
            thanks=taken.reading("courtesy"),
            standing=taken.reading("standing", limit=_STANDING_SHOWN),
            audience=taken.reading("audience") if _are_labels(state) and not about else None, about=about,
            community=community, doing=tuple(three(taken)) if to_do and not community else (),
        )  # fmt: skip


def _are_labels(state: State) -> bool:
    return bool(state.tables.sql("select 1 from labels limit 1").fetchall())


def _explained(state: State, span: tuple[datetime, datetime]) -> Reading:
    start = span[0] - _A_MOMENT  # the end of the day before, as the series has it
    return without_listed(
        state.tables, state.explanation(measure_named("influence"), start=start, end=span[1])
    )


def _change(explanation: Reading) -> float:
    change = explanation.figures.get("change")
    return change if isinstance(change, float) else 0.0


def _silence(state: State) -> tuple[datetime, datetime] | None:
    """The longest silence of the last months."""
    since = state.tables.as_of.date() - timedelta(days=_DAYS)
    found = [(b - a, a, b) for a, b in silences(d for d in days_posted(state.tables) if d >= since)]
    if not found:
        return None
    _length, first, last = max(found)
    return _beginning(first), datetime.combine(last, time.max, UTC)


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


# -- on a screen, as a page


def as_text(o: Overview, *, width: int = 100, colour: bool = False, asked: str | None = "") -> str:
    """The overview for a terminal. asked: options that the commands it names need, to speak of the same; None where
    no command can, since nothing was kept.
    """
    parts = [_("Overview of {owner}, {day}").format(owner=clean(o.owner), day=cells.day(o.as_of)), ""]
    blocks: tuple[tuple[str, list[str], list[str], str], ...]
    if o.community:
        blocks = (
            (_("Follow Friday"), words.of_the_places(o), ["", *_places(o, width)], "show follow_friday"),
            (_("Standing"), words.of_standing(o), [], "show standing"),
        )
        return "\n".join([*parts, *_blocks(blocks, width, colour=colour, asked=asked)]) + "\n"
    blocks = (
        (_("Followers"), words.of_followers(o), [], "show followers"),
        (_("Influence"), [*words.of_influence(o), *words.of_the_fall(o)], [], "why influence" + _span(o)),
        (_("Follow Friday"), words.of_the_board(o), ["", *_places(o, width)], "why follow_friday"),
        (_("Thanks"), words.of_thanks(o), _open_thanks(o), "show courtesy"),
    )
    parts += _doing(o, width, colour=colour, asked=asked)
    parts += _blocks(blocks, width, colour=colour, asked=asked)
    for sentence in words.of_standing(o):
        parts += _wrapped(sentence, width)
    return "\n".join(parts) + "\n"


def _doing(o: Overview, width: int, *, colour: bool, asked: str | None) -> Iterator[str]:
    """What is worth doing today, and the command that leads there."""
    if o.doing:
        yield _bold(_("Three things worth doing today"), colour=colour)
    for number, one in enumerate(o.doing, 1):
        yield from _wrapped(f"{number}. {one.what}" + (f" ({one.why})" if one.why else ""), width)
        if asked is not None:
            yield f"     leumund {clean(one.command + asked)}"
    if o.doing:
        yield ""


def _blocks(
    blocks: Iterable[tuple[str, list[str], list[str], str]], width: int, *, colour: bool, asked: str | None
) -> Iterator[str]:
    """Each question: its heading, its sentences, what stands beneath them, and the command that leads on."""
    for heading, sentences_, more, command in blocks:
        yield _bold(heading, colour=colour)
        yield from (line for s in sentences_ if s for line in _wrapped(s, width))
        yield from more
        if asked is not None:
            yield "  " + _("More: {command}").format(command=clean(f"leumund {command}{asked}"))
        yield ""


def _span(o: Overview) -> str:
    """The days of the fall, as options: it began at the end of the day before the first one."""
    if o.fall is None or o.fall_span is None:
        return ""
    start, end = o.fall_span
    return f" --from {(start - _A_MOMENT).date()} --to {end.date()}"


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
    title = _("Overview, {day}").format(day=cells.day(o.as_of))
    return render(sections(o), title=title, owner=o.owner, as_of=o.as_of, language=code())


def sections(o: Overview) -> list[Section]:
    """The overview's questions with their answers."""
    if o.community:
        return [
            Section(
                _("Follow Friday: who recommends whom"), words.of_the_places(o), [o.board], of_others=True
            ),
            Section(_("Whose acts count"), words.of_standing(o), [o.standing], of_others=True),
        ]
    marks = []
    if o.fall_span is not None and not o.silent:  # silences are marked on every chart over time
        start, end = o.fall_span
        marks.append(Mark(start, _("the fall explained below"), until=end))
    influence = Section(_("What you set in motion"), words.of_influence(o), [o.influence], marks=marks)
    found = [Section(_("Who follows you"), words.of_followers(o), [o.followers]), influence]
    if o.fall is not None:
        found.append(Section(_("Why it fell"), words.of_the_fall(o), [o.fall]))
    found += [
        Section(_("Follow Friday: who recommends whom"), words.of_the_board(o), [o.board], highlight=o.own),
        Section(_("Whom you owe thanks"), words.of_thanks(o), [o.thanks]),
    ]
    return found
