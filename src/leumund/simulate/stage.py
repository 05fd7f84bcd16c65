"""Where everything is written down as it happens: one place that makes posts and acts, and keeps them consistent."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from leumund.events import Act, Kind, Post
from leumund.simulate.clock import moment
from leumund.simulate.dice import Dice
from leumund.simulate.texts import Fresh
from leumund.simulate.truth import Debt, FridayClass, FridayPost

if TYPE_CHECKING:
    from leumund.simulate.people import Person
    from leumund.simulate.trial import Trial

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
REACH = timedelta(hours=60)
"""How long after a post somebody may still respond to it."""


class Stage:
    """The events and the truth of a world in the making.

    Nothing happens before `opening` or from `closing` on, nothing by her in the silence, nothing by
    who is gone: `post` and `act` then give None, and the caller goes on.
    """

    def __init__(
        self,
        seed: int,
        me: Person,
        people: list[Person],
        *,
        start: date,
        days: int,
        silence: tuple[date, date],
        trial: Trial | None = None,
    ) -> None:
        self.seed, self.me, self.people = seed, me, people
        self.start, self.days, self.silence = start, days, silence
        self.trial = trial
        self.opening, self.closing = moment(start, 8.0), moment(start + timedelta(days=days), 0.0)
        self.quiet = moment(silence[0], 0.0), moment(silence[1] + timedelta(days=1), 0.0)
        self.fresh = Fresh(Dice(seed, "texts"))
        self.by_uri = {p.uri: p for p in [me, *people]}
        self.posts: dict[str, Post] = {}
        self.acts: list[Act] = []
        self.fridays: list[FridayPost] = []
        self.debts: list[Debt] = []
        self.thanks_posts: dict[str, tuple[str, ...]] = {}
        self.not_thanks: list[str] = []
        self.copies: list[tuple[str, str]] = []
        self._count = 0

    def possible(self, author: Person, when: datetime) -> bool:
        """Whether that person can do something then."""
        if not self.opening <= when < self.closing or not author.is_there(when):
            return False
        return author is not self.me or not self.quiet[0] <= when < self.quiet[1]

    def share(self, when: datetime) -> float:
        """How much of the time has passed, 0 to 1."""
        return (when - self.opening) / (self.closing - self.opening)

    def at(self, person: Person, author: Person) -> str:
        """How that author writes the handle: sometimes without the server if it is their own."""
        local_name = person.server == author.server and person.uri < author.uri
        return "@" + (person.handle.partition("@")[0] if local_name else person.handle)

    def post(
        self, author: Person, when: datetime, text: str, *, to: Post | None = None, quote: Post | None = None,
        named: tuple[Person, ...] = (), language: str | None = "",
    ) -> Post | None:  # fmt: skip
        """Something published; None where it cannot be. language "" is the author's own."""
        when = when.replace(microsecond=0)
        if not self.possible(author, when):
            return None
        number = self._number(when)
        user, _, server = author.handle.partition("@")
        post = Post(
            post=f"https://{server}/users/{user}/statuses/{number}", account=author.uri, network="mastodon",
            happened_at=when, text=text, language=language or (author.language if language == "" else None),
            reply_to=to.post if to else None, reply_to_account=to.account if to else None,
            quote_of=quote.post if quote else None, mentions=tuple(dict.fromkeys(p.uri for p in named)),
            url=f"https://{server}/@{user}/{number}",
        )  # fmt: skip
        self.posts[post.post] = post
        return post

    def act(
        self, kind: Kind, actor: Person, target: Person, when: datetime, *, on: Post | None = None,
        via: Post | None = None, exact: bool = True,
    ) -> Act | None:  # fmt: skip
        """Something done towards somebody; None where it cannot be."""
        when = when.replace(microsecond=0)
        if not self.possible(actor, when) or actor is target or not target.is_there(when):
            return None
        uri = None
        if via is None:
            user, _, server = actor.handle.partition("@")
            uri = f"https://{server}/users/{user}#{kind}s/{self._number(when)}"
        act = Act(
            kind=kind, actor=actor.uri, target=target.uri, network="mastodon", happened_at=when, exact=exact,
            act=uri, post=on.post if on else None, via=via.post if via else None,
        )  # fmt: skip
        self.acts.append(act)
        return act

    def reply(self, author: Person, when: datetime, parent: Post, text: str) -> Post | None:
        """A reply, with its act; it names whom it answers."""
        target = self.by_uri[parent.account]
        if not target.is_there(when):
            return None
        reply = self.post(author, when, text, to=parent, named=(target,))
        if reply is not None:
            self.act("reply", author, target, reply.happened_at, on=parent, via=reply)
        return reply

    def friday(self, post: Post, kind: FridayClass, named: tuple[Person, ...]) -> None:
        """Remember what that Follow-Friday post is."""
        uris = tuple(dict.fromkeys(p.uri for p in named))
        endorsed = uris if kind in ("argued", "list", "ring", "back") else ()
        self.fridays.append(
            FridayPost(
                post=post.post,
                author=post.account,
                happened_at=post.happened_at,
                friday_class=kind,
                named=uris,
                endorsed=endorsed,
            )
        )

    def owe(self, debt: Debt) -> None:
        """Remember that this act merits thanks, where a person or the ring did it."""
        if self.by_uri[debt.actor].who in ("fan", "loyal fan", "coach", "person", "ring"):
            self.debts.append(debt)

    def her_time(self, when: datetime, dice: Dice) -> datetime:
        """When she gets to it: in her waking hours, and after the silence."""
        when = self.me.when_awake(when, dice)
        if self.quiet[0] <= when < self.quiet[1]:
            when = self.quiet[1] + timedelta(hours=7.5 + 30 * dice.roll())
            when = self.me.when_awake(when, dice)
        return when

    def counted(self) -> list[Post]:
        """All posts; hers with the network's own counts at the end (seen acts and some nobody was told of)."""
        seen: Counter[tuple[str, str]] = Counter((a.post, a.kind) for a in self.acts if a.post)
        dice = Dice(self.seed, "unseen")

        def told(post: Post, kind: Kind) -> int:
            number = seen[post.post, kind]
            return number + sum(dice.chance(0.08) for _ in range(number))

        return [
            replace(p, likes=told(p, "like"), reshares=told(p, "reshare"), replies=told(p, "reply"))
            if p.account == self.me.uri
            else p
            for p in self.posts.values()
        ]

    def _number(self, when: datetime) -> int:
        self._count += 1
        return (int((when - _EPOCH).total_seconds()) * 1000 << 16) + self._count
