"""The places and people of a board, from the lab, and for the owner alone: who is missing and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from leumund.asking import State
from leumund.board.options import Options
from leumund.clean import clean
from leumund.consent import PersonAnswer, who_may_appear
from leumund.errors import LeumundError
from leumund.ids import display_handle, network_of
from leumund.locale import _, ngettext
from leumund.measures import called
from leumund.measures.follow_friday.published import Published, published
from leumund.measures.left_out import define_left_out


class UncheckedError(LeumundError):
    """Some agreed, but nobody looked at their accounts for more than a week: they may have changed their mind."""

    def __init__(self, names: list[str]) -> None:
        text = ngettext(
            "{n} account agreed but was not looked at for more than a week: {names}. Nothing was built.",
            "{n} accounts agreed but were not looked at for more than a week: {names}. Nothing was built.",
            len(names),
        )
        few = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
        super().__init__(
            text.format(n=len(names), names=few),
            hint=_(
                "Look at them first: leumund sync   Or build without them: leumund board build --without-unchecked"
            ),
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """Somebody as the board shows her: the account she agreed for. link: her profile, "" where there is none."""

    handle: str
    name: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A board to be written. published: the first places alone, and nobody without any worth. people: who stands there or
    is named as a recommender, by key; own: the owner's key.
    """

    options: Options
    as_of: datetime
    published: Published
    people: Mapping[int, Shown]
    own: int | None
    contacts: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """Somebody recommended whom the board leaves out. account: a person's key."""

    account: int
    name: str
    why: str
    agreed: bool


def take(state: State, options: Options, *, at: datetime, without_unchecked: bool = False) -> Taken:
    """Take the board of the lab's moment. at: the clock.

    Raises:
        UncheckedError: somebody agreed, and was not looked at for too long. UsageError: there is no such board.
    """
    asked: dict[int, PersonAnswer] = {}

    def may(people: Collection[int]) -> list[int]:
        asked.update(who_may_appear(state.lab, state.tables, people, "board", at=at))
        return [key for key in people if asked[key].yes]

    board = published(state.tables, options.board, may)
    unchecked = [key for key in _recommended(state) if _is_unchecked(asked[key])]
    if unchecked and not without_unchecked:
        names, _handles = called(state.tables, state.lab.names, unchecked)
        raise UncheckedError(sorted(clean(names.get(k, str(k)), 60) for k in unchecked))
    own = state.tables.own
    places = tuple(p for p in board.places[: options.places] if p.score > 0 or not board.standing)
    wanted = {p.account for p in places} | {k for p in places for k in p.by}
    mine = (
        who_may_appear(state.lab, state.tables, [own], "board", at=at)[own].shown if own is not None else ()
    )
    return Taken(
        options=options, as_of=state.tables.as_of, published=replace(board, places=places), own=own,
        people={key: shown_as(state, asked[key].shown[0]) for key in sorted(wanted)},
        contacts=tuple(shown_as(state, account) for account in mine),
    )  # fmt: skip


def missing(state: State, options: Options, *, at: datetime) -> list[Missing]:
    """Whom the board leaves out though somebody recommended them, and why; for the owner's eyes alone. Whoever agreed first."""
    asked: dict[int, PersonAnswer] = {}

    def may(people: Collection[int]) -> list[int]:
        asked.update(who_may_appear(state.lab, state.tables, people, "board", at=at))
        return [key for key in people if asked[key].yes]

    board = published(state.tables, options.board, may, weeks_back=0)
    listed = {p.account for p in board.places}
    others = [k for k in _recommended(state) if k not in listed]
    define_left_out(state.tables)
    unwanted = {k for (k,) in state.tables.sql("select account from left_out where why = 'nogo'").fetchall()}
    names, _handles = called(state.tables, state.lab.names, others)
    rows = []
    for key in others:
        answer = asked[key]
        why = str(answer)
        if answer.yes:
            why = (
                _("on your no-go list")
                if key in unwanted
                else _("may be named, but does not stand on this board")
            )
        agreed = answer.yes or any(a.ever for a in answer.answers)
        rows.append(Missing(key, clean(names.get(key, str(key)), 80), why, agreed))
    return sorted(rows, key=lambda m: (not m.agreed, m.name.casefold(), m.account))


def _is_unchecked(answer: PersonAnswer) -> bool:
    """Whether nothing but an old look stands between her and the board."""
    return (
        not answer.yes
        and not any(a.refuses for a in answer.answers)
        and any(a.reason == "unchecked" for a in answer.answers)
    )


def _recommended(state: State) -> list[int]:
    """Who was recommended, and who recommends: all whom the votes name."""
    return sorted(
        {k for row in state.tables.sql("select recommender, account from ff_votes").fetchall() for k in row}
    )


def shown_as(state: State, account: int) -> Shown:
    """An account as everybody may see it: never the name the owner has for the person."""
    known = state.lab.register.known_as([account])[account]
    uri = str(known["uri"])
    name = clean(str(known["name"] or ""), 60)
    told = (
        "" if "@" in name or "/" in name else name
    )  # a name that looks like somebody else's handle or an address
    return Shown(handle=clean(display_handle(uri), 120), name=told, link=profile(uri))


def profile(uri: str) -> str:
    """The address of a profile, made of the account's own name alone; "" where it tells none.

    >>> profile("acct:anna@example.social"), profile("did:plc:abc")
    ('https://example.social/@anna', 'https://bsky.app/profile/did:plc:abc')
    """
    if uri.startswith("acct:"):
        user, _at, host = uri.removeprefix("acct:").rpartition("@")
        return f"https://{host}/@{user}"
    if uri.startswith(("did:", "at://")):
        return f"https://bsky.app/profile/{uri.removeprefix('at://')}"
    return (
        uri if uri.startswith("https://") and network_of(uri) in {"x", "linkedin", "facebook", "blog"} else ""
    )
