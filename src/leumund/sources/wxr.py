"""The records of a WordPress export (WXR), one after the other: a large file is never in memory as a whole.

    <rss><channel><title/><link/><wp:base_blog_url/> ...
      <item><title/><link/><pubDate/><content:encoded/><wp:post_id/><wp:post_date_gmt/><wp:status/><wp:post_type/>
            <wp:comment><wp:comment_id/><wp:comment_author/><wp:comment_author_url/><wp:comment_date_gmt/>
                        <wp:comment_content/><wp:comment_approved/><wp:comment_type/><wp:comment_parent/></wp:comment>
      </item>

Only what is named in `_CHANNEL`, `_ITEM` and `_COMMENT` goes on: no e-mail address, no IP, no password. A document
that declares its own type or entities is refused: no export does, bombs do.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

CHUNK = 1 << 16
LONGEST_TEXT = 1 << 20  # characters of one field; a post beyond is not a person's
MOST_COMMENTS = 20_000  # of one post
_LONGEST_TOKEN = (
    4 << 20
)  # bytes of one tag or comment: the parser holds it whole and looks at it again and again
_CONTROLS = bytes(set(range(32)) - {9, 10, 13})
_WP = re.compile(r"https?://wordpress\.org/export/[\d.]+/\Z")
_CONTENT, _DC = "http://purl.org/rss/1.0/modules/content/", "http://purl.org/dc/elements/1.1/"
_CHANNEL = {"title", "link", "description", "language", "pubDate", "wp:base_blog_url", "wp:base_site_url"}
_ITEM = {
    "title", "link", "pubDate", "content:encoded", "wp:post_id", "wp:post_date_gmt", "wp:post_date", "wp:status",
    "wp:post_type", "wp:post_password",
}  # fmt: skip
_COMMENT = {
    "wp:comment_id", "wp:comment_author", "wp:comment_author_url", "wp:comment_date_gmt", "wp:comment_date",
    "wp:comment_content", "wp:comment_approved", "wp:comment_type", "wp:comment_parent", "wp:comment_user_id",
}  # fmt: skip
_AUTHOR = ["wp:author", "wp:author_id"]

Fields = dict[str, str]


class RefusedError(ValueError):
    """The document declares entities or a type of its own."""


@dataclass(slots=True)
class Channel:
    """What stands before the items. authors: the numbers of the site's own people."""

    fields: Fields = field(default_factory=dict)
    authors: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Item:
    """A post, page or other thing, with its comments. locked: a password is asked for."""

    fields: Fields = field(default_factory=dict)
    comments: list[Fields] = field(default_factory=list)
    locked: bool = False
    left_out: int = 0


class _Reader:
    """Gathers fields; holds one item at a time."""

    def __init__(self) -> None:
        self.done: list[Channel | Item] = []
        self._channel: Channel | None = None
        self._item: Item | None = None
        self._comment: Fields | None = None
        self._path: list[str] = []
        self._field = ""
        self._text: list[str] = []
        self._size = 0
        parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        self.parser = parser

    def _refuse(self, *_about: object) -> None:
        raise RefusedError

    def _start(self, name: str, _attributes: Fields) -> None:
        short = _short(name)
        depth = len(self._path)
        if depth < 64:
            self._path.append(short)
        else:
            raise RefusedError
        if self._field:  # markup where text is meant: what stands in it is text of the field
            return
        if short == "channel" and depth == 1:
            self._channel = Channel()
        elif short == "item" and depth == 2:
            self._tell_channel()
            self._item = Item()
        elif self._item and short == "wp:comment" and depth == 3:
            self._comment = {}
        elif self._wanted(short, depth):
            self._field, self._text, self._size = short, [], 0

    def _wanted(self, short: str, depth: int) -> bool:
        if self._comment is not None:
            return depth == 4 and short in _COMMENT
        if self._item is not None:
            return depth == 3 and short in _ITEM
        if self._channel is None:
            return False
        return (depth == 2 and short in _CHANNEL) or (depth == 3 and self._path[2:] == _AUTHOR)

    def _data(self, text: str) -> None:
        if self._field and self._size < LONGEST_TEXT:
            self._text.append(text[: LONGEST_TEXT - self._size])
            self._size += len(text)

    def _end(self, _name: str) -> None:
        short, depth = self._path.pop(), len(self._path)
        if self._field:
            if short == self._field and depth in (2, 3, 4):
                self._keep("".join(self._text))
            return
        if self._comment is not None and short == "wp:comment" and depth == 3 and self._item:
            if len(self._item.comments) < MOST_COMMENTS:
                self._item.comments.append(self._comment)
            else:
                self._item.left_out += 1
            self._comment = None
        elif self._item is not None and short == "item" and depth == 2:
            self.done.append(self._item)
            self._item = None
        elif short == "channel":
            self._tell_channel()

    def _keep(self, text: str) -> None:
        name, self._field, self._text = self._field, "", []
        if name == "wp:post_password":
            assert self._item is not None  # a field is gathered within what it belongs to
            self._item.locked = bool(text.strip())
            return
        if name == "wp:author_id":
            assert self._channel is not None  # as above
            self._channel.authors.append(text.strip())
            return
        held = self._comment
        if held is None:
            holder = self._item or self._channel
            assert holder is not None  # as above
            held = holder.fields
        held.setdefault(name, text)

    def _tell_channel(self) -> None:
        if self._channel is not None:
            self.done.append(self._channel)
            self._channel = None


def _short(name: str) -> str:
    """The name with the prefix everybody uses, whatever prefix the file uses."""
    space, _gap, local = name.rpartition(" ")
    if not space:
        return local
    if _WP.match(space):
        return f"wp:{local}"
    return {_CONTENT: "content:", _DC: "dc:"}.get(space, "?:") + local


@dataclass(slots=True)
class Reading:
    """How the reading went: bytes read, and whether it ended before the end."""

    done: int = 0
    broken: bool = False


def records(stream: BinaryIO, reading: Reading) -> Iterator[Channel | Item]:
    """The channel, then every item; up to the place where the file breaks, which `reading` then tells.

    Raises:
        RefusedError: it declares entities.
    """
    reader = _Reader()
    decode = codecs.getincrementaldecoder("utf-8")("leumund-western")
    first, fed = True, 0
    while True:
        chunk = stream.read(CHUNK)
        reading.done += len(chunk)
        try:
            text = decode.decode(chunk, not chunk)
            if first:
                text, first = text.lstrip("\ufeff \t\r\n"), False
            data = text.encode("utf-8", "replace").translate(None, _CONTROLS)
            fed += len(data)
            reader.parser.Parse(data, not chunk)
            if fed - reader.parser.CurrentByteIndex > _LONGEST_TOKEN:
                reading.broken = True
        except expat.ExpatError:
            yield from reader.done
            reading.broken = True
            return
        yield from reader.done
        reader.done.clear()
        if not chunk or reading.broken:
            return
