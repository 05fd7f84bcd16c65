"""The nouns and verbs of the laboratory: what a source can say and the lab can keep.

    Account    what was seen of an account at a time (a sighting)
    Post       something somebody published
    Act        something one account did towards another: the closed list of verbs is `Kind`
    Statement  what the owner says herself (customers, hours, goals, whom she trusts ...)
    Deletion   a post, an act or an account is gone from its network
    Checkpoint how far a source has been read; stored with the rows before it
    Problem    a record that could not be used: counted, listed, never silently lost
    Rows       many events of one noun at once, as columns

All are frozen, keyword-only, and every time is aware and in UTC. Accounts and posts are named by
canonical URIs or DIDs (see `leumund.ids`). This file imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    import pyarrow as pa

Kind = Literal["follow", "unfollow", "like", "reshare", "reply", "quote", "mention", "endorse"]
"""Every verb there is. A network's own words (boost, favourite, repost) end at the source's door."""

KINDS: tuple[Kind, ...] = get_args(Kind)

Network = Literal["mastodon", "bluesky", "x", "linkedin", "facebook", "blog", "other"]
NETWORKS: tuple[Network, ...] = get_args(Network)

Visibility = Literal["public", "unlisted", "followers", "direct"]
"""Who could see a post. "followers" and "direct" are kept out of every ranking."""

VISIBILITIES: tuple[Visibility, ...] = get_args(Visibility)

StatementKind = Literal[
    "customer",
    "time",
    "cost",
    "goal",
    "note",
    "experiment",
    "person",
    "trust",
    "label",
    "nogo",
    "thanks",
    "consent",
]
STATEMENT_KINDS: tuple[StatementKind, ...] = get_args(StatementKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What was seen of an account at one time. None means the source did not tell, never 0.

    account: canonical URI or DID; aliases: other URIs known to be the same account (the same
    account on the same network, such as a DID and its handle; not the same person elsewhere).
    followers, following, posts: counts as the network told them at `seen_at`.
    automated: the account declares itself a robot. place: where it says it is, in its own words.
    limited: its server shows it to those only who ask for it, or it was suspended or moved elsewhere. featurable: it lets others put it on their lists
    (Mastodon's feature_approval). own: the owner's own account (an archive is hers).
    """

    account: str
    seen_at: datetime
    network: Network
    handle: str | None = None
    name: str | None = None
    bio: str | None = None
    url: str | None = None
    place: str | None = None
    aliases: tuple[str, ...] = ()
    created_at: datetime | None = None
    followers: int | None = None
    following: int | None = None
    posts: int | None = None
    automated: bool | None = None
    locked: bool | None = None
    discoverable: bool | None = None
    indexable: bool | None = None
    limited: bool | None = None
    featurable: bool | None = None
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Something published, in its author's own words (a reshare is an Act, not a Post).

    text: plain text without markup. language: as declared, lower-case primary subtag ("de"); None
    where nobody said. mentions: accounts named, where the source lists them.
    likes, reshares, replies: the network's own counts, None where it did not tell; views: how often it says the
    post was shown (impressions).
    exact: False where only "at the latest then" is known of the time.
    """

    post: str
    account: str
    network: Network
    happened_at: datetime
    text: str
    exact: bool = True
    language: str | None = None
    reply_to: str | None = None
    reply_to_account: str | None = None
    quote_of: str | None = None
    mentions: tuple[str, ...] = ()
    visibility: Visibility = "public"
    url: str | None = None
    likes: int | None = None
    reshares: int | None = None
    replies: int | None = None
    views: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One account did something towards another.

    act: the act's own URI where the network gives one. post: the post it was done to (liked,
    reshared, replied to). via: the post it was done with (the reply, the quote, the mention).
    count: how many times, where a source only tells a sum (1 otherwise).
    exact: False where the source tells that it happened but not when; `happened_at` is then the
    time at which it was so at the latest.
    """

    kind: Kind
    actor: str
    target: str
    network: Network
    happened_at: datetime
    exact: bool = True
    act: str | None = None
    post: str | None = None
    via: str | None = None
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What the owner says herself. body: plain values by field name (see docs/start for the fields).

    statement: its id, where it has one of its own; told again under it, it is a correction. "person": that an account
    belongs to somebody; it is not kept as a statement, but links accounts.
    """

    kind: StatementKind
    happened_at: datetime
    body: Mapping[str, str | float | int | bool | None]
    statement: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """A post, an act or an account is gone from its network; what is shown must follow.

    of: "post back" and the like say that it is there again, since that time.
    exact: False where nobody told of a deletion; it was missing where it should stand, and so gone at the latest then.
    """

    of: Literal["post", "act", "account", "post back", "act back", "account back"]
    subject: str
    happened_at: datetime
    exact: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """How far a source has been read: committed together with the rows before it."""

    position: Mapping[str, str | int | float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A record that could not be used. where: file and line, or the record's place; never a secret."""

    where: str
    message: str
    excerpt: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Many events of one noun at once: each row means what the same fields of the noun mean.

    For sources that come as tables. Columns are named as the noun's fields; a column that is
    missing holds that field's default in every row. Times are timestamp[us, UTC].
    """

    noun: Literal["account", "post", "act", "deletion"]
    table: pa.Table
    problems: tuple[Problem, ...] = field(default=())


Event: TypeAlias = Account | Post | Act | Statement | Deletion | Checkpoint | Problem | Rows
