"""init, csv-template, problems: what is needed around getting data in."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Any

import typer

from leumund.cli.shared import (
    JsonOption,
    LabOption,
    checked_limit,
    opened,
    print_json,
    say,
    shown,
)
from leumund.errors import UnreadableFileError
from leumund.locale import N_, _

HELP_INIT = N_("Make a lab of your own. Example: leumund init")
HELP_TEMPLATE = N_("Print a CSV to fill in: for what has no importer. Example: leumund csv-template customer")
HELP_PROBLEMS = N_("List the records that could not be used. Example: leumund problems")


_TYPES = {
    "text": N_("text"),
    "whole": N_("whole number"),
    "number": N_("number"),
    "money": N_("amount of money"),
    "hours": N_("hours: 1.5, 1:30 or 90m"),
    "flag": N_("true or false"),
    "uri": N_("address"),
}


def init(
    lab: LabOption = None,
    me: Annotated[
        list[str] | None,
        typer.Option("--me", metavar="ACCOUNT", help=_("An account of yours; may be given again.")),
    ] = None,
    community: Annotated[
        bool,
        typer.Option(
            "--community",
            help=_(
                "A lab of a whole community: standing comes from whom the trusted accounts answer and recommend."
            ),
        ),
    ] = False,
) -> None:
    from leumund.cli.people import account_uris
    from leumund.labs import make_own, own_folder

    uris = account_uris(me or [])
    folder = own_folder(lab)
    make_own(folder, uris, community=community)
    print(_("Your lab: {path}").format(path=shown(folder)))
    if community:
        command = _("leumund trust ACCOUNT") + (f" --lab {shlex.quote(lab)}" if lab else "")
        print(
            _("First say which accounts the community trusts: {command}").format(command=shown(Path(command)))
        )
    command = _("leumund import FILE") + (f" --lab {shlex.quote(lab)}" if lab else "")
    print(
        _("Next: {command}   (an archive of Mastodon or X, or a table)").format(command=shown(Path(command)))
    )


def csv_template(
    noun: Annotated[
        str | None,
        typer.Argument(
            metavar="NOUN",
            help=_("post, act, account, person, customer, time, cost, goal, note or experiment."),
            show_default=False,
        ),
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help=_("Say what each column means."))] = False,
) -> None:
    from leumund.errors import UnknownNameError
    from leumund.sources.csv import template
    from leumund.sources.shapes import SHAPES

    if noun is None:
        for name, shape in SHAPES.items():
            print(f"{name}: {', '.join(c + ('*' if f.needed else '') for c, f in shape.items())}")
        say(_("* must be there. Print one with: leumund csv-template post > posts.csv"))
        return
    if noun not in SHAPES:
        raise UnknownNameError(_("Template"), noun, SHAPES)
    if not explain:
        print(template(noun), end="")
        return
    for name, field in SHAPES[noun].items():
        need = _("needed") if field.needed else _("may be empty")
        says = (
            _(field.says) if field.says else ", ".join(field.words) or _(_TYPES.get(field.type, field.type))
        )
        print(f"{name} ({need}): {says}" + (f"   {field.example}" if field.example else ""))


def problems(
    lab: LabOption = None,
    limit: Annotated[int, typer.Option("--limit", help=_("At most so many; 0 for all."))] = 50,
    json: JsonOption = False,
) -> None:
    from leumund.clean import clean
    from leumund.store.problems import left_out
    from leumund.views.cells import number

    with opened(lab) as there:
        total, rows = left_out(there.register, checked_limit(limit) or None)
    if json:
        print_json({"total": total, "problems": [row._asdict() for row in rows]})
        return
    hint = ""
    for row in rows:
        excerpt = f": {clean(row.excerpt)!r}" if row.excerpt else ""
        print(f"{row.source}: {clean(row.place)}  {clean(row.message)}{excerpt}")
        if row.hint and row.hint != hint:  # said once for many of a kind
            print(f"  {clean(row.hint)}")
        hint = row.hint
    if total > len(rows):
        text = _("{n} of {total} shown; all with: leumund problems --limit 0")
        say(text.format(n=number(len(rows)), total=number(total)))
    elif not total:
        print(_("No problems: every record could be used."))


def read_mapping(path: Path) -> dict[str, Any]:
    """The rules of a mapping file.

    Raises:
        UnreadableFileError: there is none, or it is no TOML.
    """
    import tomllib

    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise UnreadableFileError(path, _("there is no such file or folder")) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableFileError(path, _("this is not TOML ({error})").format(error=error)) from error
