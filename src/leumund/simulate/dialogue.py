"""Her posts and what they set in motion: likes, reshares, replies, quotes, follows, and her answers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from leumund.simulate.clock import DAY, local, moment
from leumund.simulate.dice import Dice
from leumund.simulate.stage import REACH, Stage
from leumund.simulate.texts import say
from leumund.simulate.truth import Debt

if TYPE_CHECKING:
    from leumund.events import Post
    from leumund.simulate.people import Person

TOPICS = ("bewerbung", "gespraech", "fuehrung", "gehalt", "zeit_thema", "homeoffice", "experiment", "feature")
_RUNNING = (0.20, 0.35, 0.50, 0.62, 0.74, 0.85, 0.95, 1.0)
APPEAL = {"experiment": 1.5, "gehalt": 1.25, "feature": 0.6, "nichtdank": 0.8}
HOURS = (7.6, 8.2, 9.1, 12.3, 13.0, 16.5, 18.1, 19.4, 20.6)
FOLLOWS = {"fan": 0.75, "loyal fan": 1.0, "coach": 0.5, "person": 0.07, "ring": 0.55, "farm": 0.06}
"""How often she follows back."""


def follows(stage: Stage) -> None:
    """Who follows her and who leaves again; whom she follows in return."""
    dice = Dice(stage.seed, "follows")
    for person in stage.people:
        if person.joined is None:
            if dice.chance({"coach": 0.6, "person": 0.25}.get(person.who, 0.0)):
                stage.act(
                    "follow",
                    stage.me,
                    person,
                    stage.her_time(stage.opening + DAY * dice.between(0.2, 60), dice),
                )
            continue
        stage.act("follow", person, stage.me, person.joined)
        if person.left is not None and person.is_there(person.left):
            stage.act("unfollow", person, stage.me, person.left, exact=False)
        if dice.chance(FOLLOWS.get(person.who, 0.0)) and (person.left is None or person.who != "farm"):
            stage.act(
                "follow",
                stage.me,
                person,
                stage.her_time(person.joined + DAY * dice.lognormal(1.5, 1.0), dice),
            )


def her_posts(stage: Stage) -> list[tuple[Post, float]]:
    """What she writes of her own accord, with how well it will be received (1 is usual)."""
    dice, written = Dice(stage.seed, "her posts"), []
    slow = list(range(6, stage.days, 23))
    for n in range(stage.days):
        day = stage.start + n * DAY
        count = dice.poisson(1.75 if day.weekday() < 5 else 0.7) + (n == 0)
        hours = sorted(dice.some(HOURS if n else HOURS[2:], count))
        for place, hour in enumerate(hours):
            topic = "nichtdank" if n in slow and place == 0 else dice.weighted(TOPICS, _RUNNING)
            followers = (
                sum(p.is_follower(moment(day, hour)) for p in stage.people) if topic == "experiment" else 0
            )
            given = {
                "follower": str(followers) if followers > 12 else "Eine Handvoll",
                "woche": str(max(2, n // 7 + 1)),
                "slug": f"{day:%Y-%m}-{n:03d}",
            }
            text = stage.fresh.say(topic, "de", **given)
            if n == 0 and place == 0:
                text = "Hallo! Ich bin #neuhier, berate Menschen im Beruf und probiere aus, ob dieses Netz etwas bringt. Wen sollte ich lesen?"
            elif "?" not in text[-3:] and _asks(stage, day, dice) and topic != "nichtdank":
                text += " " + say("frage", dice)
            if dice.chance(0.75):
                text += " " + say(f"tag_{topic}", dice)
            post = stage.post(stage.me, moment(day, hour + dice.between(-0.3, 0.4)), text)
            if post is None:
                continue
            if topic == "nichtdank":
                stage.not_thanks.append(post.post)
            trial = stage.trial
            effect = trial.effect if trial is not None and trial.asks(post.happened_at.date()) else 1.0
            written.append((post, APPEAL.get(topic, 1.0) * dice.lognormal(0.85, 0.5) * effect))
    around = [
        i
        for i, (p, _) in enumerate(written)
        if round(stage.days * 0.57) == (local(p.happened_at).date() - stage.start).days
    ]
    for i in around[:1]:  # the one post that goes round
        written[i] = written[i][0], 3.5
    return written


def _asks(stage: Stage, day: date, dice: Dice) -> bool:
    """Whether a post ends with a question: in her experiment as the coin said, else as it comes."""
    usual = dice.chance(0.4)
    told = stage.trial.asks(day) if stage.trial is not None else None
    return usual if told is None else told


def responses(stage: Stage, written: list[tuple[Post, float]]) -> None:
    """What readers do with her posts, each by liveliness, weekday, hours and kind."""
    dice = Dice(stage.seed, "responses")
    for post, appeal in written:
        weekday = local(post.happened_at).weekday()
        for person in stage.people:
            chance = person.lively * appeal * person.weekdays[weekday]
            if chance and dice.roll() < chance and person.is_follower(post.happened_at):
                when = _response_time(person, post, dice)
                if when is not None:
                    _respond(stage, person, post, when, dice)


def _response_time(person: Person, post: Post, dice: Dice) -> datetime | None:
    if person.who in ("bot declared", "bot undeclared"):
        return post.happened_at + timedelta(seconds=dice.lognormal(70, 0.8))
    when = person.when_awake(post.happened_at + timedelta(minutes=dice.lognormal(95, 1.3)), dice)
    return when if when < post.happened_at + REACH else None


def _respond(stage: Stage, person: Person, post: Post, when: datetime, dice: Dice) -> None:
    luck, me, language = dice.roll(), stage.me, person.language
    human = person.who in ("fan", "loyal fan", "coach", "person")
    like, reshare, reply = (0.64, 0.80, 0.975) if human else (0.78, 0.93, 1.0)
    if luck < like:
        stage.act("like", person, me, when, on=post)
    elif luck < reshare:
        reshared(stage, person, post, when)
        if human and dice.chance(0.4):
            stage.act("like", person, me, when + timedelta(seconds=9), on=post)
    elif luck < reply:
        at = stage.at(me, person)
        if human:
            answer = stage.reply(person, when, post, f"{at} {stage.fresh.say('antwort', language)}")
            if answer is not None:
                talk(stage, answer, person, dice)
        elif person.who == "advertiser":
            stage.reply(
                person, when, post, say("werbe_antwort", dice, at=at, link=f"https://{person.server}/angebot")
            )
        elif person.who == "bot undeclared":
            stage.reply(person, when, post, f"{at} {say('bot_antwort', dice, language)}")
    else:
        about = stage.fresh.say("zitat", language)
        quote = stage.post(person, when, about, quote=post, named=(me,))
        if quote is not None:
            stage.act("quote", person, me, quote.happened_at, on=post, via=quote)
            stage.owe(Debt(subject=quote.post, actor=person.uri, merit="quote", since=quote.happened_at))


def reshared(stage: Stage, person: Person, post: Post, when: datetime) -> None:
    """A reshare of a post of hers, which merits thanks."""
    act = stage.act("reshare", person, stage.me, when, on=post)
    if act is not None and act.act is not None:
        stage.owe(Debt(subject=act.act, actor=person.uri, merit="reshare", since=act.happened_at))


def talk(stage: Stage, answer: Post, person: Person, dice: Dice) -> None:
    """What follows a reader's reply: her like, her answer, sometimes another turn."""
    when = stage.her_time(answer.happened_at + timedelta(minutes=dice.lognormal(150, 1.0)), dice)
    if when > answer.happened_at + 3 * REACH:
        return
    if dice.chance(0.5):
        stage.act("like", stage.me, person, when, on=answer)
    if not dice.chance(0.8 - 0.3 * stage.share(when)):
        return
    at = stage.at(person, stage.me)
    mine = stage.reply(
        stage.me, when + timedelta(seconds=50), answer, f"{at} {stage.fresh.say('coach_antwort')}"
    )
    if mine is None:
        return
    later = person.when_awake(mine.happened_at + timedelta(minutes=dice.lognormal(60, 1.0)), dice)
    if dice.chance(0.3):
        stage.act("like", person, stage.me, later, on=mine)
    if dice.chance(0.2):
        stage.reply(
            person,
            later + timedelta(seconds=40),
            mine,
            f"{stage.at(stage.me, person)} {stage.fresh.say('antwort', person.language)}",
        )


def mentions(stage: Stage) -> None:
    """Readers who name her in posts of their own accord."""
    dice = Dice(stage.seed, "mentions")
    for person in stage.people:
        if person.joined is None or person.who not in ("fan", "loyal fan", "coach"):
            continue
        weekly = {"loyal fan": 0.3, "fan": 0.06, "coach": 0.02}[person.who]
        when = person.joined
        while (when := when + DAY * 7 / weekly * dice.lognormal(0.7, 0.8)) < stage.closing:
            when = person.when_awake(when, dice)
            if not person.is_follower(when) or (stage.quiet[0] <= when < stage.quiet[1] and dice.chance(0.8)):
                continue
            given = {"at": stage.at(stage.me, person), "sie": "sie"}
            post = stage.post(
                person, when, stage.fresh.say("erwaehnung", person.language, **given), named=(stage.me,)
            )
            if post is not None:
                stage.act("mention", person, stage.me, post.happened_at, via=post)
                stage.owe(Debt(subject=post.post, actor=person.uri, merit="mention", since=post.happened_at))
