"""The places and people of a board, from the lab, and for the owner alone: who is missing and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

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
                "Look at them first: leumund sync. Or leave them out this time: --without-unchecked, in the browser the box beside the button."
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


@dataclass(frozen=True, slots=True)
class Survey:
    """A board as it would be published now, and for the owner alone: whom it leaves out, and who was not looked at."""

    taken: Taken
    missing: tuple[Missing, ...]
    unchecked: tuple[str, ...]


def take(state: State, options: Options, *, at: datetime, without_unchecked: bool = False) -> Taken:
    """Take the board of the lab's moment. at: the clock.

    Raises:
        UncheckedError: somebody agreed, and was not looked at for too long. UsageError: there is no such board.
    """
    found = survey(state, options, at=at)
    if found.unchecked and not without_unchecked:
        raise UncheckedError(list(found.unchecked))
    return found.taken


def survey(state: State, options: Options, *, at: datetime) -> Survey:
    """The board of the lab's moment with all that the owner wants to know of it. at: the clock.

    Raises:
        UsageError: there is no such board.
    """
    asked: dict[int, PersonAnswer] = {}

    def may(people: Collection[int]) -> list[int]:
        asked.update(who_may_appear(state.lab, state.tables, people, "board", at=at))
        return [key for key in people if asked[key].yes]

    board = published(state.tables, options.board, may)
    own = state.tables.own
    places = tuple(p for p in board.places[: options.places] if p.score > 0 or not board.standing)
    wanted = {p.account for p in places} | {k for p in places for k in p.by}
    if own is not None and own not in asked:
        may([own])
    taken = Taken(
        options=options, as_of=state.tables.as_of, published=replace(board, places=places), own=own,
        people={key: shown_as(state, asked[key].shown[0]) for key in sorted(wanted)},
        contacts=tuple(shown_as(state, a) for a in (asked[own].shown if own is not None else ())),
    )  # fmt: skip
    beyond = {p.account for p in board.places} - {p.account for p in places}
    left = [key for key in asked if key not in {p.account for p in places} and key != own]
    missing = tuple(_missing(state, {key: asked[key] for key in left}, beyond))
    unchecked = {key for key in left if _is_unchecked(asked[key])}
    return Survey(taken, missing, tuple(sorted(m.name for m in missing if m.account in unchecked)))


def _missing(state: State, asked: Mapping[int, PersonAnswer], beyond: Collection[int]) -> list[Missing]:
    """Whom the board leaves out though somebody recommended them or they recommend; whoever agreed first.

    beyond: who stands on it, but not among the places that are shown.
    """
    define_left_out(state.tables)
    unwanted = {k for (k,) in state.tables.sql("select account from left_out where why = 'nogo'").fetchall()}
    names, _handles = called(state.tables, state.lab.names, asked)
    rows = []
    for key, answer in asked.items():
        why = str(answer)
        if answer.yes and key in unwanted:
            why = _("on your no-go list")
        elif answer.yes and key in beyond:
            why = _("may be named, but stands beyond the places that are shown")
        elif answer.yes:
            why = _("may be named, but does not stand on this board")
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


def shown_as(state: State, account: int) -> Shown:
    """An account as everybody may see it: never the name the owner has for the person."""
    known = state.lab.register.known_as([account])[account]
    uri = str(known["uri"])
    name = clean(str(known["name"] or ""), 60)
    if "@" in name or "/" in name:  # it looks like somebody else's handle, or an address
        name = ""
    return Shown(handle=clean(display_handle(uri), 120), name=name, link=profile(uri))


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


def weeks_of(taken: Taken) -> Iterator[tuple[date, list[tuple[int, int]]]]:
    """The places of each week, the newest first: its last day, and (place, key) in order."""
    board = taken.published
    yield board.week + timedelta(days=6), [(p.rank, p.account) for p in board.places]
    past: dict[date, list[tuple[int, int]]] = {}
    for place in board.places:
        for week, rank, _score in place.past:
            if rank is not None:
                past.setdefault(week, []).append((rank, place.account))
    for week in sorted(past, reverse=True):
        yield week, sorted(past[week])
