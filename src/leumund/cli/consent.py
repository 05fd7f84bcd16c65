"""consent: who agreed to be named in public, for what, when and how; and who took it back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leumund.cli.entries import FileArgument
from leumund.cli.frame import group
from leumund.cli.people import account_uris, listed
from leumund.cli.shared import JsonOption, LabOption, moment, now, opened, print_json, say
from leumund.errors import UnknownNameError
from leumund.locale import N_, _

if TYPE_CHECKING:
    from datetime import datetime

    from leumund.lab import Lab
    from leumund.store.consents import Purpose, Word

HELP = N_(
    'Who agreed to be named in public: on your board, or in your blog. Example: leumund consent add @ben@example.social --how "by mail, 2 May"'
)

app = group(_(HELP))

AccountsArgument = Annotated[
    list[str], typer.Argument(metavar="ACCOUNT", help=_("Whom; several may be given."), show_default=False)
]


@app.command(
    "add",
    help=_('Record that somebody agreed. Example: leumund consent add @ben@example.social --for board --how "by mail, 2 May"'),
)  # fmt: skip
def add(
    accounts: AccountsArgument,
    purpose: Annotated[
        list[str] | None,
        typer.Option(
            "--for",
            metavar="board|parts",
            help=_("What for: board (a published ranking) or parts (your blog and reports); may be given again."),
            show_default="board",
        ),
    ] = None,
    how: Annotated[
        str, typer.Option("--how", metavar="WORDS", help=_("How they said so: words, or a link to it."))
    ] = "",
    until: Annotated[
        str | None,
        typer.Option(
            "--until", metavar="DATE",
            help=_("To the end of that day (UTC); else until they take it back."), show_default=False,
        ),
    ] = None,
    lab: LabOption = None,
) -> None:  # fmt: skip
    from leumund.saying import keep
    from leumund.store.consents import agreed, words_in

    at = now()
    end = moment(until) if until is not None else None
    with opened(lab, read_only=False) as there:
        uris = account_uris(accounts, there)
        said = agreed(
            there.register, uris, _purposes(purpose) or ["board"], at=at, how=how.strip(), until=end
        )
        keep(there, [s for group in said.values() for s in group], at=at)
        kept = {w.account for w in words_in(there.register) if w.holds}
        if len(said.keys() & kept) < len(said):
            say(_("Somebody was forgotten in this lab at their wish; nothing is kept of them."))
        if said.keys() & kept:
            print(
                _("Agreed: {accounts}").format(
                    accounts=listed(there, said.keys() & kept) or ", ".join(accounts)
                )
            )
            print(_("Whether they would be named now: leumund consent list. Undo: leumund undo"))


@app.command("list", help=_("Who agreed, for what, and whether they would be named now."))
def list_(lab: LabOption = None, json: JsonOption = False) -> None:
    from leumund.asking import Question
    from leumund.consent import may_appear
    from leumund.store.consents import PURPOSES, words_in

    with opened(lab) as there:
        words = words_in(there.register)
        with Question(there, moment(None, there)).state() as state:
            now_said = {
                (key, purpose): answer
                for purpose in PURPOSES
                for key, answer in may_appear(
                    there, state.tables, [w.account for w in words if w.purpose == purpose], purpose, at=now()
                ).items()
            }
        rows = [(w, now_said[w.account, w.purpose]) for w in words]
        if json:
            print_json(
                [
                    {
                        "account": w.uri, "purpose": w.purpose, "holds": w.holds, "said_at": w.said_at.isoformat(),
                        "how": w.how, "until": w.until.isoformat() if w.until else None,
                        "appears": a.yes, "reason": a.reason,
                    }
                    for w, a in rows
                ]
            )  # fmt: skip
            return
        for word, answer in rows:
            print(_line(there, word, str(answer), yes=answer.yes))
        if not rows:
            print(_("Nobody is recorded as having agreed. Record it with: leumund consent add ACCOUNT"))


@app.command(
    "remove",
    help=_("Somebody took it back, or does not want to be named: from now on she is named nowhere."),
)
def remove(
    accounts: AccountsArgument,
    purpose: Annotated[
        list[str] | None,
        typer.Option(
            "--for", metavar="board|parts", help=_("Only for this; else for all."), show_default=False
        ),
    ] = None,
    lab: LabOption = None,
) -> None:
    from leumund.saying import keep
    from leumund.store.consents import PURPOSES, withdrawn

    at = now()
    with opened(lab, read_only=False) as there:
        said = withdrawn(there.register, account_uris(accounts, there), _purposes(purpose) or PURPOSES, at=at)
        keep(there, [s for group in said.values() for s in group], at=at)
        print(
            _("Named nowhere from now on: {accounts}").format(
                accounts=listed(there, said) or ", ".join(accounts)
            )
        )
        print(_("What is published already: build the board again and put it in the place of the old one."))


@app.command("import", help=_("Read a table of consents; its columns: leumund csv-template consent"))
def import_(path: FileArgument, lab: LabOption = None) -> None:
    from leumund.cli.entries import read_file

    read_file(lab, "consent", Path(path))


def _purposes(written: list[str] | None) -> list[Purpose]:
    from leumund.store.consents import PURPOSES

    found: list[Purpose] = []
    for text in written or ():
        meant = next((p for p in PURPOSES if p == text.strip().lower()), None)
        if meant is None:
            raise UnknownNameError("--for", text, PURPOSES)
        found.append(meant)
    return list(dict.fromkeys(found))


def _line(there: Lab, word: Word, now_said: str, *, yes: bool) -> str:
    from leumund.clean import clean
    from leumund.ids import display_handle

    who = listed(there, [word.account]) or clean(display_handle(word.uri))
    what = {"board": _("board"), "parts": _("blog and reports")}[word.purpose]
    told = [_("may be named") if yes else _("is not named: {why}").format(why=now_said)]
    if word.holds:
        told.append(_("agreed on {day}").format(day=_day(word.said_at)))
    if word.holds and word.until is not None and yes:
        told.append(_("until {day}").format(day=_day(word.until)))
    if word.how:
        told.append(clean(word.how, 200))
    return f"{who}, {what}: {'; '.join(told)}"


def _day(at: datetime) -> str:
    from leumund.views.cells import day

    return day(at)
