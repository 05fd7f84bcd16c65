"""Who is good for the owner's readers: the language and the topics of what somebody writes in public."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from leumund.clean import clean
from leumund.friday_tag import has_tag
from leumund.measures.follow_friday.boards import ONE_LANGUAGE, OWN_POSTS
from leumund.store.tables import Tables

_TAG = re.compile(r"(?<![\w/&])[#＃]([^\W\d_]\w{1,29})(?!\w)")
# What names somebody, or what a network would make a link of: a domain without "https" too ("evil.example")
_NOT_HERS = re.compile(r"[@#„“”\"«»\ufffd]|\w:\S|\(at\)|[^\W_][.。｡][^\W\d_]{2}|…|\?$", re.IGNORECASE)
_SHORT = 25, 120


@dataclass(frozen=True, slots=True)
class Writing:
    """What somebody writes. language: None where it is not known or mixed; topics: hashtags as written most, by use.

    words: a short post of hers, none that answers somebody, names anybody or leads elsewhere; "" for none.
    """

    language: str | None = None
    topics: dict[str, str] = field(default_factory=dict)  # in small letters -> as it is written
    words: str = ""


def writings(tables: Tables, accounts: Iterable[int]) -> dict[int, Writing]:
    """What these people write in their last hundred public posts."""
    keys = ", ".join(str(int(k)) for k in accounts) or "null"
    rows = tables.sql(
        f"""select p.account, p.text, l.language, p.reply_to is null and p.quote_of is null as own from posts p left join languages l on l.post = p.post
            where p.exact and p.account in ({keys}) and p.visibility in ('public', 'unlisted')
            qualify row_number() over (partition by p.account order by p.happened_at desc, p.post) <= {OWN_POSTS}
            order by p.account, p.happened_at desc, p.post"""
    ).fetchall()
    texts: dict[int, list[_Said]] = {}
    for account, text, language, own in rows:
        texts.setdefault(account, []).append((text or "", language, own))
    return {account: _writing(said) for account, said in texts.items()}


_Said = tuple[str, str | None, bool]


def _writing(said: list[_Said]) -> Writing:
    known = Counter(language for _text, language, _own in said if language)
    best, times = known.most_common(1)[0] if known else (None, 0)
    some, of = ONE_LANGUAGE
    language = best if times * of >= known.total() * some else None
    words = next((w for text, _language, own in said if own and (w := _words(text))), "")
    return Writing(language, _topics(text for text, _language, _own in said), words)


def _words(text: str) -> str:
    """A post in its own words, if it is short and stands by itself."""
    line = clean(text)
    compared = unicodedata.normalize("NFKC", line).replace("...", "…")
    whole = _SHORT[0] <= len(line) <= _SHORT[1] and not _NOT_HERS.search(compared) and not has_tag(line)
    return line.rstrip(".") if whole else ""


def _topics(texts: Iterable[str]) -> dict[str, str]:
    """Hashtags used in two posts or more, those used most first; not that of Follow Friday itself."""
    used: Counter[str] = Counter()
    spelled: dict[str, Counter[str]] = {}
    for text in texts:
        tags = {t.casefold(): t for t in _TAG.findall(unicodedata.normalize("NFKC", text))}
        for tag, written in tags.items():
            if not has_tag("#" + written):
                used[tag] += 1
                spelled.setdefault(tag, Counter())[written] += 1
    order = sorted((-n, tag) for tag, n in used.items() if n > 1)
    return {tag: min(spelled[tag].items(), key=lambda item: (-item[1], item[0]))[0] for _n, tag in order}


def fit(hers: Writing, other: Writing) -> tuple[float, tuple[str, ...]]:
    """How well somebody's writing suits the owner's readers, .5 to 1.5, and the topics, shared ones first."""
    language = (
        0.75 if None in (hers.language, other.language) else 1.0 if hers.language == other.language else 0.5
    )
    shared = [tag for tag in other.topics if tag in hers.topics]
    ordered = [*shared, *(tag for tag in other.topics if tag not in hers.topics)]
    return language * (1 + 0.5 * min(1.0, len(shared) / 3)), tuple(other.topics[tag] for tag in ordered)
