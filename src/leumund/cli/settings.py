"""settings: what holds for all labs of this person."""

from __future__ import annotations

from typing import Annotated

import typer

from leumund.cli.shared import JsonOption, print_json
from leumund.errors import UsageError
from leumund.locale import N_, _

HELP = N_("Look at the settings, or change one. Example: leumund settings zone Europe/Berlin")


def settings(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help=_("Which setting; none: list all."), show_default=False),
    ] = None,
    value: Annotated[
        str | None, typer.Argument(metavar="TEXT", help=_("What it shall be."), show_default=False)
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help=_("Take the setting out again."))] = False,
    json: JsonOption = False,
) -> None:
    from leumund.clean import clean
    from leumund.measures.conduct.limits import limits_said
    from leumund.settings import SETTINGS, change, in_force, said
    from leumund.views.cells import any_value

    if remove and value is not None:
        raise UsageError(_("Either a value or --remove."))
    if name is not None and (remove or value is not None):
        found = said(name, value or "")
        if name == "limits" and found is not None:
            limits_said([str(line) for line in found])  # type: ignore[union-attr]
        change({name: found})
    elif name is not None:
        said(name, "")  # there is such a setting
    now = in_force()
    if json:
        print_json(now if name is None else {name: now[name]})
        return
    for one in SETTINGS if name is None else [name]:
        shown = now[one]
        text = "; ".join(shown) if isinstance(shown, tuple) else _("not set")
        if shown is not None and not isinstance(shown, tuple):
            text = any_value(shown)
        print(f"{one}: {clean(text)}   ({_(SETTINGS[one].title)}. {_(SETTINGS[one].help)})")
