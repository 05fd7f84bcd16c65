"""widget: the owner's latest posts for her homepage."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from leumund.cli import complain
from leumund.cli.frame import group
from leumund.cli.shared import JsonOption, LabOption, now, opened, print_json, say, shown
from leumund.errors import UsageError
from leumund.locale import N_, _, code, ngettext

HELP = N_("Your latest posts for your homepage. Example: leumund widget build --out posts")
app = group()

_FolderArgument = Annotated[
    Path, typer.Argument(metavar="DIR", help=_("Where it was built."), show_default=False)
]


@app.command(
    "build", help=_("Write the files for your homepage. Example: leumund widget build --out posts --posts 3")
)
def build(
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help=_("Into this folder."), show_default=False)
    ],
    posts: Annotated[int, typer.Option("--posts", metavar="NUMBER", help=_("How many posts, 1 to 50."))] = 5,
    quiet: Annotated[bool, typer.Option("--quiet", help=_("Text only: words and days."))] = False,
    account: Annotated[
        list[str] | None,
        typer.Option(
            "--account",
            metavar="ACCOUNT",
            help=_("Only of this account of yours; several may be given."),
            show_default=False,
        ),
    ] = None,
    replies: Annotated[bool, typer.Option("--replies", help=_("Answers and quotes too."))] = False,
    title: Annotated[
        str,
        typer.Option("--title", metavar="TEXT", help=_("What stands above the posts."), show_default=False),
    ] = "",
    level: Annotated[
        int, typer.Option("--level", metavar="NUMBER", help=_("Level of the heading in your page, 1 to 6."))
    ] = 2,
    theme: Annotated[
        str,
        typer.Option("--theme", metavar="WORD", help=_("auto, light or dark, where it is shown in a frame.")),
    ] = "auto",
    site: Annotated[
        str,
        typer.Option(
            "--site",
            metavar="ADDRESS",
            help=_("Where the folder will be on your website."),
            show_default=False,
        ),
    ] = "",
    lab: LabOption = None,
) -> None:
    from leumund.config import own_zone
    from leumund.meant import account_meant
    from leumund.widget import Wanted, lines
    from leumund.widget import build as built

    with opened(lab) as there:
        keys = [account_meant(there, name) for name in account or []]
        known = there.register.known_as(keys)
        wanted = Wanted(
            count=posts, quiet=quiet, language=code(), accounts=tuple(str(known[k]["uri"]) for k in keys),
            replies=replies, level=level, title=title, site=site, theme=theme, zone=own_zone(),  # type: ignore[arg-type]
        )  # fmt: skip
        done = built(there, out, wanted, at=now())
    assert done.chosen is not None
    print(lines.what_is_shown(done.chosen))
    if left_out := lines.what_is_left_out(done.chosen):
        print(left_out)
    n = len(done.changed)
    text = ngettext("In {path}: {n} file is new.", "In {path}: {n} files are new.", n)
    print(text.format(path=shown(done.folder), n=n))
    if not done.remembered:
        say(_("The lab is read-only: the posts will not be refreshed by a sync."))
    print()
    print(_("Copy the folder to your website. Then one of these into your homepage:"))
    if not wanted.site:
        text = _("{address} stands for the address of your folder: say it with --site.")
        print(text.format(address=lines.STAND_IN))
    for what, code_lines in lines.snippets(done.chosen, wanted):
        print(f"\n{what}\n\n{code_lines}")


@app.command("list", help=_("Where posts were built and are refreshed by every sync."))
def list_(lab: LabOption = None, json: JsonOption = False) -> None:
    from leumund.widget import builds

    with opened(lab) as there:
        known = builds(there.register)
    if json:
        print_json([{"folder": str(b.folder), **_values(b.wanted)} for b in known])
        return
    if not known:
        print(_("No posts were built for a homepage yet: leumund widget build --out DIR"))
    for each in known:
        print(
            f"{shown(each.folder)}  ({ngettext('{n} post', '{n} posts', each.wanted.count).format(n=each.wanted.count)})"
        )


@app.command("stop", help=_("Refresh the posts there no longer; the files stay."))
def stop(folder: _FolderArgument, lab: LabOption = None) -> None:
    from leumund.widget import stop as stopped

    with opened(lab, read_only=False) as there:
        found = stopped(there, folder)
    if found is None:
        raise UsageError(
            _("No posts were built in {path}.").format(path=shown(folder.absolute())),
            hint=_("Where: leumund widget list"),
        )
    print(
        _("The posts in {path} are refreshed no longer. The files are still there.").format(
            path=shown(found.folder)
        )
    )


def refreshed(folder: Path) -> None:
    """After the lab learned something: bring what was built up to date, and say so where something changed."""
    from leumund.widget import refresh

    for each in refresh(folder, at=now()):
        if each.error is not None:
            complain(each.error)
        elif each.changed:
            say(_("The posts for your homepage are new: {path}").format(path=each.folder))


def _values(wanted: Any) -> dict[str, Any]:
    from leumund.widget.wanted import as_values

    return as_values(wanted)
