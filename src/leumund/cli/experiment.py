"""experiment: plan, begin and end an experiment, and see its weeks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leumund.cli import entries
from leumund.cli.entries import FileArgument, ForGoodOption, NetworkOption
from leumund.cli.frame import group
from leumund.cli.shared import JsonOption, LabOption, ask, now, opened, print_json, say, shown
from leumund.errors import UsageError
from leumund.locale import N_, _

if TYPE_CHECKING:
    from leumund.lab import Lab
    from leumund.measures.experiments.planned import Planned

HELP = N_(
    'Change one thing in weeks that a coin chooses, and see what comes back. Example: leumund experiment plan Mornings --change "I post before nine"'
)
app = group()

_NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help=_("What you call it."), show_default=False)
]


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
    pairs: Annotated[int, typer.Option("--pairs", help=_("How many pairs of weeks, 6 to 26."))] = 12,
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
    from leumund.entering import experiments, kept
    from leumund.entering.experiment_words import of_power, to_publish

    at = now()
    with opened(lab, read_only=False) as there:
        said = experiments.said(
            there, at=at, name=name, change=change, outcome=outcome, pairs=pairs, begin=begin, seed=seed,
            on_network=network,
        )  # fmt: skip
        first, what, *effects, last = of_power(experiments.expected(there, said, at=at), outcome)
        print(first, what, *(f"  {line}" for line in effects), last, sep="\n")
        if not yes:
            ask(_("Write it down? Then it must not be changed after its start. Type yes:"))
        kept.add(there, said, at=at)
        _warn_of_others(there, name)
    print(_("Written down. Say publicly what you are going to do, so that nobody can doubt it:"))
    print("\n    " + to_publish(said.body) + "\n")
    print(_("Begin with: leumund experiment start {name}").format(name=_quoted(name)))


def _warn_of_others(there: Lab, name: str) -> None:
    """Say which other experiments have weeks in common with that one."""
    from leumund.entering.experiment_words import of_others
    from leumund.entering.experiments import beside, meant, planned

    if both := beside(planned(there, at=now()), meant(there, name).entry):
        say(of_others(both))


@app.command(
    "start", help=_("Begin an experiment that is planned. Example: leumund experiment start Mornings")
)
def start(name: _NameArgument, lab: LabOption = None) -> None:
    from leumund.entering.experiment_words import of_week, to_publish
    from leumund.entering.experiments import begin

    with opened(lab, read_only=False) as there:
        said = begin(there, name, at=now())
        weeks = _planned(there, name).weeks
        _warn_of_others(there, name)
    print(to_publish(said.body) + "\n")
    for week in weeks[:4]:
        print("  " + of_week(week.monday, on=week.on))
    print("  …\n" + _("All weeks for your calendar: leumund experiment calendar {name}").format(name=_quoted(name)))  # fmt: skip


@app.command("stop", help=_("End an experiment before its time. Example: leumund experiment stop Mornings"))
def stop(name: _NameArgument, lab: LabOption = None) -> None:
    from leumund.entering.experiment_words import of_stopping
    from leumund.entering.experiments import stop as end

    with opened(lab, read_only=False) as there:
        end(there, name, at=now())
    print(of_stopping())
    say(_("If that is wrong: leumund undo"))


@app.command("list", help=_(entries.HELP_LIST))
def list_(lab: LabOption = None, json: JsonOption = False) -> None:
    nothing = _("No experiment is written down yet. Plan one: leumund experiment plan NAME --change TEXT")
    from leumund.entering.experiment_words import of_state
    from leumund.entering.experiments import planned

    at = now()
    with opened(lab) as there:
        plans = planned(there, at=at)
    entries.listed(
        lab, "experiment", json=json, nothing=nothing,
        more={number: of_state(plan, at) for number, plan in plans.items()},
        fields={number: {"state": plan.state_at(at)} for number, plan in plans.items()},
    )  # fmt: skip


@app.command("remove", help=_(entries.HELP_REMOVE))
def remove(name: _NameArgument, for_good: ForGoodOption = False, lab: LabOption = None) -> None:
    from leumund.entering.experiments import meant

    with opened(lab) as there:
        number = meant(there, name).entry
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
        planned = _planned(there, name)
    if not planned.weeks:
        raise UsageError(_("The weeks of “{name}” cannot be told.").format(name=planned.name))
    if json:
        rows = [{"monday": w.monday.isoformat(), "pair": w.pair, "on": w.on} for w in planned.weeks]
        print_json(rows)
        return
    from leumund.entering.experiment_words import of_week

    to = to or Path("".join(c if c.isalnum() else "-" for c in planned.name).strip("-") + ".ics")
    _write(to, planned)
    for week in planned.weeks:
        print("  " + of_week(week.monday, on=week.on))
    print(_("Written: {path}").format(path=shown(to.absolute())))


def _write(to: Path, planned: Planned) -> None:
    from leumund.cli.page_file import write_page
    from leumund.views.calendar_text import as_calendar

    text = as_calendar(
        planned.name, planned.change, planned.seed, planned.weeks, stamp=planned.planned_at,
        washout_days=planned.washout_days,
    )  # fmt: skip
    write_page(to, text)


def _planned(there: Lab, name: str) -> Planned:
    from leumund.entering.experiments import meant, planned

    return planned(there, at=now())[meant(there, name).entry]


def _quoted(name: str) -> str:
    import shlex

    return shlex.quote(name)
