"""Follow Fridays: who recommends whom, with reasons, as lists, in a ring, in return; and what only looks like it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from leumund.simulate.clock import DAY, moment
from leumund.simulate.dice import Dice
from leumund.simulate.texts import say
from leumund.simulate.truth import Debt, FridayClass

if TYPE_CHECKING:
    from leumund.events import Post
    from leumund.simulate.people import Person
    from leumund.simulate.stage import Stage

RECOMMENDS = {"coach": 0.36, "fan": 0.17, "loyal fan": 0.93, "person": 0.34}
"""Chance to write a recommendation in a week."""


def standing(stage: Stage) -> list[Person]:
    """Who is talked about: the coaches and a dozen others, the most esteemed first; sets esteem and favourites."""
    dice = Dice(stage.seed, "esteem")
    outsiders = [p for p in stage.people if p.who == "person" and p.joined is None]
    board = dice.some([p for p in stage.people if p.who == "coach"] + outsiders[:12], 99)
    for rank, person in enumerate(board):
        person.esteem = 1.0 / (rank + 5.0)
    for person in [*stage.people]:
        if person.who in ("coach", "fan", "loyal fan") or person in outsiders:
            person.recommends = RECOMMENDS.get(person.who, 0.0) * dice.lognormal(0.8, 0.5)
            person.favourites = _several(board, person, dice, dice.whole(2, 4))
    fans = [p for p in stage.people if p.who == "fan"]
    for person in fans:  # fans know each other, some of them many
        person.favourites += dice.some([f for f in fans[:8] if f is not person], 1)
    return board


def _several(board: list[Person], chooser: Person, dice: Dice, count: int) -> list[Person]:
    running = list(accumulate(p.esteem for p in board))
    chosen = dict.fromkeys(dice.weighted(board, running) for _ in range(count * 2))
    return [p for p in chosen if p is not chooser][:count]


def fridays(stage: Stage) -> None:
    """All Fridays, one after the other."""
    dice, board = Dice(stage.seed, "fridays"), standing(stage)
    first = (4 - stage.start.weekday()) % 7
    for n in range(first, stage.days, 7):
        day = stage.start + n * DAY
        for person in stage.people:
            if dice.roll() < person.recommends and (person.joined is None or person.joined < moment(day, 0)):
                _recommend(stage, person, board, day, dice)
        _ring(stage, day, dice)
        _hers(stage, day, dice)
        _looks_like_it(stage, day, dice)


def _hour(person: Person, day: date, dice: Dice) -> datetime:
    day += DAY * (dice.roll() < 0.06)  # some remember on Saturday
    return person.when_awake(moment(day, min(22.5, max(6.0, person.wake + dice.lognormal(3.5, 0.7)))), dice)


def _recommend(stage: Stage, person: Person, board: list[Person], day: date, dice: Dice) -> None:
    when, me = _hour(person, day, dice), stage.me
    silent = stage.silence[0] <= day <= stage.silence[1]
    chance = {"loyal fan": 0.75, "fan": 0.075, "coach": 0.03}.get(person.who, 0.0) * (0.25 if silent else 1.0)
    hers = dice.chance(chance if person.who == "loyal fan" else chance * (0.4 + stage.share(when)))
    liked = [p for p in person.favourites if dice.chance(0.6) and p.is_there(when)]
    if dice.chance(0.5):
        liked += [p for p in _several(board, person, dice, 2) if p not in liked]
    shape = dice.roll() * (0.65 if hers else 1.0)  # her fans seldom name her alone
    if shape < 0.25:  # a list, as long as it gets
        named = dice.some([*liked, *(p for p in _several(board, person, dice, 6) if p not in liked)], 9)
        named, template = named[: 7 if not hers else 6] + [me] * hers, "ff_liste"
    elif shape < 0.5:
        named, template = liked[: 2 if hers else 3] + [me] * hers, "ff_mehrere"
    else:
        named, template = ([me] if hers else liked[:1]), "ff_grund"
    if len(named) == 1:
        template = "ff_grund"
    if named:
        post = recommend(stage, person, when, dice.some(named, 99), template)
        if post is not None:
            _echo(stage, post, person, named, dice)


def recommend(
    stage: Stage, person: Person, when: datetime, named: list[Person], template: str
) -> Post | None:
    """A Follow-Friday post with its truth; her notification and the thanks she owes where she is named."""
    ats = [stage.at(p, person) for p in named]
    who = named[0].pronoun(person.language)
    given = {"at": ats[0], "ats": " ".join(ats), "sie": who, "Sie": who.capitalize()}
    text = (
        stage.fresh.say(template, person.language, **given)
        if template != "ff_liste"
        else say(template, stage.fresh.dice, person.language, **given)
    )
    post = stage.post(person, when, text, named=tuple(named))
    if post is None:
        return None
    stage.friday(post, "list" if template == "ff_liste" else "argued", tuple(named))
    if stage.me in named and stage.act("mention", person, stage.me, post.happened_at, via=post) is not None:
        stage.owe(Debt(subject=post.post, actor=person.uri, merit="endorsement", since=post.happened_at))
    return post


def _echo(stage: Stage, post: Post, author: Person, named: list[Person], dice: Dice) -> None:
    """What those named do: reshare the praise, say thanks, recommend in return."""
    for person in named:
        if person is stage.me or not dice.chance(0.12):
            continue
        when = person.when_awake(post.happened_at + timedelta(minutes=dice.lognormal(90, 1.0)), dice)
        luck = dice.roll()
        if luck < 0.35:
            stage.act("reshare", person, author, when, on=post)
            continue
        back = luck > 0.8
        text = stage.fresh.say(
            "ff_zurueck" if back else "ff_danke", person.language, at=stage.at(author, person)
        )
        thanks = stage.post(person, when, text, named=(author,))
        if thanks is not None:
            stage.friday(thanks, "back" if back else "thanks", (author,))


def _ring(stage: Stage, day: date, dice: Dice) -> None:
    """Every member pastes the same list: all the others, and her; within an hour."""
    members = [p for p in stage.people if p.who == "ring" and p.joined and p.joined < moment(day, 0)]
    if len(members) < 3:
        return
    hour = dice.between(8.5, 11.5)
    for person in members:
        if dice.chance(0.94):
            named = [p for p in members if p is not person] + [stage.me]
            text = "#FF " + " ".join("@" + p.handle for p in named)
            post = stage.post(person, moment(day, hour + dice.roll()), text, named=tuple(named))
            if post is not None:
                stage.friday(post, "ring", tuple(named))
                stage.act("mention", person, stage.me, post.happened_at, via=post)
                stage.owe(
                    Debt(subject=post.post, actor=person.uri, merit="endorsement", since=post.happened_at)
                )


def _hers(stage: Stage, day: date, dice: Dice) -> None:
    """Her own recommendations, from the third week on: few, and with reasons."""
    when = moment(day, dice.between(9.0, 16.0))
    known = [
        p
        for p in stage.people
        if p.who in ("fan", "loyal fan", "coach") and p.joined and p.joined < when - 10 * DAY
    ]
    if len(known) < 4 or (day - stage.start).days < 14:
        return
    for person in dice.some(known, dice.whole(1, 3)):
        post = recommend(stage, stage.me, when, [person], "ff_grund")
        when += timedelta(minutes=7)
        if post is None:
            continue
        stage.act("mention", stage.me, person, post.happened_at, via=post)
        luck, later = dice.roll(), person.when_awake(when + timedelta(minutes=dice.lognormal(80, 1.0)), dice)
        if luck < 0.5:
            stage.act("like", person, stage.me, later, on=post)
        elif luck < 0.75:
            text = stage.fresh.say("ff_danke", person.language, at=stage.at(stage.me, person))
            thanks = stage.reply(person, later, post, text)
            if thanks is not None:
                stage.friday(thanks, "thanks", (stage.me,))


def _looks_like_it(stage: Stage, day: date, dice: Dice) -> None:
    """Begging, firefighters, and Fridays that fail."""
    speakers = [p for p in stage.people if p.who in ("person", "fan", "coach")]
    shapes: tuple[tuple[FridayClass, str, float], ...] = (
        ("begging", "ff_betteln", 0.9), ("other", "ff_anderes", 0.5), ("empty", "ff_leer", 0.7),
    )  # fmt: skip
    for friday_class, template, chance in shapes:
        person = dice.pick(speakers)
        if dice.chance(chance):
            post = stage.post(person, _hour(person, day, dice), stage.fresh.say(template, person.language))
            if post is not None:
                stage.friday(post, friday_class, ())
