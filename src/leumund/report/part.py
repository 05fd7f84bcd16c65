"""The next part of the owner's story for her blog: what she tried since the last one and what came back.

A draft as HTML and as Markdown with its charts as SVG. Only her own figures, her goals and her experiments stand there, no
customer and no words of her diary. Nobody is named but herself and, where they recommended her or stand in her own
words, people who agreed to it (`leumund consent add --for parts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from leumund.asking import Question, State
from leumund.clean import clean
from leumund.consent import who_may_appear
from leumund.lab import Lab
from leumund.locale import _, code, ngettext, speaking
from leumund.measures import Note, Reading, measure_named
from leumund.measures.named import define_named
from leumund.report.own_words import Mask, mask_for
from leumund.report.page import render, written_moment
from leumund.report.plain import escaped
from leumund.report.sections import Section
from leumund.views import Frame, cells, charts, written

_USUAL_DAYS = 28
_WIDTH = 720


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one part tells. since, as_of: from when until when; posts: of hers; the readings speak of that time.

    recommended_by: handles of those who agreed to be named; mask: what hides the others in her own words.
    """

    number: int
    owner: str
    since: datetime
    as_of: datetime
    posts: int
    days_posted: int
    responders: int
    hours: float | None
    fun: float | None
    recommended_by: tuple[str, ...]
    recommended_by_others: int
    mask: Mask
    followers: Reading
    influence: Reading
    diary: Reading
    goals: Reading
    experiments: Reading

    @property
    def days(self) -> int:
        """How many days it tells of."""
        return max(1, (self.as_of - self.since).days)


def take(
    lab: Lab, number: int, as_of: datetime, *, since: datetime | None = None, at: datetime | None = None
) -> Part:
    """Take the readings of a part. since: when the part before ended; else four weeks, at most as far as the lab goes.

    at: the clock, against which consents are held; as_of where it is not given.
    """
    begun = since or as_of - timedelta(days=_USUAL_DAYS)
    days = max(1, (as_of - begun).days)
    with Question(lab, as_of).state() as state:
        posts, on = _posted(state, begun)
        hours, fun = _spent(state, begun)
        by, others = _recommenders(state, begun, at or as_of)
        followers, influence, diary = (
            _bare(state.reading(measure_named("followers"), days=days + 1)),
            _bare(state.reading(measure_named("influence"), days=days + 1)),
            _since(_bare(state.reading(measure_named("diary"))), begun),
        )
        goals, experiments = (state.reading(measure_named(name)) for name in ("goals", "experiments"))
        mask = mask_for(state, [followers, influence, diary, goals, experiments], at=at or as_of)
        return Part(
            number=number, owner=", ".join(_own(state)) or "?", since=begun, as_of=as_of, posts=posts, days_posted=on,
            responders=_responders(state, begun), hours=hours, fun=fun,
            recommended_by=by, recommended_by_others=others, mask=mask,
            followers=mask.reading(followers), influence=mask.reading(influence), diary=mask.reading(diary),
            goals=mask.reading(goals), experiments=mask.reading(experiments),
        )  # fmt: skip


def _own(state: State) -> list[str]:
    return sorted(state.lab.names(state.lab.register.own_accounts()).values())


def _bare(reading: Reading) -> Reading:
    """The reading without a word that could name somebody: no notes, and of what happened only that it did."""
    kept = tuple(
        replace(h, text=h.text if h.kind == "experiment" else "")
        for h in reading.happened
        if h.kind != "note"
    )
    return replace(reading, notes=(), happened=kept)


def _since(reading: Reading, begun: datetime) -> Reading:
    """The weeks of a reading that had not ended when the part begins."""
    at = next(i for i, c in enumerate(reading.columns) if c.kind == "week")
    first = (begun - timedelta(days=6)).date()
    return replace(reading, rows=tuple(row for row in reading.rows if row[at] >= first))


def _posted(state: State, since: datetime) -> tuple[int, int]:
    query = """select count(*), count(distinct happened_at::date) from posts where exact and happened_at > $since::TIMESTAMP
               and account in (select account from own) and visibility in ('public', 'unlisted')"""
    ((posts, days),) = state.tables.sql(query, since=_plain(since)).fetchall()
    return int(posts), int(days)


def _responders(state: State, since: datetime) -> int:
    query = """select count(distinct actor) from acts where exact and happened_at > $since::TIMESTAMP
               and kind in ('like', 'reshare', 'reply', 'quote', 'mention')
               and target in (select account from own) and actor not in (select account from own)"""
    ((people,),) = state.tables.sql(query, since=_plain(since)).fetchall()
    return int(people)


def _recommenders(state: State, since: datetime, at: datetime) -> tuple[tuple[str, ...], int]:
    """The handles of those who recommended her since then and agreed to be named, and how many others did."""
    define_named(state.tables, only="account in (select account from own)", name="part_named")
    query = "select distinct recommender from part_named where happened_at > $since::TIMESTAMP"
    people = [row[0] for row in state.tables.sql(query, since=_plain(since)).fetchall()]
    answers = who_may_appear(state.lab, state.tables, people, "parts", at=at)
    shown = [a.shown[0] for a in answers.values() if a.yes]
    return tuple(sorted(clean(name) for name in state.lab.names(shown).values())), len(people) - len(shown)


def _spent(state: State, since: datetime) -> tuple[float | None, float | None]:
    when = "happened_at > $since::TIMESTAMP"
    ((hours,),) = state.tables.sql(
        f"select sum(hours) from hours where {when}", since=_plain(since)
    ).fetchall()
    ((fun,),) = state.tables.sql(
        f"select avg(fun) from notes where fun is not null and {when}", since=_plain(since)
    ).fetchall()
    return hours, fun


def _plain(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(" ")


# -- in words


def title(part: Part) -> str:
    """The headline."""
    return _("Part {n}: what {days} days brought").format(n=part.number, days=cells.number(part.days))


def sections(part: Part) -> list[Section]:
    """What is told, in order; only that of which something is known."""
    found = [
        Section(_("What I did"), _done(part), [part.diary] if part.diary.rows else []),
        Section(_("Who came"), _came(part), [part.followers]),
        Section(_("What came back"), _back(part), [part.influence]),
    ]
    for heading, notes in (
        (_("What I tried"), part.experiments.notes if part.experiments.rows else ()),
        (_("Where I want to go"), _public(part.goals)),
    ):
        if notes:
            found.append(Section(heading, [_("My laboratory says:"), *_said(part, notes)]))
    found.append(Section(_("How to read this"), _limits()))
    return found


def _done(part: Part) -> list[str]:
    text = ngettext("I wrote {n} post", "I wrote {n} posts", part.posts).format(n=cells.number(part.posts))
    days = ngettext("on {n} day", "on {n} days", part.days_posted).format(n=cells.number(part.days_posted))
    said = [_("{what} {when}, from {start} to {end}.").format(
        what=text, when=days, start=cells.day(part.since), end=cells.day(part.as_of))]  # fmt: skip
    if part.hours is not None:
        said.append(_("That took {n} hours, {weekly} a week.").format(
            n=cells.number(part.hours, 1), weekly=cells.number(part.hours / part.days * 7, 1)))  # fmt: skip
    else:
        said.append(_("I did not write down how many hours it took."))
    if part.fun is not None:
        said.append(_("How much fun was it? {n} of 5.").format(n=cells.number(part.fun, 1)))
    return [" ".join(said)]


def _came(part: Part) -> list[str]:
    first, last = _ends(part.followers, "followers")
    begun = min((row["day"] for row in part.followers.dicts()), default=part.since)
    if last is None:
        return [_("How many follow me is not known.")]
    if first is None:
        return [_("{n} follow me. How many did before is not known.").format(n=cells.number(last))]
    change = cells.number(last - first, signed=True)
    return [_("{n} follow me now, {change} since {day}.").format(
        n=cells.number(last), change=change, day=cells.day(begun))]  # fmt: skip


def _back(part: Part) -> list[str]:
    people = ngettext(
        "{n} person or account responded.", "{n} people and accounts responded.", part.responders
    )
    said = [people.format(n=cells.number(part.responders))]
    first, last = _ends(part.influence, "score")
    low, high = (_ends(part.influence, name)[1] for name in ("low", "high"))
    if first is not None and last is not None:
        text = _(
            "My influence score went from {before} to {after} of 100 (most probably between {low} and {high} now)."
        )
        if low is None or high is None:
            text = _(
                "My influence score went from {before} to {after} of 100; too little is known for an interval."
            )
        said.append(text.format(
            before=cells.number(first, 1), after=cells.number(last, 1), low=cells.number(low or 0, 1), high=cells.number(high or 0, 1),
        ))  # fmt: skip
    return [" ".join(said), *_praised(part)]


def _praised(part: Part) -> list[str]:
    """Who recommended her: those who agreed by name, the others as a number."""
    others = part.recommended_by_others
    if not part.recommended_by:
        if not others:
            return []
        return [
            ngettext("{n} person recommended me.", "{n} people recommended me.", others).format(
                n=cells.number(others)
            )
        ]
    names = ", ".join(part.recommended_by)
    if not others:
        return [_("{names} recommended me.").format(names=names)]
    text = ngettext("{names} and {n} other recommended me.", "{names} and {n} others recommended me.", others)
    return [text.format(names=names, n=cells.number(others))]


def _ends(reading: Reading, name: str) -> tuple[float | None, float | None]:
    """The first and the last value of a series, None where unknown."""
    rows = sorted(reading.dicts(), key=lambda row: row["day"])
    return (cells.known(rows[0][name]), cells.known(rows[-1][name])) if rows else (None, None)


def _public(goals: Reading) -> tuple[Note, ...]:
    """What is said of goals, without those on customers: how many there are is nobody's business."""
    rows = goals.dicts()
    hidden = {row["text"] for row in rows if row["about"] == "customers"}
    if len(hidden) == len(rows):
        return ()
    return tuple(n for n in goals.notes if not hidden.intersection(map(str, n.values.values())))


def _said(part: Part, notes: Iterable[Note]) -> list[str]:
    return [part.mask.text(cells.sentence(note)) for note in notes]


def _limits() -> list[str]:
    return [
        _(
            "All figures are my own and were counted on my own computer. Nobody is named who did not agree to it."
        ),
        _("That two things happened at the same time does not mean that one brought the other."),
    ]


# -- as HTML, as Markdown with drawings


def as_page(part: Part) -> str:
    """The draft as one self-contained HTML page."""
    return render(sections(part), title=title(part), owner=part.owner, as_of=part.as_of, language=code())


def as_post(part: Part, stem: str) -> tuple[str, dict[str, str]]:
    """The draft as Markdown, and its drawings as SVG by file name. stem: what their names begin with."""
    with speaking(code()):
        lines = [f"# {escaped(title(part))}", "", f"_{escaped(written_moment(part.as_of))}_", ""]
        drawings: dict[str, str] = {}
        for section in sections(part):
            lines += [f"## {escaped(section.heading)}", ""]
            for paragraph in section.paragraphs():
                lines += [escaped(paragraph), ""]
            lines += _drawn(section.readings, stem, drawings)
        return "\n".join(lines).rstrip() + "\n", drawings


def _drawn(readings: Sequence[Reading], stem: str, drawings: dict[str, str]) -> list[str]:
    lines = []
    for reading in readings:
        drawing = charts.draw(reading, Frame(width=_WIDTH), ident=reading.measure)
        if drawing is not None:
            name = f"{stem}-{reading.measure}.svg"
            drawings[name] = drawing.svg
            alt = escaped(f"{written.title(reading)}. {drawing.alt}")
            lines += [f"![{alt}]({name})", ""]
    return lines
