"""Connecting an account on Mastodon: which server, a key that may read, whose it is, where she is at home."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

import msgspec

from leumund.errors import ServerRefusedError, StrangeAnswerError, UsageError
from leumund.http import Answer, Client
from leumund.locale import _
from leumund.sources.json_records import RecordError
from leumund.sources.living import Asked, Connected, Connection
from leumund.sources.mastodon_accounts import Server
from leumund.sources.mastodon_home import claimed_host, home_of
from leumund.sources.mastodon_login import ALL_READING, SCOPES, log_in
from leumund.sources.mastodon_shapes import Person
from leumund.sources.server_address import origin_of

_LONGEST_ID = 100  # it is kept, and part of every address that is asked for


def connect(asked: Asked) -> Connected:
    """Connect the owner's account on a server.

    Raises:
        UsageError: that is no server. SourceError: it cannot be reached, or gives no key.
    """
    example = _("Write it like this: leumund connect mastodon example.social")
    origin = origin_of(asked.where, hint=example)
    client = asked.client(origin)
    claimed = claimed_host(client, origin)
    token, person, answer = _key_and_person(asked, client, origin)
    host = home_of(client, origin, claimed, person, asked.tell)
    server = Server(host=host, origin=origin, owner="", owner_id=str(person.id), own_post="", at=asked.at)
    try:
        server.owner = server.account(person)
    except RecordError as error:
        raise StrangeAnswerError(answer.url, str(error)) from error
    return Connected(
        connection=Connection(
            id="",
            source="mastodon",
            server=origin,
            account=server.owner,
            settings={"host": host, "id": str(person.id)},
        ),
        secret=token,
        events=tuple(server.sighting(person, own=True)),
    )


def _key_and_person(asked: Asked, client: Client, origin: str) -> tuple[str, Person, Answer]:
    """A key that reads what it should, and whose it is.

    Some servers give a key for the finer rights and then do not accept it: they are asked once more, for all reading.
    """
    token, rights = log_in(asked, client, origin)
    try:
        return _whose(client, origin, token, finer=rights == SCOPES)
    except ServerRefusedError as error:
        if error.status != HTTPStatus.FORBIDDEN or rights != SCOPES:
            raise
    asked.tell(
        _(
            "{host} does not accept the key it gave for some parts. It is asked once more, for reading everything."
        ).format(host=urlsplit(origin).netloc)
    )
    token, _rights = log_in(asked, client, origin, rights=(ALL_READING,))
    return _whose(client, origin, token, finer=False)


def _whose(client: Client, origin: str, token: str, *, finer: bool) -> tuple[str, Person, Answer]:
    """Whose key that is. finer: it is tried on what will be read.

    Raises:
        ServerRefusedError: it may not read that.
    """
    token = token.strip()
    if not is_key(token):
        raise UsageError(_("That is no key."))
    client.token = lambda: f"Bearer {token}"
    me, answer = client.get_json(f"{origin}/api/v1/accounts/verify_credentials")
    person = person_in(me, answer)
    for path in (f"/api/v1/accounts/{person.id}/statuses", "/api/v1/notifications") if finer else ():
        try:
            client.get(origin + path, params={"limit": 1})
        except ServerRefusedError as error:
            if error.status == HTTPStatus.FORBIDDEN:  # a part that is not there is another matter
                raise
    return token, person, answer


def person_in(me: object, answer: Answer) -> Person:
    """Whose account an answer shows.

    Raises:
        StrangeAnswerError: nobody's.
    """
    try:
        person = msgspec.convert(me, Person)
    except msgspec.ValidationError:
        person = Person()
    if not person.id or len(str(person.id)) > _LONGEST_ID:
        raise StrangeAnswerError(answer.url, _("it does not tell whose account it is"))
    return person


def is_key(text: str) -> bool:
    """Whether that can be sent as a key."""
    return bool(text) and text.isascii() and text.isprintable()
