"""A connected account on X: its posts, who names it, whom it follows and who follows it, by a developer app of one's own.

X takes money for each thing it returns, so everything is asked for once: posts and mentions from the newest known on
(`since_id`), the posts of the last two weeks once a week again for their counts, lists of people at most once a week.
Places in a history are kept as `until_id`: a place of X's own (`next_token`) may not last until next month.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qsl, urlencode, urlsplit

from leumund.budget import Budget, dollars
from leumund.errors import SourceError, TooDearError
from leumund.locale import N_, _
from leumund.sources import Cursor, Page
from leumund.sources import x_api_costs as costs
from leumund.sources.json_records import RecordError, decode, utc_time
from leumund.sources.living import Access, Living, Stream
from leumund.sources.walking import Listing, walk
from leumund.sources.x_api_account import USER_FIELDS, connect, noted, number_in, person_in, purse
from leumund.sources.x_api_keys import keys_of, use
from leumund.sources.x_api_pages import joined, parse
from leumund.sources.x_api_shapes import Answered, Person, Tweet, items
from leumund.sources.x_records import is_number

_POST = (
    "author_id,conversation_id,created_at,edit_history_tweet_ids,entities,id,in_reply_to_user_id,lang,note_tweet,"
    "public_metrics,referenced_tweets,text"
)
_FIRST_TIME = datetime(2010, 11, 6, 0, 0, 1, tzinfo=UTC)  # X takes no earlier start_time
_PAGE, _LEAST, _PEOPLE_PAGE = 100, 5, 1_000
_NEW = 25  # at once of what is new: an answer that is lost counts as paid for

_Position = Mapping[str, str | int | float | None]


def prepare(access: Access) -> None:
    """Ask with the owner's keys."""
    secret = access.secret()
    if not secret:
        raise SourceError(
            _("The key for {account} is gone.").format(account=access.connection.account),
            hint=_("Connect again with: leumund connect x {handle}").format(
                handle=access.connection.settings["handle"]
            ),
        )
    use(access.client, keys_of(secret))


def fetch_posts(access: Access, cursor: Cursor) -> Iterator[Page]:
    """The account's posts and reshares, the newest first; once a week those of the last two weeks again."""
    known = dict(cursor or {})
    top, top_at, again_at = (_text(known.get(n)) for n in ("top", "top_at", "again_at"))
    look = bool(top) and (again_at is None or access.at - datetime.fromisoformat(again_at) >= costs.A_WEEK)
    fresh = {"since_id": top} if top else {}
    if look and top_at:
        start = max(_FIRST_TIME, min(datetime.fromisoformat(top_at), access.at - costs.LOOK_AGAIN))
        fresh = {"start_time": f"{start:%Y-%m-%dT%H:%M:%SZ}"}
    extra = {"again_at": access.at.isoformat() if look or not top else again_at}
    asking = _till(access)
    each = asking.prices.post
    ask = _timeline(access, asking, "tweets", fresh, each, besides=asking.prices.person)
    again = costs.LOOK_AGAIN if look and top_at else timedelta(0)
    yield from walk(cursor, ask, _making(access, "posts", extra), at=access.at, again=again)


def fetch_mentions(access: Access, cursor: Cursor) -> Iterator[Page]:
    """Posts that name the account, with who wrote them, the newest first."""
    top = _text((cursor or {}).get("top"))
    ask = _timeline(access, _till(access), "mentions", {"since_id": top} if top else {}, None)
    yield from walk(cursor, ask, _making(access, "mentions", {}), at=access.at)


def fetch_account(access: Access, _cursor: Cursor) -> Iterator[Page]:
    """How X shows the account now, where its posts did not tell already."""
    if "seen" not in access.memory:
        yield _page(access, "account", _looked_up(access), {})


def _fetch_people(what: str, title: str) -> Callable[[Access, Cursor], Iterator[Page]]:
    def fetch(access: Access, cursor: Cursor) -> Iterator[Page]:
        known = dict(cursor or {})
        seen = _text(known.get("seen"))
        recent = seen is not None and access.at - datetime.fromisoformat(seen) < costs.A_DAY
        number = number_in(access.memory, what)
        if number is None and recent:
            number = number_in(known, "count")
        if number is None:
            rough = number_in(known, "count")
            _check_fits(
                access, title, number_in(access.connection.settings, what) if rough is None else rough
            )
            data = _looked_up(access)
            number = number_in(access.memory, what)
            yield _page(access, "account", data, {"count": number, "seen": access.at.isoformat()})
        _check_fits(access, title, number)
        extra = {"count": number, "seen": access.at.isoformat()}
        yield from walk(
            None, _people(access, what, number), _making(access, what, extra), at=access.at, counted=number
        )

    return fetch


def _check_fits(access: Access, title: str, number: int | None) -> None:
    """A list of people is read where it takes no more than half of what is left.

    Raises:
        TooDearError: it would take more.
    """
    asking = _till(access)
    cost, left = asking.prices.person * (number or 0), asking.budget.left()
    if cost > left * costs.PART_FOR_PEOPLE:
        raise TooDearError(_(title), dollars(cost), dollars(left))


# -- asking


def _till(access: Access) -> costs.Asking:
    settings = access.connection.settings
    budget = Budget(purse(settings["handle"]), Decimal(settings["budget"]), access.client.clock)
    return costs.Asking(access.client, budget, costs.OWNED if settings.get("owned") else costs.NOT_OWNED)


def _timeline(
    access: Access,
    asking: costs.Asking,
    what: str,
    fresh: Mapping[str, str],
    each: Decimal | None,
    *,
    besides: Decimal = Decimal(0),
) -> Callable[[str | None], Listing]:
    """How posts are asked for: the place is the query of the next page. each: None where authors come along."""
    url = f"{access.connection.server}/2/users/{access.connection.settings['id']}/{what}"
    one = each if each is not None else asking.prices.post + asking.prices.person

    def ask(place: str | None) -> Listing:
        where: dict[str, str] = dict(fresh) if place is None else dict(parse_qsl(place))
        most = _NEW if "since_id" in where else _PAGE
        size = asking.affordable(one, besides=besides, least=_LEAST, most=most)
        params: costs.Params = {
            "max_results": size,
            "tweet.fields": _POST,
            "expansions": "author_id",
            "user.fields": USER_FIELDS,
            **where,
        }
        along = 1 if each is not None else size
        found = asking.ask(url, params, most=size, each=asking.prices.post, along=along)
        posts = sorted(_briefly(found), reverse=True)
        token = found.next_token()
        onwards = None
        if token:
            stays = {k: v for k, v in where.items() if k in {"since_id", "start_time"}}
            here = {"until_id": str(posts[-1][0])} if posts else {"pagination_token": token}
            onwards = urlencode({**stays, **here})
        return Listing(
            data=_records(access, found),
            ids=tuple(str(number) for number, _at in posts),
            times=tuple(at for _number, at in posts),
            next=onwards,
        )

    return ask


def _people(access: Access, what: str, number: int | None) -> Callable[[str | None], Listing]:
    url = f"{access.connection.server}/2/users/{access.connection.settings['id']}/{what}"
    asking = _till(access)
    likely = _PEOPLE_PAGE if number is None else min(_PEOPLE_PAGE, number + 10)

    def ask(place: str | None) -> Listing:
        size = asking.affordable(asking.prices.person, least=1, most=likely)
        params: costs.Params = {"max_results": size, "user.fields": USER_FIELDS, "pagination_token": place}
        found = asking.ask(url, params, most=size, each=asking.prices.person)
        people = items(found.data)
        ids = tuple(bytes(raw)[:200].decode("utf-8", "replace") for raw in people)
        data = joined([*(("user", raw) for raw in people), *(("error", raw) for raw in items(found.errors))])
        return Listing(data=data, ids=ids, times=(), next=found.next_token())

    return ask


def _looked_up(access: Access) -> bytes:
    """The account itself, asked for and remembered."""
    url = f"{access.connection.server}/2/users/{access.connection.settings['id']}"
    found = _till(access).ask(url, {"user.fields": USER_FIELDS})
    _remember(access, person_in(found))
    return joined([("user", raw) for raw in items(found.data)])


def _briefly(found: Answered) -> Iterator[tuple[int, datetime]]:
    for raw in items(found.data):
        with contextlib.suppress(RecordError):
            tweet = decode(raw, Tweet)
            if is_number(str(tweet.id)):
                yield int(tweet.id), utc_time(tweet.created_at)


def _records(access: Access, found: Answered) -> bytes:
    """The records of an answer: who came along first, so that names are known when the posts are read."""
    people = found.people()
    for raw in people:
        with contextlib.suppress(RecordError):
            person = decode(raw, Person)
            if str(person.id) == access.connection.settings["id"]:
                _remember(access, person)
    return joined(
        [
            *(("user", raw) for raw in people),
            *(("tweet", raw) for raw in items(found.data)),
            *(("error", raw) for raw in items(found.errors)),
        ]
    )


def _remember(access: Access, person: Person) -> None:
    access.memory.update({"seen": "1", **noted(person)})


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _making(access: Access, kind: str, extra: _Position) -> Callable[[bytes, _Position], Page]:
    return lambda data, position: _page(access, kind, data, {**position, **extra})


def _page(access: Access, kind: str, data: bytes, position: _Position) -> Page:
    settings = access.connection.settings
    context = {
        "owner": access.connection.account,
        "id": settings["id"],
        "locked": access.memory.get("locked", settings.get("locked", "")),
        "at": access.at.isoformat(),
    }
    where = f"{urlsplit(access.connection.server).netloc} {kind}"
    return Page(kind=kind, where=where, data=data, context=context, position=dict(position))


LIVING = Living(
    name="x",
    title=N_("X (Twitter)"),
    where="HANDLE",
    asks=N_("Your handle"),
    example="@anna",
    steps=(
        N_("Leumund reads X with a developer app of your own, made at console.x.com."),
        N_("Give the app the right “Read” and no other; buy a little credit, and set a spending limit there too."),
        N_("Under “Keys and tokens” make the four keys below. The Bearer token alone, in the first field, will do as well, but costs five to ten times as much."),
        N_("Looking at your account costs one US cent. Then you are shown what reading will cost, and asked, before anything more is read."),
    ),
    keys=(N_("API key (consumer key)"), N_("API key secret"), N_("Access token"), N_("Access token secret")),
    needs=N_("your account on X, a developer app of your own, and some money for each reading"),
    key=N_("at console.x.com under Keys and tokens of your app"),
    connect=connect,
    prepare=prepare,
    streams=(
        Stream(name="posts", title=N_("your posts"), fetch=fetch_posts),
        Stream(name="mentions", title=N_("posts that name you"), fetch=fetch_mentions),
        Stream(name="account", title=N_("the account itself"), fetch=fetch_account, every=costs.A_DAY, costs=True),
        Stream(name="following", title=N_("whom you follow"), fetch=_fetch_people("following", N_("whom you follow")),
               every=costs.A_WEEK, costs=True, lists="following"),
        Stream(name="followers", title=N_("your followers"), fetch=_fetch_people("followers", N_("your followers")),
               every=costs.A_WEEK, costs=True, lists="followers"),
    ),
    parse=parse,
    tells=(
        N_("Your posts and reshares with their counts and views: the newest 3,200, then all that come."),
        N_("Who answers, names or quotes you by name: the newest 800, then all that come."),
        N_("Who follows you and whom you follow, once a week at most, where the budget allows it."),
    ),
    cannot_tell=(
        N_("Who liked or reshared your posts: X tells only how many, and takes five to ten times as much for names."),
        N_("Quotes of your posts that do not name you, and what you like."),
        N_("Counts of posts older than two weeks as they are now: to read them again would cost again."),
        N_("Which posts you deleted: the archive from X tells those of the last weeks."),
        N_("Since when somebody follows you, and when exactly she left. Your followers are read last, once a week at most, and only where that takes no more than half of what is left of the month's budget."),
        N_("Whether X changed its prices: the budget is kept at those of August 2026. Set a spending limit in its console too."),
    ),
    reference="https://docs.x.com/x-api/getting-started/pricing",
    options=("budget", "server", "token"),
)  # fmt: skip
