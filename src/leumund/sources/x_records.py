"""Records of an X archive: their shapes, and X's way of writing times, numbers and names.

A record of `tweets.js` (numbers are texts, the text is HTML-escaped, links are cut to t.co):

    {"tweet": {"id_str", "created_at": "Wed Oct 10 20:19:24 +0000 2018", "full_text", "lang",
     "in_reply_to_status_id_str", "in_reply_to_user_id_str", "in_reply_to_screen_name",
     "favorite_count", "retweet_count", "entities": {"user_mentions": [{"screen_name", "id_str", "name"}],
     "urls": [{"url", "expanded_url"}], "media": [{"url", "source_status_id_str", "source_user_id_str"}]},
     "edit_info": {"initial" or "edit.editControlInitial": {"editTweetIds"}}}}

The wrapper `tweet` is missing in some archives of 2019. A reshare is known by "RT @anna: " alone.
Of `note-tweet.js` (long texts): {"noteTweet": {"noteTweetId", "createdAt", "core": {"text", "urls":
[{"shortUrl", "expandedUrl"}], "mentions": [{"screenName"}]}}}; its id is not the post's, mostly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import msgspec

from leumund.ids import BadNameError, account_uri
from leumund.locale import _
from leumund.sources.json_records import RecordError, decode, utc_time

_MONTHS = {
    m: i
    for i, m in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), start=1
    )
}
_TIME = re.compile(r"\w{3} (\w{3}) (\d\d?) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d) (\d{4})\Z")
RESHARE = re.compile(r"RT @(\w{1,20}):(?:\s|\Z)")
_ESCAPES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'"}
_ESCAPE = re.compile("|".join(_ESCAPES))
_RENAMED = {"in": "id", "iw": "he", "ji": "yi"}  # codes withdrawn in 1989, which X still writes

Number = str | int


class Mention(msgspec.Struct):
    """An account named in a post."""

    screen_name: str | None = None
    id_str: str | None = None
    id: Number | None = None
    name: str | None = None


class Link(msgspec.Struct):
    """A link that X cut short."""

    url: str | None = None
    expanded_url: str | None = None


class Media(msgspec.Struct):
    """A picture or film; source_*: the post it was first in."""

    url: str | None = None
    source_status_id_str: str | None = None
    source_user_id_str: str | None = None


class Entities(msgspec.Struct):
    """What stands in a text."""

    user_mentions: list[Mention] | None = None
    urls: list[Link] | None = None
    media: list[Media] | None = None


class Edits(msgspec.Struct):
    """All versions of a post, the first one first."""

    ids: list[str] = msgspec.field(name="editTweetIds", default_factory=list)


class Edit(msgspec.Struct):
    """A later version's note of the first."""

    control: Edits | None = msgspec.field(name="editControlInitial", default=None)


class EditInfo(msgspec.Struct):
    """Which versions a post has."""

    initial: Edits | None = None
    edit: Edit | None = None


class Tweet(msgspec.Struct):
    """A post as the archive has it."""

    created_at: str
    id_str: str | None = None
    id: Number | None = None
    full_text: str | None = None
    text: str | None = None
    lang: str | None = None
    in_reply_to_status_id_str: str | None = None
    in_reply_to_user_id_str: str | None = None
    in_reply_to_screen_name: str | None = None
    favorite_count: Number | None = None
    retweet_count: Number | None = None
    entities: Entities | None = None
    extended_entities: Entities | None = None
    edit_info: EditInfo | None = None
    scopes: dict[str, bool] | None = None


class Wrapped(msgspec.Struct):
    """The wrapper of a post; without it the record is the post."""

    tweet: msgspec.Raw = msgspec.Raw()


class NoteLink(msgspec.Struct, rename="camel"):
    """A link in a long text."""

    short_url: str | None = None
    expanded_url: str | None = None


class NoteMention(msgspec.Struct, rename="camel"):
    """An account named in a long text."""

    screen_name: str | None = None


class NoteCore(msgspec.Struct):
    """A long text."""

    text: str
    urls: list[NoteLink] | None = None
    mentions: list[NoteMention] | None = None


class Note(msgspec.Struct, rename="camel"):
    """A record of note-tweet.js, without its wrapper."""

    core: NoteCore
    note_tweet_id: str = ""
    created_at: str | None = None
    tweet_id: str | None = None


class WrappedNote(msgspec.Struct, rename="camel"):
    """The wrapper of a long text."""

    note_tweet: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose archive: canonical URI, number, and all URIs that mean her; whether she is protected, and made when."""

    account: str
    handle: str
    number: str
    also: frozenset[str]
    locked: bool
    made_at: datetime


def tweet_of(raw: bytes | msgspec.Raw) -> Tweet:
    """The post in a record, wrapped or not."""
    return decode(bytes(decode(raw, Wrapped).tweet) or raw, Tweet)


def tweet_id(tweet: Tweet) -> str:
    """The post's number as digits."""
    text = tweet.id_str or (str(tweet.id) if tweet.id is not None else "")
    if not is_number(text):
        raise RecordError(_("a post without a number"))
    return text


def is_reshare(tweet: Tweet) -> bool:
    """Whether the post is somebody else's, passed on."""
    return RESHARE.match(tweet.full_text or tweet.text or "") is not None


def is_number(text: str | None) -> bool:
    """Whether the text is an id of X; "-1" stands for accounts that are gone."""
    return bool(text) and str(text).isascii() and str(text).isdigit() and len(str(text)) <= 20


def x_time(text: str) -> datetime:
    """A time as X writes it, in either way.

    >>> x_time("Wed Oct 10 20:19:24 +0000 2018").isoformat()
    '2018-10-10T20:19:24+00:00'

    Raises:
        RecordError: no such time.
    """
    match = _TIME.match(text.strip())
    if not match or match[1] not in _MONTHS:
        return utc_time(text)
    day, hour, minute, second, hours, minutes, year = (int(match[i]) for i in (2, 3, 4, 5, 7, 8, 9))
    zone = timezone(timedelta(hours=hours, minutes=minutes) * (-1 if match[6] == "-" else 1))
    try:
        return datetime(year, _MONTHS[match[1]], day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise RecordError(_("“{text}” is no time").format(text=text[:60])) from None


def status_uri(number: str) -> str:
    """The address by which a post is named everywhere: https://x.com/i/status/20."""
    return f"https://x.com/i/status/{number}"


def user_uri(number: str | None) -> str | None:
    """The address of an account known by its number alone."""
    return f"https://x.com/i/user/{number}" if number and is_number(number) else None


def handle_uri(handle: str | None) -> str | None:
    """The canonical address of an account known by its handle."""
    try:
        return account_uri(handle.removeprefix("@"), "x") if handle else None
    except BadNameError:
        return None


def unescape(text: str) -> str:
    """The text with X's five escapes undone, once: what a person wrote as "&amp;" stays.

    >>> unescape("R&amp;D, &amp;amp;, &copy")
    'R&D, &amp;, &copy'
    """
    return _ESCAPE.sub(lambda match: _ESCAPES[match[0]], text)


def language(code: str | None) -> str | None:
    """The language as declared; None for X's own codes ("und", "qme": only media, "zxx": no language)."""
    short = (code or "").split("-")[0].lower()
    if (
        len(short) not in {2, 3}
        or short in {"und", "zxx", "art"}
        or (len(short) == 3 and short.startswith("q"))
    ):
        return None
    return _RENAMED.get(short, short)
