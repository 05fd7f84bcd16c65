"""customer: who came, what it was worth, and through whom; for the owner alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from leumund.cli import entries
from leumund.cli.entries import FileArgument, ForGoodOption, NoteOption, NumberArgument
from leumund.cli.frame import Group
from leumund.cli.shared import JsonOption, LabOption
from leumund.errors import UsageError
from leumund.locale import N_, _

if TYPE_CHECKING:
    from datetime import datetime

HELP = N_(
    'Customers and those who only asked; they stay in your lab. Example: leumund customer add "Mrs K." --found mastodon'
)
app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

_OnOption = Annotated[
    str | None,
    typer.Option("--on", metavar="DATE", help=_("When they first came; else today."), show_default=False),
]
_ValueOption = Annotated[
    str | None,
    typer.Option(
        "--value", metavar="AMOUNT", help=_("What they brought: 480, 1.200,50 €."), show_default=False
    ),
]
_FoundOption = Annotated[
    str | None,
    typer.Option(
        "--found",
        metavar="TEXT",
        help=_("What they answered to “how did you find me?”: a network, fair, advert ..."),
        show_default=False,
    ),
]
_RecommendedOption = Annotated[
    str | None,
    typer.Option(
        "--recommended-by",
        metavar="ACCOUNT|NAME",
        help=_("Who told them of you: an account or a name."),
        show_default=False,
    ),
]
_ThroughOption = Annotated[
    str | None,
    typer.Option(
        "--through",
        metavar="ACCOUNT|NAME",
        help=_('Through whom that one knew of you; several: "A > B", the one nearest to you first.'),
        show_default=False,
    ),
]
_LeadOption = Annotated[
    bool | None,
    typer.Option("--lead/--no-lead", help=_("They only asked, so far."), show_default=False),
]
_BoughtOption = Annotated[
    str | None,
    typer.Option(
        "--bought", metavar="DATE", help=_("When they became a customer, if later."), show_default=False
    ),
]


@app.command(
    "add",
    help=_('Enter one. Example: leumund customer add "Mrs K." --value 480 --found mastodon --recommended-by @ben@example.social'),
)  # fmt: skip
def add(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help=_("What you call them, if anything."), show_default=False)
    ] = "",
    on: _OnOption = None,
    value: _ValueOption = None,
    found: _FoundOption = None,
    recommended_by: _RecommendedOption = None,
    through: _ThroughOption = None,
    lead: _LeadOption = None,
    bought: _BoughtOption = None,
    note: NoteOption = None,
    lab: LabOption = None,
) -> None:
    body = _body(lab, value, found, recommended_by, through, bought, note)
    came = entries.day(on)
    _check_order(came, body.get("bought_at"))
    entries.add(lab, "customer", {**body, "customer": name.strip(), "lead": lead or None}, happened_at=came)


@app.command("list", help=_(entries.HELP_LIST))
def list_(lab: LabOption = None, json: JsonOption = False) -> None:
    nothing = _("You have entered no customer yet. Do it with: leumund customer add")
    entries.listed(lab, "customer", json=json, nothing=nothing)


@app.command("edit", help=_(entries.HELP_EDIT))
def edit(
    number: NumberArgument,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help=_("What you call them."), show_default=False)
    ] = None,
    on: _OnOption = None,
    value: _ValueOption = None,
    found: _FoundOption = None,
    recommended_by: _RecommendedOption = None,
    through: _ThroughOption = None,
    lead: _LeadOption = None,
    bought: _BoughtOption = None,
    note: NoteOption = None,
    lab: LabOption = None,
) -> None:
    body = _body(lab, value, found, recommended_by, through, bought, note)
    body |= {"customer": name, "lead": lead}
    entries.change(lab, "customer", number, body, happened_at=entries.day(on) if on else None)


@app.command("remove", help=_(entries.HELP_REMOVE))
def remove(number: NumberArgument, for_good: ForGoodOption = False, lab: LabOption = None) -> None:
    entries.remove(lab, "customer", number, for_good=for_good)


@app.command("import", help=_(entries.HELP_FILE))
def import_(path: FileArgument, lab: LabOption = None) -> None:
    entries.read_file(lab, "customer", path)


def _body(
    lab: str | None,
    value: str | None,
    found: str | None,
    recommended_by: str | None,
    through: str | None,
    bought: str | None,
    note: str | None,
) -> dict[str, Any]:
    from leumund.spoken.amounts import money_said

    amount, currency = money_said(value) if value else (value, None)
    return {
        "value": amount, "currency": currency, "found_us_by": found, "note": note,
        "recommended_by": _steps(lab, recommended_by), "through": _steps(lab, through),
        "bought_at": entries.day(bought).isoformat() if bought else bought,
    }  # fmt: skip


def _steps(lab: str | None, written: str | None) -> str | None:
    """A chain with the accounts of the lab under their full addresses; other words are names of people."""
    from leumund.cli.shared import opened
    from leumund.store.customers import chain_in

    if not written:
        return written
    with opened(lab) as there:
        steps = []
        for step in chain_in({"through": written}):
            rows = there.find_account(step) if step.startswith("@") or any(c in step for c in "/:") else []
            heads = {there.register.aliases().get(r["key"], r["key"]) for r in rows}
            if len(heads) > 1:
                several = ", ".join(dict.fromkeys(r["uri"] for r in rows))
                raise UsageError(
                    _("{account} may be several: {several}").format(account=step, several=several),
                    hint=_("Write the one you mean in full."),
                )
            known = there.register.known_as(heads)
            steps.append(next(iter(known.values()))["uri"] if known else step)
    return " > ".join(steps)


def _check_order(came: datetime, bought: str | None) -> None:
    if bought and bought < came.isoformat():
        raise UsageError(_("They cannot have bought before they came."), hint=_("See --on and --bought."))
