"""nogo: whom the owner keeps away from, and why. For her alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from leumund.cli.frame import group
from leumund.cli.people import account_uris, listed
from leumund.cli.shared import JsonOption, LabOption, moment, now, opened, print_json
from leumund.errors import UsageError
from leumund.locale import N_, _

if TYPE_CHECKING:
    from datetime import datetime

    from leumund.lab import Lab
    from leumund.store.nogo import Entry

HELP = N_(
    'Your no-go list: whom you keep away from, and why; for you alone. Example: leumund nogo add @x@example.social --reason "adverts only"'
)

app = group(_(HELP))

AccountsArgument = Annotated[
    list[str], typer.Argument(metavar="ACCOUNT", help=_("Whom; several may be given."), show_default=False)
]
ReviewOption = Annotated[
    str | None,
    typer.Option(
        "--review",
        metavar="DATE",
        help=_("When you want to look at it again; else in half a year."),
        show_default=False,
    ),
]


@app.command(
    "add",
    help=_('Put somebody on the list. Example: leumund nogo add @x@example.social --reason "adverts only"'),
)
def add(
    accounts: AccountsArgument,
    reason: Annotated[str, typer.Option("--reason", metavar="WORDS", help=_("Why, in your own words."))] = "",
    until: Annotated[
        str | None,
        typer.Option(
            "--until",
            metavar="DATE",
            help=_("To the end of that day (UTC); else until you take it back."),
            show_default=False,
        ),
    ] = None,
    review: ReviewOption = None,
    lab: LabOption = None,
) -> None:
    from leumund.store.nogo import put

    at = now()
    end, again = _later(until, at, "--until"), _later(review, at, "--review")
    with opened(lab, read_only=False) as there:
        said = put(
            there.register, account_uris(accounts, there), at=at, since=_spoken(there, at),
            reason=reason, until=end, review=again,
        )  # fmt: skip
        with there.writing_patiently(at) as writer:
            writer.add(said.values())
        print(_("On your no-go list: {accounts}").format(accounts=listed(there, said)))
        print(_("Nobody else sees it. Undo: leumund nogo undo"))


@app.command("list", help=_("Who is on the list, and why."))
def list_(lab: LabOption = None, json: JsonOption = False) -> None:
    from leumund.store.nogo import listed as on_list

    with opened(lab) as there:
        _print(there, on_list(there.register, at=now()), json=json)


@app.command("remove", help=_("Take somebody off the list."))
def remove(accounts: AccountsArgument, lab: LabOption = None) -> None:
    from leumund.store.nogo import removed

    at = now()
    with opened(lab, read_only=False) as there:
        entries = _meant(there, accounts, at)
        with there.writing_patiently(at) as writer:
            writer.add([removed(e, at=at, since=_spoken(there, at)) for e in entries])
        print(
            _("Off your no-go list: {accounts}").format(accounts=listed(there, [e.account for e in entries]))
        )


@app.command("review", help=_("Whom it is time to look at again; named accounts stay, until you look again."))
def review(
    accounts: Annotated[
        list[str] | None,
        typer.Argument(metavar="ACCOUNT", help=_("Looked at; stays on the list."), show_default=False),
    ] = None,
    review: ReviewOption = None,
    lab: LabOption = None,
    json: JsonOption = False,
) -> None:
    from leumund.store.nogo import kept
    from leumund.store.nogo import listed as on_list

    at = now()
    if review and not accounts:
        raise UsageError(_("--review belongs to accounts: leumund nogo review ACCOUNT --review DATE"))
    again = _later(review, at, "--review")
    with opened(lab, read_only=not accounts) as there:
        if accounts:
            entries = _meant(there, accounts, at)
            with there.writing_patiently(at) as writer:
                writer.add(kept(entries, at=at, review=again))
        due = [e for e in on_list(there.register, at=at) if e.is_due(at)]
        if not due and not json:
            print(_("Nobody on your no-go list is to be looked at again now."))
            return
        _print(there, due, json=json)
        if not json:
            print(_("See what is known now: leumund why conduct ACCOUNT. Keep it: leumund nogo review ACCOUNT. Take it off: leumund nogo remove ACCOUNT"))  # fmt: skip


@app.command("undo", help=_("Take the last change of the list back; once more brings it back."))
def undo(lab: LabOption = None) -> None:
    from leumund.ids import account_key
    from leumund.store.nogo import undone

    at = now()
    with opened(lab, read_only=False) as there:
        said = undone(there.register, at=at, since=_spoken(there, at))
        if not said:
            raise UsageError(_("Your no-go list has never been changed."))
        with there.writing_patiently(at) as writer:
            writer.add(said)
        off, on = (
            [account_key(str(s.body["nogo"])) for s in said if s.body.get("holds", True) is holds]
            for holds in (False, True)
        )
        if off:
            print(_("Off your no-go list: {accounts}").format(accounts=listed(there, off)))
        if on:
            print(_("On your no-go list: {accounts}").format(accounts=listed(there, on)))


def _spoken(there: Lab, at: datetime) -> datetime | None:
    """From when on it counts: at once, which in the demo is its last day."""
    spoken = moment(None, there)
    return spoken if spoken < at else None


def _later(text: str | None, at: datetime, option: str) -> datetime | None:
    if text is None:
        return None
    found = moment(text, toward="future")
    if found <= at:
        raise UsageError(_("{option}: {day} is past.").format(option=option, day=text))
    return found


def _meant(there: Lab, accounts: list[str], at: datetime) -> list[Entry]:
    """The entries of these accounts; an entry of another account of the same person is hers too.

    Raises:
        UsageError: one is not on the list.
    """
    from leumund.meant import account_meant
    from leumund.store.nogo import entries_of

    found: dict[int, Entry] = {}
    for text in accounts:
        hers = entries_of(there.register, account_meant(there, text), at=at)
        if not hers:
            raise UsageError(
                _("{account} is not on your no-go list.").format(account=text),
                hint=_("See it with: leumund nogo list"),
            )
        found |= {e.account: e for e in hers}
    return list(found.values())


def _print(there: Lab, entries: list[Entry], *, json: bool) -> None:
    from leumund.clean import clean
    from leumund.views.cells import written

    if json:
        print_json(
            [
                {
                    "account": e.uri, "reason": e.reason, "since": e.since.isoformat(),
                    "until": e.until.isoformat() if e.until else None, "review": e.review.isoformat(),
                }
                for e in entries
            ]
        )  # fmt: skip
        return
    for e in entries:
        told = [_("since {day}").format(day=written("day", e.since.date()))]
        if e.until:
            told.append(_("until {day}").format(day=written("day", e.until.date())))
        told.append(_("look again on {day}").format(day=written("day", e.review.date())))
        words = clean(e.reason, 200) or _("no reason given")
        print(f"{listed(there, [e.account]) or clean(e.uri)}: {words} ({', '.join(told)})")
    if not entries:
        print(_("Nobody is on your no-go list."))
