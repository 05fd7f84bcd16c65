"""validate: how well the measures hold what they promise, against public data and made-up worlds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leumund.cli.frame import group
from leumund.cli.shared import AsOfOption, JsonOption, LabOption, moment, now, opened, print_json, say, shown
from leumund.errors import UnknownNameError, UsageError
from leumund.locale import N_, _

if TYPE_CHECKING:
    from leumund.validate import Finding

HELP = N_(
    "Check the measures against public data, attacks and made-up worlds. Example: leumund validate pairs PAIRS.csv"
)

app = group(_(HELP))

_MappingOption = Annotated[
    Path | None,
    typer.Option(
        "--mapping",
        metavar="TOML",
        help=_("The file is a table of posts; this says where each of its columns belongs."),
        show_default=False,
    ),
]
_DrawOption = Annotated[int, typer.Option("--draw", help=_("Another number draws other accounts."), min=0)]


@app.command("pairs", help=_("Does the score know who people think is more influential?"))
def pairs(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help=_("Pairs as CSV: Choice (1: A), A_follower_count, B_follower_count and so on."),
            show_default=False,
        ),
    ],
    json: JsonOption = False,
) -> None:
    from leumund.validate import pairs as check

    _answer(check.check(file), json=json)


@app.command("attack", help=_("What would a ring of made-up accounts gain on a real graph?"))
def attack(
    edges: Annotated[
        Path,
        typer.Argument(
            metavar="EDGES",
            help=_("Who points at whom: source,target[,weight], with or without a header."),
            show_default=False,
        ),
    ],
    ring: Annotated[int, typer.Option("--ring", help=_("So many accounts are made up."))] = 1000,
    outside: Annotated[
        int, typer.Option("--outside", help=_("So many edges they win from real accounts."))
    ] = 0,
    kind: Annotated[
        str, typer.Option("--kind", metavar="ring|farm|likes|dormant", help=_("What they do."))
    ] = "ring",
    seeds: Annotated[
        Path | None,
        typer.Option(
            "--seeds",
            metavar="FILE",
            help=_("The accounts that are trusted, one a line; else chosen by a rule."),
            show_default=False,
        ),
    ] = None,
    draw: _DrawOption = 1,
    json: JsonOption = False,
) -> None:
    from leumund.validate import attack as check

    chosen = next((k for k in check.KINDS if k == kind), None)
    if chosen is None:
        raise UnknownNameError(_("Kind of attack"), kind, check.KINDS)
    found = check.check(edges, ring=ring, outside=outside, kind=chosen, seeds=seeds, draw=draw)
    _answer(found, json=json)


@app.command("forecast", help=_("Does the score tell who will be responded to in the next 14 days?"))
def forecast(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="EDGES",
            help=_("source,target,time[,weight or kind]; without it a made-up world."),
            show_default=False,
        ),
    ] = None,
    mapping: _MappingOption = None,
    draw: _DrawOption = 2011,
    json: JsonOption = False,
) -> None:
    from leumund.validate import forecast as check

    if file is not None and mapping is not None:  # posts, whose acts are found by reading them in
        from leumund.validate.edges import edges_of
        from leumund.validate.labs import tables_of

        with tables_of(file, _rules(mapping), at=now()) as tables:
            found = check.check(file, edges=edges_of(tables))
    else:
        found = check.check(file, seed=draw)
    _answer(found, json=json)


@app.command("growth", help=_("Do forecasts of goals hold on given growth curves?"))
def growth(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="CURVES...",
            help=_(
                "Counts over time: series,date,count, or one column for each series. One file or several."
            ),
            show_default=False,
        ),
    ],
    weeks: Annotated[int, typer.Option("--weeks", help=_("So many weeks ahead."), min=1, max=104)] = 12,
    every: Annotated[
        int, typer.Option("--every", help=_("A forecast from each so many weeks on."), min=1, max=520)
    ] = 12,
    history: Annotated[
        int, typer.Option("--history", help=_("At least so many weeks before a forecast."), min=6, max=520)
    ] = 16,
    json: JsonOption = False,
) -> None:
    from leumund.validate import growth as check

    found = {str(file): check.check(file, weeks=weeks, every=every, history=history) for file in files}
    if json and len(found) > 1:
        print_json({name: one.figures for name, one in found.items()})
        return
    for name, one in found.items():
        if len(found) > 1:
            print(f"{name}:")
        _answer(one, json=json)


@app.command("halves", help=_("Would half of the recommenders make the same Follow-Friday board?"))
def halves(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="POSTS", help=_("Posts to read instead of a lab's."), show_default=False),
    ] = None,
    lab: LabOption = None,
    mapping: _MappingOption = None,
    as_of: AsOfOption = None,
    half_life_weeks: Annotated[
        float, typer.Option("--half-life-weeks", help=_("After so many weeks a vote counts half."))
    ] = 4.0,
    json: JsonOption = False,
) -> None:
    from leumund.validate import halves as check

    if file is not None:
        if lab is not None:
            raise UsageError(_("Give either a file or --lab."))
        from leumund.validate.labs import tables_of

        at = moment(as_of) if as_of else check.busiest
        with tables_of(file, _rules(mapping), at=now(), as_of=at) as tables:
            found = check.check(tables, half_life_weeks=half_life_weeks)
    else:
        with opened(lab) as there, there.tables(as_of=moment(as_of, there)) as tables:
            found = check.check(tables, half_life_weeks=half_life_weeks)
    _answer(found, json=json)


@app.command(
    "experiments", help=_("Do experiments see what is not there, and do the intervals of returns hold?")
)
def experiments(
    runs: Annotated[
        int, typer.Option("--runs", help=_("So many made-up experiments of each kind."), min=100)
    ] = 2000,
    draw: _DrawOption = 1,
    json: JsonOption = False,
) -> None:
    from leumund.validate import experiments as check

    _answer(check.check(runs=runs, seed=draw), json=json)


@app.command("returns", help=_("Do returns and fame tell the truth of made-up businesses?"))
def returns(
    worlds: Annotated[
        int, typer.Option("--worlds", help=_("So many worlds of each kind."), min=2, max=100_000)
    ] = 400,
    draw: _DrawOption = 1,
    json: JsonOption = False,
) -> None:
    from leumund.validate import returns as check

    _answer(check.check(worlds=worlds, seed=draw), json=json)


@app.command("intervals", help=_("How often does the score's interval hold what it should?"))
def intervals(
    worlds: Annotated[
        int, typer.Option("--worlds", help=_("So many worlds of each kind and size."), min=2, max=100_000)
    ] = 400,
    draw: _DrawOption = 1,
    json: JsonOption = False,
) -> None:
    from leumund.validate import intervals as check

    _answer(check.check(worlds=worlds, seed=draw), json=json)


@app.command("reach", help=_("Whom does standing reach in a made-up world: people, robots, rings?"))
def reach(draw: _DrawOption = 2011, json: JsonOption = False) -> None:
    from leumund.validate import reach as check

    say(_("Making a world and a lab of it ..."))
    _answer(check.check(seed=draw), json=json)


@app.command("friday", help=_("Does the program read Follow-Friday posts as a reader does?"))
def friday(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help=_("Labelled posts: text,class[,author][,endorsed]."), show_default=False
        ),
    ],
    json: JsonOption = False,
) -> None:
    from leumund.validate import friday as check

    _answer(check.check(file), json=json)


@app.command("audience", help=_("Does the audience's model hold on labelled accounts it never saw?"))
def audience(
    accounts: Annotated[
        Path,
        typer.Argument(
            metavar="ACCOUNTS",
            help=_("Accounts in the documented shape, with a column that says who is automated."),
            show_default=False,
        ),
    ],
    posts: Annotated[
        Path | None,
        typer.Argument(
            metavar="POSTS", help=_("What they wrote, in the documented shape."), show_default=False
        ),
    ] = None,
    label: Annotated[
        str,
        typer.Option(
            "--label", metavar="NAME", help=_("The column that says it: 1, true or bot; 0, false or human.")
        ),
    ] = "label",
    json: JsonOption = False,
) -> None:
    from leumund.validate import audience as check

    _answer(check.check(accounts, posts, label=label), json=json)


@app.command(
    "train-audience", help=_("Learn the weights of the audience's model anew from public collections.")
)
def train_audience(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help=_("Where the collections lie."), show_default=False)
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help=_("Where the weights are written; else nowhere."),
            show_default=False,
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    from leumund.validate import audience_training as check

    found, written = check.check(folder)
    if out is not None:
        out.write_text(written, "utf-8")
    _answer(found, json=json)


@app.command("conduct", help=_("Does the order of the no-go evidence tell polluters from others?"))
def conduct(
    accounts: Annotated[
        Path,
        typer.Argument(
            metavar="ACCOUNTS",
            help=_("Accounts in the documented shape, with a column that says who is a polluter."),
            show_default=False,
        ),
    ],
    posts: Annotated[
        Path,
        typer.Argument(
            metavar="POSTS",
            help=_("What they wrote: account,text[,happened_at][,reply_to]."),
            show_default=False,
        ),
    ],
    label: Annotated[
        str,
        typer.Option(
            "--label", metavar="NAME", help=_("The column that says it: 1, polluter or spam; 0, legitimate.")
        ),
    ] = "label",
    json: JsonOption = False,
) -> None:
    from leumund.validate import conduct as check

    _answer(check.check(accounts, posts, label=label), json=json)


@app.command("thanks", help=_("Does the program know a thank-you when it reads one?"))
def thanks(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help=_("Labelled posts: text,thanks[,lang]."), show_default=False),
    ],
    json: JsonOption = False,
) -> None:
    from leumund.validate import thanks as check

    _answer(check.check(file), json=json)


@app.command("resonance", help=_("How often does resonance see a difference where none is, and miss one?"))
def resonance(
    worlds: Annotated[
        int, typer.Option("--worlds", help=_("So many worlds of each kind."), min=2, max=100_000)
    ] = 200,
    draw: _DrawOption = 1,
    json: JsonOption = False,
) -> None:
    from leumund.validate import resonance as check

    _answer(check.check(worlds=worlds, seed=draw), json=json)


@app.command("report", help=_("Make all checks and write them into docs/validity.md."))
def report(
    page: Annotated[
        Path, typer.Argument(metavar="PAGE", help=_("The page; what else stands on it is kept."))
    ] = Path("docs/validity.md"),
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            metavar="DIR",
            help=_("Where the public collections lie; what is not there is left out."),
            show_default=False,
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="CHECK", help=_("Only this check; may be given again.")),
    ] = None,
) -> None:
    from leumund.validate import report as check

    for line in check.write(page, data, on=now().date(), only=only or [], tell=say):
        print(line)
    print(_("Written: {path}").format(path=shown(page)))


def _rules(mapping: Path | None) -> dict[str, Any] | None:
    from leumund.cli.files import read_mapping

    return read_mapping(mapping) if mapping else None


def _answer(found: Finding, *, json: bool) -> None:
    """The finding for people, or for programs."""
    if json:
        print_json(found.figures)
        return
    from leumund.clean import clean

    for line in found.told:
        indent = line[: len(line) - len(line.lstrip(" "))]
        print(indent + clean(line))
