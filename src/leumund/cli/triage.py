"""triage: the owner goes through a sample of her followers, one key each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from leumund.cli.keys import one_key
from leumund.cli.shared import JsonOption, LabOption, moment, opened, print_json
from leumund.locale import N_, _, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from leumund.lab import Lab
    from leumund.measures.audience.triage import Seen, Triage
    from leumund.store.labels import Answer
    from leumund.store.tables import Tables

HELP = N_("Go through a sample of your followers, one key each: who is a person? Example: leumund triage")

_KEYS: dict[str, Answer] = {
    "1": "person", "2": "robot", "3": "follow_back", "4": "reviewed", "5": "later",
    "p": "person", "r": "robot", "f": "follow_back", "v": "reviewed", "l": "later",
}  # fmt: skip
_STOP, _UNDO = frozenset("q\x03\x04\x1b"), frozenset("uz\x7f\x08")  # u, z, backspace
_LETTERS = 200


def triage(
    number: Annotated[int, typer.Option("--number", help=_("At most so many this time."), min=1)] = 100,
    lab: LabOption = None,
    json: JsonOption = False,
) -> None:
    from leumund.measures.audience.triage import triage_at

    with opened(lab, read_only=json) as there:
        at = moment(None, there)
        with there.tables(as_of=at) as tables:
            sitting = triage_at(tables.person_by_person(), at)
            if json:
                print_json(sitting.as_dict())
                return
            if not sitting.order:
                print(_nothing_left(len(sitting.found)))
                return
            for line in _beginning(sum(sitting.told.values())):
                print(line)
            given = _ask_all(there, tables, sitting, sitting.order[:number], at)
        print(ngettext("{n} answer more.", "{n} answers more.", given).format(n=given))
        print(_so_far(there, moment(None, there)))
        print(_("See: leumund show audience"))


def _beginning(answers: int) -> Iterator[str]:
    """What is said before the first account."""
    more = _("{n} answers so far; with {wanted} the shares get sure. They stay in your lab.")
    if answers >= _wanted():
        more = _("{n} answers so far; more make the shares surer. They stay in your lab.")
    yield more.format(n=answers, wanted=_wanted())
    yield _(
        "A robot is an account for which nobody writes. If you cannot tell, say so: guesses make it wrong."
    )


def _wanted() -> int:
    from leumund.measures.audience.prevalence import WANTED

    return WANTED


def _so_far(there: Lab, at: datetime) -> str:
    """What the labels tell by now."""
    from leumund.asking import Question
    from leumund.measures import measure_named
    from leumund.report.overview_words import of_people

    return of_people(Question(there, at).reading(measure_named("audience")))


def _nothing_left(followers: int) -> str:
    if not followers:
        return _("No source has told who follows you. Connect your account: leumund connect")
    return _("You have looked at all of them. See: leumund show audience")


def _ask_all(there: Lab, tables: Tables, sitting: Triage, order: list[int], at: datetime) -> int:
    """Ask about each and keep every answer at once, so that stopping loses none; gives how many were kept."""
    from leumund.measures.audience.triage import seen_of

    asked: list[Seen] = []
    place = 0
    with one_key() as key_pressed:
        while place < len(order):
            if place == len(asked):
                asked.append(seen_of(tables, sitting, order[place]))
            for line in _shown(asked[place], place + 1, len(order)):
                print(line)
            said = _said(key_pressed, may_undo=place > 0)
            if said == "stop":
                break
            if said == "undo":
                place -= 1
                _keep(there, asked[place].uri, "later", at)
            else:
                _keep(there, asked[place].uri, said, at)
                place += 1
    return place


def _keep(there: Lab, uri: str, answer: Answer, at: datetime) -> None:
    """What was said, in place of what was said of the same account before in this sitting."""
    from leumund.ids import network_of
    from leumund.store.labels import labelled

    with there.writing_patiently(at) as writer:
        writer.add([labelled(uri, network_of(uri), answer, at=at)])


def _said(key_pressed: Callable[[], str], *, may_undo: bool) -> Answer | Literal["undo", "stop"]:
    """What was said by one key."""
    print(
        _("[1] person  [2] robot  [3] person, follow back  [4] reviewed, cannot tell  [5] later"),
        _("[u] undo  [q] stop"),
        sep="  ",
        flush=True,
    )
    while True:
        try:
            pressed = key_pressed().casefold()
        except KeyboardInterrupt:  # what was said is kept: there is nothing to break off
            return "stop"
        if not pressed or pressed in _STOP:
            return "stop"
        if pressed in _UNDO:
            if may_undo:
                return "undo"
            print(_("There is no answer yet that could be taken back."), flush=True)
        if pressed in _KEYS:
            return _KEYS[pressed]


def _shown(seen: Seen, place: int, of: int) -> Iterator[str]:
    """What everybody can see of an account, its words made safe; nothing that a model says of it."""
    from leumund.clean import clean
    from leumund.report.triage_words import counts

    name, handle = clean(seen.name, 60), clean(seen.handle, 80)
    yield ""
    yield _("{place} of {of}: {name} {handle}").format(place=place, of=of, name=name, handle=handle)
    if said := counts(seen):
        yield "  " + said
    for text in seen.words:
        yield "  " + clean(" ".join(text.split()), _LETTERS)
    for text in seen.recent:
        yield "  » " + clean(" ".join(text.split()), _LETTERS)
