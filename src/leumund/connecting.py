"""Accounts that are kept up to date, put into a lab and taken out again: for commands and for pages.

client_for_connecting(private)      who asks servers while a person waits
before(folder)                      finds the connection there is already, with its key
remember(lab, found, ...)           the connection, its key and what is known of the account
disconnect(lab, connection)         neither any more; what was read stays
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from leumund import vault
from leumund.clean import clean
from leumund.errors import LeumundError
from leumund.http import Client
from leumund.http.addresses import place
from leumund.http.words import waiting_for
from leumund.ids import account_key, display_handle
from leumund.lab import Lab
from leumund.sources.living import Connected, Connection
from leumund.store import connections
from leumund.store.people import link


@dataclass(frozen=True, slots=True)
class Remembered:
    """A connection as it was put into the lab. kept_in: where its key lies, "keyring" or a file's path; "" without one."""

    connection: Connection
    name: str
    kept_in: str = ""


def client_maker(
    *, private: bool, say: Callable[[str], None], stop: threading.Event | None = None
) -> Callable[[str], Client]:
    """Makes clients for connecting. private: their servers may stand in a private network; say: is told why one waits."""

    def waiting(host: str, seconds: float, why: str) -> None:
        say(waiting_for(host, seconds, why))

    def make(origin: str) -> Client:
        allowed = frozenset({place(origin)} if private else ())
        # a person sits there and may have misspelled the name: there is nothing to wait for
        return Client(
            origin=origin, allowed=allowed, waiting=waiting, unknown_tries=1, stop=stop or threading.Event()
        )

    return make


def before(folder: Path) -> Callable[[str, str], tuple[Connection, str | None] | None]:
    """Finds the connection of a source to an account that there is already in that lab, with its key."""

    def find(source: str, account: str) -> tuple[Connection, str | None] | None:
        if not Lab.exists(folder):
            return None
        with Lab.open(folder, read_only=True) as there:
            for known in connections.all_connections(there.register):
                if (known.source, known.account) == (source, account):
                    return known, vault.find(connections.secret_name(there.register, known.id))
        return None

    return find


def remember(there: Lab, found: Connected, *, private: bool, at: datetime) -> Remembered:
    """Put a connection with its key into the lab; an account of the owner's is hers from now on.

    Raises:
        SecretError: the key cannot be kept; what was connected before goes on as it was.
    """
    settings = {**found.connection.settings, **({"private": "1"} if private else {})}
    wanted = replace(found.connection, settings=settings)
    known = connections.all_connections(there.register)
    connection = connections.add(there.register, wanted, at=at)
    kept_in = ""
    if found.secret is not None:
        name = connections.secret_name(there.register, connection.id)
        try:
            kept_in = vault.keep(name, found.secret)
        except LeumundError:
            older = next((c for c in known if c.id == connection.id), None)
            if older is None:
                connections.remove(there.register, connection.id)
            else:  # it goes on as it was, with its old key and with all it has read
                connections.add(there.register, older, at=at)
            raise
        vault.note([name], there.folder)
    with there.writing_patiently(at) as writer:
        writer.add(list(found.events))
    if found.own:
        link(there.register, [connection.account], name="", owner=True)
    return Remembered(connection, names_of(there, [connection])[connection.id], kept_in)


def disconnect(there: Lab, connection: Connection) -> str:
    """Throw away a connection and its key; gives how people write the account. What was read stays."""
    shown = names_of(there, [connection])[connection.id]
    vault.drop(connections.secret_name(there.register, connection.id))
    connections.remove(there.register, connection.id)
    return shown


def names_of(there: Lab, known: Sequence[Connection]) -> dict[str, str]:
    """How people write the accounts of these connections."""
    names = there.names(account_key(c.account) for c in known)
    return {c.id: clean(names.get(account_key(c.account)) or handle_of(c.account)) for c in known}


def handle_of(account: str) -> str:
    """A canonical account as people write it, safe to print."""
    return clean(display_handle(account))
