"""what-if: how influence would go on."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer

from leumund.cli.answers import print_reading
from leumund.cli.shared import AsOfOption, CsvOption, JsonOption, LabOption, moment, now, opened
from leumund.errors import UsageError
from leumund.locale import N_, _

HELP = N_("Say how your influence would go on. Example: leumund what-if --silent 10d")


def what_if(
    silent: Annotated[
        str | None,
        typer.Option(
            "--silent", metavar="DAYS", help=_("You fall silent for so long: 10d, 2w; otherwise 14d."), show_default=False
        ),
    ] = None,
    endorsement: Annotated[
        str | None,
        typer.Option(
            "--with-endorsement-from", metavar="ACCOUNT", help=_("Somebody recommends you today; otherwise nobody."),
            show_default=False,
        ),
    ] = None,
    account: Annotated[
        str | None,
        typer.Option("--account", metavar="ACCOUNT", help=_("Whose; else yours."), show_default=False),
    ] = None,
    lab: LabOption = None,
    as_of: AsOfOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
) -> None:  # fmt: skip
    from leumund.asking import Question, bring_facts
    from leumund.meant import account_meant
    from leumund.measures import measure_named

    measure = measure_named("what_if")
    with opened(lab) as there:
        options: dict[str, Any] = {
            "silent": _days(silent) if silent else None,
            "endorsement_from": account_meant(there, endorsement) if endorsement else None,
            "account": account_meant(there, account) if account else None,
        }
        bring_facts(there, measure, {}, at=now())
        reading = Question(there, moment(as_of, there)).reading(measure, **options)
        print_reading(reading, there, json=json, csv=csv, most=400)


def _days(written: str) -> int:
    """How many days "10d", "10" or "2w" are.

    Raises:
        UsageError: it is none of these.
    """
    found = re.fullmatch(r"\s*(\d{1,4})\s*([dtw]?)\s*", written.lower())
    if not found:
        raise UsageError(
            _("“{text}” is no number of days.").format(text=written), hint=_("Write 10d, or 2w.")
        )
    return int(found[1]) * (7 if found[2] == "w" else 1)
