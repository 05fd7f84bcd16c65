"""Follow Friday: who is recommended, by whom, what that is worth, and whether it is given freely."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from leumund.errors import UsageError
from leumund.locale import N_, _
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.follow_friday.board import board_rows, define_board, define_languages
from leumund.measures.follow_friday.explain import COLUMNS, ORDER, explain
from leumund.measures.follow_friday.standing import Standing, standing_in
from leumund.measures.follow_friday.votes import define_votes
from leumund.store.tables import Tables

_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")


def follow_friday(
    tables: Tables,
    *,
    board: str = "all",
    limit: int | None = 50,
    fridays_only: bool = False,
    half_life_weeks: float = 4.0,
) -> Result:
    """Rank people by who recommends them: one vote a week, shared among all whom the recommender named.

    vote = (recommender i, recommended j, ISO week w), in UTC, at most one
    c    = s_i * e * 1/n * max(.4, (1 + m_ij)^-.5) * (1 - .7 * m_ji / (1 + m_ji))
    B_j  = sum of 2^(-(t - w) / half_life_weeks) * c, t the week of as_of

    s_i: standing (1 for all until it is known); e: 1 where one of the week's posts gives a reason, else .5; n: how
    many people i named that week; m_ij: 1/n of i's earlier votes for j, m_ji: of j's for i up to the same week,
    both fading with the same half-life. So a recommender gives at most s_i a week, whatever the lists look like.

    Args:
        board: "all", or a language ("de"): that of 60 % of a person's last 100 posts, or, where none of these
            is known, of the posts that recommend it; column basis says which.
        limit: how many places are listed (None: all); the figures always count all.
        fridays_only: only posts from Thursday 12:00 to Saturday 12:00 UTC, as the old boards did.
        half_life_weeks: after so many weeks a vote counts half; above 0.
    Gives: score (1 = one undivided, reasoned vote of this week), rank_low and rank_high (90 % interval of the place,
        see `places.intervals`; None on a board with fewer than ten recommenders), recommenders and votes ever, weeks (votes per
        recommender: how loyal they are), reasons (votes with one), net (received minus what this person gave).
    Edges: accounts of one person are one recommender and have one place; oneself does not count, nor posts for followers, nor what was deleted, nor votes whose time is not known (figure undated).
        Equal scores are ordered by recommenders, then by the account's key.
    Source: the boards of 2009-2012 (points divided by the people named, first vote of a week only); the bounds
        against lists, rings and repetition are ours.
    """
    if board != "all" and not _LANGUAGE.match(board):
        raise UsageError(
            _("There is no board “{name}”: say all or a language, such as de.").format(name=board)
        )
    standing = standing_in(tables)
    define_votes(tables, standing, half_life_weeks=half_life_weeks, fridays_only=fridays_only)
    define_board(tables, half_life_weeks=half_life_weeks)
    if board != "all":
        define_languages(tables)
    rows, total = board_rows(tables, board, limit)
    figures = _figures(tables, total)
    unplaced = _unplaced(tables) if board != "all" else 0
    return Result(rows=rows, notes=_notes(standing, figures, unplaced), figures=figures)


def _figures(tables: Tables, total: int) -> dict[str, float | int | str | None]:
    votes = "select count(*) as votes, count(distinct recommender) as recommenders from ff_votes"
    undated = tables.arrow("select count(*) as n from acts where kind = 'endorse' and not exact")["n"][
        0
    ].as_py()
    posts: dict[str, int] = {}
    read = tables.arrow(
        """select class, count(*) filter (where visibility in ('public', 'unlisted')) as open,
                  count(*) filter (where not exact) as undated
           from recommendations group by class order by class"""
    )
    for row in read.to_pylist():
        posts[f"posts_{row['class']}"] = row["open"]
        undated += row["undated"] if row["class"] == "vote" else 0
    return {"places": total, **tables.arrow(votes).to_pylist()[0], "undated": undated, **posts}


def _unplaced(tables: Tables) -> int:
    """How many recommended accounts stand on no language's board, since nothing tells what they write."""
    query = """select count(*) as n from ff_board b
               where not exists (select 1 from ff_language l
                                 where l.account = b.account and l.language is not null)"""
    return int(tables.arrow(query)["n"][0].as_py())


def _notes(
    standing: Standing, figures: Mapping[str, float | int | str | None], unplaced: int
) -> tuple[Note, ...]:
    notes = []
    if not figures["votes"]:
        notes.append(Note(N_("No recommendation is known.")))
    elif not standing.known:
        notes.append(Note(N_("Every recommender counts the same: standing is not known yet.")))
    if figures["undated"]:
        text = N_("Recommendations whose time is not known are left out: {count}.")
        notes.append(Note(text, {"count": figures["undated"]}))
    if unplaced:
        text = N_(
            "Accounts whose language is not known, or that mix several, are on no language's board: {count}."
        )
        notes.append(Note(text, {"count": unplaced}))
    return tuple(notes)


def _facts_for(options: Mapping[str, Any]) -> tuple[str, ...]:
    return ("recommendations",) if options.get("board", "all") == "all" else ("recommendations", "languages")


MEASURE = Measure(
    name="follow_friday",
    title=N_("Follow Friday"),
    question=N_("Who is recommended, by whom, and what is it worth?"),
    shape="ranking",
    columns=(
        Column(name="rank", kind="whole", title=N_("Place")),
        Column(name="account", kind="account", title=N_("Account")),
        Column(name="score", kind="number", title=N_("Score")),
        Column(name="rank_low", kind="whole", title=N_("Place at best"), optional=True),
        Column(name="rank_high", kind="whole", title=N_("Place at worst"), optional=True),
        Column(name="recommenders", kind="whole", title=N_("Recommended by"), unit=N_("people")),
        Column(name="votes", kind="whole", title=N_("Votes")),
        Column(name="weeks", kind="number", title=N_("Weeks per recommender")),
        Column(name="reasons", kind="whole", title=N_("Votes with a reason")),
        Column(name="net", kind="number", title=N_("Received minus given")),
        Column(name="first", kind="time", title=N_("First vote")),
        Column(name="last", kind="time", title=N_("Last vote")),
        Column(name="basis", kind="kind", title=N_("Language known from")),
    ),
    order=("rank",),
    compute=follow_friday,
    figures={
        "places": N_("Accounts on this board"),
        "votes": N_("Votes known"),
        "recommenders": N_("Recommenders known"),
        "undated": "",
        "posts_vote": N_("Posts that recommend"),
        "posts_thanks": N_("Posts that thank"),
        "posts_begging": N_("Posts that ask for it"),
        "posts_reshare": N_("Posts that pass on another's"),
        "posts_other": N_("Posts with the tag that do none of this"),
        "score": N_("Worth today"),
        "lost_list": N_("Lost to lists"),
        "lost_reason": N_("Lost for want of a reason"),
        "lost_rotation": N_("Lost to repetition"),
        "lost_reciprocity": N_("Lost to exchange"),
        "lost_age": N_("Lost to age"),
    },
    explain=explain,
    explain_title=N_("Every recommendation and what it is worth"),
    explain_shape="ledger",
    explain_columns=COLUMNS,
    explain_order=ORDER,
    facts=("recommendations",),
    facts_for=_facts_for,
    reference=N_(
        "Section Follow Friday in docs/design.md; the boards of 2009-2012 for one vote a week and shared lists."
    ),
)
