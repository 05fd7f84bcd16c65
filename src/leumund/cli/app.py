"""The verbs, put together. Each lives in the module that its subject names."""

from __future__ import annotations

from typing import Annotated

import typer

from leumund.cli import demo, files, friday, housekeeping, people, readings
from leumund.locale import _

app = typer.Typer(
    name="leumund",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=_("The laboratory for your public presence: who recommends you, what it is worth, whom you owe thanks. "
           "Everything stays on this computer."),
    epilog=_("Begin with: leumund demo"),
)  # fmt: skip


@app.callback()
def _options(
    language: Annotated[str | None, typer.Option("--lang", metavar="de|en", help=_("Language of all answers."))] = None,
    version: Annotated[bool, typer.Option("--version", help=_("Say which version this is."))] = False,
) -> None:
    del language  # taken before any text was made
    if version:
        from importlib.metadata import version as installed

        print("leumund", installed("leumund"))
        raise typer.Exit


_START, _LOOK, _KEEP = _("Start"), _("Look"), _("Keep")

app.command("demo", rich_help_panel=_START, help=_(demo.HELP))(demo.demo)
app.command("init", rich_help_panel=_START, help=_(files.HELP_INIT))(files.init)
app.command("import", rich_help_panel=_START, help=_(files.HELP_IMPORT))(files.import_)
app.command("csv-template", rich_help_panel=_START, help=_(files.HELP_TEMPLATE))(files.csv_template)
app.command("me", rich_help_panel=_START, help=_(people.HELP_ME))(people.me)
app.command("link", rich_help_panel=_START, help=_(people.HELP_LINK))(people.link)

app.command("overview", rich_help_panel=_LOOK, help=_(readings.HELP_OVERVIEW))(readings.overview)
app.command("show", rich_help_panel=_LOOK, help=_(readings.HELP_SHOW))(readings.show)
app.command("why", rich_help_panel=_LOOK, help=_(readings.HELP_WHY))(readings.why)
app.command("measures", rich_help_panel=_LOOK, help=_(readings.HELP_MEASURES))(readings.measures)
app.command("check-ff", rich_help_panel=_LOOK, help=_(friday.HELP))(friday.check_ff)
app.command("report", rich_help_panel=_LOOK, help=_(readings.HELP_REPORT))(readings.report)

app.command("problems", rich_help_panel=_KEEP, help=_(files.HELP_PROBLEMS))(files.problems)
app.command("doctor", rich_help_panel=_KEEP, help=_(housekeeping.HELP_DOCTOR))(housekeeping.doctor)
app.command("backup", rich_help_panel=_KEEP, help=_(housekeeping.HELP_BACKUP))(housekeeping.backup)
app.command("restore", rich_help_panel=_KEEP, help=_(housekeeping.HELP_RESTORE))(housekeeping.restore)
app.command("export", rich_help_panel=_KEEP, help=_(housekeeping.HELP_EXPORT))(housekeeping.export)
app.command("forget", rich_help_panel=_KEEP, help=_(housekeeping.HELP_FORGET))(housekeeping.forget)
