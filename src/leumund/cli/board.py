"""board: a Follow-Friday board to be published, and whom it names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leumund.cli.frame import group
from leumund.cli.shared import JsonOption, LabOption, moment, now, opened, print_json, say, shown
from leumund.errors import UsageError
from leumund.locale import N_, _, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leumund.board.options import Options
    from leumund.board.taken import Missing
    from leumund.lab import Lab

HELP = N_(
    "A Follow-Friday board to publish, with those alone who agreed. Example: leumund board build --out board"
)

app = group(_(HELP))

BoardOption = Annotated[
    str | None,
    typer.Option(
        "--board",
        metavar="WORD",
        help=_(
            "Which one: de, en, all, country:DE, region:Hamburg, topic:karriere; else the one of last time, or de."
        ),
        show_default=False,
    ),
]


@app.command(
    "build",
    help=_(
        "Build the pages, to put on any web space yourself. Example: leumund board build --out board --lab demo"
    ),
)
def build(
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FOLDER", help=_("Where to; a folder of its own, replaced whole. Else the one of last time."), show_default=False
        ),
    ] = None,
    board: BoardOption = None,
    contact: Annotated[
        str | None,
        typer.Option(
            "--contact", metavar="TEXT",
            help=_("How people reach you who want to be taken off: mail, address or words; else your own account."), show_default=False,
        ),
    ] = None,
    address: Annotated[
        str | None,
        typer.Option("--address", metavar="URL", help=_("Where the board will be; feeds need it for their links."), show_default=False),
    ] = None,
    places: Annotated[int | None, typer.Option("--places", metavar="NUMBER", help=_("At most so many places are shown; else 25."), show_default=False)] = None,
    index: Annotated[
        bool | None, typer.Option("--index/--no-index", help=_("Search engines may list it; else they are asked not to."), show_default=False)
    ] = None,
    without_unchecked: Annotated[
        bool, typer.Option("--without-unchecked", help=_("Leave out who agreed but was not looked at for more than a week."))
    ] = False,
    lab: LabOption = None,
) -> None:  # fmt: skip
    from leumund.asking import bring_facts
    from leumund.board.building import build as put_together
    from leumund.board.options import chosen, options_in
    from leumund.measures import measure_named

    with opened(lab) as there:
        before = options_in(there.register)
        options = chosen(before, board=board, contact=contact, address=address, places=places, index=index)
        to = out or (Path(before.out) if before.out else None)
        if to is None:
            raise UsageError(
                _("Say into which folder: leumund board build --out FOLDER"),
                hint=_("It should be one of its own: it is replaced whole at each build."),
            )
        bring_facts(there, measure_named("follow_friday"), {"board": options.board}, at=now())
        built = put_together(
            there, options, to, as_of=moment(None, there), at=now(), without_unchecked=without_unchecked
        )
    number = len(built.taken.published.places)
    print(
        ngettext("Built, with {n} place: {path}", "Built, with {n} places: {path}", number).format(
            n=number, path=shown(built.folder)
        )
    )
    print(_("Look at it: {path}").format(path=shown(built.folder / "index.html")))
    print(
        _(
            "Nothing was sent. To publish it, put the whole folder in the place of the old one on your web space."
        )
    )
    if not number:
        say(_("Nobody stands on it yet. See who is missing and why: leumund board check"))
    if not built.kept:
        say(
            _(
                "Nothing can be written to the lab just now: remember yourself that {path} names people."
            ).format(path=shown(built.folder))
        )


@app.command("check", help=_("Who would stand on the board, and why others would not; for your eyes alone."))
def check(board: BoardOption = None, lab: LabOption = None, json: JsonOption = False) -> None:
    from leumund.asking import Question, bring_facts
    from leumund.board.taken import survey
    from leumund.measures import measure_named

    with opened(lab) as there:
        options = _options(there, board)
        bring_facts(there, measure_named("follow_friday"), {"board": options.board}, at=now())
        with Question(there, moment(None, there)).state() as state:
            found = survey(state, options, at=now())
    taken, others = found.taken, found.missing
    listed = [(p.rank, taken.people[p.account].handle) for p in taken.published.places]
    if json:
        print_json(
            {
                "places": [{"place": rank, "account": handle} for rank, handle in listed],
                "missing": [{"account": m.name, "why": m.why, "agreed": m.agreed} for m in others],
            }
        )
        return
    for rank, handle in listed:
        print(f"{rank:>4}  {handle}")
    if not listed:
        print(_("Nobody would stand on this board."))
    _print_missing([m for m in others if m.agreed], len(others))


def _print_missing(agreed: Sequence[Missing], others: int) -> None:
    if agreed:
        print()
        print(_("Not on it, though they agreed once or allow it:"))
        for one in agreed:
            print(f"      {one.name}: {one.why}")
    rest = others - len(agreed)
    if rest:
        text = ngettext(
            "{n} more who recommend or are recommended has not agreed, and is named nowhere.",
            "{n} more who recommend or are recommended have not agreed, and are named nowhere.",
            rest,
        )
        print()
        print(text.format(n=rest))
        print(_("Ask them, and record a yes with: leumund consent add ACCOUNT --for board"))


@app.command(
    "propose",
    help=_(
        "A list for a network, to be made there by hand; nothing is sent. Example: leumund board propose --for mastodon"
    ),
)
def propose(
    network: Annotated[
        str, typer.Option("--for", metavar="mastodon|bluesky", help=_("A Mastodon collection (25) or a Bluesky starter pack (150)."))
    ] = "mastodon",
    board: BoardOption = None,
    lab: LabOption = None,
    json: JsonOption = False,
) -> None:  # fmt: skip
    from leumund.asking import Question, bring_facts
    from leumund.board.proposal import kind_named, propose_list
    from leumund.measures import measure_named

    kind = kind_named(network)
    with opened(lab) as there:
        options = _options(there, board)
        bring_facts(there, measure_named("follow_friday"), {"board": options.board}, at=now())
        with Question(there, moment(None, there)).state() as state:
            found = propose_list(state, options, kind, at=now())
    if json:
        print_json({
            "network": found.network, "title": found.title, "text": found.text,
            "accounts": [{"account": p.handle, "profile": p.link} for p in found.people], "where": found.where,
        })  # fmt: skip
        return
    for line in found.lines():
        print(line)


def _options(there: Lab, board: str | None) -> Options:
    from leumund.board.options import chosen, options_in

    return chosen(options_in(there.register), board=board)
