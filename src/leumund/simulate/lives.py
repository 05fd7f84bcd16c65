"""What others write that has nothing to do with her, and what she does with it; sellers, machines and copyists."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from leumund.simulate.clock import DAY, moment
from leumund.simulate.dice import Dice
from leumund.simulate.texts import say

if TYPE_CHECKING:
    from leumund.simulate.people import Person
    from leumund.simulate.stage import Stage

SEEN = {"fan": 0.06, "loyal fan": 0.09, "coach": 0.075, "person": 0.045, "ring": 0.02}
"""Posts a day that she gets to see of those she follows."""


def lives(stage: Stage) -> None:
    """Posts of those she follows, from the day she follows them; sometimes she likes, answers or reshares."""
    dice = Dice(stage.seed, "lives")
    for follow in [a for a in stage.acts if a.kind == "follow" and a.actor == stage.me.uri]:
        person = stage.by_uri[follow.target]
        often, when = SEEN.get(person.who, 0.0) * dice.lognormal(0.8, 0.6), follow.happened_at
        while often and (when := when + DAY / often * dice.lognormal(0.7, 0.8)) < stage.closing:
            when = person.when_awake(when, dice)
            template = "coach_leben" if person.who in ("coach", "ring") and dice.chance(0.6) else "leben"
            post = stage.post(person, when, stage.fresh.say(template, person.language))
            if post is None:
                continue
            luck, later = (
                dice.roll(),
                stage.her_time(when + timedelta(minutes=dice.lognormal(150, 1.0)), dice),
            )
            if luck < 0.3:
                stage.act("like", stage.me, person, later, on=post)
            elif luck < 0.38:
                answer = stage.reply(
                    stage.me, later, post, f"{stage.at(person, stage.me)} {stage.fresh.say('coach_antwort')}"
                )
                if answer is not None and dice.chance(0.4):
                    stage.act(
                        "like",
                        person,
                        stage.me,
                        person.when_awake(later + timedelta(minutes=40), dice),
                        on=answer,
                    )
            elif luck < 0.43:
                stage.act("reshare", stage.me, person, later, on=post)
            elif luck < 0.46:
                other = stage.fresh.say("zitat")
                quote = stage.post(stage.me, later, other, quote=post, named=(person,))
                if quote is not None:
                    stage.act("quote", stage.me, person, quote.happened_at, on=post, via=quote)


def machines(stage: Stage) -> None:
    """Sellers, link slingers, robots and farms: few templates, many times; two sellers copy her posts."""
    dice = Dice(stage.seed, "machines")
    sellers = [p for p in stage.people if p.who == "advertiser"]
    for person in stage.people:
        if person.joined is None:
            continue
        if person.who == "advertiser":
            slinger = dice.chance(0.4)
            link, ware = (
                f"https://{person.server}/{dice.pick(('aktion', 'kurs', 'neu', 'jetzt'))}",
                say("ware", dice),
            )
            template = dice.pick(("link_post", "werbung", "werbung"))
            for n in range(dice.whole(12, 24)):
                where = f"{link}/{n}" if slinger else link
                _publish(
                    stage,
                    person,
                    say("link_post" if slinger else template, dice, link=where, ware=ware),
                    dice,
                )
            if dice.chance(0.5):
                _pester(stage, person, link, ware, dice)
        elif person.who == "bot declared":
            for n in range(dice.whole(5, 9)):
                _publish(
                    stage,
                    person,
                    say("bot_erklaert", dice, link=f"https://{person.server}/meldung/{n}"),
                    dice,
                )
        elif person.who == "bot undeclared":
            for _ in range(dice.whole(3, 6)):
                _publish(stage, person, say("bot_heimlich", dice, person.language), dice)
        elif person.who == "farm":
            _publish(stage, person, say("farm", dice), dice)
    originals = [
        p
        for p in stage.posts.values()
        if p.account == stage.me.uri and not p.reply_to and not p.mentions and len(p.text) > 90
    ]
    for person in [s for s in sellers if s.joined][:2]:
        for post in dice.some(originals, 6):
            later = person.when_awake(post.happened_at + DAY * dice.between(0.4, 6), dice)
            text = post.text.partition(" #")[0] + dice.pick(("", "", " #Erfolg", " #Mindset"))
            copy = stage.post(person, later, text)
            if copy is not None:
                stage.copies.append((copy.post, post.post))


def _publish(stage: Stage, person: Person, text: str, dice: Dice) -> None:
    """A post at any time between a month before they came and the end."""
    assert person.joined
    when = max(person.joined - 30 * DAY, stage.opening)
    stage.post(person, person.when_awake(when + (stage.closing - when) * dice.roll(), dice), text)


def _pester(stage: Stage, person: Person, link: str, ware: str, dice: Dice) -> None:
    """Adverts sent straight to her."""
    assert person.joined
    for _ in range(dice.whole(1, 3)):
        when = person.when_awake(person.joined + (stage.closing - person.joined) * dice.roll(), dice)
        post = stage.post(
            person,
            when,
            say("werbe_antwort", dice, at=stage.at(stage.me, person), link=link, ware=ware),
            named=(stage.me,),
        )
        if post is not None:
            stage.act("mention", person, stage.me, post.happened_at, via=post)


def featured(stage: Stage) -> tuple[str, ...]:
    """Fans who put her into their collection of recommended accounts: the only acts `endorse` there are."""
    dice, acts = Dice(stage.seed, "featured"), []
    loyal = [p for p in stage.people if p.who == "loyal fan" and p.joined]
    for person in dice.some(loyal, 4):
        assert person.joined
        when = person.when_awake(
            moment(stage.start + DAY * round(stage.days * dice.between(0.45, 0.7)), 12.0), dice
        )
        act = stage.act("endorse", person, stage.me, when)
        if act is not None and act.act is not None:
            acts.append(act.act)
    return tuple(acts)
