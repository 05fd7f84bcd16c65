"""People on a Bluesky network who do things, and write into a ledger what they did."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.servers.json_calls import RefusedError, call
from tests.servers.ledger import Did, Ledger

PASSWORD = "a password for tests"


@dataclass(frozen=True, slots=True)
class Posted:
    """A post on the network. root: the post its thread began with, itself where it began one."""

    uri: str
    cid: str
    author: str
    entry: Did
    root: dict[str, str]

    @property
    def strong(self) -> dict[str, str]:
        """How records name it."""
        return {"uri": self.uri, "cid": self.cid}


@dataclass(slots=True)
class Person:
    """An account and what it can do. Every deed is seen by the AppView before it returns.

    patient: False leaves that out, for many deeds at once; call `settle` in the end. Then a reply to something the
    AppView has not seen yet may never be told to whom it is for.
    """

    did: str
    handle: str
    pds: str
    ledger: Ledger
    settle: Callable[[], int]
    token: str
    refresh: str
    patient: bool = True

    def post(
        self,
        text: str,
        *,
        reply_to: Posted | None = None,
        quote: Posted | None = None,
        mentions: Sequence[Person] = (),
        languages: Sequence[str] = ("en",),
        written: datetime | None = None,
    ) -> Posted:
        """Publish a post. mentions: the text says @HANDLE of each; written: the time it claims."""
        record: dict[str, Any] = {"text": text, "langs": list(languages)}
        if reply_to:
            record["reply"] = {"root": reply_to.root, "parent": reply_to.strong}
        if quote:
            record["embed"] = {"$type": "app.bsky.embed.record", "record": quote.strong}
        if mentions:
            record["facets"] = [_facet(text, person) for person in mentions]
        made = self._create("app.bsky.feed.post", record, written)
        uri = made["uri"]
        at = datetime.now(UTC)
        entry = self.ledger.note(what="post", who=self.did, act=uri, post=uri, text=text, at=at)
        if reply_to:
            self._towards("reply", reply_to.author, reply_to.uri, uri, at)
        if quote:
            self._towards("quote", quote.author, quote.uri, uri, at)
        for person in mentions:
            self._towards("mention", person.did, None, uri, at)
        self._done()
        return Posted(uri, made["cid"], self.did, entry, reply_to.root if reply_to else _strong(made))

    def follow(self, whom: Person) -> Did:
        """Follow somebody."""
        made = self._create("app.bsky.graph.follow", {"subject": whom.did})
        return self._noted(what="follow", who=self.did, whom=whom.did, act=made["uri"])

    def like(self, post: Posted) -> Did:
        """Like a post."""
        made = self._create("app.bsky.feed.like", {"subject": post.strong})
        return self._noted(what="like", who=self.did, whom=post.author, act=made["uri"], post=post.uri)

    def repost(self, post: Posted) -> Did:
        """Repost a post."""
        made = self._create("app.bsky.feed.repost", {"subject": post.strong})
        return self._noted(what="reshare", who=self.did, whom=post.author, act=made["uri"], post=post.uri)

    def undo(self, done: Did | Posted) -> None:
        """Take back a follow, a like, a repost, or delete a post."""
        entry = done.entry if isinstance(done, Posted) else done
        if entry.act is None:
            raise ValueError(entry)
        repo, collection, key = entry.act.removeprefix("at://").split("/")
        self._call("com.atproto.repo.deleteRecord", {"repo": repo, "collection": collection, "rkey": key})
        self.ledger.take_back(entry)
        self._noted(what="delete", who=self.did, post=entry.act)

    def rename(self, handle: str) -> None:
        """Take another handle, ending in .test."""
        self._call("com.atproto.identity.updateHandle", {"handle": handle})
        self.handle = handle
        self._noted(what="rename", who=self.did, text=handle)

    def introduce(self, name: str, bio: str) -> None:
        """Show a name and a few words about oneself."""
        record = {"$type": "app.bsky.actor.profile", "displayName": name, "description": bio}
        body = {"repo": self.did, "collection": "app.bsky.actor.profile", "rkey": "self", "record": record}
        self._call("com.atproto.repo.putRecord", body)
        self._done()

    def leave(self) -> None:
        """Deactivate the account; nothing of it is shown then."""
        self._call("com.atproto.server.deactivateAccount", {})
        self._noted(what="leave", who=self.did)

    def come_back(self) -> None:
        """Activate the account again."""
        self._call("com.atproto.server.activateAccount", None)
        self._noted(what="return", who=self.did)

    def ask(self, method: str, **query: str | int | Sequence[str]) -> Any:
        """What the server answers to a question asked in this person's name."""
        return call("GET", f"{self.pds}/xrpc/{method}", token=self.token, query=query)

    def app_password(self, name: str = "tests") -> str:
        """A new app password, as one gives it to programs."""
        return str(self._call("com.atproto.server.createAppPassword", {"name": name})["password"])

    def _create(self, collection: str, record: dict[str, Any], written: datetime | None = None) -> Any:
        stamp = (written or datetime.now(UTC)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        whole = {"$type": collection, "createdAt": stamp, **record}
        body = {"repo": self.did, "collection": collection, "record": whole}
        return self._call("com.atproto.repo.createRecord", body)

    def _call(self, method: str, body: object) -> Any:
        address = f"{self.pds}/xrpc/{method}"
        try:
            return call("POST", address, token=self.token, body=body)
        except RefusedError as error:
            if "ExpiredToken" not in error.body:
                raise
        new = call("POST", f"{self.pds}/xrpc/com.atproto.server.refreshSession", token=self.refresh)
        self.token, self.refresh = new["accessJwt"], new["refreshJwt"]
        return call("POST", address, token=self.token, body=body)

    def _towards(self, what: str, whom: str, post: str | None, via: str, at: datetime) -> None:
        self.ledger.note(what=what, who=self.did, whom=whom, act=via, post=post, via=via, at=at)

    def _noted(self, **did: object) -> Did:
        entry = self.ledger.note(**did)
        self._done()
        return entry

    def _done(self) -> None:
        if self.patient:
            self.settle()


def join(ledger: Ledger, pds: str, handle: str, settle: Callable[[], int]) -> Person:
    """A new account of that handle."""
    body = {"handle": handle, "email": f"{handle}@mail.test", "password": PASSWORD}
    made = call("POST", f"{pds}/xrpc/com.atproto.server.createAccount", body=body)
    ledger.note(what="join", who=made["did"], text=handle)
    settle()
    return Person(made["did"], handle, pds, ledger, settle, made["accessJwt"], made["refreshJwt"])


def _strong(made: Any) -> dict[str, str]:
    return {"uri": made["uri"], "cid": made["cid"]}


def _facet(text: str, person: Person) -> dict[str, Any]:
    """Where in a text somebody is mentioned. Places are counted in bytes."""
    said = f"@{person.handle}"
    start = len(text[: text.index(said)].encode())
    return {
        "index": {"byteStart": start, "byteEnd": start + len(said.encode())},
        "features": [{"$type": "app.bsky.richtext.facet#mention", "did": person.did}],
    }
