"""Where followers are and what they speak: networks, servers, languages; and who follows from several places."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa

from leumund.clean import clean
from leumund.locale import N_
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.audience.who import define_followers
from leumund.store.tables import Tables

_FEWEST = 3  # a server or language of fewer people is not named: it would name them
_MARKED = (N_("network"), N_("server"), N_("language"), N_("accounts of one person"))
_SHAPE = pa.schema(
    {
        "part": pa.string(),
        "place": pa.int64(),
        "name": pa.string(),
        "people": pa.int64(),
        "share": pa.float64(),
    }
)


def audience_origins(tables: Tables, *, limit: int | None = 10) -> Result:
    """How many of those who follow the owner now are on which network and server, and speak which language.

    Each person counts once in each row; who follows from two networks stands in both. language: that of most of her
    posts known here. accounts of one person: from how many accounts she follows, as far as accounts are linked.

    Args:
        limit: so many servers and languages; None: all.
    Gives: part, place (within the part), name (None: not known, or too few to be named), people, share (of all
        followers).
    Edges: a server or language of fewer than three people is not named. Only accounts that the owner linked are one
        person. A server says where an account lives, not where somebody does.
    Source: ours.
    """
    define_followers(tables, tables.as_of)
    rows = tables.sql("select account, person from au_followers order by account").fetchall()
    people = {person for _account, person in rows}
    if not people:
        text = N_("No source has told who follows you.")
        return Result(
            rows=_SHAPE.empty_table(), notes=(Note(text),), figures={"followers": None, "accounts": None}
        )
    networks, servers = set(), set()
    profiles = tables.profiles(people)
    accounts = Counter(person for _account, person in rows)
    for person, of_hers in profiles.items():
        for profile in of_hers:
            uri = str(profile["uri"])
            networks.add((str(profile["network"]), person))
            if uri.startswith("acct:") and "@" in uri:
                servers.add((clean(uri.rpartition("@")[2], 80), person))
    languages = {(language, person) for person, language in tables.sql(_LANGUAGES).fetchall()}
    found = [
        *_part("network", Counter(n for n, _p in networks), len(people), None, fewest=1),
        *_part("server", Counter(s for s, _p in servers), len(people), limit, fewest=_FEWEST),
        *_part("language", Counter(n for n, _p in languages), len(people), limit, fewest=_FEWEST, lack=len(people) - len(languages)),
        *_part("accounts_of_one_person", Counter(str(n) for n in accounts.values()), len(people), None, fewest=1),
    ]  # fmt: skip
    text = N_("What is not named is not known, or of fewer than {fewest} people.")
    return Result(
        rows=pa.Table.from_pylist(found, _SHAPE), notes=(Note(text, {"fewest": _FEWEST}),),
        figures={"followers": len(people), "accounts": len(rows)},
    )  # fmt: skip


_LANGUAGES = """
    select account, max_by(language, (n, language)) from (
        select account, language, count(*) as n from languages
        where language is not null and account in (select person from au_followers) group by all) group by account
"""


def _part(
    part: str, counted: Counter[str], everybody: int, limit: int | None, *, fewest: int, lack: int = 0
) -> list[dict[str, object]]:
    """The rows of one part, the most common first; what is rare, beyond the limit or unknown goes together, last."""
    order = sorted(counted.items(), key=lambda c: (-c[1], c[0]))
    named = [(name, n) for name, n in order if n >= fewest]
    if limit is not None:
        named = named[:limit]
    rest = lack + sum(counted.values()) - sum(n for _name, n in named)
    listed: list[tuple[str | None, int]] = [*named]
    if rest:
        listed.append((None, min(rest, everybody)))
    return [
        {"part": part, "place": place, "name": name, "people": n, "share": n / everybody}
        for place, (name, n) in enumerate(listed, 1)
    ]


MEASURE = Measure(
    name="audience_origins",
    topic="followers",
    title=N_("Where my followers are"),
    question=N_("On which networks and servers are my followers, and which languages do they speak?"),
    shape="table",
    columns=(
        Column(name="part", kind="kind", title=N_("Part")),
        Column(name="place", kind="whole", title=N_("No.")),
        Column(name="name", kind="kind", title=N_("Name"), optional=True, nothing=N_("all others")),
        Column(name="people", kind="whole", title=N_("People")),
        Column(name="share", kind="share", title=N_("Share")),
    ),
    order=("part", "place"),
    compute=audience_origins,
    figures={"followers": N_("Followers known by name"), "accounts": N_("Accounts that follow")},
    facts=("languages",),
    private=True,
    reference=N_("Counted."),
)
