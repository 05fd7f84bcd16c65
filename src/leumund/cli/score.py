"""score: everybody in a community, as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from leumund.cli.readings import EngineOption
from leumund.cli.shared import AsOfOption, LabOption, moment, now, opened, remember, say, shown
from leumund.errors import UsageError
from leumund.locale import N_, _

HELP = N_("Everybody's influence and the whole board of a community, as files. Example: leumund score --all")
_MB = {"MB": 1, "GB": 1024}


def score(
    account: Annotated[
        str | None,
        typer.Argument(
            metavar="[ACCOUNT]", help=_("Tell what the last scoring of all said of this account.")
        ),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help=_("Score everybody."))] = False,
    out: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", help=_("Where the files are written."))
    ] = Path("scores"),
    board: Annotated[
        str, typer.Option("--board", metavar="all|de|en|…|none", help=_("Which board."), show_default=False)
    ] = "all",
    memory: Annotated[
        str,
        typer.Option(
            "--memory", metavar="4GB", help=_("What memory may be taken; what does not fit goes to disk.")
        ),
    ] = "2GB",
    as_of: AsOfOption = None,
    engine: EngineOption = "",
    lab: LabOption = None,
) -> None:
    from leumund.asking import bring_facts
    from leumund.measures import measure_named
    from leumund.scoring import NO_BOARD, score_all
    from leumund.views.cells import sentence

    if account is not None and not all_:
        _tell(account, lab)
        return
    if not all_:
        hint = _("Everybody: leumund score --all   What it said of one account: leumund score ACCOUNT")
        raise UsageError(_("Say whether everybody is meant or one account."), hint=hint)
    memory_mb = _megabytes(memory)
    with opened(lab) as there:
        for name in ("scores", "follow_friday") if board != NO_BOARD else ("scores",):
            if not bring_facts(there, measure_named(name), {"board": board}, at=now()):
                say(_("Nothing can be written to the lab just now: the newest posts may not be counted yet."))
        made = score_all(
            there, out, as_of=moment(as_of, there), board=board, memory_mb=memory_mb, engine=engine,
            step=lambda text: say(f"{text} ..."),
        )  # fmt: skip
        folder = there.folder
    for name in ("influence.parquet", "board.parquet") if board != NO_BOARD else ("influence.parquet",):
        remember(folder, "reports", made.folder / name)
    for note in made.notes:
        say(sentence(note))
    if made.places is None:
        print(
            _("{people} people scored: {path}").format(people=made.people, path=shown(made.folder.absolute()))
        )
        return
    print(_("{people} people scored, {places} on the board: {path}").format(
        people=made.people, places=made.places, path=shown(made.folder.absolute())))  # fmt: skip


def _tell(written: str, lab: str | None) -> None:
    from leumund.scoring import look_up
    from leumund.store.tables import COMMUNITY
    from leumund.views.cells import day, number, unknown

    with opened(lab, read_only=True) as there:
        if there.register.get("kind") != COMMUNITY:
            # Nobody can follow the advice to score everybody first: that is refused in one person's lab.
            hint = _("For one account: leumund show influence --account ACCOUNT")
            raise UsageError(
                _("Scores of all need the lab of a community; this one is one person's."), hint=hint
            )
        found = there.find_account(written)
        known = look_up(there, found[0]["key"]) if len(found) == 1 else None
    if known is None:
        hint = _(
            "Score everybody first: leumund score --all. Write the account as it stands in influence.parquet."
        )
        raise UsageError(
            _("The last scoring of all says nothing of “{account}”.").format(account=written), hint=hint
        )
    print(_("{score} of 100 on {day}: place {place} of {of}, standing {standing}.").format(
        score=number(known.score, 1), day=day(known.as_of.date()), place=number(known.place), of=number(known.of),
        standing=number(known.standing, 2)))  # fmt: skip
    if known.low is not None and known.high is not None:
        print(
            _("Between {low} and {high}, nine times of ten.").format(
                low=number(known.low, 1), high=number(known.high, 1)
            )
        )
    print(
        _("Acts of others: {acts}, by {actors} people and accounts.").format(
            acts=number(known.acts), actors=number(known.actors)
        )
    )
    for then, score_then, place in known.history[:-1]:
        if score_then is None or place is None:
            told = unknown()
        else:
            told = _("{score}, place {place}").format(score=number(score_then, 1), place=number(place))
        print(f"{day(then)}: {told}")


def _megabytes(text: str) -> int:
    """An amount of memory: 512MB, 4GB.

    Raises:
        UsageError: it is none, or too little to work with.
    """
    from leumund.network.memory import LEAST_MB

    many, unit = text.strip()[:-2].strip(), text.strip()[-2:].upper()
    found = int(many) * _MB[unit] if unit in _MB and many.isdecimal() else 0
    if found < LEAST_MB:
        raise UsageError(
            _("“{text}” is no amount of memory I can work with.").format(text=text),
            hint=_("Write it like 512MB or 4GB; at least {least}MB.").format(least=LEAST_MB),
        )
    return found
