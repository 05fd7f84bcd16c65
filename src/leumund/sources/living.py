"""Sources that are accounts, not files: connected once, then kept in sync.

A living source is a record like a file source (`LIVING = Living(...)` in `sources/NAME.py`), found by being
there. It has streams (one's posts, notifications, followers ...), each with a cursor of its own. `fetch` of a
stream does the asking and gives pages; `parse` is pure, as everywhere: a page can be read again offline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Literal, Protocol

from leumund.discovery import records
from leumund.errors import UnknownNameError
from leumund.events import Event
from leumund.http import Client
from leumund.locale import _
from leumund.sources import Cursor, Page

Whole = Literal["followers", "following", "posts", "records", "reactions"]
"""What a stream can list completely, so that what is missing from it is known to be gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """An account the owner connected. server: origin (`https://example.social`); account: canonical URI."""

    id: str
    source: str
    server: str
    account: str
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Access:
    """What a stream is given to fetch with. at: when this sync began; memory: what streams of one run tell each other.

    secret: the connection's key; keep_secret: for keys that are renewed on the way. own: the owner's accounts on
    all networks; agreed: accounts of others that agreed to be named in public, to be looked at again.
    """

    connection: Connection
    client: Client
    at: datetime
    secret: Callable[[], str | None]
    keep_secret: Callable[[str], None]
    own: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()
    memory: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One thing to be kept in sync. title: what the person sees; every: how often it is fetched where
    that takes many pages; short lists are fetched each time, unless each page costs money or many
    questions.

    lists: the pages of one run together say all that is there now; what the lab knows besides is gone.
    """

    name: str
    title: str
    fetch: Callable[[Access, Cursor], Iterator[Page]]
    every: timedelta = timedelta(0)
    costs: bool = False
    lists: Whole | None = None


class Back(Protocol):
    """How a browser comes back from a server with a code. address: where to; it brings the state along."""

    address: str

    def wait(self, seconds: float) -> str:
        """The code.

        Raises:
            SourceError: it did not come in time, or the owner said no.
        """

    def stop(self) -> None:
        """Nobody is waited for any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person says when she connects an account, and how she can be spoken to meanwhile.

    client: makes a client for an origin (and the places in private networks allowed); tell: a word to her;
    prompt: asks for a line, hidden for secrets; browse: opens an address, False where no browser is.
    before: gives the connection of that source to that account there is already, with its key; None where there is none.
    agree: asks for her word, yes or no; None: as a line. back: given a state, waits for her browser where these pages are.
    """

    where: str
    options: Mapping[str, str]
    client: Callable[[str], Client]
    tell: Callable[[str], None]
    prompt: Callable[[str, bool], str]
    browse: Callable[[str], bool]
    at: datetime
    before: Callable[[str, str], tuple[Connection, str | None] | None] = lambda _source, _account: None
    agree: Callable[[str], bool] | None = None
    back: Callable[[str], Back] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """What connecting gave: the connection (its id still empty), its key, and what is known of the account.

    own: the account is the owner's; a stream of everybody is nobody's.
    """

    connection: Connection
    secret: str | None
    events: tuple[Event, ...]
    own: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Living:
    """All there is to know about one living source. where: what to write after its name when connecting.

    prepare: run before the streams of each sync (a session is renewed); streams: in order of importance.
    everybody: it tells of strangers, whose deletions mean something only where the lab has what they deleted.
    needs: what one must have to connect it, in a line; key: where a key is to be had, None where none is needed.
    asks: what is to be written as `where`, with an example; keys: what the key consists of, in the order in which it is
    asked for; steps: what is to be done at the network before.
    """

    name: str
    title: str
    where: str
    connect: Callable[[Asked], Connected]
    streams: tuple[Stream, ...]
    parse: Callable[[Page], Iterator[Event]]
    tells: tuple[str, ...]
    cannot_tell: tuple[str, ...]
    reference: str
    prepare: Callable[[Access], None] = lambda _access: None
    everybody: bool = False
    options: tuple[str, ...] = ()
    needs: str = ""
    key: str | None = None
    asks: str = ""
    example: str = ""
    keys: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()


@cache
def all_living() -> Mapping[str, Living]:
    """Every living source there is, by name."""
    return {s.name: s for s in records("leumund.sources", "LIVING", Living, group="leumund.living")}


def living_named(name: str) -> Living:
    """The living source of that name.

    Raises:
        UnknownNameError: with the names there are.
    """
    try:
        return all_living()[name]
    except KeyError:
        raise UnknownNameError(_("Network"), name, all_living()) from None
