"""A made-up X: posts, mentions, people, prices. It charges as X says it does, and remembers what it charged when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.servers.faulty import Answer, Asked, Faulty, computed, good

START = datetime(2026, 3, 1, tzinfo=UTC)
KEYS = ("api-key", "api-secret", "access-token", "access-secret")
ME = "100"
EPOCH_MS = 1288834974657
Before = Callable[[Asked], Answer | None]


def number_at(at: datetime, extra: int = 0) -> str:
    """The number X gives to a post of that moment."""
    return str((int(at.timestamp() * 1000) - EPOCH_MS << 22) + extra)


def post(at: datetime, text: str, author: str = ME, **more: Any) -> dict[str, Any]:
    """A post as X shows it. number: where it is not made of the time."""
    number = more.pop("number", number_at(at))
    return {
        "id": number, "text": text, "author_id": author, "created_at": f"{at:%Y-%m-%dT%H:%M:%S}.000Z", "lang": "de",
        "edit_history_tweet_ids": [number], "conversation_id": number,
        "public_metrics": {"like_count": 1, "retweet_count": 2, "reply_count": 3, "quote_count": 0, "impression_count": 50},
        **more,
    }  # fmt: skip


def person(number: str, name: str = "", **more: Any) -> dict[str, Any]:
    return {
        "id": number, "username": name or f"leser{number}", "name": f"Leser {number}", "description": "Liest &amp; lobt",
        "created_at": "2019-01-02T03:04:05.000Z", "protected": False,
        "public_metrics": {"followers_count": 7, "following_count": 8, "tweet_count": 9, "listed_count": 0}, **more,
    }  # fmt: skip


def mention(at: datetime, text: str, author: str, **more: Any) -> dict[str, Any]:
    named = {"entities": {"mentions": [{"start": 0, "end": 5, "username": "Anna", "id": ME}]}}
    return post(at, text, author, **{"number": number_at(at, 1), **named, **more})


@dataclass(slots=True)
class MadeX:
    """The server. charged: (path, things, US dollars); before: what comes instead of an answer; after: instead of a good
    one, which is charged all the same. owned: whether it takes the low price.
    """

    server: Faulty
    posts: list[dict[str, Any]] = field(default_factory=list)
    mentions: list[dict[str, Any]] = field(default_factory=list)
    following: list[str] = field(default_factory=list)
    followers: list[str] = field(default_factory=list)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    errors: list[Any] = field(default_factory=list)
    charged: list[tuple[str, int, Decimal]] = field(default_factory=list)
    before: Before = lambda _asked: None
    after: Before = lambda _asked: None
    owned: bool = True
    followers_told: int | None = None

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def total(self) -> Decimal:
        return sum((cost for _path, _n, cost in self.charged), Decimal(0))

    def start(self) -> MadeX:
        for path in ("/2/users/me", f"/2/users/{ME}", "/2/users/by/username/anna"):
            self.server.answer(path, computed(self._account))
        self.server.answer(f"/2/users/{ME}/tweets", computed(lambda a: self._timeline(a, self.posts)))
        self.server.answer(f"/2/users/{ME}/mentions", computed(lambda a: self._timeline(a, self.mentions)))
        self.server.answer(f"/2/users/{ME}/following", computed(lambda a: self._people(a, self.following)))
        self.server.answer(f"/2/users/{ME}/followers", computed(lambda a: self._people(a, self.followers)))
        return self

    def me(self) -> dict[str, Any]:
        told = len(self.followers) if self.followers_told is None else self.followers_told
        counts = {
            "followers_count": told,
            "following_count": len(self.following),
            "tweet_count": len(self.posts),
        }
        return {**person(ME, "Anna", public_metrics=counts), **self.people.get(ME, {})}

    def asked(self, what: str) -> list[Asked]:
        return self.server.asked(f"/2/users/{ME}/{what}")

    def _account(self, asked: Asked) -> Answer:
        return self._charge(asked, {"data": self.me()}, 1, 0, each=Decimal("0.010"))

    def _timeline(self, asked: Asked, posts: list[dict[str, Any]]) -> Answer:
        most = int(asked.one("max_results") or 10)
        assert 5 <= most <= 100
        since, until = int(asked.one("since_id") or 0), int(asked.one("until_id") or 2**64)
        start = asked.one("start_time") or ""
        there = sorted((p for p in posts if since < int(p["id"]) < until and p["created_at"] >= start),
                       key=lambda p: -int(p["id"]))  # fmt: skip
        page = there[:most]
        authors = list(dict.fromkeys(str(p.get("author_id")) for p in page))
        users = [self.me() if a == ME else {**person(a), **self.people.get(a, {})} for a in authors]
        body: dict[str, Any] = {"meta": {"result_count": len(page)}}
        if page:
            body |= {"data": page, "includes": {"users": users}}
            body["meta"] |= {"newest_id": page[0]["id"], "oldest_id": page[-1]["id"]}
        if len(there) > most:
            body["meta"]["next_token"] = "a-place-that-will-not-last"
        if self.errors and page:
            body["errors"] = self.errors
        return self._charge(asked, body, len(page), len(users), each=self._price(Decimal("0.005")))

    def _people(self, asked: Asked, numbers: list[str]) -> Answer:
        most, first = int(asked.one("max_results") or 100), int(asked.one("pagination_token") or 0)
        assert 1 <= most <= 1000
        page = numbers[first : first + most]
        body: dict[str, Any] = {"meta": {"result_count": len(page)}}
        if page:
            body["data"] = [{**person(n), **self.people.get(n, {})} for n in page]
        if first + most < len(numbers):
            body["meta"]["next_token"] = str(first + most)
        return self._charge(asked, body, len(page), 0, each=self._price(Decimal("0.010")))

    def _price(self, else_: Decimal) -> Decimal:
        return Decimal("0.001") if self.owned else else_

    def _charge(
        self, asked: Asked, body: dict[str, Any], things: int, along: int, *, each: Decimal
    ) -> Answer:
        if (bad := self.before(asked)) is not None:
            return bad
        cost = each * things + self._price(Decimal("0.010")) * along
        if things:
            self.charged.append((asked.path, things + along, cost))
        return self.after(asked) or good(body)


def minutes(count: int) -> datetime:
    return START + timedelta(minutes=count)
