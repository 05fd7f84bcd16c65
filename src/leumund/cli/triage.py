"""triage: the owner goes through a sample of her followers, one key each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from leumund.cli.keys import one_key
from leumund.cli.shared import JsonOption, LabOption, moment, opened, print_json
from leumund.locale import N_, _, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from leumund.lab import Lab
    from leumund.measures.audience.who import Audience
    from leumund.store.labels import Answer
    from leumund.store.tables import Tables

HELP = N_("Go through a sample of your followers, one key each: who is a person? Example: leumund triage")

_KEYS: dict[str, Answer] = {
    "1": "person", "2": "robot", "3": "follow_back", "4": "reviewed", "5": "later",
    "p": "person", "r": "robot", "f": "follow_back", "v": "reviewed", "l": "later",
}  # fmt: skip
_STOP, _UNDO = frozenset("q\x03\x04\x1b"), frozenset("uz\x7f\x08")  # u, z, backspace
_POSTS, _LETTERS = 2, 200


def triage(
    number: Annotated[int, typer.Option("--number", help=_("At most so many this time."), min=1)] = 100,
    lab: LabOption = None,
    json: JsonOption = False,
) -> None:
    with opened(lab, read_only=json) as there:
        at = moment(None, there)
        with there.tables(as_of=at) as tables:
            found, order, told = _asked(tables.person_by_person(), at)
            if json:
                print_json(_state(len(found), told))
                return
            if not order:
                print(_nothing_left(len(found)))
                return
            for line in _beginning(sum(told.values())):
                print(line)
            given = _ask_all(there, tables, found, order[:number], at)
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


def _asked(tables: Tables, at: datetime) -> tuple[Audience, list[int], dict[str, int]]:
    """The followers, whom to ask about in which order, and how many were answered how."""
    import numpy as np

    from leumund.measures.audience.model import shipped
    from leumund.measures.audience.prevalence import next_asked, strata_of
    from leumund.measures.audience.who import audience_at, signs_at
    from leumund.store.labels import TELLING

    found = audience_at(tables, at)
    last = dict(
        tables.sql(
            "select account, last(answer order by said_at, answer) from labels group by account"
        ).fetchall()
    )
    told: dict[str, int] = {}
    for key in found.keys:
        if key in last:
            told[last[key]] = told.get(last[key], 0) + 1
    if not len(found):
        return found, [], told
    others = np.flatnonzero(~found.facts["declared_automated"].is_so)
    keys = [found.keys[i] for i in others]
    answered = np.array([last.get(k) in TELLING for k in keys], bool)
    seen = np.array([last.get(k, "later") != "later" for k in keys], bool)
    sums = shipped().sums(signs_at(tables, found)[others])
    order = next_asked(keys, strata_of(sums), answered, seen)
    put_off = [k for k in order if last.get(k) == "later"]
    return found, [*(k for k in order if last.get(k) != "later"), *put_off], told


def _wanted() -> int:
    from leumund.measures.audience.prevalence import WANTED

    return WANTED


def _so_far(there: Lab, at: datetime) -> str:
    """What the labels tell by now."""
    from leumund.asking import Question
    from leumund.measures import measure_named
    from leumund.report.overview_words import of_people

    return of_people(Question(there, at).reading(measure_named("audience")))


def _state(followers: int, told: dict[str, int]) -> dict[str, Any]:
    from leumund.store.labels import ANSWERS, TELLING

    return {
        "followers": followers,
        "wanted": _wanted(),
        "labels": sum(n for answer, n in told.items() if answer in TELLING),
        "answers": {answer: told.get(answer, 0) for answer in ANSWERS},
    }


def _nothing_left(followers: int) -> str:
    if not followers:
        return _("No source has told who follows you. Connect your account: leumund connect")
    return _("You have looked at all of them. See: leumund show audience")


def _ask_all(there: Lab, tables: Tables, found: Audience, order: list[int], at: datetime) -> int:
    """Ask about each and keep every answer at once, so that stopping loses none; gives how many were kept."""
    rows = dict(zip(found.keys, found.rows, strict=True))
    asked: list[dict[str, Any]] = []
    place = 0
    with one_key() as key_pressed:
        while place < len(order):
            if place == len(asked):
                asked.append(_profile(tables, order[place], rows[order[place]]["account"]))
            for line in _shown(tables, asked[place], rows[order[place]], place + 1, len(order)):
                print(line)
            said = _said(key_pressed, may_undo=place > 0)
            if said == "stop":
                break
            if said == "undo":
                place -= 1
                _keep(there, asked[place], "later", at)
            else:
                _keep(there, asked[place], said, at)
                place += 1
    return place


def _keep(there: Lab, profile: dict[str, Any], answer: Answer, at: datetime) -> None:
    """What was said, in place of what was said of the same account before in this sitting."""
    from leumund.ids import network_of
    from leumund.store.labels import labelled

    with there.writing_patiently(at) as writer:
        writer.add([labelled(profile["uri"], network_of(profile["uri"]), answer, at=at)])


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


def _profile(tables: Tables, key: int, account: int) -> dict[str, Any]:
    """What the account that is looked at says of itself."""
    known = tables.profiles([key]).get(key, [])
    return next((p for p in known if p.get("key") == account), known[0] if known else {"uri": str(account)})


def _shown(
    tables: Tables, profile: dict[str, Any], row: dict[str, Any], place: int, of: int
) -> Iterator[str]:
    """What everybody can see of an account, its words made safe; nothing that a model says of it."""
    from leumund.clean import clean
    from leumund.ids import display_handle
    from leumund.views.cells import number

    handle = profile.get("handle")
    name = clean(str(profile.get("name") or ""), 60)
    written = clean("@" + str(handle).lstrip("@") if handle else display_handle(profile["uri"]), 80)
    yield ""
    yield _("{place} of {of}: {name} {handle}").format(place=place, of=of, name=name, handle=written)
    counts = [
        text.format(n=number(value))
        for value, text in (
            (row["followers"], _("{n} followers")),
            (row["following"], _("follows {n}")),
            (row["posts"], _("{n} posts")),
        )
        if value is not None
    ]
    if counts:
        yield "  " + ", ".join(counts)
    for text in (profile.get("bio"), profile.get("place"), profile.get("url")):
        if text:
            yield "  " + clean(" ".join(str(text).split()), _LETTERS)
    posts = tables.sql(
        """select text from by_account.posts where account = $account and visibility in ('public', 'unlisted')
           order by happened_at desc, post limit $most""",
        account=row["account"],
        most=_POSTS,
    ).fetchall()
    for (text,) in posts:
        yield "  » " + clean(" ".join(str(text or "").split()), _LETTERS)
