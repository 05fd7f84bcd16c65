"""How an answer is printed: as a table, JSON or CSV, with the command that leads on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from leumund.errors import UsageError
from leumund.locale import _

if TYPE_CHECKING:
    from leumund.lab import Lab
    from leumund.measures import Reading


def print_reading(reading: Reading, lab: Lab, *, json: bool, csv: bool, most: int) -> None:
    if json and csv:
        raise UsageError(_("Either --json or --csv."))
    if json:
        from leumund.views.json_text import as_json

        print(as_json(reading))
    elif csv:
        from leumund.views.csv_text import as_csv

        sys.stdout.write(as_csv(reading))
    else:
        from leumund.views.terminal import as_terminal

        own = frozenset(lab.register.own_accounts())
        print(
            as_terminal(reading, width=width(), colour=sys.stdout.isatty(), highlight=own, most=most), end=""
        )


def lead_on(text: str, *words: str, lab: str | None, as_of: str | None) -> None:
    """A last line that says which command leads on."""
    import shlex

    from leumund.clean import clean

    print("\n" + text.format(command=clean(shlex.join(["leumund", *words]) + asked_of(lab, as_of))))


def again(**options: object) -> list[str]:
    """Those options that were given, as they are written."""
    given = [(f"--{name}", str(value)) for name, value in options.items() if value is not None]
    return [word for pair in given for word in pair]


def asked_of(lab: str | None, as_of: str | None) -> str:
    """What every further command needs to speak of the same lab and the same moment."""
    import shlex

    options = [("--lab", lab), ("--as-of", as_of)]
    return "".join(f" {name} {shlex.quote(value)}" for name, value in options if value)


def width() -> int:
    import shutil

    return min(shutil.get_terminal_size((100, 40)).columns, 120)


def fact_progress() -> Any:
    """A line on the error stream while facts are computed, where a person watches."""
    if not sys.stderr.isatty():
        return None

    from leumund.views.cells import number
    from leumund.views.words import word

    def step(name: str, done: int, of: int) -> None:
        end = "\n" if done >= of else "\r"
        sys.stderr.write(
            _("Reading the posts ({what}): {done} of {of}").format(
                what=word(name), done=number(done), of=number(of)
            )
            + end
        )

    return step
