"""The story: a career coach tries out a social network from October to March, and everything that is true of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from leumund.events import Account, Act, Deletion, Event, Post, Statement
from leumund.simulate.clock import DAY, moment
from leumund.simulate.consents import consents
from leumund.simulate.dialogue import follows, her_posts, mentions, responses
from leumund.simulate.dice import Dice
from leumund.simulate.fridays import fridays
from leumund.simulate.labels import labels
from leumund.simulate.ledger import ledger
from leumund.simulate.lives import featured, lives, machines
from leumund.simulate.names import Names
from leumund.simulate.people import Person, crowd
from leumund.simulate.second import second_account
from leumund.simulate.stage import Stage
from leumund.simulate.thanks import thanks
from leumund.simulate.trial import told as told_of
from leumund.simulate.trial import trial
from leumund.simulate.trust import trust
from leumund.simulate.truth import Truth, Who

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

OWNER = "acct:maralindner@berufung.example"
START = date(2025, 10, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A made-up world: its events in order of time, and the truth behind them.

    start: first day; days: how many; all the story lies between `start` and `start` + `days` in Berlin.
    """

    seed: int
    start: date
    days: int
    truth: Truth
    told: tuple[Event, ...]

    @property
    def own(self) -> str:
        """Her main account."""
        return self.truth.own

    @property
    def end(self) -> datetime:
        """The moment after the last event: midnight in Berlin after the last day."""
        return moment(self.start + DAY * self.days, 0.0)

    def events(self) -> Iterator[Event]:
        """Everything that sources would tell, in order of time."""
        return iter(self.told)


def career_coach(
    *, seed: int = 2011, start: date = START, days: int = 182, followers: int = 800, experiment: bool = True
) -> World:
    """Half a year of Dr. Mara Lindner, career coach, on Mastodon (and a little on Bluesky).

    Args:
        seed: another seed is another world of the same kind.
        start: her first day.
        days: at least 42; the silent week is the first whole week after 70 % of them.
        followers: how many she has at the end, give or take 2 %; 100 to 5000.
        experiment: whether she tries something in some weeks, as the coin says, which brings more responses then.

    """
    if days < 42 or not 100 <= followers <= 5000:
        raise ValueError(f"days={days} must be at least 42, followers={followers} between 100 and 5000")
    monday = start + DAY * round(days * 0.7)
    monday += DAY * (-monday.weekday() % 7)
    silence = monday, monday + 6 * DAY
    dice = Dice(seed, "people")
    names = Names(dice)
    names.unused("maralindner", "berufung.example")
    people = crowd(dice, names, start, days, silence, followers=followers)
    stage = Stage(seed, _mara(start), people, start=start, days=days, silence=silence,
                  trial=trial(seed, start, silence) if experiment else None)  # fmt: skip
    follows(stage)
    responses(stage, her_posts(stage))
    mentions(stage)
    fridays(stage)
    lives(stage)
    machines(stage)
    thanks(stage)
    collected = featured(stage)
    deletions = _deletions(stage)
    elsewhere, pairs = second_account(stage)
    said = ledger(stage)
    counts, sightings = _her_sightings(stage)
    told: list[Event] = [
        *stage.counted(),
        *stage.acts,
        *deletions,
        *elsewhere,
        *said.statements,
        *(told_of(stage.trial) if stage.trial is not None else ()),
        *trust(stage),
        *labels(stage),
        *sightings,
    ]
    told += _sightings(stage)
    words, looked_at = consents(stage)
    told += [*words, *_looked_at(stage, looked_at)]
    told.sort(key=_order)
    dids: dict[str, Who] = {e.account: "person" for e in elsewhere if isinstance(e, Account)}
    who = {p.uri: p.who for p in [stage.me, *stage.people]} | dids
    for first, second in pairs:
        who[second] = who[first]
    truth = Truth(
        own=OWNER, same_person=tuple(pairs), who=who, silence=silence, followers=counts, audience=_audience(stage, pairs, dids),
        fridays=tuple(sorted(stage.fridays, key=lambda f: (f.happened_at, f.post))), debts=tuple(stage.debts),
        thanks_posts=stage.thanks_posts, not_thanks=tuple(stage.not_thanks), copies=tuple(stage.copies),
        featured=collected, gone=tuple(d.subject for d in deletions), customers=said.customers, hours=said.hours,
        costs=said.costs, goal=said.goal, fun=said.fun, trial=stage.trial,
    )  # fmt: skip
    return World(seed=seed, start=start, days=days, truth=truth, told=tuple(told))


def _audience(stage: Stage, pairs: Iterable[tuple[str, ...]], elsewhere: Iterable[str]) -> tuple[str, ...]:
    """Who follows her at the end, each person once."""
    first = {second: one for one, second in pairs}
    end = moment(stage.start + stage.days * DAY, 0.0)
    found = {p.uri for p in stage.people if p.is_follower(end)}
    found |= {first.get(did, did) for did in elsewhere}
    return tuple(sorted(found - {OWNER}))


def _mara(start: date) -> Person:
    return Person(
        uri=OWNER, handle="maralindner@berufung.example", name="Dr. Mara Lindner", first="Mara", woman=True, language="de",
        who="self", bio="Coaching für Menschen im Beruf. Selbständig, neugierig, ehrlich. Ich probiere das hier aus.",
        place="Hamburg", created_at=moment(start, 8.0), followers=0, following=0, posts=0, automated=False, locked=False,
        discoverable=True, wake=7.3, sleep=22.0,
    )  # fmt: skip


def _order(event: Event) -> tuple[datetime, int, str]:
    """By time; at the same moment accounts first, then posts, acts, statements, deletions."""
    match event:
        case Account():
            return event.seen_at, 0, event.account
        case Post():
            return event.happened_at, 1, event.post
        case Act():
            return event.happened_at, 2, f"{event.act or event.via} {event.target}"
        case Statement():
            return event.happened_at, 3, event.statement or ""
        case Deletion():
            return event.happened_at, 4, event.subject
        case _:
            raise TypeError(event)


def _her_sightings(stage: Stage) -> tuple[dict[date, int], list[Account]]:
    """Her own account when she opens it and every evening at 23:30: what the network counts."""
    counts: dict[date, int] = {}
    sightings = [_seen(stage.me, stage.opening, followers=0, following=0, posts=0, own=True)]
    for n in range(stage.days):
        day, when = stage.start + n * DAY, moment(stage.start + n * DAY, 23.5)
        counts[day] = sum(p.is_follower(when) for p in stage.people)
        following = sum(a.kind == "follow" and a.actor == OWNER and a.happened_at <= when for a in stage.acts)
        posts = sum(p.account == OWNER and p.happened_at <= when for p in stage.posts.values())
        sightings.append(
            _seen(stage.me, when, followers=counts[day], following=following, posts=posts, own=True)
        )
    return counts, sightings


def _sightings(stage: Stage) -> list[Account]:
    """Everybody's profile once, when they first appear."""
    first: dict[str, datetime] = {}
    for uri, when in (
        *((p.account, p.happened_at) for p in stage.posts.values()),
        *((a.actor, a.happened_at) for a in stage.acts),
        *((a.target, a.happened_at) for a in stage.acts),
        *((m, p.happened_at) for p in stage.posts.values() for m in p.mentions),
    ):
        if uri not in first or when < first[uri]:
            first[uri] = when
    people = (stage.by_uri[uri] for uri in sorted(first) if uri != OWNER)
    return [
        _seen(p, first[p.uri], followers=p.followers, following=p.following, posts=p.posts) for p in people
    ]


def _looked_at(stage: Stage, found: dict[str, bool]) -> list[Account]:
    """Some profiles once more, on the last evening, with whether everybody may put them on lists."""
    when = moment(stage.start + DAY * (stage.days - 1), 21.9)
    people = (stage.by_uri[uri] for uri in sorted(found))
    return [
        _seen(p, when, followers=p.followers, following=p.following, posts=p.posts, featurable=found[p.uri])
        for p in people
    ]


def _seen(
    person: Person,
    when: datetime,
    *,
    followers: int,
    following: int,
    posts: int,
    own: bool = False,
    featurable: bool | None = None,
) -> Account:
    user, _, server = person.handle.partition("@")
    return Account(
        account=person.uri, seen_at=when, network="mastodon", handle=person.handle, name=person.name, bio=person.bio,
        url=f"https://{server}/@{user}", place=person.place, created_at=person.created_at, followers=followers,
        following=following, posts=posts, automated=person.automated, locked=person.locked,
        discoverable=person.discoverable, indexable=person.discoverable, featurable=featurable, own=own,
    )  # fmt: skip


def _deletions(stage: Stage) -> list[Deletion]:
    """Two posts of hers, a reply, a like, and the accounts that went: each after all that refers to it."""
    dice = Dice(stage.seed, "deletions")
    last: dict[str, datetime] = {}
    for act in stage.acts:
        for subject in (act.post, act.via):
            if subject is not None:
                last[subject] = max(act.happened_at, last.get(subject, act.happened_at))
    kept = (
        {f.post for f in stage.fridays}
        | set(stage.thanks_posts)
        | set(stage.not_thanks)
        | {o for _, o in stage.copies}
    )
    kept |= {d.subject for d in stage.debts} | {p.reply_to for p in stage.posts.values() if p.reply_to}
    latest = stage.closing - 8 * DAY
    free = [
        p for p in stage.posts.values() if p.post not in kept and last.get(p.post, p.happened_at) < latest
    ]
    mine = [p for p in free if p.account == OWNER and not p.reply_to and not p.quote_of]
    theirs = [p for p in free if p.account != OWNER and p.reply_to_account == OWNER]
    gone = dice.some(mine, 2) + dice.some(theirs, 1)
    made = [
        Deletion(of="post", subject=p.post, happened_at=_later(last.get(p.post, p.happened_at), dice))
        for p in gone
    ]
    likes = [a for a in stage.acts if a.kind == "like" and a.target == OWNER and a.happened_at < latest]
    for act in dice.some(likes, 1):
        assert act.act is not None
        made.append(Deletion(of="act", subject=act.act, happened_at=act.happened_at + timedelta(hours=3)))
    made += [
        Deletion(of="account", subject=p.uri, happened_at=p.gone)
        for p in stage.people
        if p.gone is not None and p.gone < stage.closing
    ]
    return made


def _later(when: datetime, dice: Dice) -> datetime:
    return when + timedelta(minutes=dice.whole(400, 4000))
