"""Who lives in the world: made-up people, machines and schemers, with rhythms of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from leumund.simulate.clock import DAY, local, moment
from leumund.simulate.names import SERVERS, SERVERS_EN, SHADY, Names

if TYPE_CHECKING:
    from leumund.simulate.dice import Dice
    from leumund.simulate.texts import Language
    from leumund.simulate.truth import Who

BIOS = (
    "Liest, backt, radelt. #Fahrrad", "Buchhandel und #Balkon.", "Meister im Ruhestand, neugierig im Dienst.", "Teamleitung, Chor, Kaffee.",
    "Ich stelle Fragen. Manchmal auch gute.", "Schreibe über #Arbeit und das Drumherum.", "Projektmensch aus Überzeugung.",
    "Unterrichtet, lernt, gärtnert. #Garten #Schule", "Alles Private, Antworten garantiert.", "Zahlen tagsüber, Töne abends.", "Verwaltung, aber mit Humor.",
    "Holz, Worte, Wochenende.", "Hier privat. Umwege erhöhen die Ortskenntnis.", "Zug statt Flug, Papier statt Bildschirm.",
)  # fmt: skip
BIOS_EN = (
    "Reads, bakes, cycles.",
    "Librarian, hill walker, slow replies.",
    "Writes about #work and what surrounds it.",
    "Mostly tea.",
)
BIOS_COACH = (
    "Coaching für den zweiten Anlauf im Beruf. #Karriere", "Beratung, Moderation, gute Fragen.", "Ich begleite Teams und alle, die eines werden wollen.",
    "Laufbahnberatung seit zwanzig Jahren. #Karriere #Bewerbung", "Trainerin und Autorin, #Arbeit ist mein Thema.", "Karrierefragen, ehrliche Antworten. #Karriere",
)  # fmt: skip
PLACES = (
    "Hamburg",
    "Köln",
    "Leipzig",
    "Kassel",
    "Bremen",
    "München",
    "Freiburg",
    "Wien",
    "Basel",
    "Jena",
    "Rostock",
)

# who: (number at 800 followers, grows with them?, share that joins as followers, liveliness, first day, last day)
# liveliness: chance to respond to one post of hers; days as shares of the whole time.
CROWD: dict[Who, tuple[int, bool, float, float, float, float]] = {
    "loyal fan": (6, False, 1.0, 0.30, 0.01, 0.16),
    "fan": (92, True, 1.0, 0.105, 0.0, 0.85),
    "coach": (48, False, 0.6, 0.035, 0.02, 0.8),
    "ring": (9, False, 1.0, 0.012, 0.15, 0.22),
    "farm": (74, True, 1.0, 0.004, 0.12, 1.0),
    "bot declared": (22, True, 0.9, 0.008, 0.05, 1.0),
    "bot undeclared": (46, True, 0.95, 0.03, 0.08, 1.0),
    "advertiser": (34, True, 0.95, 0.006, 0.08, 1.0),
}
OUTSIDERS = 100
"""People who recommend each other under the tag and do not follow her."""
LEAVERS = {"farm": 0.62, "advertiser": 0.15, "person": 0.03}


@dataclass(slots=True, kw_only=True, eq=False)
class Person:
    """One account and how it behaves. joined, left: as follower of hers; gone: deleted from then on."""

    uri: str
    handle: str
    name: str
    first: str
    woman: bool
    language: Language
    who: Who
    bio: str
    place: str | None
    created_at: datetime
    followers: int
    following: int
    posts: int
    automated: bool
    locked: bool
    discoverable: bool | None
    lively: float = 0.0
    wake: float = 7.0
    sleep: float = 23.0
    weekdays: tuple[float, ...] = (1.0,) * 7
    joined: datetime | None = None
    left: datetime | None = None
    gone: datetime | None = None
    esteem: float = 0.0
    recommends: float = 0.0
    favourites: list[Person] = field(default_factory=list)

    @property
    def server(self) -> str:
        return self.handle.partition("@")[2]

    def pronoun(self, language: Language) -> str:
        if language == "de":
            return "sie" if self.woman else "er"
        return "she" if self.woman else "he"

    def is_follower(self, when: datetime) -> bool:
        return (
            self.joined is not None
            and self.joined <= when
            and (self.left is None or when < self.left)
            and self.is_there(when)
        )

    def is_there(self, when: datetime) -> bool:
        return self.gone is None or when < self.gone

    def when_awake(self, when: datetime, dice: Dice) -> datetime:
        """That moment, or soon after waking up if it falls into the night."""
        if self.who in ("bot declared", "bot undeclared"):
            return when
        shown = local(when)
        now = shown.hour + shown.minute / 60
        if self.wake <= now < self.sleep or now + 24 < self.sleep:
            return when
        day = shown.date() if now < self.wake else shown.date() + DAY
        return moment(day, self.wake + 1.5 * dice.roll())


def make_person(names: Names, dice: Dice, who: Who, start: date) -> Person:
    """Somebody of that kind, not yet in contact with anybody."""
    english = who in ("person", "fan", "bot undeclared") and dice.chance(0.14)
    woman = dice.chance(0.52)
    first, last = names.person(woman=woman, english=english)
    machine, shady = (
        who in ("bot declared", "bot undeclared"),
        who in ("farm", "bot undeclared", "advertiser"),
    )
    name = f"{first} {last}"
    if who == "bot declared":
        name = f"{dice.pick(('Stellen', 'Schlagzeilen', 'Termine', 'Wetter', 'Jobs'))} {dice.pick(PLACES)}"
        handle = names.unused(
            f"{name.split()[0].lower()}_{dice.pick('abcdefghkmn')}{dice.whole(1, 99)}", "roboter.example"
        )
    elif shady and dice.chance(0.55):
        handle = names.unused(
            f"{first[:3].lower().replace('ö', 'o').replace('ä', 'a').replace('ü', 'u')}{dice.whole(10000, 99999)}",
            dice.pick(SHADY),
        )
    else:
        handle = names.handle(first, last, SERVERS_EN if english else SERVERS)
    followers = int(
        dice.lognormal({"coach": 900, "fan": 260, "ring": 2400, "advertiser": 500}.get(who, 120), 1.0)
    )
    following = int(followers * dice.between(0.4, 1.6)) + dice.whole(5, 60)
    posts = int(dice.lognormal(400 if not shady else 60, 1.2))
    if who == "farm":
        following = dice.whole(1200, 7400)
        followers, posts = int(following * dice.between(0.82, 1.2)), dice.whole(0, 25)
    age = dice.between(20, 2600) if not shady else dice.between(3, 240)
    bio = dice.pick(BIOS_EN if english else BIOS_COACH if who == "coach" else BIOS)
    if shady:
        bio = dice.pick(
            ("Follow = Followback", "Erfolg. Freiheit. Business.", "Link in Bio", "", "Motivation jeden Tag")
        )
    if who == "bot declared":
        bio = "Dieses Konto ist ein Roboter und meldet, was neu ist."
    wake = 0.0 if machine else dice.between(5.5, 9.0)
    person = Person(
        uri=f"acct:{handle}", handle=handle, name=name, first=first, woman=woman,
        language="en" if english else "de", who=who, bio=bio, place=dice.pick(PLACES) if dice.chance(0.4) else None,
        created_at=moment(start - timedelta(days=int(age)), 1.0 + (2 if age % 2 else 0)).replace(hour=0),
        followers=followers, following=following, posts=posts, automated=who == "bot declared",
        locked=dice.chance(0.06) and not shady, discoverable=None if dice.chance(0.3) else dice.chance(0.6),
        wake=wake, sleep=24.0 if machine else wake + dice.between(13.5, 17.5),
        weekdays=tuple(dice.between(0.6, 1.5) * (1.0 if d < 5 else dice.pick((0.3, 0.8, 1.6))) for d in range(7)),
    )  # fmt: skip
    if who == "person":
        person.lively = dice.lognormal(0.005, 0.8) if dice.chance(0.55) else 0.0
    elif who in CROWD:
        person.lively = CROWD[who][3] * dice.lognormal(0.8, 0.6)
    return person


def arrivals(dice: Dice, start: date, days: int, silence: tuple[date, date]) -> list[float]:
    """How inviting each day is to new followers: slow growth, weekends, one post that went round, the silence."""
    spike = round(days * 0.57)
    weights = []
    for n in range(days):
        day = start + n * DAY
        weight = (0.45 + 1.1 * n / days) * (0.75 if day.weekday() > 4 else 1.0) * dice.lognormal(1.0, 0.25)
        weight *= 2.5 if n < 5 else 1.0
        weight *= {0: 5.0, 1: 4.0, 2: 2.0}.get(n - spike, 1.0)
        weights.append(weight * (0.12 if silence[0] <= day <= silence[1] else 1.0))
    return weights


def crowd(
    dice: Dice, names: Names, start: date, days: int, silence: tuple[date, date], *, followers: int
) -> list[Person]:
    """Everybody but her. At the end about `followers` follow her (within 2 %), those who left not counted."""
    inviting = arrivals(dice, start, days, silence)
    people = []
    for who, (number, grows, share, _, first, last) in CROWD.items():
        count = max(2, round(number * followers / 800)) if grows else number
        window = [w * (first <= n / days <= last) for n, w in enumerate(inviting)]
        if who in ("fan", "coach"):
            window = [w * (1.6 - 1.4 * n / days) for n, w in enumerate(window)]
        for _ in range(count):
            person = make_person(names, dice, who, start)
            if dice.chance(share):
                _join(person, dice, start, days, window)
            people.append(person)
    people += [make_person(names, dice, "person", start) for _ in range(OUTSIDERS)]
    for person in [p for p in people if p.who == "bot undeclared" and p.joined][:4]:
        assert person.joined
        person.gone = person.joined + DAY * dice.whole(12, 40)
    end = moment(start + days * DAY, 0)
    wanted = round(followers * dice.between(0.98, 1.02)) - sum(p.is_follower(end) for p in people)
    while wanted > 0:
        person = make_person(names, dice, "person", start)
        _join(person, dice, start, days, inviting)
        people.append(person)
        wanted -= person.is_follower(end)
    return people


def _join(person: Person, dice: Dice, start: date, days: int, inviting: list[float]) -> None:
    day = start + DAY * dice.weighted(range(days), list(accumulate(inviting)))
    person.joined = moment(day, dice.between(max(person.wake, 9.5), min(person.sleep, 22.4)))
    person.created_at = min(person.created_at, person.joined.replace(hour=0, minute=0, second=0))
    if dice.chance(LEAVERS.get(person.who, 0.0)):
        person.left = moment(day + DAY * dice.whole(4, 24), 22.75)
