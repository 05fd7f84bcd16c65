"""Jetstream, live: all that happens on Bluesky, as it happens, for boards of a whole language or community.

What is kept: posts with a Follow-Friday tag in the languages wanted, and what is done by or towards one's own
accounts. The server sends everything (it can filter by kinds of records, not by words), so this costs some gigabytes
of traffic a day; `leumund connect bluesky` alone is enough for one's own account.

The stream is delivered at least once and keeps about 36 hours: a sync goes on from the last frame that was stored,
frames that come again are known again, and a longer absence leaves a gap, which is said.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from leumund.errors import ServerRefusedError, ServerUnreachableError, UsageError
from leumund.events import Account, Event, Rows
from leumund.friday_tag import has_tag
from leumund.http import Client, limits
from leumund.locale import N_, _
from leumund.sources import Cursor, Page
from leumund.sources.at_records import unrolled
from leumund.sources.at_shapes import FOLLOW, LIKE, POST, PROFILE, REPOST
from leumund.sources.jetstream_frames import parse_frames
from leumund.sources.jetstream_wanted import Wanted
from leumund.sources.living import Access, Asked, Connected, Connection, Living, Stream
from leumund.sources.server_address import origin_of

SERVER = "wss://jetstream2.us-east.bsky.network"
V2 = "network.bsky.jetstream.subscribeEvents"
_COLLECTIONS = (POST, LIKE, REPOST, FOLLOW, PROFILE)
_FRAMES = 2_000  # a page
_SECONDS = 2.0  # or what came in that time
_QUIET_S = 5.0  # so long nothing came: all is read
_WATCHED_S = (
    20.0  # so long the stream's time is compared with ours: what goes as slowly as life is the present
)
_AS_LIFE = 1.2
_NOTHING = Wanted(collections=frozenset())

_Position = Mapping[str, str | int | float | None]


def connect(asked: Asked) -> Connected:
    """Remember a stream, after a look whether it answers and in which form.

    Raises:
        UsageError: that is no address. SourceError: nobody answers there.
    """
    example = _("Write it like this: leumund connect jetstream {server}").format(
        server=urlsplit(SERVER).netloc
    )
    server = origin_of(asked.where, hint=example, stream=True)
    client = asked.client(server)
    languages = asked.options.get("language", "")
    if not all(
        len(code) in {2, 3} and code.isascii() and code.isalpha() for code in languages.split(",") if code
    ):
        raise UsageError(
            _("“{text}” is no language.").format(text=languages),
            hint=_("Write it like this: --language de,en"),
        )
    for version in ("2", "1"):
        settings = {"version": version, "language": languages}
        connection = Connection(id="", source="jetstream", server=server, account=server, settings=settings)
        try:
            _look(client, connection)
        except ServerRefusedError:
            if version == "1":
                raise
            continue
        break
    return Connected(connection=connection, secret=None, events=(), own=False)


def fetch_events(access: Access, cursor: Cursor) -> Iterator[Page]:
    """Frames in pages, from where the last sync ended; to the present, or, live, for ever."""
    live = bool(access.memory.get("live"))
    now_us = int(access.at.timestamp() * 1e6)
    position: _Position = cursor or {"time_us": now_us}
    if not cursor:
        yield _page(
            access, [], position
        )  # from now on: even if nothing comes today, tomorrow goes on from here
    attempt = 0
    while True:
        try:
            for page in _pages(access, position, live=live, now_us=now_us):
                attempt, position = 0, page.position
                yield page
        except ServerUnreachableError as error:
            attempt += 1
            if attempt >= access.client.tries and not live:
                raise
            access.client.pause(
                access.connection.server, limits.backoff_s(attempt, access.client.chance()), error.why
            )
        else:
            return


def _pages(access: Access, position: _Position, *, live: bool, now_us: int) -> Iterator[Page]:
    """The pages of one connection."""
    from leumund.http.stream import messages

    url, protocol = _address(access.connection, position)
    waiting: list[bytes] = []
    began = quiet_since = watched_since = time.monotonic()
    watched_at = int(position.get("time_us") or 0)
    for message in messages(access.client, url, subprotocol=protocol):
        now = time.monotonic()
        if message is not None:
            waiting.append(message.replace(b"\n", b" "))
            quiet_since = now
        if waiting and (len(waiting) >= _FRAMES or now - began >= _SECONDS):
            page = _page(access, waiting, position)
            position, waiting, began = page.position, [], now
            yield page
            at = int(position.get("time_us") or 0)
            if not live and at >= now_us:
                return
            if (passed := now - watched_since) >= _WATCHED_S:
                if not live and at - watched_at < passed * _AS_LIFE * 1e6:  # our clock goes ahead
                    return
                watched_since, watched_at = now, at
        elif not waiting:
            began = now
        if not live and now - quiet_since > _QUIET_S:
            return


def parse(page: Page) -> Iterator[Event]:
    """The events of a page that are wanted."""
    languages = frozenset(code for code in page.context["language"].split(",") if code)
    accounts = frozenset(page.context["accounts"].split())
    wanted = Wanted(tagged=has_tag, languages=languages, accounts=accounts)
    for event in parse_frames(page.data, where=page.where, wanted=wanted).events:
        if not (
            isinstance(event, Account) and event.aliases
        ):  # a name that nobody has looked up may be another's
            if isinstance(event, Rows) and event.noun == "deletion":
                yield from unrolled(event)  # whether the lab ever had it is asked of each
            else:
                yield event


def _page(access: Access, frames: list[bytes], position: _Position) -> Page:
    reached: _Position | None = None
    for frame in reversed(frames):  # the last one that says where it stands
        reached = parse_frames([frame], wanted=_NOTHING).position
        if reached:
            break
    accounts = " ".join(a for a in access.own if a.startswith("did:"))
    return Page(
        kind="frames",
        where=urlsplit(access.connection.server).netloc,
        data=b"\n".join(frames),
        context={"language": access.connection.settings.get("language", ""), "accounts": accounts},
        position=dict(reached or position),
    )


def _address(connection: Connection, position: _Position) -> tuple[str, str]:
    """Where to listen, and the subprotocol: after the last frame stored."""
    if connection.settings.get("version") == "1":
        query = "&".join(f"wantedCollections={c}" for c in _COLLECTIONS)
        at = position.get("time_us")
        return f"{connection.server}/subscribe?{query}" + (f"&cursor={at}" if at else ""), ""
    query = "&".join(f"collections={c}" for c in _COLLECTIONS)
    at = position.get("cursor") or position.get("time_us")  # a server knows numbers from times by their size
    return f"{connection.server}/xrpc/{V2}?{query}" + (f"&cursor={at}" if at else ""), "xrpc.v1.json"


def _look(client: Client, connection: Connection) -> None:
    """Whether the server answers in that version."""
    from leumund.http.stream import messages

    url, protocol = _address(connection, {})
    line = messages(client, url, subprotocol=protocol)
    next(line)
    line.close()


LIVING = Living(
    name="jetstream",
    title=N_("Bluesky's stream (Jetstream)"),
    where="SERVER",
    asks=N_("The server of the stream"),
    example="jetstream2.us-east.bsky.network",
    needs=N_("nothing; all of Bluesky comes over the line, some gigabytes a day"),
    connect=connect,
    streams=(Stream(name="events", title=N_("what happens on Bluesky"), fetch=fetch_events),),
    parse=parse,
    tells=(
        N_(
            "Posts with a Follow-Friday tag of everybody, in the languages wanted, as they are written and deleted."
        ),
        N_("What is done by or towards your own Bluesky accounts."),
    ),
    cannot_tell=(
        N_(
            "What happened before the first sync, or in an absence longer than the stream is kept (about 36 hours)."
        ),
        N_("Likes and reposts of posts by others."),
        N_("Views: Bluesky does not count them."),
    ),
    reference="https://github.com/bluesky-social/jetstream",
    options=("language",),
    everybody=True,
)
