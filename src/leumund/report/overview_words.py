"""The sentences of the overview: spoken to the owner, or about an account of somebody else that is only looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leumund.clean import clean
from leumund.locale import N_, _, ngettext
from leumund.measures import Note, Reading
from leumund.measures.influence import sentences
from leumund.views import cells, vague, written

if TYPE_CHECKING:
    from leumund.report.overview import Overview

_OF_ANOTHER = {
    "{name} recommended you: {points:+.1f} of what came new": N_(
        "{name} recommended {about}: {points:+.1f} of what came new"
    ),
    "{name} reshared you: {points:+.1f} of what came new": N_(
        "{name} reshared {about}: {points:+.1f} of what came new"
    ),
    "{name} quoted you: {points:+.1f} of what came new": N_(
        "{name} quoted {about}: {points:+.1f} of what came new"
    ),
    "{name} replied to you: {points:+.1f} of what came new": N_(
        "{name} replied to {about}: {points:+.1f} of what came new"
    ),
    "{name} mentioned you: {points:+.1f} of what came new": N_(
        "{name} mentioned {about}: {points:+.1f} of what came new"
    ),
    "{name} followed you: {points:+.1f} of what came new": N_(
        "{name} followed {about}: {points:+.1f} of what came new"
    ),
    "{name} liked your posts: {points:+.1f} of what came new": N_(
        "{name} liked posts of {about}: {points:+.1f} of what came new"
    ),
    "You changed whether you trust {name}: {points:+.1f}": N_(
        "The trust in {name} was changed: {points:+.1f}"
    ),
}
"""What the explanation of influence says to the owner, said of somebody else."""


def of_followers(o: Overview) -> list[str]:
    """How many follow, and how that changed."""
    now, change = o.followers.figures.get("now"), o.followers.figures.get("change_28")
    if not isinstance(now, int):
        text = _("How many follow you is not known: no source has told it yet.")
        if o.about:
            text = _("How many follow {about} is not known: no source has told it yet.")
        return [_spoken(o, text)]
    words = ngettext("{n} account follows you.", "{n} accounts follow you.", now)
    if o.about:
        words = ngettext("{n} account follows {about}.", "{n} accounts follow {about}.", now)
    words = _spoken(o, words, n=cells.number(now))
    if isinstance(change, int):
        words += " " + _("In four weeks: {change}.").format(change=cells.number(change, signed=True))
    return [words, of_people(o.audience)]


def of_people(audience: Reading | None) -> str:
    """How many of the followers are people, or that it cannot be told yet."""
    figures = audience.figures if audience is not None else {}
    named = {
        "followers": "followers",
        "people": "people",
        "low": "people_low",
        "high": "people_high",
        "labels": "labels",
    }
    told = {name: value for name, figure in named.items() if isinstance(value := figures.get(figure), int)}
    if told.keys() != named.keys():
        return _("How many of them are people and how many are machines cannot be told yet.")
    if vague.is_on() and told["followers"]:
        text = _("Of the followers known by name {share} are people, by {labels} of your labels.")
        share = vague.part(told["people"] / told["followers"])
        return text.format(share=share, labels=cells.number(told["labels"]))
    text = _(
        "Of {followers} followers known by name about {people} are people (most probably between {low} and {high}), by"
        " {labels} of your labels."
    )
    return cells.without_interval(text).format(**{name: cells.number(value) for name, value in told.items()})


def of_influence(o: Overview) -> list[str]:
    """The score with its interval, or why there is none."""
    score, low, high = (o.influence.figures.get(k) for k in ("score", "low", "high"))
    if not isinstance(score, float):
        return [cells.sentence(n) for n in o.influence.notes]
    words = _("Your influence is {score} of 100")
    if o.about:
        words = _("The influence of {about} is {score} of 100")
    words = _spoken(o, words, score=cells.number(score, 1))
    if isinstance(low, float) and isinstance(high, float):
        words += _(" (most probably between {low} and {high})").format(
            low=cells.number(low, 1), high=cells.number(high, 1)
        )
    return [words + "."]


def of_the_fall(o: Overview) -> list[str]:
    """When influence fell most, why, and whether it came back."""
    if not isinstance(o.influence.figures.get("score"), float):
        return []
    if o.fall is None or o.fall_span is None:
        if o.about:
            return [_("In the last three months there was no week in which that fell by more than a point.")]
        return [_("In the last three months there was no week in which it fell by more than a point.")]
    figures = o.fall.figures
    text = _("In the week from {start} to {end} it fell from {before} to {after}.")
    if o.about:
        text = _("In the week from {start} to {end} that fell from {before} to {after}.")
    if o.silent:
        text = _("From {start} to {end} you posted nothing, and it fell from {before} to {after}.")
    if o.silent and o.about:
        text = _("From {start} to {end} {about} posted nothing, and it fell from {before} to {after}.")
    said = _spoken(
        o, text,
        start=cells.day(o.fall_span[0]), end=cells.day(o.fall_span[1]),
        before=_points(figures.get("from_score")), after=_points(figures.get("to_score")),
    )  # fmt: skip
    why = [cells.sentence(n) for n in o.fall.notes[1:] if not {"accounts", "name"} & set(n.values)]
    best = [cells.sentence(_note(o, n)) for n in sentences(o.fall, 2)]
    return [said, " ".join([*why, *(b + "." for b in best)]), *_afterwards(o)]


def _note(o: Overview, note: Note) -> Note:
    if not o.about:
        return Note(note.text, note.values)
    return Note(_OF_ANOTHER.get(note.text, note.text), {**note.values, "about": o.about})


def _afterwards(o: Overview) -> list[str]:
    now = o.influence.figures.get("score")
    before = o.fall.figures.get("from_score") if o.fall else None
    if not isinstance(now, float) or not isinstance(before, float):
        return []
    if now >= before - 0.5:
        text = _("Did it matter? It is back at {now}: this fall left no mark.")
    else:
        text = _("Since then it has gone to {now}.")
    return [text.format(now=_points(now))]


def of_the_board(o: Overview) -> list[str]:
    """The place on the board, and who recommended."""
    board = written.board(o.board)
    mine = [r for r in o.board.rows if r[1] in o.own]
    places = o.board.figures.get("places")
    total = places if isinstance(places, int) else None
    shown = cells.number(total) if total is not None else "?"
    if not mine:
        words = ngettext(
            "You are not on {board} ({n} account): nobody is known to have recommended you.",
            "You are not on {board} ({n} accounts): nobody is known to have recommended you.", total or 0,
        )  # fmt: skip
        if o.about:
            words = ngettext(
                "{about} is not on {board} ({n} account): nobody is known to have recommended it.",
                "{about} is not on {board} ({n} accounts): nobody is known to have recommended it.", total or 0,
            )  # fmt: skip
        return [_spoken(o, words, board=board, n=shown)]
    row = dict(zip([c.name for c in o.board.columns], mine[0], strict=True))
    words = _("You are number {rank} of {n} on {board}")
    if o.about:
        words = _("{about} is number {rank} of {n} on {board}")
    words = _spoken(o, words, rank=cells.number(row["rank"]), n=shown, board=board)
    if row["rank_low"] is not None:
        words += _(" (most probably between {low} and {high})").format(
            low=cells.number(row["rank_low"]), high=cells.number(row["rank_high"])
        )
    return [words + ". " + _recommended(o, row)]


def of_the_places(o: Overview) -> list[str]:
    """Of a community: how many are recommended, by how many."""
    board, places = written.board(o.board), o.board.figures.get("places")
    people, votes = (o.board.figures.get(k) for k in ("recommenders", "votes"))
    if not isinstance(places, int) or not places:
        return [cells.sentence(n) for n in o.board.notes]
    text = ngettext("{n} account stands on {board}.", "{n} accounts stand on {board}.", places)
    more = _("{people} people recommended others, {votes} votes in all.")
    return [
        text.format(n=cells.number(places), board=board),
        more.format(people=cells.any_value(people), votes=cells.any_value(votes)),
    ]


def _recommended(o: Overview, row: dict[str, Any]) -> str:
    """By how many, and how often with a reason."""
    n = row["recommenders"]
    people = ngettext("{n} person has recommended you", "{n} people have recommended you", n)
    if o.about:
        people = ngettext("{n} person has recommended {about}", "{n} people have recommended {about}", n)
    reasons = ngettext(", {n} time with a reason.", ", {n} times with a reason.", row["reasons"])
    return _spoken(o, people, n=cells.number(n)) + reasons.format(n=cells.number(row["reasons"]))


def of_thanks(o: Overview) -> list[str]:
    """What was answered and what was not."""
    still, answered = (int(o.thanks.figures.get(k) or 0) for k in ("open", "answered"))
    if not o.thanks.rows:
        return [cells.sentence(n) for n in o.thanks.notes]
    words = ngettext("{n} thing of the last four weeks that merits thanks is still without an answer",
                     "{n} things of the last four weeks that merit thanks are still without an answer",
                     still)  # fmt: skip
    done = ngettext(", {n} is answered.", ", {n} are answered.", answered)
    lines = [words.format(n=cells.number(still)) + done.format(n=cells.number(answered))]
    share = o.thanks.figures.get("thanked_share")
    if isinstance(share, float) and share < 1 and not o.about:
        text = _("There is time to thank for {share} of what comes: an order is proposed, not a reproach.")
        lines.append(text.format(share=cells.written("share", share)))
    return lines


def of_standing(o: Overview) -> list[str]:
    """How far it is known whose acts these are, and what that means."""
    people, share = o.standing.figures.get("people"), o.standing.figures.get("known_share")
    if o.standing.figures.get("kind") == "community":
        return _of_a_community(o, people, share)
    if not people:
        if o.about:
            return [_("Nothing tells who is behind these acts, so all of them together count for little.")]
        return [
            _("Not known yet: who is behind these acts, so all of them together count for little."),
            _("Say whom you know and trust: {command}").format(command="leumund trust " + _("ACCOUNT")),
        ]
    if not isinstance(share, float):
        return []
    text = _(
        "{share} of what others did in the last 90 days was done by people you trust, follow or answer, or whom those"
        " know whom you trust. All others together count for little, so a ring or bought acts gain next to nothing."
    )
    if o.about:
        text = _(
            "{share} of what others did in the last 90 days was done by people whom {about} follows or answers. All"
            " others together count for little."
        )
    return [_spoken(o, text, share=cells.written("share", share))]


def _of_a_community(o: Overview, people: Any, share: Any) -> list[str]:
    """How far trust reaches among all."""
    if not people:
        return [cells.sentence(n) for n in o.standing.notes]
    text = ngettext(
        "{n} account has standing: it is trusted, or trusted accounts answer, reshare or recommend it, or those do whom"
        " these know.",
        "{n} accounts have standing: they are trusted, or trusted accounts answer, reshare or recommend them, or those"
        " do whom these know.",
        people,
    )
    said = [text.format(n=cells.number(people))]
    if isinstance(share, float):
        reached = _(
            "{share} of what was done in the last 90 days was done by those with a standing of .1 or more."
        )
        said.append(reached.format(share=cells.written("share", share)))
    return said


def _spoken(o: Overview, text: str, **facts: str) -> str:
    return text.format(about=clean(o.about), **facts)


def _points(value: Any) -> str:
    return cells.number(value, 1) if isinstance(value, float) else cells.unknown()
