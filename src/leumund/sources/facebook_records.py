"""Records of a Facebook download: their two shapes, its way of storing letters, what its sentences say.

The older shape, one for each kind of record:

    {"timestamp": 1704103200, "data": [{"post": "Hello"}], "title": "Anna Berg updated her status.",
     "tags": [{"name": "Ben Tal"}]}
    {"timestamp", "data": [{"comment": {"comment", "author", "group"}}], "title": "... commented on Ben Tal's post."}
    {"timestamp", "data": [{"reaction": {"reaction": "LIKE", "actor"}}], "title": "... likes Ben Tal's post."}
    {"name": "Ben Tal", "timestamp"}                      friends, followers, followed

The newer one, the same for all; values may lie deeper, under `dict` or `vec`:

    {"timestamp", "fbid": "123", "label_values": [{"label": "Message", "value": "Hello"},
     {"title": "Owner", "dict": [{"dict": [{"label": "Name", "value": "Ben Tal"}]}]}]}

Letters beyond ASCII stand there as the bytes of their UTF-8, each byte a letter ("Ã¼" for "ü").
Whose post a comment or a reaction is about stands nowhere but in the sentence, in the language the
account had; where it is not understood, it is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import msgspec

from leumund.events import Visibility
from leumund.locale import _
from leumund.sources.json_records import RecordError, clean, decode

_DEEPEST = 6
_LONGEST_SENTENCE = 1_000  # Facebook's own have some hundred letters
_LAST_SECOND = 4_102_444_800  # 2100: what is later was written in another unit or by nobody honest
_MENTION = re.compile(r"@\[\d{1,24}:\d{1,6}:([^\[\]]{1,200})\]")
_THING = r"(?:post|photo|video|comment|status|link|album|reel|story|event|timeline|live video|memory|note|reply|life event)"
_VERB = r"(?:commented on|replied to|wrote on|likes|liked|loves|loved|reacted to|cares about|was sad about|laughed at|shared)"
_SENTENCES = (
    re.compile(rf" {_VERB} (?P<name>.{{1,200}}?)['’]s? (?P<own>own )?{_THING}\b"),
    re.compile(rf" {_VERB} (?P<own>(?:his|her|their|its|your) own ){_THING}\b(?P<name>)"),
    re.compile(r" (?:hat|haben) (?:auf )?(?:den|das|die|dem|der|einen|ein|eine|einem|einer) [\w-]{1,30} von "
               r"(?P<name>.{1,200}?) (?:kommentiert|geantwortet|reagiert|geteilt)\b(?P<own>)"),
    re.compile(r" gefällt (?:der|das|die|ein|eine) [\w-]{1,30} von (?P<name>.{1,200}?)\.?\Z(?P<own>)"),
    re.compile(r" (?P<own>eigene[nrs]? )(?:Beitrag|Foto|Video|Kommentar|Link)\b(?P<name>)"),
)  # fmt: skip
_SHARED = re.compile(r" shared | geteilt\b")
_NOBODY = re.compile(r"(?:an?|the|his|her|their|its|your|einen?|ein|eine) ", re.IGNORECASE)
_DISLIKED = {"anger", "angry", "dislike", "wütend"}
_LABELS = {
    "text": {"message", "post", "comment", "text", "nachricht", "beitrag", "kommentar", "beschreibung"},
    "name": {"name"},
    "url": {"url"},
    "reaction": {"reaction", "reaktion"},
    "privacy": {"privacy", "audience", "privatsphäre", "zielgruppe"},
    "owner": {"owner", "author", "inhaber", "eigentümer", "verfasser", "autor"},
}
_AUDIENCE: dict[str, Visibility] = {
    "public": "public", "everyone": "public", "öffentlich": "public", "only me": "direct", "only_me": "direct",
    "self": "direct", "nur ich": "direct",
}  # fmt: skip


class LabelValue(msgspec.Struct):
    """One value of the newer shape, or a group of them."""

    label: str | None = None
    title: str | None = None
    value: str | int | float | bool | None = None
    dict: list[msgspec.Raw] | None = None
    vec: list[msgspec.Raw] | None = None


class Spoken(msgspec.Struct):
    """A comment or a reaction inside `data`."""

    comment: str | None = None
    reaction: str | None = None
    group: str | None = None


class Datum(msgspec.Struct):
    """One of the parts of `data`."""

    post: str | None = None
    privacy: str | None = None
    comment: Spoken | None = None
    reaction: Spoken | None = None


class Tag(msgspec.Struct):
    """Somebody who was tagged."""

    name: str | None = None


class Record(msgspec.Struct):
    """A post, comment or reaction in either shape."""

    timestamp: int
    data: list[Datum] | None = None
    title: str | None = None
    fbid: str | int | None = None
    privacy: str | None = None
    tags: list[Tag | str] | None = None
    label_values: list[LabelValue] | None = None


class Listed(msgspec.Struct):
    """Somebody in a list of friends or followers; of accounts that are gone not even the name is there."""

    name: str | None = None
    timestamp: int | None = None
    label_values: list[LabelValue] | None = None


class Said(msgspec.Struct):
    """What a record says, whichever its shape."""

    at: datetime
    text: str
    title: str
    names: list[str]
    labels: dict[str, str]
    fbid: str | None
    privacy: str | None
    group: bool


def repaired(text: str) -> str:
    """The letters as they were meant; a text that was stored rightly, or is broken otherwise, stays as it is.

    >>> repaired("GrÃ¼ÃŸe".replace("Ÿ", chr(0x9F))), repaired("Grüße"), repaired("€ Ã¼")
    ('Grüße', 'Grüße', '€ Ã¼')
    """
    if text.isascii():
        return clean(text)
    try:
        return clean(text.encode("latin-1").decode())
    except UnicodeError:
        return clean(text)


def is_time(seconds: int | None) -> bool:
    """Whether these seconds since 1970 can be a time of Facebook's."""
    return seconds is not None and 0 < seconds < _LAST_SECOND


def facebook_time(seconds: int | None) -> datetime:
    """A time in seconds since 1970.

    Raises:
        RecordError: none, or one that no post of Facebook can have.
    """
    if seconds is None or not is_time(seconds):
        raise RecordError(_("“{text}” is no time").format(text=seconds))
    return datetime.fromtimestamp(seconds, UTC)


def read_record(raw: msgspec.Raw) -> Said:
    """What a post, comment or reaction says.

    Raises:
        RecordError: it has neither of the shapes.
    """
    record = decode(raw, Record)
    data = record.data or []
    labels = dict(_labels(record.label_values or []))
    spoken = [s for d in data for s in (d.comment, d.reaction) if s]
    texts = [d.post for d in data if d.post] + [s.comment for s in spoken if s.comment]
    text = "\n".join(repaired(t) for t in texts) or labels.get("text", "")
    tags = [t if isinstance(t, str) else t.name for t in record.tags or []]
    names = [repaired(t).strip() for t in tags if t] + _MENTION.findall(text)
    reaction = next((s.reaction for s in spoken if s.reaction), None)
    if reaction:
        labels["reaction"] = repaired(reaction)
    privacy = record.privacy or next((d.privacy for d in data if d.privacy), None) or labels.get("privacy")
    return Said(
        at=facebook_time(record.timestamp),
        text=_MENTION.sub(r"\1", text).strip(),
        title=repaired(record.title or "").strip(),
        names=list(dict.fromkeys(n for n in names if n)),
        labels=labels,
        fbid=str(record.fbid)
        if str(record.fbid or "").isascii() and str(record.fbid or "").isdigit()
        else None,
        privacy=repaired(privacy) if privacy else None,
        group=any(s.group for s in spoken),
    )


def read_listed(raw: msgspec.Raw) -> tuple[str | None, datetime | None]:
    """Name of somebody in a list, and since when she stands in it, if it is told."""
    listed = decode(raw, Listed)
    name = repaired(listed.name).strip() if listed.name else ""
    if not name and listed.label_values:
        name = dict(_labels(listed.label_values)).get("name", "")
    return name or None, facebook_time(listed.timestamp) if listed.timestamp else None


def target_of(said: Said, owner: str) -> str | None:
    """The name of the one whom a comment or reaction is for; None where that is oneself or not told."""
    name = said.labels.get("owner", "")
    if not name:
        sentence = " " + said.title[:_LONGEST_SENTENCE].removeprefix(owner).lstrip()
        for pattern in _SENTENCES:
            if found := pattern.search(sentence):
                name = "" if found["own"] else found["name"].strip()
                break
    return name if name and name != owner and not _NOBODY.match(name) else None


def is_liking(said: Said) -> bool:
    """Whether a reaction can count as a like: all but the angry ones can."""
    return said.labels.get("reaction", "").strip().lower() not in _DISLIKED


def is_sharing(said: Said) -> bool:
    """Whether the sentence says that something was passed on."""
    return _SHARED.search(said.title) is not None


def visibility(said: Said) -> Visibility:
    """Who could see it: where that is not told, friends, for that is what Facebook proposes."""
    return _AUDIENCE.get((said.privacy or "").strip().lower(), "followers")


def _labels(values: Sequence[LabelValue], depth: int = 0, within: str = "") -> Iterator[tuple[str, str]]:
    """What the newer shape tells, by our word for its label; of two under one word the first told comes last."""
    for value in reversed(values):
        inner = (
            [decode(raw, LabelValue) for raw in (*(value.dict or ()), *(value.vec or ()))]
            if depth < _DEEPEST
            else []
        )
        about = _word(value.title) or within
        yield from _labels(inner, depth + 1, about)
        text = repaired(value.value).strip() if isinstance(value.value, str) else ""
        word = _word(value.label)
        if not text or word is None:
            continue
        if within == "owner":
            if word == "name":
                yield "owner", text
        elif not within:
            yield word, text


def _word(label: str | None) -> str | None:
    plain = repaired(label).strip().lower() if label else ""
    return next((word for word, labels in _LABELS.items() if plain in labels), None)
