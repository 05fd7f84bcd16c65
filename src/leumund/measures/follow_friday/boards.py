"""Which board is meant, and who stands on it: everybody, or by language, by declared place, by declared topic."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

from leumund.clean import clean
from leumund.errors import UsageError
from leumund.locale import N_, _
from leumund.measures import Note
from leumund.measures.follow_friday.regions import (
    countries_in,
    country_named,
    is_in_country,
    is_in_region,
    regions_in,
    words_of,
)
from leumund.measures.left_out import define_left_out
from leumund.store.tables import Tables

Kind = Literal["all", "language", "country", "region", "topic"]

_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")
_TAG = re.compile(r"(?<![\w/])[#＃](\w+)")
_MOST_NAMED = 12
OWN_POSTS = 100
"""So many of somebody's last posts tell what she writes in ..."""
ONE_LANGUAGE = 6, 10
"""... where so many of so many, of those whose language is known, are in one."""
_PROFILE = N_("own profile")


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A board. value: the language, the country's two letters, the region in words or the topic; "" for all."""

    kind: Kind
    value: str = ""

    def __str__(self) -> str:
        """As it is asked for: all, de, region:Hamburg."""
        if self.kind == "all":
            return "all"
        return self.value if self.kind == "language" else f"{self.kind}:{self.value}"


def board_named(written: str) -> Board:
    """The board somebody asks for: all, de, country:DE, region:Hamburg, topic:karriere.

    Raises:
        UsageError: there is no such board.
    """
    kind, colon, value = written.strip().partition(":")
    value = value.strip()
    if not colon and kind == "all":
        return Board(kind="all")
    if not colon and _LANGUAGE.match(kind):
        return Board(kind="language", value=kind)
    match kind.lower() if value else "":
        case "country":
            if code := country_named(value):
                return Board(kind="country", value=code)
            raise UsageError(_("No country is known as “{name}”.").format(name=clean(value, 60)),
                             hint=_("Write its two letters or its name: country:AT, country:Österreich."))  # fmt: skip
        case "region" if words_of(value):
            return Board(kind="region", value=value)
        case "topic" if topic := topic_of(value):
            return Board(kind="topic", value=topic)
    raise UsageError(
        _("There is no board “{name}”: say all or a language, such as de.").format(name=clean(written, 60)),
        hint=_("Also: country:DE, region:Hamburg, topic:karriere."),
    )


def topic_of(written: str) -> str:
    """A hashtag as it is compared: without its sign, in small letters; "" where it is none."""
    found = _TAG.fullmatch("#" + unicodedata.normalize("NFKC", written).lstrip("#＃"))
    return found[1].casefold() if found else ""


def topics_in(bio: str) -> set[str]:
    """The hashtags somebody set into the words about herself.

    >>> sorted(topics_in("Laufbahn, #Karriere und #Garten; see https://a.example/#top"))
    ['garten', 'karriere']
    """
    return {topic_of(tag) for tag in _TAG.findall(unicodedata.normalize("NFKC", bio))} - {""}


def define_on_board(tables: Tables, board: Board, *, until: int | None = None) -> tuple[Note, ...]:
    """Keep `ff_on_board` (account, basis): who stands on that board; gives what must be said of the others.

    Needs `ff_board` and `ff_given`. until: for languages, as of that moment (microseconds since 1970) and not of
    as_of; needs `ff_spoken`.
    """
    match board.kind:
        case "all":
            tables.define("ff_on_board", "select account, 'not needed' as basis from ff_board")
            return ()
        case "language":
            define_languages(tables, until=until)
            tables.define(
                "ff_on_board",
                f"select account, basis from ff_language semi join ff_board using (account) where language = '{board.value}'",
            )
            return _unplaced(tables)
        case _:
            return _define_declared(tables, board)


def define_spoken(tables: Tables) -> None:
    """Keep `ff_spoken` and `ff_told_of`, the posts that tell languages at any moment; needs `ff_board` and `ff_given`.

    left_at: when a hundred newer posts were there, so that it was no longer among the last hundred.
    """
    tables.define(
        "ff_spoken",
        f"""select account, post, happened_at, exact, language,
                   case when exact then lead(happened_at, {OWN_POSTS})
                       over (partition by account, exact order by happened_at, post desc) end as left_at
            from languages
            where account in (select account from ff_board)""",
    )
    _define_told(tables)


def _define_told(tables: Tables) -> None:
    """Keep `ff_told_of` (account, post, happened_at, language): the posts that recommend somebody."""
    tables.define(
        "ff_told_of",
        """select n.account, n.post, l.language, min(n.happened_at) as happened_at
           from ff_given n join languages l on l.post = n.post where l.language is not null group by 1, 2, 3""",
    )


def define_languages(tables: Tables, *, until: int | None = None) -> None:
    """Keep `ff_language` (account, language, basis); needs `ff_board` and `ff_given`.

    The language of at least 60 % of the last 100 posts of an account, counted among those whose language is known
    (language null: it mixes several). Where no post of its own tells, the same of the posts that recommend it.
    """
    shares = """select account, language, count(*) as n, sum(count(*)) over (partition by account) as known
                from {rows} where language is not null group by account, language"""
    some, of = ONE_LANGUAGE
    best = f"select account, max(case when n * {of} >= known * {some} then language end) as language from {{shares}} group by 1"
    spoken, then = "languages", ""
    last = f"qualify row_number() over (partition by account order by happened_at desc, post) <= {OWN_POSTS}"
    if until is not None:
        spoken, then = "ff_spoken", f"and epoch_us(happened_at) <= {until}"
        last = f"and coalesce(epoch_us(left_at) > {until}, true)"
    tables.define(
        "ff_own_posts",
        f"select account, language from {spoken} where exact and account in (select account from ff_board) {then} {last}",
    )
    if until is None:
        _define_told(tables)
    tables.define(
        "ff_about",
        f"""select account, post, language from ff_told_of n
            where not exists (select 1 from ff_own_posts o where o.account = n.account and o.language is not null) {then}""",
    )
    tables.define(
        "ff_language",
        f"""select *, 'own posts' as basis from ({best.format(shares=f"({shares.format(rows='ff_own_posts')})")})
            union all
            select *, 'recommendations' from ({best.format(shares=f"({shares.format(rows='ff_about')})")})""",
    )


def _unplaced(tables: Tables) -> tuple[Note, ...]:
    """How many recommended accounts stand on no language's board, since nothing tells what they write."""
    query = """select count(*) as n from ff_board b
               where not exists (select 1 from ff_language l
                                 where l.account = b.account and l.language is not null)"""
    count = int(tables.arrow(query)["n"][0].as_py())
    text = N_(
        "Accounts whose language is not known, or that mix several, are on no language's board: {count}."
    )
    return (Note(text, {"count": count}),) if count else ()


def _define_declared(tables: Tables, board: Board) -> tuple[Note, ...]:
    """Keep `ff_on_board` from what accounts say of themselves; a person stands there if one of her accounts says so."""
    keys = tables.arrow("select account from ff_board order by account")["account"].to_pylist()
    known = tables.profiles(keys)
    field = "bio" if board.kind == "topic" else "place"
    said = {key: _said(known.get(key, ()), field) for key in keys}
    asked = {text: _meets(board, text) for texts in said.values() for text in texts}
    on = [key for key, texts in said.items() if any(asked[text] for text in texts)]
    tables.bring("ff_on_board_rows", pa.table({"account": pa.array(on, pa.int64())}))
    tables.define("ff_on_board", f"select account, '{_PROFILE}' as basis from ff_on_board_rows")
    silent = sum(not texts for texts in said.values())
    notes = [_of_the_silent(board, silent)] if silent else []
    if on:
        text = N_("Places and topics are those that profiles state today, for old readings too.")
        notes.append(Note(text))
    return tuple(notes)


def nobody_there(tables: Tables, board: Board) -> Note:
    """What is said of a board on which nobody stands: which others of its kind there are, the fullest first.

    Needs `ff_board` and, for a language, `ff_language`.
    """
    there = (_languages if board.kind == "language" else _declared)(tables, board)
    names = [f"{name} ({n})" for name, n in sorted(there.items(), key=lambda i: (-i[1], i[0]))[:_MOST_NAMED]]
    if not names:
        return Note(
            N_("Nobody stands on the board “{board}”, nor on any of its kind."), {"board": str(board)}
        )
    text = N_("Nobody stands on the board “{board}”. There are, with how many each: {names}.")
    return Note(text, {"board": str(board), "names": names})


def _languages(tables: Tables, _board: Board) -> Mapping[str, int]:
    query = """select language, count(*) from ff_language semi join ff_board using (account)
               where language is not null group by language"""
    return dict(tables.sql(query).fetchall())


def _declared(tables: Tables, board: Board) -> Mapping[str, int]:
    """How many of those recommended name each place or topic of that kind in their profiles."""
    named = {"topic": topics_in, "country": countries_in, "region": regions_in}[board.kind]
    keys = tables.arrow("select account from ff_board order by account")["account"].to_pylist()
    field = "bio" if board.kind == "topic" else "place"
    counts: Counter[str] = Counter()
    for profiles in tables.profiles(keys).values():
        counts.update({f"{board.kind}:{name}" for text in _said(profiles, field) for name in named(text)})
    return counts


def _said(profiles: Iterable[Mapping[str, Any]], field: str) -> list[str]:
    return [str(p[field]) for p in profiles if p.get(field) and str(p[field]).strip()]


def _meets(board: Board, text: str) -> bool:
    match board.kind:
        case "country":
            return is_in_country(text, board.value)
        case "region":
            return is_in_region(text, board.value)
        case _:
            return board.value in topics_in(text)


def _of_the_silent(board: Board, count: int) -> Note:
    if board.kind == "topic":
        return Note(N_("Accounts that say nothing about themselves are on no topic's board: {count}."),
                    {"count": count})  # fmt: skip
    text = N_(
        "Accounts that do not say where they are stand on no place's board; nobody's place is guessed: {count}."
    )
    return Note(text, {"count": count})


def leave_out_nogo(tables: Tables) -> tuple[Note, ...]:
    """Take those on the owner's no-go list off `ff_on_board`, and say how many places that leaves out."""
    define_left_out(tables)
    out = "account in (select account from left_out where why = 'nogo')"
    ((count,),) = tables.sql(
        f"select count(*) from ff_on_board join ff_board using (account) where {out}"
    ).fetchall()
    tables.define("ff_all_on_board", "select * from ff_on_board")
    tables.define("ff_on_board", f"select * from ff_all_on_board where not ({out})")
    return (Note(N_("Left out, on your no-go list: {count}."), {"count": count}),) if count else ()
