"""The verbs, put together. Each lives in the module that its subject names."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

import typer

from leumund.cli import (
    board,
    bring,
    connections,
    consent,
    coverage,
    customer,
    demo,
    digest,
    experiment,
    files,
    friday,
    goal,
    housekeeping,
    look,
    nogo,
    note,
    people,
    readings,
    report,
    score,
    serve,
    settings,
    spending,
    sync,
    thanked,
    triage,
    trust,
    undo,
    validate,
    what_if,
    widget,
)
from leumund.cli.frame import Group
from leumund.locale import _

app = typer.Typer(
    name="leumund",
    cls=Group,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich's help costs half a second of imports at every start
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=_("The laboratory for your public presence: who recommends you, what it is worth, whom you owe thanks. "
           "Everything stays on this computer."),
    epilog=_("Begin with: leumund demo"),
)  # fmt: skip


def _say_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print("leumund", version("leumund"))
        raise typer.Exit


@app.callback()
def _options(
    language: Annotated[
        str | None, typer.Option("--lang", metavar="de|en", help=_("Language of all answers."))
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", help=_("Say which version this is."), is_eager=True, callback=_say_version),
    ] = False,
) -> None:
    del language, version  # both done before any command runs


app.command("demo", help=_(demo.HELP))(demo.demo)
app.command("init", help=_(files.HELP_INIT))(files.init)
app.command("import", help=_(bring.HELP))(bring.import_)
app.command("connect", help=_(connections.HELP_CONNECT))(connections.connect)
app.command("sync", help=_(sync.HELP_SYNC))(sync.sync)
app.command("look", help=_(look.HELP))(look.look)
app.command("disconnect", help=_(connections.HELP_DISCONNECT))(connections.disconnect)
app.command("csv-template", help=_(files.HELP_TEMPLATE))(files.csv_template)
app.command("me", help=_(people.HELP_ME))(people.me)
app.command("link", help=_(people.HELP_LINK))(people.link)
app.command("trust", help=_(trust.HELP))(trust.trust)
app.command("thanked", help=_(thanked.HELP))(thanked.thanked)
app.add_typer(nogo.app, name="nogo", help=_(nogo.HELP))
app.add_typer(consent.app, name="consent", help=_(consent.HELP))
app.command("triage", help=_(triage.HELP))(triage.triage)

app.add_typer(goal.app, name="goal", help=_(goal.HELP))
app.add_typer(customer.app, name="customer", help=_(customer.HELP))
app.add_typer(spending.time_app, name="time", help=_(spending.HELP_TIME))
app.add_typer(spending.cost_app, name="cost", help=_(spending.HELP_COST))
app.command("note", help=_(note.HELP))(note.note)
app.add_typer(experiment.app, name="experiment", help=_(experiment.HELP))
app.command("undo", help=_(undo.HELP))(undo.undo)

app.command("digest", help=_(digest.HELP))(digest.digest)
app.command("overview", help=_(readings.HELP_OVERVIEW))(readings.overview)
app.command("show", help=_(readings.HELP_SHOW))(readings.show)
app.command("why", help=_(readings.HELP_WHY))(readings.why)
app.command("what-if", help=_(what_if.HELP))(what_if.what_if)
app.command("measures", help=_(readings.HELP_MEASURES))(readings.measures)
app.command("check-ff", help=_(friday.HELP))(friday.check_ff)
app.command("score", help=_(score.HELP))(score.score)
app.command("serve", help=_(serve.HELP))(serve.serve)
app.command("report", help=_(report.HELP))(report.report)
app.add_typer(board.app, name="board", help=_(board.HELP))
app.add_typer(widget.app, name="widget", help=_(widget.HELP))
app.add_typer(validate.app, name="validate", help=_(validate.HELP))

app.command("settings", help=_(settings.HELP))(settings.settings)
app.command("coverage", help=_(coverage.HELP))(coverage.coverage)
app.command("problems", help=_(files.HELP_PROBLEMS))(files.problems)
app.command("doctor", help=_(housekeeping.HELP_DOCTOR))(housekeeping.doctor)
app.command("backup", help=_(housekeeping.HELP_BACKUP))(housekeeping.backup)
app.command("restore", help=_(housekeeping.HELP_RESTORE))(housekeeping.restore)
app.command("export", help=_(housekeeping.HELP_EXPORT))(housekeeping.export)
app.command("forget", help=_(housekeeping.HELP_FORGET))(housekeeping.forget)


@cache
def program() -> Any:
    """All of them as the reader of the command line takes them, put together once: forty milliseconds that a process which
    is asked again and again, as in tests, need not spend each time.
    """
    return typer.main.get_command(app)
