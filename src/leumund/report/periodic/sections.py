"""The report's questions with their answers, in the language in use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from leumund.locale import _, ngettext
from leumund.measures import Reading
from leumund.measures.days import LAST_HOURS_US
from leumund.report.periodic import Periodic, title_of
from leumund.report.sections import Section
from leumund.views import cells, written
from leumund.views.stretches import when
from leumund.views.words import word

_OF_GOALS = ("text", "by", "target", "now", "chance", "expected_low", "expected_high")


def sections(taken: Periodic) -> list[Section]:
    """What is told, in order; what nobody entered is said once, at the end."""
    found = [
        Section(_("Influence"), _influence(taken), [taken.influence, taken.causes]),
        Section(_("Followers"), _followers(taken), [taken.followers]),
        Section(
            _("What was done"),
            _done(taken),
            [taken.done, *([taken.hours] if taken.hours else [])],
            of_others=True,
        ),
        Section(_("What came back"), _back(taken), [taken.back], of_others=True),
        Section(_("Follow Friday"), _board(taken), [taken.board], highlight=taken.own),
    ]
    if taken.goals.rows:
        found.append(Section(_("Goals"), _goals(taken), [_only(taken.goals, _OF_GOALS)], of_others=True))
    if taken.customers.rows:
        found.append(Section(_("Customers"), _customers(taken), [taken.customers], of_others=True))
    if taken.experiments.rows:
        found.append(Section(_("Experiments"), _tried(taken), [taken.experiments], of_others=True))
    if taken.thanks is not None:
        found.append(Section(_("Thanks"), _thanks(taken.thanks), []))
    found.append(Section(_("How complete this is"), list(_gaps(taken)), []))
    return found


def _influence(taken: Periodic) -> list[str]:
    rows = sorted(taken.influence.dicts(), key=lambda r: r["day"])
    known = [r for r in rows if r["score"] is not None]
    if len(known) < 2:
        return [_("How influence changed is not known: too little was read of that time.")]
    first, last = known[0], known[-1]
    text = _("The score went from {before}{between_before} to {after}{between_after}, of 100.")
    return [
        text.format(
            before=cells.number(first["score"], 1), between_before=_between(first["low"], first["high"], 1),
            after=cells.number(last["score"], 1), between_after=_between(last["low"], last["high"], 1),
        ),
        _("Below stand the causes; they add up to the change."),
    ]  # fmt: skip


def _between(low: float | None, high: float | None, decimals: int) -> str:
    if low is None or high is None:
        return ""
    return " " + _("(between {low} and {high})").format(
        low=cells.number(low, decimals), high=cells.number(high, decimals)
    )


def _followers(taken: Periodic) -> list[str]:
    gained, before = (_gained(r) for r in (taken.followers, taken.followers_before))
    now = taken.followers.figures.get("now")
    if not isinstance(now, int):
        return [_("How many follow is not known: no source has told it yet.")]
    said = ngettext("{n} account follows.", "{n} accounts follow.", now).format(n=cells.number(now))
    if gained is None:
        return [said + " " + _("How many followed before is not known.")]
    said += " " + _("Change in this period: {change}.").format(change=cells.number(gained, signed=True))
    if before is None:
        return [said + " " + _("What it was in the period before is not known.")]
    return [
        said + " " + _("In the period before: {change}.").format(change=cells.number(before, signed=True))
    ]


def _gained(reading: Reading) -> int | None:
    known = [
        r["followers"] for r in sorted(reading.dicts(), key=lambda r: r["day"]) if r["followers"] is not None
    ]
    return known[-1] - known[0] if len(known) > 1 else None


def _done(taken: Periodic) -> list[str]:
    rows = taken.done.dicts()
    now, before = (sum(row[name] or 0 for row in rows) for name in ("now", "before"))
    if all(row["before"] is None for row in rows):
        said = ngettext("{n} post; how many there were in the period before is not known.",
                        "{n} posts; how many there were in the period before is not known.", now)  # fmt: skip
        return [said.format(n=cells.number(now))]
    text = ngettext(
        "{n} post; in the period before {before}.", "{n} posts; in the period before {before}.", now
    )
    return [text.format(n=cells.number(now), before=cells.number(before))]


def _back(taken: Periodic) -> list[str]:
    rows = {r["kind"]: r for r in taken.back.dicts()}
    if not rows:
        return [_("Nothing of what others did is known of this time or the one before.")]
    if all(r["before"] is None for r in rows.values()):
        return [_("What came back in the period before is not known.")]
    more = [word(k) for k, r in rows.items() if r["times_low"] is not None and r["times_low"] > 1]
    fewer = [word(k) for k, r in rows.items() if r["times_high"] is not None and r["times_high"] < 1]
    said = []
    if more:
        said.append(_("More people than before, beyond chance: {what}.").format(what=", ".join(more)))
    if fewer:
        said.append(_("Fewer people than before, beyond chance: {what}.").format(what=", ".join(fewer)))
    return said or [_("No difference to the period before that could not be chance.")]


def _goals(taken: Periodic) -> list[str]:
    n = len(taken.goals.rows)
    return [ngettext("{n} goal is set.", "{n} goals are set.", n).format(n=cells.number(n))]


def _customers(taken: Periodic) -> list[str]:
    return [
        _("{what}: {now}, in the period before {before}.").format(
            what=r["what"],
            now=cells.number(r["now"]),
            before=cells.unknown() if r["before"] is None else cells.number(r["before"]),
        )
        for r in taken.customers.dicts()
    ]


def _tried(taken: Periodic) -> list[str]:
    n = len(taken.experiments.rows)
    return [ngettext("{n} experiment is known.", "{n} experiments are known.", n).format(n=cells.number(n))]


def _only(reading: Reading, names: tuple[str, ...]) -> Reading:
    """The reading with these columns alone, which fit on paper; its sentences are left out, they stand on its page."""
    at = [i for i, c in enumerate(reading.columns) if c.name in names]
    columns = tuple(reading.columns[i] for i in at)
    return replace(
        reading,
        columns=columns,
        rows=tuple(tuple(row[i] for i in at) for row in reading.rows),
        notes=(),
        figures={},
    )


def _board(taken: Periodic) -> list[str]:
    names = [c.name for c in taken.board.columns]
    rows = [dict(zip(names, row, strict=True)) for row in taken.board.rows]
    mine = next((r for r in rows if r["account"] in taken.own), None)
    then = taken.board_before
    if mine is None:
        return [_("Not among those that {board} lists.").format(board=written.board(taken.board))]
    said = _("Place {rank}{between} on {board}.").format(
        rank=cells.number(mine["rank"]), between=_between(mine["rank_low"], mine["rank_high"], 0),
        board=written.board(taken.board),
    )  # fmt: skip
    if then is None:
        return [
            said
            + " "
            + (
                _("At the end of the period before: not on it.")
                if taken.board_known
                else _("From the period before no recommendation is known.")
            )
        ]
    words = _("At the end of the period before: place {rank}{between}.")
    return [
        said + " " + words.format(
            rank=cells.number(then["rank"]), between=_between(then["rank_low"], then["rank_high"], 0)
        )
    ]  # fmt: skip


def _thanks(reading: Reading) -> str:
    rows = reading.dicts()
    answered = sum(r["answered"] is not None for r in rows)
    text = ngettext(
        "{n} thing that merits thanks came, {answered} of them answered.",
        "{n} things that merit thanks came, {answered} of them answered.",
        len(rows),
    )
    return text.format(n=cells.number(len(rows)), answered=cells.number(answered))


def _gaps(taken: Periodic) -> Iterator[str]:
    """What was read of that time, and what is missing."""
    period = taken.period
    left = datetime.combine(period.last, time.max, UTC) - taken.as_of
    if not taken.over and left >= timedelta(microseconds=LAST_HOURS_US):
        yield _("The period is not over: it is counted up to {moment}.").format(
            moment=cells.moment(taken.as_of)
        )
    missing = False
    for part in taken.reach:
        for s in part.stretches:
            if not s.offered or (s.since is None and s.until is None):
                continue
            late = s.since is not None and s.since.date() > period.first
            early = s.until is not None and s.until.date() < min(period.last, taken.as_of.date())
            if late or early or not s.whole:
                missing = True
                name = f"{part.title} {part.place}".strip()
                yield _("{source}, {what}: known for {span} only.").format(
                    source=name, what=s.what, span=when(s)
                )
    if not missing:
        yield _("All sources were read for the whole of this time, as far as they tell it.")
    for h in taken.happened:
        yield _("{what}: {first} to {last}.").format(
            what=word(h.kind), first=cells.day(h.at), last=cells.day(h.until or h.at)
        )
    entered = [
        (_("Goals"), taken.goals),
        (_("Customers"), taken.customers),
        (_("Experiments"), taken.experiments),
    ]
    lacking = [title for title, reading in entered if not reading.rows]
    if lacking and taken.readership == "team":
        yield _("Nothing was entered for this time: {what}.").format(what=", ".join(lacking))
    if taken.readership == "client":
        if "words" not in taken.also:
            yield _("Goals and experiments stand here without the words in which they were written down.")
        if "customers" not in taken.also:
            yield _("What concerns customers is left out.")
        yield _(
            "“Person 1”, “Person 2” and so on did not agree to be named. The numbers hold within this report."
        )
    yield _("Compared is {period} with {before}.").format(
        period=title_of(period), before=title_of(period.before)
    )
