"""Connecting an account on X: whose it is, what reading it will cost, and the owner's word for spending that."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import Any

from leumund.budget import Budget, amount_of, dollars
from leumund.errors import SourceError, TokenRefusedError, UsageError
from leumund.http import Client
from leumund.ids import BadNameError, account_uri
from leumund.locale import _
from leumund.sources import x_api_costs as costs
from leumund.sources.json_records import RecordError, decode, tidy, utc_time
from leumund.sources.living import Asked, Connected, Connection
from leumund.sources.server_address import origin_of
from leumund.sources.x_api_keys import Keys, as_secret, ask_for, keys_of, use
from leumund.sources.x_api_pages import owner_of, why_not
from leumund.sources.x_api_records import Reader, count
from leumund.sources.x_api_shapes import Answered, Person, items
from leumund.sources.x_records import is_number

API = "https://api.x.com"
USER_FIELDS = "created_at,description,entities,id,location,name,protected,public_metrics,url,username"


def connect(asked: Asked) -> Connected:
    """Connect the owner's account: keys, a look at the account, what reading will cost, and her word for it.

    Raises:
        UsageError: no handle, no amount, no key. SourceError: X says no, or she does.
    """
    account = _account(asked.where)
    handle = account.removeprefix("https://x.com/")
    origin = origin_of(asked.options.get("server") or API)
    monthly = amount_of(
        asked.options.get("budget") or asked.prompt(_("What may reading cost a month at most, in US dollars"), False)
    )  # fmt: skip
    client = asked.client(origin)
    budget = Budget(purse(handle), monthly, client.clock)
    keys = None if asked.options.get("token") else _kept(asked, account, origin)
    try:
        person = _look(asked, client, budget, keys, origin, handle) if keys else None
    except TokenRefusedError:
        asked.tell(_("X no longer accepts the keys you gave before."))
        person = None
    if keys is None or person is None:
        keys = ask_for(asked, handle)
        person = _look(asked, client, budget, keys, origin, handle)
    prices = costs.OWNED if keys.owned else costs.NOT_OWNED
    if (person.username or "").lower() != handle:
        raise SourceError(_("These keys belong to @{other}, not to @{handle}. Nothing was changed.").format(
            other=tidy(person.username) or "?", handle=handle))  # fmt: skip
    settings = {"id": str(person.id), "handle": handle, "budget": str(monthly), "owned": "1" if keys.owned else "",
                **noted(person)}  # fmt: skip
    _agree(asked, person, budget, prices)
    owner = owner_of(account, str(person.id), asked.at, locked=person.protected is True)
    return Connected(
        connection=Connection(id="", source="x", server=origin, account=account, settings=settings),
        secret=as_secret(keys),
        events=tuple(Reader(owner, [person]).person(person)),
    )


def _kept(asked: Asked, account: str, origin: str) -> Keys | None:
    """The keys of the connection there is already, so that a budget can be changed without giving them again."""
    before = asked.before("x", account)
    if before is None or before[1] is None or before[0].server != origin:
        return None
    asked.tell(_("The keys you gave before are used again. To give others: leumund connect x HANDLE --token"))
    return keys_of(before[1])


def _look(asked: Asked, client: Client, budget: Budget, keys: Keys, origin: str, handle: str) -> Person:
    """The account as X shows it now, paid for."""
    use(client, keys)
    asked.tell(_("Looking at your account; X takes {cost} for that.").format(cost=dollars(costs.ACCOUNT)))
    asking = costs.Asking(client, budget, costs.OWNED if keys.owned else costs.NOT_OWNED)
    path = "me" if keys.owned else f"by/username/{handle}"
    return person_in(asking.ask(f"{origin}/2/users/{path}", {"user.fields": USER_FIELDS}))


def _agree(asked: Asked, person: Person, budget: Budget, prices: costs.Prices) -> None:
    """Show what it will cost; ask where the budget does not cover it."""
    known, left, told = noted(person), budget.left(), person.public_metrics
    created = None
    with contextlib.suppress(RecordError):
        created = utc_time(person.created_at) if person.created_at else None
    posts = (told.tweet_count if told.tweet_count is not None else told.post_count) if told else None
    counts = costs.Counts(count(posts), number_in(known, "following"), number_in(known, "followers"), created)
    found = costs.estimate(counts, prices, left, asked.at)
    for line in costs.said(found, prices, budget.monthly, left):
        asked.tell(line)
    if found.first <= left:
        return
    question = _(
        "The budget does not cover all of it: the newest is read first, the rest in later months. Go on?"
    )
    if not (asked.agree or _by_line(asked))(question):
        raise SourceError(_("Not connected. Only the look at your account was paid for: {cost}.").format(
            cost=dollars(costs.ACCOUNT)))  # fmt: skip


def _by_line(asked: Asked) -> Callable[[str], bool]:
    return lambda question: (
        asked.prompt(f"{question} {_('(yes/no)')}", False).strip().lower() in {"y", "yes", "j", "ja"}
    )


def person_in(found: Answered) -> Person:
    """The account in an answer.

    Raises:
        SourceError: there is none; in X's words why.
    """
    for raw in items(found.data):
        with contextlib.suppress(RecordError):
            person = decode(raw, Person)
            if is_number(str(person.id)):
                return person
    told = next((why_not(raw) for raw in items(found.errors)), "")
    raise SourceError(_("X does not show this account.") + (f" “{told}”" if told else ""))


def noted(person: Person) -> dict[str, str]:
    """What of an account is needed later, as texts."""
    told = person.public_metrics
    following, followers = (
        (count(told.following_count), count(told.followers_count)) if told else (None, None)
    )
    return {
        "following": "" if following is None else str(following),
        "followers": "" if followers is None else str(followers),
        "locked": "yes" if person.protected is True else "",
    }


def number_in(known: Mapping[str, Any], name: str) -> int | None:
    """A count that was kept as a text; None where there is none."""
    text = str(known.get(name) if known.get(name) is not None else "")
    return int(text) if is_number(text) else None


def purse(handle: str) -> str:
    """Under which name what was spent for the account is written down."""
    return f"x {handle}"


def _account(written: str) -> str:
    with contextlib.suppress(BadNameError):
        account = account_uri(written.strip(), "x")
        if not account.startswith("https://x.com/i/"):
            return account
    raise UsageError(_("“{text}” is no handle.").format(text=written[:80]),
                     hint=_("Write it like this: leumund connect x anna --budget 5"))  # fmt: skip
