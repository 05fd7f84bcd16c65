"""Posts of the AT Protocol: their text, their languages and tags, whom they answer, quote and name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import pyarrow as pa

from leumund.events import Event, Kind, Problem, Rows
from leumund.locale import _
from leumund.sources.at_columns import addresses, column
from leumund.sources.at_shapes import POST, Record
from leumund.sources.at_uris import author_of, is_did, odd_accounts, odd_keys
from leumund.sources.at_written import Written
from leumund.sources.json_records import clean

LONGEST = 100_000
"""Characters of a text; Bluesky allows 300, other programs more."""
MOST_NAMED = 100
"""So many accounts a post can name; a longer list is nobody's to read."""

_TEXTS = ("text", "language", "reply_to", "reply_to_account", "quote_of")


def named_in(record: Record) -> list[str]:
    """The accounts a post mentions, each once, in the order of its facets (or entities, until April 2023)."""
    found = [feature.did for facet in record.facets or () for feature in facet.features if feature.did]
    if record.entities:
        found += [entity.value for entity in record.entities if entity.type == "mention"]
    return [did for did in dict.fromkeys(found) if is_did(did)]


def tags_of(record: Record) -> list[str]:
    """Its tags without #, whether they stand in the text or not."""
    marked = [feature.tag for facet in record.facets or () for feature in facet.features if feature.tag]
    return marked + (record.tags or [])


def languages_of(record: Record) -> list[str]:
    """The declared languages as primary subtags, in order.

    >>> languages_of(Record(langs=["de-AT", "EN", "und", "x!"]))
    ['de', 'en']
    """
    return [code for lang in record.langs or () if (code := _primary(lang)) is not None]


@lru_cache(maxsize=1_000)
def _primary(lang: str) -> str | None:
    code = lang[:20].replace("_", "-").partition("-")[0].lower()
    return code if 2 <= len(code) <= 3 and code.isascii() and code.isalpha() and code != "und" else None


def quoted_in(record: Record) -> tuple[str, str] | None:
    """The post it quotes, and whose that is; a feed, a list or a starter pack is no post."""
    embedded = record.embed.record if record.embed else None
    if embedded is None:
        return None
    uri = embedded.record.uri if embedded.record else embedded.uri
    author = author_of(uri) if f"/{POST}/" in uri else None
    return (uri, author) if author else None


def post_events(written: Written, where: Callable[[int], str]) -> Iterator[Event]:
    """The posts, and what they do towards others."""
    reader = _Reader(written, where)
    at, exact = written.moments()
    uris = addresses(written.dids, POST, written.keys)
    which = pa.array(reader.index, pa.int64())
    posts = {"post": uris, "account": column(written.dids), "happened_at": at, "exact": exact}
    columns = {name: values.take(which) for name, values in posts.items()} if reader.problems else posts
    columns |= {n: pa.array(v, pa.string()) for n, v in zip(_TEXTS, reader.texts, strict=True)}
    columns["mentions"] = pa.array(reader.mentions, pa.list_(pa.string()))
    columns["url"] = pa.array(reader.urls, pa.string())
    columns["network"] = _network(len(reader.index))
    yield Rows(noun="post", table=pa.table(columns), problems=tuple(reader.problems))
    if reader.done:
        numbers, *done = zip(*reader.done, strict=True)
        of = pa.array(numbers, pa.int64())
        acts = {
            n: pa.array(v, pa.string())
            for n, v in zip(("kind", "actor", "target", "post"), done, strict=True)
        }
        acts |= {"via": uris.take(of), "happened_at": at.take(of), "exact": exact.take(of)}
        yield Rows(noun="act", table=pa.table(acts | {"network": _network(len(numbers))}))


class _Reader:
    """Reads posts one by one: the texts of each, whom it names, and what it does towards others."""

    def __init__(self, written: Written, where: Callable[[int], str]) -> None:
        self.index: list[int] = []
        self.texts: tuple[list[str | None], ...] = tuple([] for _name in _TEXTS)
        self.mentions: list[Sequence[str]] = []
        self.urls: list[str] = []
        self.done: list[tuple[int, Kind, str, str, str | None]] = []
        self.problems: list[Problem] = []
        self._written, self._where = written, where
        self._unusable = dict.fromkeys(
            odd_accounts(column(written.dids)), _("the record does not say whose it is")
        )
        self._unusable |= dict.fromkeys(odd_keys(written.keys), _("this cannot be a record's key"))
        for index, record in enumerate(written.records):
            self._read(index, record)

    def _read(self, index: int, record: Record) -> None:
        text, did = record.text, self._written.dids[index]
        if text is None or len(text) > LONGEST or index in self._unusable:
            self._problem(index, self._fault(index, text))
            return
        texts, languages, parents, answers, quotes = self.texts
        self.index.append(index)
        texts.append(text if text.isascii() and "\x00" not in text else clean(text))
        languages.append(next(iter(languages_of(record)), None) if record.langs else None)
        self.urls.append(f"https://bsky.app/profile/{did}/post/{self._written.keys[index]}")
        parent = answered = quoted = None
        if record.reply is not None and record.reply.parent is not None:
            parent = record.reply.parent.uri
            answered = author_of(parent)
            if answered is not None and answered != did:
                self.done.append((index, "reply", did, answered, parent))
        if record.embed is not None and (quote := quoted_in(record)) is not None:
            quoted, author = quote
            if author != did:
                self.done.append((index, "quote", did, author, quoted))
        parents.append(parent if answered else None)
        answers.append(answered)
        quotes.append(quoted)
        self.mentions.append(
            self._named(index, record, did, answered) if record.facets or record.entities else ()
        )

    def _named(self, index: int, record: Record, did: str, answered: str | None) -> Sequence[str]:
        named = named_in(record)
        if len(named) > MOST_NAMED:
            del named[MOST_NAMED:]
            message = _("names more than {count} accounts; the others were left out").format(count=MOST_NAMED)
            self._problem(index, message)
        self.done += [
            (index, "mention", did, account, None) for account in named if account not in (did, answered)
        ]
        return named

    def _fault(self, index: int, text: str | None) -> str:
        if text is None:
            return _("“{field}” is missing").format(field="text")
        if len(text) > LONGEST:
            return _("longer than {count} characters").format(count=LONGEST)
        return self._unusable[index]

    def _problem(self, index: int, message: str) -> None:
        self.problems.append(Problem(where=self._where(self._written.numbers[index]), message=message))


def _network(count: int) -> pa.Array:
    return pa.repeat("bluesky", count)
