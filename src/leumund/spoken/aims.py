"""Goals as people write them: "5000 followers by 2027-03-01", "Platz 10 bis Ende März", "20 Kunden bis Jahresende"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from leumund.errors import UsageError
from leumund.events import Network
from leumund.locale import _
from leumund.spoken.amounts import count_said
from leumund.spoken.days import day_said

_BY = re.compile(r"^(?P<what>.+?)[\s,]+(?:bis|by|until|till|spätestens)\s+(?P<day>.+)$", re.IGNORECASE)
_NUMBER = re.compile(r"\d[\d.,'’  ]*(?:\s?(?:k|tsd\.?|tausend|thousand)\b)?", re.IGNORECASE)
_WORDS: tuple[tuple[str, str], ...] = (  # the first that stands there says what is meant
    ("board", r"board|follow[ -]?friday|\bff\b|platz|place|rank|rang|\btop\b"),
    ("customers", r"customer|client|kunde|kundin|klient|auftr[aä]g"),
    ("responders", r"respond|reagier|antworte|reaction|reaktion|who answer|interact"),
    ("people", r"people|persons|human|real|mensch|echte|person"),
    ("followers", r"follower|abonnent|folgende"),
)
_NETWORKS: tuple[tuple[Network, str], ...] = (
    ("mastodon", r"mastodon|fediverse|fediversum"),
    ("bluesky", r"bluesky|bsky"),
    ("linkedin", r"linkedin"),
    ("facebook", r"facebook"),
    ("x", r"\bx\b|twitter"),
)


@dataclass(frozen=True, slots=True)
class Aim:
    """what: one of `store.goals.WHATS`; target: the number; by: the day; network: None for all."""

    what: str
    target: int
    by: date
    network: Network | None


def aim_said(text: str, today: date) -> Aim:
    """The goal that is meant.

    >>> aim_said("5.000 Follower auf Mastodon bis 1.3.2027", date(2026, 11, 23))
    Aim(what='followers', target=5000, by=datetime.date(2027, 3, 1), network='mastodon')

    Raises:
        UsageError: no number, no day, or nothing known to be reached; or it lies in the past.
    """
    found = _BY.match(text.strip())
    if found is None:
        raise _unread(text, _("it names no day: by when?"))
    by = day_said(found["day"], today, toward="future")
    numbers = _NUMBER.findall(found["what"])
    if len(numbers) != 1:
        raise _unread(text, _("it must name one number."))
    words = found["what"].lower()
    what = next((what for what, pattern in _WORDS if re.search(pattern, words)), None)
    if what is None:
        raise _unread(
            text, _("it must name followers, people, responders, customers or a place on the board.")
        )
    target = count_said(numbers[0].strip(" .,"))
    if target < 1:
        raise _unread(text, _("the number must be at least 1."))
    if by <= today:
        raise _unread(text, _("{day} is over.").format(day=by.isoformat()))
    network = next((n for n, pattern in _NETWORKS if re.search(pattern, words)), None)
    return Aim(what, target, by, network)


def _unread(text: str, why: str) -> UsageError:
    hint = _("Write it like: 5000 followers by 2027-03-01")
    return UsageError(_("“{text}”: {why}").format(text=text, why=why), hint=hint)
