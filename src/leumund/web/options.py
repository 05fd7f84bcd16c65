"""The options of a measure as fields to be filled in: whatever its function takes and a person can choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from leumund.clean import clean
from leumund.locale import N_, _
from leumund.measures import Measure, Reading, measure_named
from leumund.options import Option, account_given, options_for, settled
from leumund.today.whose import board_language
from leumund.views.words import word
from leumund.web.page import Asked
from leumund.web.sight import Sight

_BY = {
    "topic": N_("topic"), "kind": N_("kind of post"), "hour": N_("hour of the day"), "weekday": N_("day of the week"),
    "language": N_("language"), "network": N_("network"), "post": N_("each post"),
}  # fmt: skip
_LOOKED_UP_TO, _TO_ADD = 20, 8
OFFERED = ("account", "board", "by", "days", "end", "fridays_only", "network", "of", "rate", "start", "with")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field. choices: value and title of each, empty for free text; kind: an input's type, or "select"; wanted: without it the
    page has little to say; help: how it is filled in.
    """

    name: str
    title: str
    kind: str
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    example: str = ""
    wanted: bool = False
    help: str = ""


def fields(measure: Measure, given: Mapping[str, str], *, explained: bool = False) -> list[Field]:
    """The fields of a measure's page, or of the page that explains it, as they were filled in."""
    known = [o for o in options_for(measure, explained=explained) if o.written in OFFERED]
    found = [_field(o, given.get(o.written, "")) for o in known]
    return sorted(found, key=lambda f: not f.wanted)


def reading_asked(sight: Sight, asked: Asked) -> Reading:
    """The reading of the measure in the address, with what was filled in.

    Raises:
        UsageError: there is no such measure, or a value means nothing.
    """
    measure = measure_named(asked.path["name"])
    return sight.reading(measure.name, **options(sight, measure, asked.query))


def explanation_asked(sight: Sight, asked: Asked) -> Reading:
    """The explanation of the measure in the address, with what was filled in; its account may stand in the address.

    Raises:
        UsageError: there is no such measure, nothing to explain, or a value means nothing.
    """
    measure = measure_named(asked.path["name"])
    given = options(sight, measure, asked.query, explained=True)
    whose = given.pop("account", None)
    return sight.explanation(measure.name, whose, **given)


def _field(option: Option, value: str) -> Field:
    name, title = option.written, _(option.title)
    if option.kind == "moment":
        return Field(name=name, title=title, kind="date", value=value)
    if option.kind == "whole":
        usual = str(option.default) if option.default else ""
        return Field(name=name, title=title, kind="number", value=value, example=usual)
    if option.kind == "flag":
        choices = (("", _("no")), ("1", _("yes")))
        return Field(name=name, title=title, kind="select", value=value, choices=choices)
    if name == "network":
        some = [(n, word(n)) for n in option.choices]
        return Field(name=name, title=title, kind="select", value=value, choices=(("", _("all")), *some))
    if name == "by":
        some = [(by, _(_BY[by])) for by in option.choices]
        return Field(name=name, title=title, kind="select", value=value or "topic", choices=tuple(some))
    if name == "board":
        ours = {"all": _("board of all languages"), "de": _("German board"), "en": _("English board")}
        chosen = value or "all"
        some = list({**ours, **({chosen: clean(chosen, 60)} if chosen not in ours else {})}.items())
        return Field(name=name, title=title, kind="select", value=chosen, choices=tuple(some))
    if option.kind == "accounts":
        example = "@name@server, @name.bsky.social"
        said = _("At most {n} accounts, with commas between them.").format(n=int(option.most or 0))
        return Field(name=name, title=title if value else _("With whom?"), kind="text", value=value, example=example,
                     wanted=not value, help=said)  # fmt: skip
    if option.kind == "account":
        return Field(name=name, title=title, kind="text", value=value, example="@name@server")
    return Field(name=name, title=title, kind="text", value=value)


def to_add(sight: Sight, measure: Measure, given: Mapping[str, str]) -> list[tuple[str, str]]:
    """Accounts that can be chosen for an option that takes several: the address with each of them added, and its name."""
    option = next((o for o in options_for(measure) if o.kind == "accounts"), None)
    if option is None:
        return []
    chosen = [one.strip() for one in given.get(option.written, "").split(",") if one.strip()]
    if option.most is not None and len(chosen) >= option.most:
        return []
    board = sight.reading("follow_friday", board=board_language(sight.state.tables), limit=_LOOKED_UP_TO)
    there = {account_given(sight.lab, one) for one in chosen} | sight.own
    at = next(i for i, c in enumerate(board.columns) if c.name == "account")
    keys = [row[at] for row in board.rows if row[at] not in there]
    names = sight.lab.names(keys)
    known = [names[key] for key in keys if names.get(key, "").startswith("@")]
    return [
        (
            f"/measures/{measure.name}?" + urlencode({**given, option.written: ", ".join([*chosen, handle])}),
            handle,
        )
        for handle in known[:_TO_ADD]
    ]


def options(
    sight: Sight, measure: Measure, given: Mapping[str, str], *, explained: bool = False
) -> dict[str, Any]:
    """What was filled in, as the measure's function takes it.

    Raises:
        UsageError: a value means nothing.
    """
    filled = {f.name: f.value for f in fields(measure, given, explained=explained) if f.value}
    return settled(sight.lab, measure, filled, today=sight.as_of.date(), explained=explained)


def account(sight: Sight, text: str) -> int:
    """The account that is meant: its number in an address of ours, or as a person writes it.

    Raises:
        UsageError: the lab knows none, or several.
    """
    return account_given(sight.lab, text)
