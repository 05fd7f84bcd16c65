"""demo: a made-up career coach, her lab, her overview, her report."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from leumund.cli.answers import width
from leumund.cli.page_file import write_page
from leumund.cli.shared import now, remember, say, shown
from leumund.locale import N_, _

HELP = N_("Show what Leumund does, with a made-up career coach. Example: leumund demo")


def demo(
    out: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", help=_("Where the report is written."))
    ] = Path(),
) -> None:
    from leumund.lab import Lab
    from leumund.report.overview import as_page, as_text, take

    folder, end = make_demo()
    with Lab.open(folder, read_only=True) as lab:
        taken = take(lab, end, at=now())
    print(as_text(taken, width=width(), colour=sys.stdout.isatty(), asked=" --lab demo"), end="")
    out.mkdir(parents=True, exist_ok=True)
    page = out / "report.html"
    write_page(page, as_page(taken))
    remember(folder, "reports", page)
    print()
    print(_("The report, with charts: {path}").format(path=shown(page.absolute())))
    print(_("What next:"))
    program = "leumund" if shutil.which("leumund") else os.path.relpath(sys.argv[0])
    for command, meaning in _NEXT:
        print(f"  {_(command).replace('leumund', program, 1):<{len(program) + 42}} {_(meaning)}")


def make_demo() -> tuple[Path, datetime]:
    """The demo lab, made anew; gives its folder and its last moment.

    Raises:
        UsageError: what lies there is no demo. LabBusyError: somebody is writing to it.
    """
    from leumund.labs import make_demo as make

    say(_("Making the demo lab: a career coach on Mastodon, half a year, all made up ..."))
    return make(now())


_NEXT = (
    ("leumund serve --lab demo", N_("all of it as pages in your browser")),
    ("leumund show follow_friday --board de --lab demo", N_("the whole German board")),
    ("leumund why follow_friday --lab demo", N_("the recommendations behind her place")),
    ("leumund show audience --lab demo", N_("how many of her followers are people")),
    ("leumund show conduct --lab demo", N_("who only advertises, and why one is proposed")),
    ("leumund show fame --lab demo", N_("whether it brought her customers")),
    ("leumund report --part 3 --lab demo", N_("a draft for her blog, with charts")),
    (N_('leumund check-ff "#FF @anna, she listens"'), N_("does this post count?")),
    ("leumund init", N_("make a lab of your own")),
    (N_("leumund import ARCHIVE"), N_("read your Mastodon or X archive, or a table")),
)
