"""How she says thanks, less completely as the numbers grow; what is left over is what she owes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from leumund.simulate.clock import DAY, hour, local, moment
from leumund.simulate.dice import Dice
from leumund.simulate.texts import say

if TYPE_CHECKING:
    from leumund.simulate.people import Person
    from leumund.simulate.stage import Stage
    from leumund.simulate.truth import Debt

TOGETHER = 7
"""At most so many names in one post of thanks."""


def thanks(stage: Stage) -> None:
    """Goes through what she was given, in order of time, and settles a part of it."""
    dice = Dice(stage.seed, "thanks")
    debts = sorted(stage.debts, key=lambda d: (d.since, d.subject))
    settled: list[Debt] = []
    together: dict[tuple[date, bool], list[int]] = defaultdict(list)
    for debt in debts:
        person, share = stage.by_uri[debt.actor], stage.share(debt.since)
        willing = (
            (0.95 if person.who != "ring" else 0.8 * (share < 0.4))
            - 0.5 * share
            + 0.15 * (person.who == "loyal fan")
        )
        if stage.quiet[0] <= debt.since < stage.quiet[1]:
            willing *= 0.6
        settled.append(debt)
        if not dice.chance(willing):
            continue
        luck = dice.roll()
        if debt.merit == "reshare" or (debt.merit == "endorsement" and luck < 0.3):
            if debt.merit == "reshare" and luck > 0.85:
                settled[-1] = _return(stage, debt, person, dice)
            else:
                shown = local(debt.since)
                ahead = (5 - shown.weekday()) % 7 + 7 * (shown.weekday() == 5 and hour(debt.since) > 9)
                together[shown.date() + DAY * ahead, debt.merit == "reshare"].append(len(settled) - 1)
        else:
            when = stage.her_time(debt.since + timedelta(minutes=dice.lognormal(240, 1.1)), dice)
            settled[-1] = _answer(
                stage, debt, person, when, dice, like=luck > (0.9 if debt.merit == "endorsement" else 0.65)
            )
    for (saturday, reshares), places in sorted(together.items()):
        _together(stage, settled, places, saturday, dice, reshares=reshares)
    stage.debts = settled


def _answer(stage: Stage, debt: Debt, person: Person, when: datetime, dice: Dice, *, like: bool) -> Debt:
    post = stage.posts[debt.subject]
    if like:
        act = stage.act("like", stage.me, person, when, on=post)
        return replace(debt, thanked_at=act.happened_at, by=act.act, how="like") if act else debt
    template = {"endorsement": "dank_ff", "quote": "dank_zitat", "mention": "dank_erwaehnung"}[debt.merit]
    text = say(template, stage.fresh.dice, at=stage.at(person, stage.me), name=person.first)
    reply = stage.reply(stage.me, when, post, text)
    if reply is None:
        return debt
    stage.thanks_posts[reply.post] = (person.uri,)
    if "#ff" in text.lower():
        stage.friday(reply, "thanks", (person,))
    later = person.when_awake(reply.happened_at + timedelta(minutes=dice.lognormal(70, 1.0)), dice)
    luck = dice.roll()
    if person.who != "ring" and luck < 0.35:
        stage.act("like", person, stage.me, later, on=reply)
    elif person.who != "ring" and luck < 0.5:
        words = say("bitte_antwort", dice, person.language, name=stage.me.first)
        stage.reply(person, later, reply, f"{stage.at(stage.me, person)} {words}")
    return replace(debt, thanked_at=reply.happened_at, by=reply.post, how="reply")


def _return(stage: Stage, debt: Debt, person: Person, dice: Dice) -> Debt:
    """She reshares something of theirs, if there is something she has seen in the last two weeks."""
    when = stage.her_time(debt.since + timedelta(hours=dice.lognormal(9, 0.9)), dice)
    for post in stage.posts.values():
        if post.account == person.uri and not post.mentions and when - 14 * DAY < post.happened_at < when:
            act = stage.act("reshare", stage.me, person, when, on=post)
            if act is not None:
                return replace(debt, thanked_at=act.happened_at, by=act.act, how="reshare")
    return debt


def _together(
    stage: Stage, settled: list[Debt], places: list[int], saturday: date, dice: Dice, *, reshares: bool
) -> None:
    """One post, or some, that thank several at once on Saturday."""
    when = moment(saturday, dice.between(9.2, 11.5) + 0.3 * reshares)
    actors = list(dict.fromkeys(settled[i].actor for i in places))
    for first in range(0, len(actors), TOGETHER):
        part = [stage.by_uri[a] for a in actors[first : first + TOGETHER] if stage.by_uri[a].is_there(when)]
        ats = " ".join(stage.at(p, stage.me) for p in part)
        text = say("dank_alle" if reshares else "dank_ff_alle", stage.fresh.dice, ats=ats)
        post = stage.post(stage.me, when, text, named=tuple(part)) if part else None
        when += timedelta(minutes=4)
        if post is None:
            continue
        stage.thanks_posts[post.post] = post.mentions
        if "#ff" in text.lower():
            stage.friday(post, "thanks", tuple(part))
        for person in part:
            stage.act("mention", stage.me, person, post.happened_at, via=post)
        for i in places:
            if settled[i].actor in post.mentions:
                settled[i] = replace(settled[i], thanked_at=post.happened_at, by=post.post, how="collective")
