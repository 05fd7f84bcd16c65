"""The options of the measures, described once for all who ask: forms, programs, notebooks.

A measure's function says which options it has (its keyword-only parameters) and their defaults; here stands what each
of them is, what it may be, and how a value is read that somebody wrote.

    options_for(measure)              the options of its reading, or of its explanation
    settled(lab, measure, given, ..)  what was given, as the measure's function takes it
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any, Literal

from leumund.clean import clean
from leumund.errors import UsageError
from leumund.events import NETWORKS
from leumund.lab import Lab
from leumund.locale import N_, _
from leumund.meant import account_meant
from leumund.measures import Measure
from leumund.measures.comparison import MOST as MOST_COMPARED
from leumund.measures.follow_friday.votes import LONGEST_HALF_LIFE
from leumund.measures.resonance.groups import BYS
from leumund.measures.what_if import MOST_DAYS as MOST_SILENT
from leumund.spoken.amounts import money_said, number_said
from leumund.spoken.moments import moment_said

Kind = Literal["whole", "number", "money", "flag", "moment", "account", "accounts", "choice", "text", "texts"]
"""What a value is. moment: of a day its end, in UTC; accounts, texts: several."""

MOST_DAYS = 3660
MOST_RATE = 1e6
MOST_TEXT = 1000  # characters of a name
_MINUTES = 1440
_KEY = re.compile(r"-?[0-9]{1,19}")
_YES = frozenset({"1", "true", "yes", "ja", "on"})
_NO = frozenset({"0", "false", "no", "nein", "off"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option. name: as the functions have it; title: what it is called on a form; said: what it does, in a sentence.

    least, most: bounds of a number, or of how many; choices: all there are; default: what holds where nothing is said;
    private: what it tells is for the owner alone.
    """

    name: str
    title: str = ""
    said: str = ""
    kind: Kind = "text"
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    default: Any = None
    private: bool = False

    @property
    def written(self) -> str:
        """As it is written outside Python, whose own words have a "_" behind them in a function."""
        return self.name.rstrip("_")


_KNOWN = {
    o.name: o
    for o in (
        Option(name="account", title=N_("Account"), kind="account", said=N_("Whose: an account or a person of the lab; else the owner's.")),
        Option(name="board", title=N_("Board"), said=N_("Which board: all, a language such as de, country:DE, region:Hamburg, topic:karriere.")),
        Option(name="by", title=N_("Grouped by"), kind="choice", choices=BYS, said=N_("By what posts are grouped.")),
        Option(name="days", title=N_("Days back"), kind="whole", least=1, most=MOST_DAYS, said=N_("How many days back.")),
        Option(name="end", title=N_("To the end of the day"), kind="moment", said=N_("Until the end of that day (UTC); else until now.")),
        Option(name="endorsement_from", title=N_("A recommendation from"), kind="account", said=N_("The account of somebody who would recommend her now.")),
        Option(name="fridays_only", title=N_("Only around Fridays"), kind="flag", said=N_("Only what was posted around Friday.")),
        Option(name="half_life_weeks", title=N_("Half-life in weeks"), kind="number", least=0.01, most=LONGEST_HALF_LIFE,
               said=N_("After so many weeks a recommendation counts half.")),
        Option(name="limit", title=N_("Rows"), kind="whole", least=1, most=10**9, said=N_("At most so many rows.")),
        Option(name="limits", title=N_("Limits"), kind="texts", most=20, private=True,
               said=N_("Limits in words, such as: more than half adverts. Else those of the settings.")),
        Option(name="minutes_a_day", title=N_("Minutes a day"), kind="number", least=0.01, most=_MINUTES, said=N_("So many minutes a day you have for thanks.")),
        Option(name="minutes_each", title=N_("Minutes for each"), kind="number", least=0.01, most=_MINUTES, said=N_("So many minutes one thank-you takes.")),
        Option(name="network", title=N_("Network"), kind="choice", choices=NETWORKS, said=N_("Only what was done there.")),
        Option(name="of", title=N_("Which one"), said=N_("Which group, which post of yours, or the number of a goal.")),
        Option(name="rate", title=N_("What an hour of yours is worth"), kind="money", least=0, most=MOST_RATE, said=N_("What an hour of yours is worth.")),
        Option(name="silent", title=N_("Days of silence"), kind="whole", least=1, most=MOST_SILENT, said=N_("So many days of silence ahead.")),
        Option(name="start", title=N_("From the end of the day"), kind="moment", said=N_("From the end of that day (UTC); else a week earlier.")),
        Option(name="with_", title=N_("Compared with"), kind="accounts", most=MOST_COMPARED, said=N_("Accounts to compare with.")),
        Option(name="without_nogo", title=N_("Without the no-go list"), kind="flag", private=True, said=N_("Boards without those on your no-go list.")),
        Option(name="zone", title=N_("Time zone"), said=N_("Whose clocks tell hours and weekdays, such as Europe/Berlin.")),
    )
}  # fmt: skip


def options_for(measure: Measure, *, explained: bool = False) -> list[Option]:
    """The options of a measure's reading, or of the explanation of it, which is always one of some account."""
    function = measure.explain if explained else measure.compute
    if function is None:
        return []
    found = [
        _described(p) for p in inspect.signature(function).parameters.values() if p.kind is p.KEYWORD_ONLY
    ]
    if explained and all(o.name != "account" for o in found):
        found.insert(0, _KNOWN["account"])
    return found


def _described(parameter: inspect.Parameter) -> Option:
    """An option of that name; of a measure from another package, as its function says."""
    known = _KNOWN.get(parameter.name)
    if known is None:
        kinds: dict[type, Kind] = {bool: "flag", int: "whole", float: "number"}
        known = Option(name=parameter.name, kind=kinds.get(type(parameter.default), "text"))
    plain = parameter.default if parameter.default is not parameter.empty else None
    return replace(known, default=list(plain) if isinstance(plain, tuple) else plain)


def settled(
    lab: Lab, measure: Measure, given: Mapping[str, Any], *, today: date, explained: bool = False
) -> dict[str, Any]:
    """What was given, as the measure's function takes it; texts are read, accounts looked up. None is left out.

    Raises:
        UsageError: there is no such option, or a value means nothing.
    """
    known = {name: o for o in options_for(measure, explained=explained) for name in (o.name, o.written)}
    found = {}
    for name, value in given.items():
        if value is None:
            continue
        if name not in known:
            there = ", ".join(sorted({o.written for o in known.values()}))
            text = _("{measure} has no option “{option}”.").format(
                measure=measure.name, option=clean(name, 60)
            )
            raise UsageError(text, hint=_("There are: {names}").format(names=there) if there else "")
        found[known[name].name] = value_of(lab, known[name], value, today=today)
    return found


def value_of(lab: Lab, option: Option, given: Any, *, today: date) -> Any:
    """One value, as the measures take it: as Python has it, or as somebody wrote it.

    Raises:
        UsageError: it means nothing here.
    """
    match option.kind:
        case "whole" | "number" | "money":
            return _number(option, given)
        case "flag":
            return _flag(option, given)
        case "moment":
            return _moment(given, today)
        case "account":
            return account_given(lab, given)
        case "accounts":
            return tuple(account_given(lab, one) for one in _several(option, given))
        case "texts":
            return tuple(_several(option, given))
        case "choice":
            if given not in option.choices:
                raise _wrong(option, given, _("There are: {names}").format(names=", ".join(option.choices)))
    return _text(option, given)


def _number(option: Option, given: Any) -> int | float:
    found = _read(option.kind, given.strip()) if isinstance(given, str) else given
    whole = option.kind == "whole"
    if (
        isinstance(found, bool)
        or not isinstance(found, int | float)
        or not math.isfinite(found)
        or (option.least is not None and found < option.least)
        or (option.most is not None and found > option.most)
        or (whole and found != int(found))
    ):
        raise _wrong(option, given, _bounds(option))
    return int(found) if whole else float(found)


def _read(kind: Kind, text: str) -> float | None:
    """A number as programs write it, else as people do; None where it is none."""
    try:
        return int(text) if kind == "whole" else float(text)
    except ValueError:
        if kind == "whole":
            return None
    return money_said(text)[0] if kind == "money" else number_said(text)


def _bounds(option: Option) -> str:
    if option.least is None or option.most is None:
        return ""
    words = _("A number between {least} and {most}.")
    if option.kind == "whole":
        words = _("A whole number between {least} and {most}.")
    return words.format(least=f"{option.least:g}", most=f"{option.most:.0f}")


def _flag(option: Option, given: Any) -> bool:
    word = str(given).strip().lower()
    if word not in _YES | _NO:
        raise _wrong(option, given, _("Write yes or no."))
    return word in _YES


def _moment(given: Any, today: date) -> datetime:
    if isinstance(given, datetime):
        return given.astimezone(UTC) if given.tzinfo else given.replace(tzinfo=UTC)
    if isinstance(given, date):
        return datetime.combine(
            given, time.max, UTC
        )  # a span goes from the end of one day to that of another
    return moment_said(str(given), today)


def account_given(lab: Lab, given: Any) -> int:
    """An account by its number, as it stands in our addresses and readings, or as a person writes it.

    Raises:
        UsageError: the lab knows none, or several.
    """
    text = str(given).strip()
    if not 0 < len(text) <= MOST_TEXT:
        raise UsageError(_("An account is named in 1 to {most} characters.").format(most=MOST_TEXT))
    if _KEY.fullmatch(text) and -(2**63) <= int(text) < 2**63 and int(text) in lab.names([int(text)]):
        return int(text)
    return account_meant(lab, text)


def _several(option: Option, given: Any) -> list[str]:
    """Several values: as a sequence, or in one text with commas between."""
    listed = (
        given.split(",")
        if isinstance(given, str)
        else list(given)
        if isinstance(given, Sequence)
        else [given]
    )
    found = [str(one).strip() for one in listed if str(one).strip()]
    if not found:
        raise _wrong(option, given, "")
    if option.most is not None and len(found) > option.most:
        raise UsageError(_("{option}: at most {most}, not {count}.").format(
            option=option.written, most=int(option.most), count=len(found)))  # fmt: skip
    return found


def _text(option: Option, given: Any) -> str:
    if not isinstance(given, str) or not 0 < len(given.strip()) <= MOST_TEXT or "\x00" in given:
        raise _wrong(option, given, "")
    return given


def _wrong(option: Option, given: Any, hint: str) -> UsageError:
    title = f"{_(option.title)} ({option.written})" if option.title else option.written
    words = _("{title}: “{value}” does not fit.")
    return UsageError(words.format(title=title, value=clean(str(given), 60)), hint=hint)
