"""Who may be named in public: the one place that says so, for boards and reports alike.

Yes: the owner's own accounts; a recorded yes (`store.consents`); for boards also who lets everybody put the account on
lists, as its Mastodon server tells (`feature_approval`, 4.6; not told is no). No, whatever else was said: taken back,
deleted, limited, suspended or moved, locked, `!no-unauthenticated`, `#nobot` or `#noindex` in the profile. That somebody
may be found by search (`discoverable`, `indexable`) is no yes. What a server told longer than a week ago is not believed:
the account must be looked at again first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pyarrow as pa

from leumund.clean import clean
from leumund.ids import network_of
from leumund.lab import Lab
from leumund.locale import N_, _
from leumund.store.consents import Purpose, Word, words_in
from leumund.store.tables import Tables
from leumund.views import cells

RECHECK_AFTER = timedelta(days=7)

Reason = Literal[
    "own", "said", "lists",
    "unasked", "ended", "unchecked",
    "withdrawn", "deleted", "hidden", "locked", "members", "tag",
]  # fmt: skip
"""own, said, lists: why yes. unasked, ended, unchecked: no yes that holds now. The others refuse, whatever was said."""

_IN_WORDS: Mapping[Reason, str] = {
    "own": N_("one of your own accounts"),
    "said": N_("agreed, recorded on {day}"),
    "lists": N_("lets everybody put the account on lists, seen on {day}"),
    "unasked": N_("has not agreed"),
    "ended": N_("had agreed until {day}"),
    "unchecked": N_("agreed, but the account was not looked at for more than a week"),
    "withdrawn": N_("took it back on {day}"),
    "deleted": N_("the account is deleted"),
    "hidden": N_("limited, suspended or moved, its server says"),
    "locked": N_("the account is locked"),
    "members": N_("wishes to be seen by logged-in people only"),
    "tag": N_("“{tag}” stands in the profile"),
}

_REFUSING = re.compile(r"[#＃](nobots?|noindex)\b", re.IGNORECASE)
_TELLING: Mapping[str, str] = {
    "mastodon": "locked is not null",
    "bluesky": "limited is not null or discoverable = false",
}
"""Which sightings tell whether an account may be shown; of other networks the owner's own look counts as well."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether an account may be named, and why. account: key; day: when that was said or seen; tag: of a profile.
    on_lists: whether the account lets everybody put it on lists, as was told within the week. ever: whether there was a yes
    at any time, one that lists allow among it.
    """

    account: int
    yes: bool
    reason: Reason
    day: datetime | None = None
    tag: str = ""
    on_lists: bool = False
    ever: bool = False

    @property
    def refuses(self) -> bool:
        """Whether no yes could help."""
        return self.reason in {"withdrawn", "deleted", "hidden", "locked", "members", "tag"}

    def __str__(self) -> str:
        """Why, in the language in use."""
        day = cells.day(self.day) if self.day else cells.unknown()
        return _(_IN_WORDS[self.reason]).format(day=day, tag=clean(self.tag, 40))


@dataclass(frozen=True, slots=True)
class PersonAnswer:
    """Whether a person may be named, by which of her accounts (keys, the one to show first), and what is said of each."""

    yes: bool
    shown: tuple[int, ...]
    answers: tuple[Answer, ...]

    def __str__(self) -> str:
        """Why, in words: what refuses before what is missing."""
        if self.yes:
            return str(next(a for a in self.answers if a.yes))
        order = ("unchecked", "ended", "unasked")
        return str(
            min(
                self.answers,
                key=lambda a: -1 if a.refuses else order.index(a.reason) if a.reason in order else 9,
            )
        )


def may_appear(
    lab: Lab, tables: Tables, accounts: Iterable[int], purpose: Purpose, *, at: datetime
) -> dict[int, Answer]:
    """Whether these accounts (keys) may be named in public for that purpose.

    tables: the lab at the moment of publishing; what servers told is held against that moment. at: the clock, against
    which what the owner recorded is held.
    """
    keys = list(dict.fromkeys(accounts))
    own = set(lab.register.own_accounts())
    words = {w.account: w for w in words_in(lab.register) if w.purpose == purpose}
    seen, gone, told = _sighted(tables, keys), _gone(tables, keys), _profiles(lab, keys)
    found = {}
    for key in keys:
        if key in gone:
            found[key] = Answer(key, yes=False, reason="deleted")
        elif key in own:
            found[key] = Answer(key, yes=True, reason="own")
        else:
            known = _Known(key, words.get(key), seen.get(key, {}), told.get(key, ()))
            answer = _refusal(known) or _agreement(known, purpose, at=at, as_of=tables.as_of)
            found[key] = replace(answer, ever=known.word is not None or bool(known.seen.get("featurable")))
    return found


def who_may_appear(
    lab: Lab, tables: Tables, people: Iterable[int], purpose: Purpose, *, at: datetime
) -> dict[int, PersonAnswer]:
    """The same of people, each by the key that stands for her.

    One account of hers that refuses is enough for a no. Only accounts for which she agreed are shown.
    """
    accounts = {p: tables.people[p].accounts if p in tables.people else (p,) for p in dict.fromkeys(people)}
    said = may_appear(lab, tables, [a for group in accounts.values() for a in group], purpose, at=at)
    found = {}
    for person, group in accounts.items():
        answers = tuple(said[a] for a in group)
        mine = any(a.reason == "own" for a in answers)
        shown = tuple(a.account for a in answers if a.yes)
        refused = not mine and any(a.refuses for a in answers)
        found[person] = PersonAnswer(bool(shown) and not refused, () if refused else shown, answers)
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of an account: the owner's last word, what its server told, its profile under each of its names."""

    key: int
    word: Word | None
    seen: Mapping[str, Any]
    profiles: Iterable[Mapping[str, Any]]


def _refusal(known: _Known) -> Answer | None:
    if known.word is not None and not known.word.holds:
        return Answer(known.key, yes=False, reason="withdrawn", day=known.word.said_at)
    for text in (text for row in known.profiles for text in (row["bio"], row["name"]) if text):
        if tag := _REFUSING.search(text):
            return Answer(known.key, yes=False, reason="tag", tag=tag[0])
    flags: tuple[tuple[str, Reason], ...] = (
        ("members", "members"),
        ("limited", "hidden"),
        ("locked", "locked"),
    )
    for flag, reason in flags:
        if known.seen.get(flag):
            return Answer(known.key, yes=False, reason=reason)
    return None


def _agreement(known: _Known, purpose: Purpose, *, at: datetime, as_of: datetime) -> Answer:
    word, checked = known.word, known.seen.get("checked")
    networks = {row["network"] for row in known.profiles} | ({network_of(word.uri)} if word else set())
    if word is not None and not networks & _TELLING.keys():
        checked = max(filter(None, (checked, word.said_at)))
    fresh = checked is not None and checked >= as_of - RECHECK_AFTER
    told = known.seen.get("featurable_at") if known.seen.get("featurable") else None
    lists = fresh and told is not None and told >= as_of - RECHECK_AFTER
    if word is not None and word.is_yes(at):
        yes = Answer(known.key, yes=True, reason="said", day=word.said_at, on_lists=lists)
    elif purpose == "board" and told is not None:
        yes, fresh = Answer(known.key, yes=True, reason="lists", day=told, on_lists=lists), lists
    elif word is not None and word.has_ended(at):
        return Answer(known.key, yes=False, reason="ended", day=word.until)
    else:
        return Answer(known.key, yes=False, reason="unasked")
    return yes if fresh else Answer(known.key, yes=False, reason="unchecked", day=checked)


def _profiles(lab: Lab, keys: list[int]) -> dict[int, list[Mapping[str, Any]]]:
    """What is known of each account under every one of its names."""
    spelled: dict[int, list[int]] = {key: [key] for key in keys}
    for alias, head in lab.register.aliases().items():
        if head in spelled:
            spelled[head].append(alias)
    rows = lab.register.accounts(k for group in spelled.values() for k in group)
    return {key: [dict(rows[k]) for k in group if k in rows] for key, group in spelled.items()}


def _sighted(tables: Tables, keys: list[int]) -> dict[int, dict[str, Any]]:
    """What the newest sighting that tells it says of each account: locked, limited, members, checked (when that was);
    featurable, featurable_at. What no sighting tells is missing.
    """
    if not keys:
        return {}
    tables.bring("consent_keys", pa.table({"account": pa.array(keys, pa.int64())}))
    of = " ".join(f"when '{network}' then {condition}" for network, condition in _TELLING.items())
    rows = tables.arrow(
        f"""with these as (
                select * from by_account.sightings where account in (select account from consent_keys)
            ), told as (
                select account, max(happened_at) as checked, arg_max(coalesce(locked, false), happened_at) as locked,
                       arg_max(coalesce(limited, false), happened_at) as limited,
                       arg_max(network = 'bluesky' and coalesce(not discoverable, false), happened_at) as members
                from these where case network {of} else true end group by account
            ), lists as (
                select account, max(happened_at) as featurable_at, arg_max(featurable, happened_at) as featurable
                from these where featurable is not null and network = 'mastodon' group by account
            )
            select * from told full join lists using (account)"""
    ).to_pylist()
    times = ("checked", "featurable_at")
    return {
        row["account"]: {
            k: v.replace(tzinfo=UTC) if k in times else v for k, v in row.items() if v is not None
        }
        for row in rows
    }


def _gone(tables: Tables, keys: Iterable[int]) -> set[int]:
    """Which of these accounts are deleted."""
    if not tables.has_deletions:
        return set()
    gone = tables.sql(
        """select account from gone where "of" = 'account' and account is not null"""
    ).fetchall()
    return {row[0] for row in gone} & set(keys)
