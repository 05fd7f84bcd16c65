"""The shapes of what the API of X (v2) gives: posts, accounts, and the answers that hold them.

Shapes: docs.x.com/x-api/fundamentals/data-dictionary. X is renaming "tweet" to "post" in its fields; both are read.

    post     {"id", "text", "created_at", "author_id", "lang", "in_reply_to_user_id", "edit_history_tweet_ids",
              "referenced_tweets": [{"type": retweeted|quoted|replied_to, "id"}], "public_metrics": {"like_count" ...},
              "entities": {"urls": [{"url", "expanded_url", "media_key"}], "mentions": [{"username", "id"}]},
              "note_tweet": {"text", "entities"}}        the whole text of a long post
    account  {"id", "username", "name", "description", "url", "location", "protected", "created_at",
              "public_metrics": {"followers_count" ...}, "entities": {"url", "description"}}
    answer   {"data": one or a list, "includes": {"users": []}, "errors": [], "meta": {"next_token"}}

Counts are Any: what is no number there means that X does not tell, and spoils nothing else.
"""

from __future__ import annotations

import contextlib
from typing import Any

import msgspec

from leumund.errors import StrangeAnswerError
from leumund.locale import _
from leumund.sources.json_records import RecordError, split_records

Number = str | int


class Link(msgspec.Struct):
    """A link that X cut short; with a media_key it leads to the post's own picture."""

    url: str | None = None
    expanded_url: str | None = None
    media_key: str | None = None


class Named(msgspec.Struct):
    """An account named in a post."""

    username: str | None = None
    id: Number | None = None


class Entities(msgspec.Struct):
    """What stands in a text."""

    urls: list[Link] | None = None
    mentions: list[Named] | None = None


class Note(msgspec.Struct):
    """The whole text of a long post."""

    text: str | None = None
    entities: Entities | None = None


class Referenced(msgspec.Struct):
    """Another post, and what this one is to it."""

    type: str = ""
    id: Number = ""


class Metrics(msgspec.Struct):
    """Counts of a post."""

    like_count: Any = None
    retweet_count: Any = None
    repost_count: Any = None
    reply_count: Any = None
    impression_count: Any = None


class Tweet(msgspec.Struct):
    """A post as the API shows it."""

    id: Number
    text: str
    created_at: str
    author_id: Number | None = None
    lang: str | None = None
    in_reply_to_user_id: Number | None = None
    entities: Entities | None = None
    note_tweet: Note | None = None
    note_post: Note | None = None
    referenced_tweets: list[Referenced] | None = None
    referenced_posts: list[Referenced] | None = None
    public_metrics: Metrics | None = None
    edit_history_tweet_ids: list[Number] | None = None
    edit_history_post_ids: list[Number] | None = None


class Counts(msgspec.Struct):
    """Counts of an account."""

    followers_count: Any = None
    following_count: Any = None
    tweet_count: Any = None
    post_count: Any = None


class PersonEntities(msgspec.Struct):
    """The links in a profile."""

    url: Entities | None = None
    description: Entities | None = None


class Person(msgspec.Struct):
    """An account as the API shows it."""

    id: Number
    username: str | None = None
    name: str | None = None
    description: str | None = None
    url: str | None = None
    location: str | None = None
    protected: Any = None
    created_at: str | None = None
    public_metrics: Counts | None = None
    entities: PersonEntities | None = None


class Missing(msgspec.Struct):
    """What X says of something it does not show."""

    type: Any = None
    title: Any = None
    detail: Any = None


class Answered(msgspec.Struct):
    """An answer, its parts not looked into yet."""

    data: msgspec.Raw = msgspec.Raw()
    includes: msgspec.Raw = msgspec.Raw()
    errors: msgspec.Raw = msgspec.Raw()
    meta: msgspec.Raw = msgspec.Raw()

    def people(self) -> list[msgspec.Raw]:
        """The accounts that came along."""
        return items(_parts(self.includes).get("users", msgspec.Raw()))

    def resources(self) -> tuple[int, int]:
        """How many things were asked for and came, and how many came along."""
        return len(items(self.data)), sum(len(items(part)) for part in _parts(self.includes).values())

    def next_token(self) -> str | None:
        """Where the next page begins; None at the end."""
        try:
            token = msgspec.json.decode(_parts(self.meta).get("next_token", b"null"))
        except (ValueError, RecursionError):
            return None
        return token if isinstance(token, str) and token else None


def answered(body: bytes, url: str) -> Answered:
    """An answer taken apart. One odd sign somewhere in it does not spoil the rest.

    Raises:
        StrangeAnswerError: it is no JSON, cut off, or not what it should be.
    """
    with contextlib.suppress(ValueError, RecursionError):
        return msgspec.json.decode(body, type=Answered)
    with contextlib.suppress(ValueError, RecursionError):
        return msgspec.json.decode(_mended(body), type=Answered)
    raise StrangeAnswerError(url, _("this is no JSON"))


def items(part: bytes | msgspec.Raw) -> list[msgspec.Raw]:
    """The records in a part: those of a list, or the one that stands there alone."""
    if bytes(part).strip() in {b"", b"null"}:
        return []
    try:
        return msgspec.json.decode(part, type=list[msgspec.Raw])
    except (ValueError, RecursionError):
        return [msgspec.Raw(bytes(part))]


def _parts(part: bytes | msgspec.Raw) -> dict[str, msgspec.Raw]:
    try:
        return msgspec.json.decode(bytes(part) or b"{}", type=dict[str, msgspec.Raw])
    except (ValueError, RecursionError):
        return {}


def _mended(body: bytes) -> bytes:
    records, whole = split_records(b"[" + body + b"]")
    if not whole or len(records) != 1:
        raise RecordError
    return bytes(records[0])
