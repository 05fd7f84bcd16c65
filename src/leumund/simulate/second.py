"""Her second account, on Bluesky: the same person, few followers, some of them known from the first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from leumund.events import Account, Act, Event, Kind, Post
from leumund.simulate.clock import DAY, moment
from leumund.simulate.dice import Dice

if TYPE_CHECKING:
    from leumund.simulate.people import Person
    from leumund.simulate.stage import Stage

_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"


def second_account(stage: Stage, followers: int = 42) -> tuple[list[Event], list[tuple[str, ...]]]:
    """Events of the second account from the third month on, and the pairs that are one person (hers first)."""
    dice = Dice(stage.seed, "second")
    events: list[Event] = []
    mine = _did(dice)
    began = moment(stage.start + DAY * round(stage.days * 0.35), 19.0)
    known = dice.some([p for p in stage.people if p.who in ("fan", "loyal fan", "coach") and p.joined], 12)
    others = dice.some(
        [p for p in stage.people if p.who == "person" and p.joined is None], followers - len(known)
    )
    pairs: list[tuple[str, ...]] = [(stage.me.uri, mine)]
    friends: list[tuple[str, datetime]] = []

    def act(kind: Kind, actor: str, when: datetime, on: Post | None = None) -> None:
        if when < stage.closing:
            uri = f"at://{actor}/app.bsky.{'graph' if kind == 'follow' else 'feed'}.{kind}/{_key(when, dice)}"
            events.append(
                Act(
                    kind=kind,
                    actor=actor,
                    target=mine,
                    network="bluesky",
                    happened_at=when,
                    act=uri,
                    post=on.post if on else None,
                )
            )

    for person in [*known, *others]:
        did, when = _did(dice), person.when_awake(began + (stage.closing - began) * dice.roll() ** 1.5, dice)
        when = when.replace(microsecond=0)
        if when >= stage.closing:
            continue
        if person in known:
            pairs.append((person.uri, did))
        friends.append((did, when))
        events.append(_sighting(did, person, when))
        act("follow", did, when)
    texts = [
        p
        for p in stage.posts.values()
        if p.account == stage.me.uri and not p.reply_to and not p.mentions and not p.quote_of
    ]
    for twin in sorted(texts, key=lambda p: p.happened_at):
        when = twin.happened_at + timedelta(minutes=dice.whole(3, 50))
        if (
            when < began
            or not stage.possible(stage.me, when)
            or not dice.chance(0.25)
            or len(twin.text) > 300
        ):
            continue
        uri = f"at://{mine}/app.bsky.feed.post/{_key(when, dice)}"
        post = Post(
            post=uri, account=mine, network="bluesky", happened_at=when, text=twin.text, language="de"
        )
        events.append(post)
        for did, since in friends:
            if since < when and dice.chance(0.07):
                later = when + timedelta(minutes=round(dice.lognormal(80, 1.0)))
                act("reshare" if dice.chance(0.15) else "like", did, later, post)
    evenings = (
        moment(stage.start + DAY * n, 23.5) for n in range(round(stage.days * 0.35) + 1, stage.days, 7)
    )
    for when in (began, *evenings):
        count = sum(since <= when for _, since in friends)
        posts = sum(isinstance(e, Post) and e.happened_at <= when for e in events)
        events.append(
            Account(
                account=mine,
                seen_at=when,
                network="bluesky",
                handle="maralindner.berufung.example",
                name=stage.me.name,
                bio="Arbeit und Leben. Auch hier nur ein Versuch.",
                aliases=("at://maralindner.berufung.example",),
                created_at=began,
                followers=count,
                following=12,
                posts=posts,
                automated=False,
                own=True,
            )
        )
    return events, pairs


def _sighting(did: str, person: Person, when: datetime) -> Account:
    handle = f"{person.handle.partition('@')[0].replace('_', '-').replace('.', '-')}.himmel.example"
    return Account(
        account=did, seen_at=when, network="bluesky", handle=handle, name=person.name, aliases=(f"at://{handle}",),
        created_at=min(person.created_at, when), followers=person.followers // 3, following=person.following // 2, posts=person.posts // 4,
    )  # fmt: skip


def _did(dice: Dice) -> str:
    return "did:plc:" + "".join(dice.pick(_BASE32) for _ in range(24))


def _key(when: datetime, dice: Dice) -> str:
    """A record key that grows with time, as the network makes them."""
    number = (int(when.timestamp() * 1_000_000) << 10) + dice.whole(0, 1023)
    return "".join("234567abcdefghijklmnopqrstuvwxyz"[(number >> shift) & 31] for shift in range(60, -1, -5))
