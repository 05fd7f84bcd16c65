"""A made-up server of Mastodon's kind with a long history, on top of the server that can answer badly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.servers.faulty import Answer, Asked, Faulty, computed, good

TOKEN = "a-key-for-tests"
START = datetime(2026, 3, 1, tzinfo=UTC)
ME = {"id": "1", "username": "anna", "acct": "anna", "url": "https://made.test/@anna", "followers_count": 0}
HOST = "made.test"
NOTIFICATIONS = "/api/v1/notifications"


def person(number: int) -> dict[str, Any]:
    return {"id": f"p{number}", "username": f"leser{number}", "acct": f"leser{number}@other.test"}


@dataclass(slots=True)
class Made:
    """The server. likes: notifications, each of one reader for one post; links: whether it gives a Link header.

    before: what comes before a page is answered, by the number of the request; None: the page.
    """

    server: Faulty
    likes: int = 0
    links: bool = True
    page: int = 40
    before: Callable[[int], Answer | None] = lambda _number: None
    asked: int = 0
    extra: dict[str, Answer] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.server.url

    def start(self) -> Made:
        quiet = good([])
        self.server.answer("/api/v2/instance", good({"domain": HOST}))
        self.server.answer("/api/v1/accounts/verify_credentials", good(ME))
        for path in ("/api/v1/accounts/1/statuses", "/api/v1/favourites", "/api/v1/accounts/1/followers",
                     "/api/v1/accounts/1/following"):  # fmt: skip
            self.server.answer(path, quiet)
        self.server.answer(NOTIFICATIONS, computed(self._notifications))
        return self

    def acts(self) -> list[tuple[str, str, str, str | None]]:
        """What happened there."""
        return sorted(
            (
                "like",
                f"acct:leser{n % 97}@other.test",
                f"acct:anna@{HOST}",
                f"https://made.test/users/anna/statuses/{n}",
            )
            for n in range(self.likes)
        )

    def _notifications(self, asked: Asked) -> Answer:
        self.asked += 1
        if (bad := self.before(self.asked)) is not None:
            return bad
        below = asked.one("max_id")
        first = self.likes - 1 if below is None else int(below) - 1
        numbers = list(range(first, max(first - self.page, -1), -1))
        headers = {}
        if self.links and numbers and numbers[-1] > 0:
            query = "&".join(f"types[]={t}" for t in asked.query.get("types[]", []))
            headers["Link"] = (
                f'<{self.url}{NOTIFICATIONS}?{query}&max_id={numbers[-1]}>; rel="next", <{self.url}/x>; rel="prev"'
            )
        return good([_like(n) for n in numbers], headers=headers)


def _like(number: int) -> dict[str, Any]:
    at = (START + timedelta(minutes=number)).isoformat().replace("+00:00", "Z")
    status = {
        "id": str(number), "uri": f"https://made.test/users/anna/statuses/{number}", "created_at": at, "account": ME,
        "content": f"<p>Beitrag {number}</p>", "visibility": "public",
    }  # fmt: skip
    return {
        "id": str(number),
        "type": "favourite",
        "created_at": at,
        "account": person(number % 97),
        "status": status,
    }
