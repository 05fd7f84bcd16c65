"""Small made-up worlds of recommendations, in which everybody's consent is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, get_args

from leumund.asking import Question, State
from leumund.board.options import Options
from leumund.board.site import files
from leumund.board.taken import Taken, take
from leumund.events import Account, Event, Network, Post, Statement
from leumund.facts import all_facts
from leumund.ids import account_key
from leumund.lab import Lab
from leumund.store import nogo
from leumund.store.consents import agreed, withdrawn
from leumund.store.marks import marked

NOW = datetime(2026, 5, 6, 12, tzinfo=UTC)
OWNER = "acct:ottilie@labor.example"

Says = Literal[
    "yes", "lists", "no answer", "found by search", "taken back", "tag", "locked", "ended", "members", "nogo"
]
NAMED = {"yes", "lists"}
SAYS: tuple[Says, ...] = get_args(Says)


@dataclass(frozen=True)
class Somebody:
    """One account of a world. number: makes its names, of which none is part of another's."""

    number: int
    says: Says

    @property
    def network(self) -> Network:
        return "bluesky" if self.says == "members" else "mastodon"

    @property
    def user(self) -> str:
        return f"nutzerin{self.number:03}q"

    @property
    def uri(self) -> str:
        return f"did:plc:{self.user}" if self.network == "bluesky" else f"acct:{self.user}@{self.host}"

    @property
    def host(self) -> str:
        return f"haus{self.number:03}q.example"

    @property
    def handle(self) -> str:
        return f"{self.user}.{self.host}" if self.network == "bluesky" else f"@{self.user}@{self.host}"

    @property
    def name(self) -> str:
        return f"Vorname{self.number:03}q"

    @property
    def is_named(self) -> bool:
        return self.says in NAMED

    def traces(self) -> set[bytes]:
        """Whatever could tell of the account."""
        return {t.encode() for t in (self.user, self.host, self.name, self.uri, str(account_key(self.uri)))}

    def seen(self) -> Account:
        told: dict[str, Any] = {"locked": self.says == "locked"}
        if self.network == "bluesky":
            told = {"limited": False, "discoverable": False, "aliases": (f"at://{self.handle}",)}
        if self.says == "found by search":
            told |= {"discoverable": True, "indexable": True}
        if self.says == "lists":
            told["featurable"] = True
        bio = "Liest viel. #nobot" if self.says == "tag" else "Liest viel."
        return Account(
            account=self.uri, seen_at=NOW - timedelta(days=1), network=self.network, handle=self.handle, name=self.name,
            bio=bio, place="Jena", **told,
        )  # fmt: skip

    def words(self, lab: Lab) -> list[Statement]:
        if self.says in {"lists", "no answer", "found by search"}:
            return []
        before, how = NOW - timedelta(days=9), f"geheim {self.name}"
        until = NOW - timedelta(days=1) if self.says == "ended" else None
        said = _flat(agreed(lab.register, [self.uri], ["board"], at=before, how=how, until=until))
        if self.says == "nogo":
            said.append(nogo.added(self.uri, self.network, at=before, reason="nur Werbung"))
        if self.says == "taken back":
            said += _flat(withdrawn(lab.register, [self.uri], ["board"], at=NOW - timedelta(days=2)))
        return said


def _flat(said: Mapping[int, list[Statement]]) -> list[Statement]:
    return [s for group in said.values() for s in group]


Praise = tuple[int, int, int]
"""Who (place among the people), whom, how many weeks ago."""


def make(
    folder: Path, people: Sequence[Somebody], praise: Sequence[Praise], *more: Event, trusting: bool = True
) -> Lab:
    """A lab of these people: each sees a Friday's post for each recommendation."""
    events: list[Event] = [
        Account(
            account=OWNER,
            seen_at=NOW,
            network="mastodon",
            handle="@ottilie@labor.example",
            name="Ottilie",
            own=True,
        ),
        *(p.seen() for p in people),
    ]
    for n, (who, whom, weeks) in enumerate(praise):
        by, of = people[who % len(people)], people[whom % len(people)]
        if by != of:
            at = NOW - timedelta(days=5, weeks=weeks)
            text = f"#FollowFriday {of.handle if of.network == 'mastodon' else '@' + of.handle} weil es hilft"
            events.append(
                Post(
                    post=f"https://{by.host}/p/{n}",
                    account=by.uri,
                    network=by.network,
                    happened_at=at,
                    text=text,
                    language="de",
                )
            )
    lab = Lab.create(folder)
    with lab.writing(NOW) as writer:
        writer.add([*events, *more])
        writer.add([w for p in people for w in p.words(lab)])
        if trusting:
            long_ago = NOW - timedelta(days=400)
            writer.add([marked("trust", p.uri, p.network, at=long_ago) for p in people[::2]])
        writer.derive(list(all_facts().values()))
    return lab


@contextmanager
def state_of(lab: Lab) -> Iterator[State]:
    with Question(lab, NOW).state() as state:
        yield state


def taken(lab: Lab, **options: Any) -> Taken:
    with state_of(lab) as state:
        return take(state, Options(**({"board": "all"} | options)), at=NOW)


def built(lab: Lab, **options: Any) -> dict[str, bytes]:
    return files(taken(lab, **options))
