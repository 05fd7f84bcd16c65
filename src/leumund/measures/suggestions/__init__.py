"""Whom to recommend this Friday: those who gave much and got little, with a reason and a draft. Nothing is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import sqrt
from typing import Any

import pyarrow as pa

from leumund.clean import clean
from leumund.events import Network
from leumund.locale import N_, _, code, ngettext
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.days import MOMENT, check_days
from leumund.measures.notes import NOBODY_IS_OWNER
from leumund.measures.suggestions.drafts import LIMITS, Grounds, Language, draft, handle_of
from leumund.measures.suggestions.fitting import Writing, fit, writings
from leumund.measures.suggestions.giving import KINDS, define_barred, define_giving
from leumund.store.tables import Tables

_LOOKED_AT = 200  # people whose writing is read, those who gave most first
_MOST_DAYS = 3660
_SHOWN_ACTS, _SHOWN_POSTS = 20, 5
NETWORKS: tuple[Network, ...] = ("mastodon", "bluesky", "x")


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Somebody to recommend. counts: what she did towards the owner, by kind."""

    account: int
    score: float
    given: float
    returned: float
    counts: dict[str, int]
    last: datetime | None
    topics: tuple[str, ...]
    words: str

    @property
    def grounds(self) -> Grounds:
        done = sorted((k for k in KINDS if self.counts[k]), key=lambda k: -self.counts[k])
        return Grounds(topics=self.topics, acts=tuple(done), words=self.words)


def suggestions(tables: Tables, *, limit: int | None = 10, days: int = 84) -> Result:
    """Rank people by how much they gave the owner that she has not given back, and how good they are for her readers.

    given, returned: acts towards the owner and hers towards them, valued as in influence (recommendation 4, shared
        among all named in the post; reshare, quote 3, reply 2, mention 1.5, like .3), halved every four weeks
    score = sqrt(given) * given / (given + returned + 1) * fit * (1 + past)^-1/2
    fit: 1 in the owner's language, .5 in another, .75 where it is not known; up to half more for shared topics
    past: how often the owner recommended them before, fading with a half-life of four weeks (rotation)

    Args:
        limit: how many are listed (None: all).
        days: how far back acts count; at least 1.
    Gives: account, reason in words, score, given, returned, last (when the owner recommended them last; None: never),
        and a draft for each network on which both have an account, within its length.
    Edges: never suggested: who is on the no-go list, declares to be automated, has a locked account, is limited by her
        server or does not want to be put on lists; nor whom the owner recommended in the last eight weeks. What was
        for a few only is no reason. Nothing is sent.
    Source: ours.
    """
    found, barred = suggested(tables, days=days)
    listed = found if limit is None else found[:limit]
    drafts = drafts_for(tables, [s.account for s in listed], {s.account: s.grounds for s in listed})
    rows = [
        {
            "rank": rank, "account": s.account, "reason": _reason(s, days), "score": s.score, "given": s.given,
            "returned": s.returned, "last": s.last,
            **{f"draft_{network}": drafts[s.account].get(network) for network in NETWORKS},
        }
        for rank, s in enumerate(listed, 1)
    ]  # fmt: skip
    table = pa.Table.from_pylist(rows, _SHAPE)
    return Result(
        rows=table, notes=_notes(tables, len(found), barred), figures={"people": len(found), **barred}
    )


def suggested(tables: Tables, *, days: int) -> tuple[list[Suggestion], dict[str, int]]:
    """Everybody who may be suggested, the best first, and how many may not and why."""
    check_days(days, _MOST_DAYS)
    define_giving(tables, days=days)
    define_barred(tables)
    why = tables.sql(
        """select why, count(distinct account) from su_barred semi join su_people using (account) group by why"""
    ).fetchall()
    rows = tables.arrow(
        f"""select * from su_people anti join su_barred using (account)
            order by given * given / (given + returned + 1) desc, account limit {_LOOKED_AT}"""
    ).to_pylist()
    written = writings(
        tables, [*(r["account"] for r in rows), *([tables.own] if tables.own is not None else [])]
    )
    hers = written.get(tables.own or 0, Writing())
    found = [_suggestion(row, hers, written.get(row["account"], Writing())) for row in rows]
    found.sort(key=lambda s: (-s.score, s.account))
    return found, {
        f"left_out_{name}": dict(why).get(name, 0) for name in ("nogo", "automated", "closed", "lately")
    }


def _suggestion(row: dict[str, Any], hers: Writing, other: Writing) -> Suggestion:
    suits, topics = fit(hers, other)
    given, returned = row["given"], row["returned"]
    score = sqrt(given) * given / (given + returned + 1) * suits / sqrt(1 + row["past"])
    return Suggestion(
        account=row["account"], score=score, given=given, returned=returned, counts={k: row[k] for k in KINDS},
        last=None if row["last"] is None else row["last"].replace(tzinfo=UTC), topics=topics[:3],
        words=other.words,
    )  # fmt: skip


def drafts_for(
    tables: Tables, accounts: list[int], grounds: dict[int, Grounds]
) -> dict[int, dict[Network, str | None]]:
    """A draft for each network on which the owner and somebody have an account with a handle."""
    own = tables.own
    known = tables.profiles([*accounts, *([own] if own is not None else [])])
    mine = {p["network"] for p in known.get(own or 0, ())}
    language = _language(tables)
    drafts: dict[int, dict[Network, str | None]] = {}
    for account in accounts:
        handles = {p["network"]: h for p in reversed(known.get(account, [])) if (h := handle_of(p))}
        drafts[account] = {
            n: draft(n, handles[n], grounds[account], language)
            for n in NETWORKS
            if n in handles and n in mine
        }
    return drafts


def _language(tables: Tables) -> Language:
    """The language of the owner's readers: that of most of her posts, else the one Leumund speaks."""
    hers = writings(tables, [tables.own]).get(tables.own) if tables.own is not None else None
    spoken = (hers.language if hers else None) or code()
    return "de" if spoken == "de" else "en"


def _reason(s: Suggestion, days: int) -> str:
    """What she did, in the language of the reading."""
    words = {
        "endorse": lambda n: ngettext("recommended you once", "recommended you {n} times", n),
        "reshare": lambda n: ngettext("reshared you once", "reshared you {n} times", n),
        "quote": lambda n: ngettext("quoted you once", "quoted you {n} times", n),
        "reply": lambda n: ngettext("replied once", "replied {n} times", n),
        "mention": lambda n: ngettext("mentioned you once", "mentioned you {n} times", n),
        "like": lambda n: ngettext("liked once", "liked {n} times", n),
    }
    done = ", ".join(words[k](s.counts[k]).format(n=s.counts[k]) for k in KINDS if s.counts[k])
    text = _("{done} in {days} days").format(done=done, days=days)
    if s.topics:
        text += "; " + _("writes about {topics}").format(topics=", ".join(f"#{clean(t)}" for t in s.topics))
    return text


def _notes(tables: Tables, found: int, barred: dict[str, int]) -> tuple[Note, ...]:
    if tables.own is None:
        return (NOBODY_IS_OWNER,)
    if not found and not any(barred.values()):
        return (Note(N_("Nobody is known who did anything for you in these days.")),)
    notes = [Note(N_("Drafts are yours to change and to post: Leumund sends nothing."))]
    if never := barred["left_out_nogo"] + barred["left_out_automated"] + barred["left_out_closed"]:
        text = N_(
            "Left out, since on your no-go list, automated by their own word, or not open to be found: {count}."
        )
        notes.append(Note(text, {"count": never}))
    if barred["left_out_lately"]:
        text = N_("Left out, since you recommended them in the last eight weeks: {count}.")
        notes.append(Note(text, {"count": barred["left_out_lately"]}))
    return tuple(notes)


DRAFT, ACT, POST = N_("draft"), N_("done for you"), N_("written")


def explain(tables: Tables, account: int | None = None, *, days: int = 84) -> Result:
    """Why somebody is suggested (None: whoever comes first): the drafts, what she did for the owner, what she writes.

    Gives: row, what (draft, done for you, written), network, kind (of act), text, letters (of a draft, as its network
    counts), time, post. Source: as suggestions.
    """
    found, _barred = suggested(tables, days=days)
    whose = (found[0].account if found else None) if account is None else tables.person_of(account)
    mine = next((s for s in found if s.account == whose), None)
    if whose is None or mine is None:
        return Result(rows=pa.Table.from_pylist([], _WHY), notes=(_why_not(tables, whose),))
    rows: list[dict[str, Any]] = []
    for network, text in drafts_for(tables, [whose], {whose: mine.grounds})[whose].items():
        if text is not None:
            rows.append(
                {"what": DRAFT, "network": network, "text": text, "letters": LIMITS[network][1](text)}
            )
    acts = tables.sql(
        f"""select kind, happened_at, post, (select any_value(text) from posts p where p.post = coalesce(a.via, a.post)) as text
            from su_acts a where account = {whose} and not mine
            order by worth desc, happened_at desc, kind, via, post limit {_SHOWN_ACTS}"""
    ).fetchall()
    rows += [{"what": ACT, "kind": k, "time": t, "post": p, "text": x} for k, t, p, x in acts]
    posts = tables.sql(
        f"""select happened_at, post, text from posts
            where account = {whose} and exact and visibility in ('public', 'unlisted') and reply_to is null
            order by coalesce(likes, 0) + 3 * coalesce(reshares, 0) desc, happened_at desc, post limit {_SHOWN_POSTS}"""
    ).fetchall()
    rows += [{"what": POST, "time": t, "post": p, "text": x} for t, p, x in posts]
    for number, row in enumerate(rows, 1):
        row["row"] = number
        row["time"] = row["time"].replace(tzinfo=UTC) if "time" in row else None
    table = pa.Table.from_pylist([dict.fromkeys(_WHY.names) | row for row in rows], _WHY)
    reason = Note("{reason}.", {"reason": _reason(mine, days)})
    return Result(rows=table, notes=(reason, *_notes_of_why(), *_drafts_whole(rows)), about=whose)


def _drafts_whole(rows: Iterable[Mapping[str, Any]]) -> Iterator[Note]:
    """Each draft once more in one piece, to be copied: a table may fold it."""
    for row in rows:
        if row["what"] == DRAFT:
            yield Note(
                N_("To copy, for {network}: {draft:s}"),
                {"network": row["network"].capitalize(), "draft": row["text"]},
            )


def _notes_of_why() -> tuple[Note, ...]:
    return (Note(N_("Drafts are yours to change and to post: Leumund sends nothing.")),)


def _why_not(tables: Tables, whose: int | None) -> Note:
    """Why somebody is not suggested."""
    if tables.own is None:
        return NOBODY_IS_OWNER
    reasons = {
        "nogo": N_("Not suggested: on your no-go list."),
        "automated": N_("Not suggested: automated by its own word."),
        "closed": N_("Not suggested: the account is locked, limited, or not to be put on lists."),
        "lately": N_("Not suggested: you recommended this person in the last eight weeks."),
    }
    why = {row[0] for row in tables.sql(f"select why from su_barred where account = {whose or 0}").fetchall()}
    nothing = N_("Nobody is known who did anything for you in these days.")
    if whose is not None:
        nothing = N_("Not suggested: nothing is known that this person did for you in these days.")
    return Note(next((text for name, text in reasons.items() if name in why), nothing))


_TEXT, _REAL, _TIME = pa.string(), pa.float64(), MOMENT
_SHAPE = pa.schema(
    {
        "rank": pa.int64(), "account": pa.int64(), "reason": _TEXT, "score": _REAL, "given": _REAL, "returned": _REAL,
        "last": _TIME, **{f"draft_{network}": _TEXT for network in NETWORKS},
    }
)  # fmt: skip
_WHY = pa.schema(
    {
        "row": pa.int64(), "what": _TEXT, "network": _TEXT, "kind": _TEXT, "text": _TEXT, "letters": pa.int64(),
        "time": _TIME, "post": _TEXT,
    }
)  # fmt: skip
_NO_DRAFT = N_("no account there")

MEASURE = Measure(
    name="suggestions",
    topic="recommendations",
    title=N_("Whom to recommend this Friday"),
    question=N_("Whom should I recommend this Friday?"),
    shape="ranking",
    columns=(
        Column(name="rank", kind="whole", title=N_("Place")),
        Column(name="account", kind="account", title=N_("Account")),
        Column(name="reason", kind="text", title=N_("Reason")),
        Column(name="score", kind="number", title=N_("Worth recommending")),
        Column(name="draft_mastodon", kind="text", title=N_("Draft for Mastodon"), optional=True, nothing=_NO_DRAFT),
        Column(name="draft_bluesky", kind="text", title=N_("Draft for Bluesky"), optional=True, nothing=_NO_DRAFT),
        Column(name="draft_x", kind="text", title=N_("Draft for X"), optional=True, nothing=_NO_DRAFT),
        Column(name="given", kind="number", title=N_("Gave you")),
        Column(name="returned", kind="number", title=N_("Got from you")),
        Column(name="last", kind="time", title=N_("Recommended by you"), optional=True, nothing=N_("never")),
    ),
    order=("rank",),
    compute=suggestions,
    figures={"people": N_("People to choose from"), "left_out_nogo": "", "left_out_automated": "",
             "left_out_closed": "", "left_out_lately": ""},
    explain=explain,
    explain_title=N_("Drafts and reasons"),
    explain_shape="ledger",
    explain_columns=(
        Column(name="row", kind="whole", title=N_("No.")),
        Column(name="what", kind="kind", title=N_("What")),
        Column(name="network", kind="kind", title=N_("Network"), optional=True, nothing="–"),
        Column(name="text", kind="text", title=N_("Text"), optional=True),
        Column(name="letters", kind="whole", title=N_("Length"), optional=True, nothing="–"),
        Column(name="kind", kind="kind", title=N_("Kind"), optional=True, nothing="–"),
        Column(name="time", kind="time", title=N_("Time"), optional=True, nothing="–"),
        Column(name="post", kind="post", title=N_("Post"), optional=True, nothing="–"),
    ),
    explain_order=("row",),
    facts=("recommendations", "languages"),
    private=True,
    reference=N_("Our own: who did much for you, got little back so far, writes about what you write about, and was not recommended lately."),
)  # fmt: skip
