"""Posts of the AT Protocol: their text, their languages and tags, whom they answer, quote and name."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa

from leumund.events import Event, Kind, Problem, Rows
from leumund.locale import _
from leumund.sources.at_columns import addresses, column, spelled
from leumund.sources.at_shapes import POST, Record
from leumund.sources.at_uris import author_of, is_did, odd_accounts, odd_keys, owners_of
from leumund.sources.at_written import Written
from leumund.sources.json_records import clean

LONGEST = 100_000
"""Characters of a text; Bluesky allows 300, other programs more."""
MOST_NAMED = 100
"""So many accounts a post can name; a longer list is nobody's to read."""

_SITE = "https://bsky.app"


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


def _first(langs: Sequence[str]) -> str | None:
    """The first declared language."""
    return next((code for lang in langs if (code := _primary(lang)) is not None), None)


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
    """The posts, and what they do towards others. Read field by field, not post by post: there are many."""
    faults = _faults(written)
    problems = [(written.numbers[index], fault) for index, fault in faults.items()]
    if faults:
        written = written.only([index not in faults for index in range(len(written.dids))])
    said = _Said(written)
    problems += [(written.numbers[index], fault) for index, fault in said.faults.items()]
    at, exact = written.moments()
    uris, accounts = addresses(written.dids, POST, written.keys), column(written.dids)
    posts = {
        "post": uris,
        "account": accounts,
        "network": _network(len(written.dids)),
        "happened_at": at,
        "exact": exact,
        "text": pa.array(cleaned([record.text or "" for record in written.records]), pa.string()),
        "language": pa.array(said.languages, pa.string()),
        "reply_to": pa.array(said.parents, pa.string()),
        "reply_to_account": pa.array(said.answered, pa.string()),
        "quote_of": pa.array(said.quotes, pa.string()),
        "mentions": said.mentions(),
        "url": spelled(f"{_SITE}/profile/", written.dids, "/post/", written.keys),
    }
    told = (Problem(where=where(number), message=message) for number, message in sorted(problems))
    yield Rows(noun="post", table=pa.table(posts), problems=tuple(told))
    if said.done:
        numbers, *done = zip(*said.done, strict=True)
        of = pa.array(numbers, pa.int64())
        columns = zip(("kind", "target", "post"), done, strict=True)
        acts = {name: pa.array(values, pa.string()) for name, values in columns}
        acts |= {"actor": accounts.take(of), "via": uris.take(of)}
        acts |= {"happened_at": at.take(of), "exact": exact.take(of), "network": _network(len(numbers))}
        yield Rows(noun="act", table=pa.table(acts))


def _faults(written: Written) -> dict[int, str]:
    """The numbers of the posts that cannot be used, and why."""
    faults = dict.fromkeys(odd_accounts(column(written.dids)), _("the record does not say whose it is"))
    faults |= dict.fromkeys(odd_keys(written.keys), _("this cannot be a record's key"))
    texts = [record.text for record in written.records]
    if None in texts or max(map(len, texts)) > LONGEST:  # type: ignore[arg-type]
        for index, text in enumerate(texts):
            if text is None:
                faults[index] = _("“{field}” is missing").format(field="text")
            elif len(text) > LONGEST:
                faults[index] = _("longer than {count} characters").format(count=LONGEST)
    return faults


def cleaned(texts: list[str]) -> list[str]:
    """Each of them clean; where all are (a part of a text in NFC is in NFC itself), that is seen at one look."""
    whole = "\n".join(texts)
    if "\x00" not in whole and (whole.isascii() or _is_clean(whole)):
        return texts
    return [text if text.isascii() and "\x00" not in text else clean(text) for text in texts]


def _is_clean(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # halves of characters
        return False
    return unicodedata.is_normalized("NFC", text)


class _Said:
    """What posts say beside their text: their languages, whom they answer, quote and name, and what that does."""

    def __init__(self, written: Written) -> None:
        records = written.records
        self.languages = [
            (_primary(langs[0]) or _first(langs)) if (langs := record.langs) else None for record in records
        ]
        self.parents: list[str | None] = [None] * len(records)
        self.answered: list[str | None] = [None] * len(records)
        self.quotes: list[str | None] = [None] * len(records)
        self.faults: dict[int, str] = {}
        self.done: list[tuple[int, Kind, str, str | None]] = []
        """By the number of a post: what it does, towards whom, to which of their posts."""
        self._named: list[str] = []
        self._names = np.zeros(len(records) + 1, np.int32)
        self._dids = written.dids
        self._answers(records)
        self._quotes(records)
        self._mentions(records)

    def _answers(self, records: Sequence[Record]) -> None:
        numbers = [n for n, r in enumerate(records) if r.reply is not None and r.reply.parent is not None]
        uris = [parent.uri for n in numbers if (reply := records[n].reply) and (parent := reply.parent)]
        for number, uri, owner in zip(numbers, uris, owners_of(uris), strict=True):
            if owner is not None:
                self.parents[number], self.answered[number] = uri, owner
                if owner != self._dids[number]:
                    self.done.append((number, "reply", owner, uri))

    def _quotes(self, records: Sequence[Record]) -> None:
        for number, record in enumerate(records):
            if record.embed is not None and (quote := quoted_in(record)) is not None:
                uri, author = quote
                self.quotes[number] = uri
                if author != self._dids[number]:
                    self.done.append((number, "quote", author, uri))

    def _mentions(self, records: Sequence[Record]) -> None:
        for number, record in enumerate(records):
            if not record.facets and not record.entities:
                continue
            named = named_in(record)
            if len(named) > MOST_NAMED:
                del named[MOST_NAMED:]
                text = _("names more than {count} accounts; the others were left out")
                self.faults[number] = text.format(count=MOST_NAMED)
            without = (self._dids[number], self.answered[number])
            self.done += [(number, "mention", account, None) for account in named if account not in without]
            self._named += named
            self._names[number + 1] = len(named)

    def mentions(self) -> pa.Array:
        """The accounts that each names."""
        return pa.ListArray.from_arrays(
            pa.array(np.cumsum(self._names, dtype=np.int32)), pa.array(self._named, pa.string())
        )


def _network(count: int) -> pa.Array:
    return pa.repeat("bluesky", count)
