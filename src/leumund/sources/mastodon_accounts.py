"""Accounts as a server of Mastodon's kind shows them: who they are, and what of it is believed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from leumund.events import Account
from leumund.ids import BadNameError, account_uri
from leumund.locale import _
from leumund.sources.html_text import plain_text
from leumund.sources.json_records import RecordError, clean, tidy, utc_time
from leumund.sources.mastodon_shapes import Named, Person, Text

_MOST_COUNT = 2**31 - 1
_LONGEST_NAME = 1_000
_LONGEST_BIO = 50_000  # with its HTML; each version of it is kept


@dataclass(slots=True)
class Server:
    """What must be known besides a record. host: what stands after @ for those at home; origin: the API's address.

    owner, owner_id: the connected account. own_post: how the address of one of her posts is made from its id, ""
    where that cannot be told. at: when the record was fetched. shown: accounts already given with this page.
    """

    host: str
    origin: str
    owner: str
    owner_id: str
    own_post: str
    at: datetime
    shown: set[str] = field(default_factory=set)

    def account(self, person: Person | Named) -> str:
        """The canonical name of an account.

        Raises:
            RecordError: it has none.
        """
        acct = clean(person.acct or person.username or "").strip().lstrip("@")
        if acct and "@" not in acct:
            acct = f"{acct}@{self.host}"
        for written in (acct, person.url, getattr(person, "uri", None)):
            if isinstance(written, str) and written:
                try:
                    return account_uri(written, "mastodon")
                except BadNameError:
                    continue
        raise RecordError(_("an account without a name"))

    def sighting(self, person: Person, *, own: bool = False) -> Iterator[Account]:
        """What is seen of an account, once a page."""
        account = self.account(person)
        if account in self.shown:
            return
        self.shown.add(account)
        note = person.note or ""
        yield Account(
            account=account,
            seen_at=self.at,
            network="mastodon",
            handle="@" + account.removeprefix("acct:") if account.startswith("acct:") else None,
            name=tidy((person.display_name or "")[:_LONGEST_NAME]),
            bio=tidy(plain_text(clean(note[:_LONGEST_BIO]))) if note else None,
            url=address(person.url),
            aliases=self._other_names(person, account),
            created_at=_time_or_none(person.created_at),
            followers=count(person.followers_count),
            following=count(person.following_count),
            posts=count(person.statuses_count),
            automated=_flag(person.bot),
            locked=_flag(person.locked),
            discoverable=_flag(person.discoverable),
            indexable=_flag(person.indexable),
            limited=_flag(person.limited) or _flag(person.suspended) or (True if person.moved else None),
            featurable=_featurable(person.feature_approval),
            own=own,
        )

    def _other_names(self, person: Person, account: str) -> tuple[str, ...]:
        """The same account by its addresses. Its number (`uri`) its server has looked up; what people open (`url`) it says
        of itself, which counts in its own house only. Nobody is the owner but she, or goes by another's name.
        """
        house = house_of(person.uri) or account.rpartition("@")[2]
        written = [person.uri, person.url if house_of(person.url) == house else None]
        found: dict[str, None] = {}
        for address in written:
            if isinstance(address, str) and address.startswith("https://"):
                try:
                    same = account_uri(address, "mastodon")
                except BadNameError:
                    continue
                if same not in {account, self.owner} and _called(same) in {"", _called(account)}:
                    found[same] = None
        return tuple(found)


def house_of(address: object) -> str:
    """The server an address lies on, "" where that cannot be told."""
    if not isinstance(address, str):
        return ""
    if address.startswith("tag:"):
        return address[len("tag:") :].partition(",")[0].lower()
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""


def _called(account: str) -> str:
    """What stands before the @; "" where an account is known by an address alone."""
    return account.removeprefix("acct:").partition("@")[0] if account.startswith("acct:") else ""


def _time_or_none(text: Text) -> datetime | None:
    try:
        return utc_time(text) if text else None
    except RecordError:
        return None


def count(value: object) -> int | None:
    """A count; -1 and other nonsense mean that the server does not tell."""
    return value if type(value) is int and 0 <= value <= _MOST_COUNT else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _featurable(value: object) -> bool | None:
    """Whether the account lets others put it into their collections (4.6)."""
    if not isinstance(value, dict):
        return None
    mine = value.get("current_user")
    if isinstance(mine, str) and mine in {"automatic", "denied"}:
        return mine == "automatic"
    automatic = value.get("automatic")
    return "public" in automatic if isinstance(automatic, list) else None


def address(value: object) -> str | None:
    """An address that may name a post or an account; None where it cannot."""
    if (
        isinstance(value, str)
        and value.startswith(("https://", "http://", "tag:"))
        and not any(c.isspace() for c in value)
    ):
        return clean(value)[:2048]
    return None
