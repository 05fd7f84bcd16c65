"""What a list says against what is known: somebody came or left, a post was deleted.

Servers tell who follows, not since when and not who ceased to. Who stands in the list and was not known to follow
does so since the list was read at the latest; a follow the lab knows by its time is not told a second time. After a
list was read in one go from its beginning to its end, whoever the lab still counts and the list lacks is gone; when
exactly, nobody knows: it was so at the latest now. What is listed again was only hidden (`returned`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from leumund.events import Act, Deletion, Event, Kind, Network, Post, Rows
from leumund.ids import account_key, network_of
from leumund.lab import Lab
from leumund.locale import _
from leumund.sources import Page
from leumund.sources.at_shapes import FOLLOW, LIKE, POST, REPOST
from leumund.sources.at_uris import author_of
from leumund.sources.bluesky import REACTIONS_FOR
from leumund.sources.living import Connection, Whole
from leumund.sources.walking import FRESH, GUESSED
from leumund.store.tables import Tables

_ENOUGH = 0.9  # of the number told: a list that is shorter is not believed to be complete
_A_FEW, _MOST_GONE = (
    5,
    1 / 3,
)  # so many of the known posts of a time may be deleted at once, or this part of them
LATEST = datetime(9999, 12, 31, tzinfo=UTC)
"""As of then all is seen, also what a clock that goes wrong put into the future."""


@dataclass(slots=True)
class Listed:
    """What one run of a stream has listed. posts: who wrote them and when, of the stretch from the top down, in which
    nothing is left out. guessed: the server did not say how its list goes on; something may be left out.
    """

    follows: set[tuple[str, str]] = field(default_factory=set)
    posts: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    acts: set[str] = field(default_factory=set)
    reactions: set[tuple[str, str, str]] = field(default_factory=set)
    earliest: datetime | None = None
    guessed: bool = False
    _page_posts: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def see(self, event: Event) -> None:
        """Take note of one event of a page."""
        if isinstance(event, Act) and event.kind == "follow":
            self.follows.add((event.actor, event.target))
        if isinstance(event, Act) and event.kind in {"like", "reshare"} and event.post:
            self.reactions.add((event.kind, event.actor, event.post))
        if isinstance(event, Act) and event.act:
            self.acts.add(event.act)
        if isinstance(event, Post):
            self._page_posts[event.post] = (event.account, event.happened_at)
        if isinstance(event, Post | Act) and event.exact:
            self.earliest = min(self.earliest or event.happened_at, event.happened_at)

    def page(self, page: Page) -> None:
        """The page whose events were seen is over."""
        if page.position.get(FRESH):
            self.posts.update(self._page_posts)
        self.guessed = self.guessed or bool(page.position.get(GUESSED))
        self._page_posts.clear()


def differences(
    lab: Lab,
    connection: Connection,
    what: Whole,
    listed: Listed,
    *,
    at: datetime,
    complete: bool,
    known_by: datetime | None = None,
) -> tuple[list[Event], str]:
    """The events that follow from what a list holds and lacks, and a note where it cannot be believed.

    complete: it was read to its end; else nothing follows from what it lacks. known_by: what the lab learned later
    may be missing from the list (None: it was asked for at `at`).
    """
    before = known_by or at
    events: list[Event] = []
    note = ""
    match what:
        case "followers" | "following":
            incoming = what == "followers"
            events, note = _follows(
                lab, connection, listed, at=at, incoming=incoming, complete=complete, before=before
            )
        case "posts" if complete:
            events, note = _posts(lab, connection, listed, at=at, before=before)
        case "records" if complete:
            events = _records(lab, connection, listed, at=at, before=before)
        case "reactions" if complete:
            events = _reactions(lab, connection, listed, at=at, before=before)
    return events, note


def meaningful(lab: Lab, events: Sequence[Event], *, at: datetime) -> list[Event]:
    """The same without deletions of what the lab does not have and does not get: a stream tells those of everybody.

    That the owner's own things are gone is known to her own server; a stranger's stream may be wrong about them, so
    they come back when they are listed there.
    """
    gone = [d for e in events for d in deletions_in(e)]
    if not gone:
        return list(events)
    known = _told(events)
    with lab.tables(as_of=at) as tables:
        known |= _there(tables, {e.subject for e in gone if e.of != "account"} - known)
    accounts = {e.subject: account_key(e.subject) for e in gone if e.of == "account"}
    there = lab.register.accounts(accounts.values())
    known.update(uri for uri, key in accounts.items() if key in there)
    own = lab.register.own_names()
    kept = [e for e in events if not list(deletions_in(e))]
    for deletion in gone:
        if deletion.subject in known:
            hers = (author_of(deletion.subject) or deletion.subject) in own
            kept.append(replace(deletion, exact=False) if hers else deletion)
    return kept


def deletions_in(event: Event) -> Iterator[Deletion]:
    """The deletions that an event is or holds."""
    if isinstance(event, Deletion):
        yield event
    elif isinstance(event, Rows) and event.noun == "deletion":
        yield from (Deletion(**row) for row in event.table.to_pylist())


def _there(tables: Tables, subjects: set[str]) -> set[str]:
    """Those of these names of posts and acts that the tables hold."""
    rows = tables.arrow(
        """select post as subject from posts where post in (select unnest($asked)) union
           select act from acts where act in (select unnest($asked))""",
        asked=sorted(subjects),
    )
    return set(rows["subject"].to_pylist())


def _owner(lab: Lab, connection: Connection) -> int:
    """The key under which the connected account stands."""
    key = account_key(connection.account)
    return lab.register.aliases().get(key, key)


def _told(events: Sequence[Event]) -> set[str]:
    """The names of posts and acts among these events."""
    names: set[str | None] = set()
    for event in events:
        if isinstance(event, Post):
            names.add(event.post)
        elif isinstance(event, Act):
            names.add(event.act)
        elif isinstance(event, Rows) and event.noun in event.table.column_names:
            names.update(event.table[event.noun].to_pylist())
    return {name for name in names if name}


def _follows(
    lab: Lab,
    connection: Connection,
    listed: Listed,
    *,
    at: datetime,
    incoming: bool,
    complete: bool,
    before: datetime,
) -> tuple[list[Event], str]:
    owner = _owner(lab, connection)
    now = {a if incoming else t for a, t in listed.follows}
    mine, other = ("target", "actor") if incoming else ("actor", "target")
    column = "followers" if incoming else "following"
    aliases = lab.register.aliases()
    with lab.tables(as_of=LATEST) as tables:  # a clock that goes wrong, here or there, doubles nobody
        tables.account_by_account()
        told = tables.arrow(
            f"""select arg_max({column}, happened_at) as n from sightings
                where account = {owner} and {column} is not null and happened_at <= $at""",
            at=at.astimezone(UTC).replace(tzinfo=None),
        )["n"][0].as_py()
        rows = tables.arrow(
            f"""select {other} as other, arg_max(kind, (happened_at, kind)) as last, max(happened_at) as at from acts
                where kind in ('follow', 'unfollow') and {mine} = {owner} group by 1"""
        ).to_pylist()
    last = {row["other"]: row["last"] for row in rows}
    when = {row["other"]: row["at"].replace(tzinfo=UTC) for row in rows}
    here = {aliases.get(k := account_key(uri), k): uri for uri in now}
    network: Network = network_of(connection.account)

    def change(kind: Kind, uri: str, key: int) -> Act:
        again = key in last
        after = max(at, min(when[key], LATEST) + timedelta(microseconds=1)) if again else at
        actor, target = (uri, connection.account) if incoming else (connection.account, uri)
        # the day makes it another event than the last time
        name = f"leumund:{kind}:{actor}:{target}:{at:%Y-%m-%d}" if again else None
        return Act(
            kind=kind, actor=actor, target=target, network=network, happened_at=after, exact=False, act=name
        )

    events: list[Event] = [
        change("follow", uri, key) for key, uri in sorted(here.items()) if last.get(key) != "follow"
    ]
    if not complete:
        return events, ""
    if listed.guessed and len(now) != told:
        text = _(
            "The server does not say how its list goes on; {n} accounts were found, it tells of {told}: who left cannot be known."
        )
        return events, text.format(n=len(now), told="?" if told is None else told)
    counted = sum(kind == "follow" for kind in last.values())
    told = (
        counted if told is None else told
    )  # nobody tells how many: a list that shrinks by much is not believed
    if told and len(now) < told * _ENOUGH:
        text = _("The server tells of {told} accounts and lists {n}: who left cannot be known.")
        return events, text.format(told=told, n=len(now))
    left = sorted(key for key, kind in last.items() if kind == "follow" and key not in here)
    if left:
        left = _known_to_follow(lab, left, f"{mine} = {owner}", other, before=before)
    uris = lab.register.uris(left)
    events += [change("unfollow", uris[key], key) for key in left if key in uris]
    return events, ""


def _known_to_follow(lab: Lab, keys: Sequence[int], whom: str, other: str, *, before: datetime) -> list[int]:
    """Those of these of whom the lab knew before the list was asked for: who came since may be missing from it."""
    with lab.tables(as_of=LATEST, known_by=before) as tables:
        tables.account_by_account()
        known = tables.arrow(f"select distinct {other} as other from acts where kind = 'follow' and {whom}")
    return sorted(set(keys) & set(known["other"].to_pylist()))


def _deletions(
    lab: Lab, gone: Sequence[tuple[Literal["post", "act"], str]], *, at: datetime, before: datetime
) -> list[Event]:
    """Deletions of those of these that the lab had before the list was asked for: what came since may be missing."""
    if not gone:
        return []
    with lab.tables(as_of=LATEST, known_by=before) as tables:
        known = _there(tables, {subject for _of, subject in gone})
    return [
        Deletion(of=of, subject=subject, happened_at=at, exact=False)
        for of, subject in gone
        if subject in known
    ]


def _posts(
    lab: Lab, connection: Connection, listed: Listed, *, at: datetime, before: datetime
) -> tuple[list[Event], str]:
    """Own posts within the time that was listed, named as that server names them, which the list lacks.

    A list that lacks many of them is rather wrong than right.
    """
    own = {post: when for post, (who, when) in listed.posts.items() if who == connection.account}
    if len(own) < 2:
        return [], ""
    first, last = min(own.values()), max(own.values())
    homes = {_home(post) for post in own}
    owner = _owner(lab, connection)
    with lab.tables(as_of=at) as tables:
        tables.account_by_account()
        rows = tables.arrow(
            """select post, happened_at from posts where account = $owner and exact
               and visibility in ('public', 'unlisted') and happened_at > $first and happened_at < $last""",
            owner=owner,
            first=first.replace(tzinfo=None),
            last=last.replace(tzinfo=None),
        ).to_pylist()
    known = [post for row in rows if _home(post := row["post"]) in homes]
    missing = [post for post in known if post not in listed.posts]
    if len(missing) > max(_A_FEW, len(known) * _MOST_GONE):
        text = _(
            "The server lists {n} of {known} posts of that time that are known: whether the others were deleted cannot be known."
        )
        return [], text.format(n=len(known) - len(missing), known=len(known))
    return _deletions(lab, [("post", post) for post in missing], at=at, before=before), ""


def _records(
    lab: Lab, connection: Connection, listed: Listed, *, at: datetime, before: datetime
) -> list[Event]:
    """The owner's own records that her repository no longer holds."""
    owner = _owner(lab, connection)
    there = listed.acts | listed.posts.keys()
    mine = " or ".join(f"starts_with(subject, $home || '/{c}/')" for c in (POST, LIKE, REPOST, FOLLOW))
    with lab.tables(as_of=at) as tables:
        tables.account_by_account()
        rows = tables.arrow(
            f"""select * from (select distinct 'post' as noun, post as subject from posts where account = $owner union all
                select distinct 'act', act from acts where actor = $owner and act is not null) where {mine}""",
            owner=owner,
            home=f"at://{connection.account}",
        ).to_pylist()
    missing = [(row["noun"], row["subject"]) for row in rows if row["subject"] not in there]
    return _deletions(lab, missing, at=at, before=before)


def _reactions(
    lab: Lab, connection: Connection, listed: Listed, *, at: datetime, before: datetime
) -> list[Event]:
    """Likes and reshares of the owner's posts of the last weeks that were taken back.

    Only what has an address of its own can be told to be gone, and only where the server was asked about the post or
    counts none at all; a list that is much shorter than the server's own count is not believed.
    """
    asked = Counter((kind, post) for kind, _actor, post in listed.reactions)
    aliases = lab.register.aliases()
    here = {(k, aliases.get(a := account_key(actor), a), post) for k, actor, post in listed.reactions}
    owner = _owner(lab, connection)
    with lab.tables(as_of=at) as tables:
        tables.account_by_account()
        rows = tables.arrow(
            """select kind, actor, acts.post, act, case kind when 'like' then likes else reshares end as counted
               from acts join posts on posts.post = acts.post
               where kind in ('like', 'reshare') and act is not null and posts.account = $owner
                 and posts.happened_at > $since""",
            owner=owner,
            since=(at - REACTIONS_FOR).replace(tzinfo=None),
        ).to_pylist()
    missing = [
        row["act"]
        for row in rows
        if (row["kind"], row["actor"], row["post"]) not in here
        and (
            row["counted"] == 0
            or ((n := asked[row["kind"], row["post"]]) and n >= (row["counted"] or 0) * _ENOUGH)
        )
    ]
    return _deletions(lab, [("act", act) for act in missing], at=at, before=before)


def _home(post: str) -> str:
    parts = urlsplit(post)
    return f"{parts.scheme}://{parts.netloc}"
