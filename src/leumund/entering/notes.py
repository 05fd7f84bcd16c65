"""The diary: what happened, how much fun it was, and whether it was a silence or an outage."""

from __future__ import annotations

from datetime import date

from leumund.entering.said import Said, day, day_in_body, network, stripped
from leumund.errors import UsageError
from leumund.locale import _

ABOUT = ("note", "silence", "outage")
MOST_FUN = 5


def said(
    *,
    today: date,
    text: str | None = None,
    fun: str | None = None,
    about: str | None = None,
    on_network: str | None = None,
    on: str | None = None,
    until: str | None = None,
) -> Said:
    """A note. fun: 1 to 5; about: one of `ABOUT`; on, until: its first and last day.

    Without a year the last day is looked for in the past as the first one is, and ahead where no first one is named.

    Raises:
        UsageError: what is doubtful is refused.
    """
    if about and about not in ABOUT:
        raise UsageError(_("A note is about one of: {words}.").format(words=", ".join(ABOUT)))
    body = {
        "note": stripped(text), "fun": _fun(fun) if fun else fun, "network": network(on_network),
        "about": "" if about == "note" else about,
        "until": day_in_body(until, today, toward="past" if on else "future"),
    }  # fmt: skip
    return Said("note", body, day(on, today))


def _fun(text: str) -> int:
    if text.strip() not in {str(n) for n in range(1, MOST_FUN + 1)}:
        raise UsageError(_("Fun is a number from 1 to {most}, not “{text}”.").format(most=MOST_FUN, text=text))  # fmt: skip
    return int(text)
