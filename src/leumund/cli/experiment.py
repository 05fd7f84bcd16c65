"""experiment: plan, begin and end an experiment, and see its weeks."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leumund.cli import entries
from leumund.cli.entries import FileArgument, ForGoodOption
from leumund.cli.frame import Group
from leumund.cli.goal import NetworkOption, known_network
from leumund.cli.shared import JsonOption, LabOption, ask, now, opened, print_json, say, shown
from leumund.errors import UsageError
from leumund.locale import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leumund.lab import Lab
    from leumund.measures.experiments.planned import Planned
    from leumund.measures.experiments.power import Outlook
    from leumund.store.entries import Entry

HELP = N_(
    'Change one thing in weeks that a coin chooses, and see what comes back. Example: leumund experiment plan Mornings --change "I post before nine"'
)
_NEARLY_ALL = 0.99
app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

_NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help=_("What you call it."), show_default=False)
]
_PAIRS = 12


@app.command(
    "plan",
    help=_(
        'Show what can be seen, throw the coins and write it down. Example: leumund experiment plan Mornings --change "I post before nine"'
    ),
)
def plan(
    name: _NameArgument,
    change: Annotated[
        str,
        typer.Option("--change", metavar="TEXT", help=_("The one thing you do otherwise."), show_default=False),
    ],
    outcome: Annotated[
        str,
        typer.Option("--outcome", metavar="responders|replies|follows|leads", help=_("The one thing that is counted.")),
    ] = "responders",
    pairs: Annotated[int, typer.Option("--pairs", help=_("How many pairs of weeks, 6 to 26."))] = _PAIRS,
    begin: Annotated[
        str | None,
        typer.Option("--begin", metavar="DATE", help=_("When; else on the next Monday."), show_default=False),
    ] = None,
    seed: Annotated[
        str | None,
        typer.Option("--seed", metavar="WORD", help=_("What the coins are thrown with; else drawn."), show_default=False),
    ] = None,
    network: NetworkOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=_("Do not ask."))] = False,
    lab: LabOption = None,
) -> None:  # fmt: skip
    import secrets

    from leumund.coins import as_written
    from leumund.measures.experiments.design import WASHOUT_DAYS
    from leumund.saying import keep
    from leumund.store.entries import entered

    _check(name, change, outcome, pairs)
    at, first = now(), _first_monday(begin)
    network = known_network(network)
    with opened(lab, read_only=False) as there:
        if any(_is_called(e.body, name) for e in _held(there)):
            raise UsageError(_("There is an experiment “{name}” already.").format(name=name))
        _tell(_outlook(there, outcome, network, pairs), outcome)
        if not yes:
            ask(_("Write it down? Then it must not be changed after its start. Type yes:"))
        seed = seed or secrets.token_hex(4)
        body = {
            "experiment": name, "change": change.strip(), "outcome": outcome, "network": network, "pairs": pairs,
            "washout_days": WASHOUT_DAYS, "begins": entries.midnight(first).isoformat(), "seed": seed,
            "weeks": as_written(seed, pairs),
        }  # fmt: skip
        kept = {k: v for k, v in body.items() if v is not None}
        keep(there, [entered("experiment", kept, happened_at=at, said_at=at)], at=at)
        _warn_of_others(there, name)
    print(_("Written down. Say publicly what you are going to do, so that nobody can doubt it:"))
    print("\n    " + _to_publish(kept, first) + "\n")
    print(_("Begin with: leumund experiment start {name}").format(name=_quoted(name)))


def _warn_of_others(there: Lab, name: str) -> None:
    """Say which other experiments have weeks in common with that one."""
    entry = _meant(there, name).entry
    plans = {p.entry: p for e in _held(there) if (p := _planned(there, e)).stopped_at is None}
    mine = {w.monday for w in plans[entry].weeks}
    if both := [p.name for p in plans.values() if p.entry != entry and mine & {w.monday for w in p.weeks}]:
        text = _(
            "In some of its weeks another experiment goes on: {names}. The coins keep them apart, but both results get wider: better one after the other."
        )
        say(text.format(names=", ".join(f"“{b}”" for b in both)))


def _check(name: str, change: str, outcome: str, pairs: int) -> None:
    """Raises UsageError: with the reason why such an experiment shows nothing."""
    from leumund.measures.experiments.design import LEAST_PAIRS, MOST_PAIRS
    from leumund.measures.experiments.outcomes import OUTCOMES
    from leumund.measures.experiments.planned import REFUSALS

    said = {"name": name, "least": LEAST_PAIRS, "most": MOST_PAIRS}
    if not name.strip() or not change.strip():
        raise UsageError(
            _("An experiment needs a name and a change."), hint=_("See leumund experiment plan --help")
        )
    why = (
        "outcome" if outcome not in OUTCOMES else "pairs" if pairs < LEAST_PAIRS
        else "long" if pairs > MOST_PAIRS else None
    )  # fmt: skip
    if why is not None:
        reason = REFUSALS[why]
        raise UsageError(_(reason).format(**said))


def _first_monday(begin: str | None) -> date:
    from leumund.measures.experiments.design import next_monday

    if begin is None:
        return next_monday(entries.today())
    day = entries.said_day(begin, toward="future")
    if day <= entries.today():
        raise UsageError(
            _("It must begin after today."), hint=_("What is written down afterwards shows nothing.")
        )
    return day if day.weekday() == 0 else next_monday(day)


def _outlook(there: Lab, outcome: str, network: str | None, pairs: int) -> Outlook:
    import numpy as np

    from leumund.measures.experiments.outcomes import own_weeks
    from leumund.measures.experiments.power import outlook

    with there.tables(as_of=now()) as tables:
        counts = own_weeks(tables.person_by_person(), outcome, network=network)
    return outlook(np.array(counts, np.float64), pairs)


def _tell(found: Outlook, outcome: str) -> None:
    """The power, before anything is written down."""
    from leumund.measures.experiments.outcomes import OUTCOMES
    from leumund.views.cells import number, written

    what = _(OUTCOMES[outcome])
    text = _("Your weeks so far: {mean} ({what}), the first day left out.")
    if not found.own:
        text = _(
            "Of your own weeks too few are known; reckoned with {mean} a week ({what}), the first day left out."
        )
    print(text.format(mean=number(found.mean, 1), what=what))
    print(_("With {pairs} pairs, that is {weeks} weeks, you would see").format(pairs=found.pairs, weeks=2 * found.pairs))  # fmt: skip
    for ratio, share in found.seen.items():
        effect = (
            _("twice as many") if ratio == 2 else _("{more} more").format(more=written("share", ratio - 1))
        )
        text = _("{effect}: in {share} of all cases")
        if share > _NEARLY_ALL:  # of so many drawn; nothing is seen for certain
            text = _("{effect}: in more than {share} of all cases")
        print("  " + text.format(effect=effect, share=written("share", min(share, _NEARLY_ALL))))
    if found.enough is None:
        print(_("Half as many again would not be seen within a year. Count something that comes more often."))
    else:
        print(_("Half as many again is seen in four of five cases from {pairs} pairs on.").format(pairs=found.enough))  # fmt: skip


def _to_publish(body: Mapping[str, Any], first: date) -> str:
    from leumund.measures.experiments.outcomes import OUTCOMES
    from leumund.views.cells import written

    return _(
        "Experiment “{name}”: from {day} on, {pairs} pairs of weeks; in one week of each pair: {change}. Counted: {what}."
        " A coin decides which week: the first one where SHA-256 of “{seed} 1”, “{seed} 2” … begins with an odd digit."
    ).format(
        name=body["experiment"], day=written("day", first), pairs=body["pairs"], change=body["change"],
        what=_(OUTCOMES.get(str(body["outcome"]), str(body["outcome"]))), seed=body.get("seed", ""),
    )  # fmt: skip


@app.command(
    "start", help=_("Begin an experiment that is planned. Example: leumund experiment start Mornings")
)
def start(name: _NameArgument, lab: LabOption = None) -> None:
    from leumund.measures.experiments.design import next_monday
    from leumund.saying import keep
    from leumund.store.entries import corrected, day_in
    from leumund.store.register import as_time

    at = now()
    with opened(lab, read_only=False) as there:
        entry = _meant(there, name)
        body = dict(entry.body)
        if body.get("started_at"):
            raise UsageError(_("“{name}” has begun already.").format(name=body["experiment"]))
        first = day_in(body, "begins")
        if (
            first is None or first <= entries.today()
        ):  # planned for days that have passed: nothing was promised yet
            first = next_monday(entries.today())
            body["begins"] = entries.midnight(first).isoformat()
        body["started_at"] = at.isoformat()
        keep(there, [corrected(entry, body, happened_at=as_time(entry.happened_at), said_at=at)], at=at)
        planned = _planned(there, entry)
        _warn_of_others(there, name)
    print(_to_publish(body, first) + "\n")
    for week in planned.weeks[:4]:
        print(_week(week.monday, on=week.on))
    print("  …\n" + _("All weeks for your calendar: leumund experiment calendar {name}").format(name=_quoted(name)))  # fmt: skip


@app.command("stop", help=_("End an experiment before its time. Example: leumund experiment stop Mornings"))
def stop(name: _NameArgument, lab: LabOption = None) -> None:
    from leumund.saying import keep
    from leumund.store.entries import corrected
    from leumund.store.register import as_time

    at = now()
    with opened(lab, read_only=False) as there:
        entry = _meant(there, name)
        body = dict(entry.body)
        if not body.get("started_at"):
            hint = _("To take the plan away: leumund experiment remove {name}").format(name=_quoted(name))
            raise UsageError(_("“{name}” has not begun yet.").format(name=body["experiment"]), hint=hint)
        if body.get("stopped_at"):
            raise UsageError(_("“{name}” was stopped already.").format(name=body["experiment"]))
        body["stopped_at"] = at.isoformat()
        keep(there, [corrected(entry, body, happened_at=as_time(entry.happened_at), said_at=at)], at=at)
    print(
        _("Stopped. Whole pairs up to today count; if the result was your reason, it is worth less than it looks.")
    )  # fmt: skip
    say(_("If that is wrong: leumund undo"))


@app.command("list", help=_(entries.HELP_LIST))
def list_(lab: LabOption = None, json: JsonOption = False) -> None:
    nothing = _("No experiment is written down yet. Plan one: leumund experiment plan NAME --change TEXT")
    entries.listed(lab, "experiment", json=json, nothing=nothing)


@app.command("remove", help=_(entries.HELP_REMOVE))
def remove(name: _NameArgument, for_good: ForGoodOption = False, lab: LabOption = None) -> None:
    with opened(lab) as there:
        number = _meant(there, name).entry
    entries.remove(lab, "experiment", number, for_good=for_good)


@app.command("import", help=_(entries.HELP_FILE))
def import_(path: FileArgument, lab: LabOption = None) -> None:
    entries.read_file(lab, "experiment", path)


@app.command(
    "calendar", help=_("The weeks as a file for your calendar. Example: leumund experiment calendar Mornings")
)
def calendar(
    name: _NameArgument,
    to: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help=_("The file to write (.ics); else named after it."), show_default=False),
    ] = None,
    lab: LabOption = None,
    json: JsonOption = False,
) -> None:  # fmt: skip
    with opened(lab) as there:
        planned = _planned(there, _meant(there, name))
    if not planned.weeks:
        raise UsageError(_("The weeks of “{name}” cannot be told.").format(name=planned.name))
    if json:
        rows = [{"monday": w.monday.isoformat(), "pair": w.pair, "on": w.on} for w in planned.weeks]
        print_json(rows)
        return
    to = to or Path("".join(c if c.isalnum() else "-" for c in planned.name).strip("-") + ".ics")
    _write(to, planned)
    for week in planned.weeks:
        print(_week(week.monday, on=week.on))
    print(_("Written: {path}").format(path=shown(to.absolute())))


def _write(to: Path, planned: Planned) -> None:
    from leumund.store.segments import said_plainly
    from leumund.views.calendar_text import as_calendar

    if not to.absolute().parent.is_dir():
        raise UsageError(_("There is no folder {path}.").format(path=to.absolute().parent))
    text = as_calendar(
        planned.name, planned.change, planned.seed, planned.weeks, stamp=planned.planned_at
    )  # fmt: skip
    with said_plainly(to.absolute().parent):
        to.write_bytes(text)


def _week(monday: date, *, on: bool) -> str:
    from leumund.views.cells import written

    text = _("{first} to {last}: with the change") if on else _("{first} to {last}: as usual")
    return "  " + text.format(
        first=written("day", monday), last=written("day", monday + timedelta(days=6))
    )  # fmt: skip


def _held(there: Lab) -> list[Entry]:
    from leumund.store.entries import held

    return held(there.register, "experiment")


def _is_called(body: Mapping[str, Any], name: str) -> bool:
    return str(body.get("experiment", "")).strip().casefold() == name.strip().casefold()


def _meant(there: Lab, name: str) -> Entry:
    """The experiment of that name, or of which that is the number or its beginning."""
    found = [e for e in _held(there) if _is_called(e.body, name)]
    if len(found) == 1:
        return found[0]
    if not found:
        names = ", ".join(f"“{e.body.get('experiment')}”" for e in _held(there))
        if not any(e.entry.startswith(name) for e in _held(there)):
            hint = _("There are: {names}").format(names=names) if names else ""
            raise UsageError(_("There is no experiment “{name}”.").format(name=name), hint=hint)
    return entries.meant(there, "experiment", name)


def _planned(there: Lab, entry: Entry) -> Planned:
    from leumund.measures.experiments.planned import planned_in

    with there.tables(as_of=now()) as tables:
        return next(p for p in planned_in(tables.person_by_person()) if p.entry == entry.entry)


def _quoted(name: str) -> str:
    import shlex

    return shlex.quote(name)
