"""One line for each thing the owner said: what lists, confirmations and `undo` show of it, in the language in use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from leumund.channels import CHANNELS
from leumund.clean import clean
from leumund.ids import display_handle
from leumund.locale import _, ngettext
from leumund.store.customers import chain_in
from leumund.store.entries import day_in, number_in
from leumund.views.cells import number, written
from leumund.views.words import label, word

Body = Mapping[str, Any]


def dated(kind: str, body: Body, happened_at: datetime) -> str:
    """An entry with its day."""
    return f"{written('day', happened_at.date())}  {line(kind, body)}"


def line(kind: str, body: Body) -> str:
    """An entry without its day; of a mark, what it is and of whom."""
    if kind in _LINES:
        return _LINES[kind](body)
    return f"{label(kind)}: {clean(display_handle(str(body[kind])))}" if body.get(kind) else label(kind)


def aim(what: str, target: float) -> str:
    """What a goal wants to reach."""
    n = number(target)
    match what:
        case "followers":
            return ngettext("{n} follower", "{n} followers", int(target)).format(n=n)
        case "people":
            return _("{n} people among the followers").format(n=n)
        case "responders":
            return _("{n} people who respond in a week").format(n=n)
        case "board":
            return _("place {n} in Follow Friday").format(n=n)
        case "customers":
            return ngettext("{n} customer", "{n} customers", int(target)).format(n=n)
    return f"{clean(what)}: {n}"


def money(amount: float, currency: str | None) -> str:
    """An amount with its currency, where one was said."""
    return f"{number(amount, 0 if amount == int(amount) else 2)} {clean(currency or '')}".strip()


def day_of(body: Body, name: str) -> str:
    """A day of an entry, as it is written; "?" where it has none."""
    found = day_in(body, name)
    return written("day", found) if found else "?"


def hours(value: float) -> str:
    """A length of time."""
    text = number(value, 2).rstrip("0").rstrip(".,") if value != int(value) else number(value)
    return _("1 hour") if value == 1 else _("{n} hours").format(n=text)


def _goal(body: Body) -> str:
    where = f" ({word(str(body['network']))})" if body.get("network") else ""
    said = aim(str(body.get("goal") or "?"), number_in(body, "target") or 0)
    return _("{aim} by {day}").format(aim=said + where, day=day_of(body, "until"))


def _customer(body: Body) -> str:
    lead = body.get("lead") is True and not body.get("bought_at")
    parts = [_("only asked") if lead else _("customer")]
    value = number_in(body, "value")
    if value is not None:
        parts.append(money(value, body.get("currency")))
    if body.get("found_us_by"):
        parts.append(_("found you by: {how}").format(how=_channel(body["found_us_by"])))
    if chain := chain_in(body):
        parts.append(_("through {chain}").format(chain=clean(" → ".join(map(display_handle, chain)))))
    return f"{clean(str(body.get('customer') or '')) or _('without a name')}: {', '.join(parts)}{_rest(body)}"


def _channel(written_so: object) -> str:
    """A channel in the language in use; what is no channel of ours as it was written."""
    text = str(written_so)
    return word(text) if text in CHANNELS else clean(text)


def _time(body: Body) -> str:
    return f"{hours(number_in(body, 'hours') or 0)}: {_channel(body.get('time'))}{_rest(body)}"


def _cost(body: Body) -> str:
    amount = money(number_in(body, "amount") or 0, body.get("currency"))
    return f"{amount}: {_channel(body.get('cost'))}{_rest(body)}"


def _note(body: Body) -> str:
    parts = [word(str(body["about"]))] if body.get("about") not in (None, "note") else []
    if body.get("network"):
        parts.append(word(str(body["network"])))
    if body.get("until"):
        parts.append(_("until {day}").format(day=day_of(body, "until")))
    if body.get("fun"):
        parts.append(_("fun {n} of 5").format(n=body["fun"]))
    return clean(str(body.get("note") or "")) + (f" ({', '.join(parts)})" if parts else "")


def _experiment(body: Body) -> str:
    return f"{clean(str(body.get('experiment')))}: {clean(str(body.get('change') or ''))}"


def _thanks(body: Body) -> str:
    from leumund.ids import display_handle

    who = clean(display_handle(str(body.get("thanks"))))
    words = _("No longer open: {accounts}") if body.get("answer") == "let go" else _("Thanked: {accounts}")
    return words.format(accounts=who)


def _rest(body: Body) -> str:
    return f" – {clean(str(body['note']))}" if body.get("note") else ""


_LINES: dict[str, Callable[[Body], str]] = {
    "goal": _goal, "customer": _customer, "time": _time, "cost": _cost, "note": _note, "experiment": _experiment,
    "thanks": _thanks,
}  # fmt: skip
