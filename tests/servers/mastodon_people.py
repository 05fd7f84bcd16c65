"""People on a server of Mastodon's kind who do things, and write into a ledger what they did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.servers.json_calls import call
from tests.servers.ledger import Did, Ledger


@dataclass(frozen=True, slots=True)
class Posted:
    """A post on the server. id: the server's own; uri: as the rest of the world names it."""

    id: str
    uri: str
    author: str
    entry: Did


@dataclass(slots=True)
class Person:
    """An account and what it can do."""

    id: str
    account: str
    origin: str
    ledger: Ledger
    token: str

    @property
    def username(self) -> str:
        """Its name on its server."""
        return self.account.removeprefix("acct:").partition("@")[0]

    def post(
        self,
        text: str,
        *,
        reply_to: Posted | None = None,
        quote: Posted | None = None,
        mentions: Sequence[Person] = (),
        visibility: str = "public",
        language: str = "en",
    ) -> Posted:
        """Publish a post. mentions: the text says @USERNAME of each."""
        body = {"status": text, "visibility": visibility, "language": language}
        if reply_to:
            body["in_reply_to_id"] = reply_to.id
        if quote:
            body["quoted_status_id"] = quote.id
        made = self._do("POST", "statuses", body)
        uri, at = made["uri"], datetime.now(UTC)
        entry = self.ledger.note(what="post", who=self.account, act=uri, post=uri, text=text, at=at)
        if reply_to:
            self._towards("reply", reply_to.author, reply_to.uri, uri, at)
        if quote:
            self._towards("quote", quote.author, quote.uri, uri, at)
        for person in mentions:
            self._towards("mention", person.account, None, uri, at)
        return Posted(made["id"], uri, self.account, entry)

    def edit(self, post: Posted, text: str) -> None:
        """Change the words of a post."""
        self._do("PUT", f"statuses/{post.id}", {"status": text})
        self.ledger.note(what="edit", who=self.account, post=post.uri, text=text)

    def follow(self, whom: Person) -> Did:
        """Follow somebody."""
        self._do("POST", f"accounts/{whom.id}/follow")
        return self.ledger.note(what="follow", who=self.account, whom=whom.account)

    def favourite(self, post: Posted) -> Did:
        """Like a post."""
        self._do("POST", f"statuses/{post.id}/favourite")
        return self.ledger.note(what="like", who=self.account, whom=post.author, post=post.uri)

    def boost(self, post: Posted) -> Did:
        """Reshare a post."""
        made = self._do("POST", f"statuses/{post.id}/reblog")
        return self.ledger.note(
            what="reshare", who=self.account, whom=post.author, act=made["uri"], post=post.uri
        )

    def unfollow(self, whom: Person, done: Did) -> None:
        """Take back a follow."""
        self._do("POST", f"accounts/{whom.id}/unfollow")
        self.ledger.take_back(done)
        self.ledger.note(what="unfollow", who=self.account, whom=whom.account)

    def unfavourite(self, post: Posted, done: Did) -> None:
        """Take back a like."""
        self._do("POST", f"statuses/{post.id}/unfavourite")
        self.ledger.take_back(done)

    def unboost(self, post: Posted, done: Did) -> None:
        """Take back a reshare."""
        self._do("POST", f"statuses/{post.id}/unreblog")
        self.ledger.take_back(done)

    def delete(self, post: Posted) -> None:
        """Delete a post."""
        self._do("DELETE", f"statuses/{post.id}")
        self.ledger.take_back(post.entry)
        self.ledger.note(what="delete", who=self.account, post=post.uri)

    def ask(self, path: str, **query: str | int | Sequence[str]) -> Any:
        """What the server answers to a question asked in this person's name. path: after /api/."""
        return call("GET", f"{self.origin}/api/{path}", token=self.token, query=query)

    def _do(self, method: str, path: str, body: object = None) -> Any:
        return call(method, f"{self.origin}/api/v1/{path}", token=self.token, body=body)

    def _towards(self, what: str, whom: str, post: str | None, via: str, at: datetime) -> None:
        self.ledger.note(what=what, who=self.account, whom=whom, act=via, post=post, via=via, at=at)
