"""Follow Friday: who is recommended, by whom, what that is worth, and whether it is given freely."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leumund.locale import N_
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.follow_friday.board import board_rows, define_board
from leumund.measures.follow_friday.boards import board_named, define_on_board, leave_out_nogo, nobody_there
from leumund.measures.follow_friday.explain import COLUMNS, ORDER, explain
from leumund.measures.follow_friday.votes import define_votes
from leumund.measures.notes import NO_RECOMMENDATION
from leumund.measures.standing.weekly import Basis
from leumund.store.tables import Tables


def follow_friday(
    tables: Tables,
    *,
    board: str = "all",
    limit: int | None = 50,
    fridays_only: bool = False,
    half_life_weeks: float = 4.0,
    without_nogo: bool = False,
) -> Result:
    """Rank people by who recommends them: one vote a week, shared among all whom the recommender named.

    vote = (recommender i, recommended j, ISO week w), in UTC, at most one
    c    = s_i * e * 1/n * max(.4, (1 + m_ij)^-.5) * (1 - .7 * m_ji / (1 + m_ji))
    B_j  = sum of 2^(-(t - w) / half_life_weeks) * c, t the week of as_of

    s_i: standing at the end of the Sunday before week w (1 for all where nothing is known of it); e: 1 where one of
    the week's posts gives a reason, else .5; n: how many people i named that week; m_ij: 1/n of i's earlier votes for
    j, m_ji: of j's for i up to the same week, both fading with the same half-life. So a recommender gives at most s_i
    a week, whatever the lists look like.
    X_j: the same sum with 1 - min(1, s_i) for s_i, the voices of unknown people. Ranked by B, equals by X: however
    many unknown people there are, they lift nobody above somebody whom people with standing recommend more.

    Args:
        board: "all"; a language ("de"): that of 60 % of a person's last 100 posts, or, where none of these is known,
            of the posts that recommend it; "country:DE" or "region:Hamburg": by the place that a profile states;
            "topic:karriere": by the hashtags in it. Column basis says what it is known from.
        limit: how many places are listed (None: all); the figures always count all.
        fridays_only: only posts from Thursday 12:00 to Saturday 12:00 UTC, as the old boards did.
        half_life_weeks: after so many weeks a vote counts half; above 0.
        without_nogo: whom the owner has on her no-go list has no place; the others move up.
    Gives: score (B; 1 = one undivided, reasoned vote of this week by somebody of standing 1), unknown (X) and added
        (what X would count for, U = kappa (B + 1) (1 - exp(-X / (kappa (B + 1)))), kappa = .25; it changes no place),
        both None where nothing is known of standing; rank_low and rank_high (90 % interval of the place,
        see `places.intervals`; None on a board with fewer than ten recommenders), recommenders and votes ever, weeks (votes per
        recommender: how loyal they are), reasons (votes with one), net (received minus what this person gave).
    Edges: accounts of one person are one recommender and have one place; oneself does not count, nor posts for followers, nor what was deleted, nor votes whose time is not known (figure undated).
        Who is equal in B and X is ordered by recommenders, then by the account's key.
    Source: the boards of 2009-2012 (points divided by the people named, first vote of a week only); the bounds
        against lists, rings, unknown people and repetition are ours.
    """
    chosen = board_named(board)
    basis = define_votes(tables, half_life_weeks=half_life_weeks, fridays_only=fridays_only)
    define_board(tables, half_life_weeks=half_life_weeks)
    others = define_on_board(tables, chosen)
    if without_nogo:
        others = (*others, *leave_out_nogo(tables))
    rows, total = board_rows(tables, limit, known=basis.known)
    votes = tables.arrow(
        "select count(*) as votes, count(distinct recommender) as recommenders from ff_votes"
    )
    figures = {**figures_of(tables, places=total, **votes.to_pylist()[0]), "board": str(chosen)}
    if not total and chosen.kind != "all" and figures["votes"]:
        others = (nobody_there(tables, chosen), *others)
    placed = tables.own is not None and tables.own in rows["account"].to_pylist()
    return Result(rows=rows, notes=notes_of(basis, figures, others, placed=placed), figures=figures)


def figures_of(
    tables: Tables,
    *,
    places: int,
    votes: int,
    recommenders: int,
    posts: Mapping[str, int] | None = None,
    undated: bool = True,
) -> dict[str, float | int | str | None]:
    """What is counted of the board of all. posts: those with a date by what they are, where it is known; undated: whether any
    has none.
    """
    without = 0
    classes = dict(posts or {})
    if undated:
        acts = tables.arrow("select count(*) as n from acts where kind = 'endorse' and not exact")
        without = acts["n"][0].as_py()
    if undated or posts is None:
        read = tables.arrow(
            f"""select class, count(*) filter (where visibility in ('public', 'unlisted')) as open,
                       count(*) filter (where not exact) as undated
                from recommendations {"" if posts is None else "where not exact"} group by class order by class"""
        )
        for row in read.to_pylist():
            classes[row["class"]] = classes.get(row["class"], 0) + row["open"]
            without += row["undated"] if row["class"] == "vote" else 0
    return {
        "board": "all", "places": places, "votes": votes, "recommenders": recommenders, "undated": without,
        **{f"posts_{kind}": count for kind, count in sorted(classes.items())},
    }  # fmt: skip


def notes_of(
    basis: Basis, figures: Mapping[str, float | int | str | None], others: tuple[Note, ...], *, placed: bool
) -> tuple[Note, ...]:
    """What must be said. others: of those who stand on no such board; placed: whether the owner stands on this one."""
    notes = list(basis.notes)
    if not figures["votes"]:
        notes.insert(0, NO_RECOMMENDATION)
    elif not basis.known:
        notes.insert(0, Note(N_("Every recommender counts the same.")))
    else:
        text = N_(
            "The score counts recommendations by people with standing; unknown people decide only between equals."
        )
        notes.insert(0, Note(text))
        if basis.kind == "personal" and placed:
            notes.append(
                Note(N_("Standing rests on whom you know here, so your own place is rather too good."))
            )
    if figures["undated"]:
        text = N_("Recommendations whose time is not known are left out: {count}.")
        notes.append(Note(text, {"count": figures["undated"]}))
    return (*notes, *others)


def facts_for(options: Mapping[str, Any]) -> tuple[str, ...]:
    """Languages only for the board of one."""
    board = str(options.get("board", "all"))
    return ("recommendations",) if board == "all" or ":" in board else ("recommendations", "languages")


MEASURE = Measure(
    name="follow_friday",
    topic="recommendations",
    title=N_("Follow Friday"),
    question=N_("Who is recommended, by whom, and what is it worth?"),
    shape="ranking",
    columns=(
        Column(name="rank", kind="whole", title=N_("Place")),
        Column(name="account", kind="account", title=N_("Account")),
        Column(name="score", kind="number", title=N_("Score")),
        Column(
            name="unknown",
            kind="number",
            title=N_("By unknown people"),
            optional=True,
            nothing=N_("not told apart"),
        ),
        Column(name="rank_low", kind="whole", title=N_("Place at best"), optional=True),
        Column(name="rank_high", kind="whole", title=N_("Place at worst"), optional=True),
        Column(name="recommenders", kind="whole", title=N_("Recommended by"), unit=N_("people")),
        Column(name="votes", kind="whole", title=N_("Votes")),
        Column(name="weeks", kind="number", title=N_("Weeks per recommender")),
        Column(name="reasons", kind="whole", title=N_("Votes with a reason")),
        Column(name="net", kind="number", title=N_("Received minus given")),
        Column(name="first", kind="time", title=N_("First vote")),
        Column(name="last", kind="time", title=N_("Last vote")),
        Column(
            name="added",
            kind="number",
            title=N_("What unknown people might count"),
            optional=True,
            nothing=N_("not told apart"),
        ),
        Column(name="basis", kind="kind", title=N_("On this board by")),
    ),
    order=("rank",),
    compute=follow_friday,
    figures={
        "board": "",  # stands in the title
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
        "unknown": N_("Worth as unknown voices"),
        "lost_standing": N_("Changed by standing"),
        "lost_list": N_("Changed by lists"),
        "lost_reason": N_("Changed by missing reasons"),
        "lost_rotation": N_("Changed by repetition"),
        "lost_reciprocity": N_("Changed by exchange"),
        "lost_age": N_("Changed by age"),
    },
    explain=explain,
    explain_title=N_("Every recommendation and what it is worth"),
    explain_shape="ledger",
    explain_columns=COLUMNS,
    explain_order=ORDER,
    facts=("recommendations",),
    facts_for=facts_for,
    reference=N_(
        "One vote a week, shared among all who are named in it: as the boards of 2009-2012 did. The bounds against lists, rings, unknown people and repetition are our own."
    ),
)
