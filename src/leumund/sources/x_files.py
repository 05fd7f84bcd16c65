"""The files of an X archive: which there are, whose they are, and what of them is kept.

`data/tweets.js` begins with `window.YTD.tweets.part0 = ` and goes on as JSON; further parts lie in
`tweets-part1.js` and so on. Of account.js only name, number and date are kept, of a deleted post
only its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from leumund.errors import UnreadableFileError
from leumund.locale import N_, _
from leumund.sources.archive_files import Archive
from leumund.sources.json_records import NOT_JSON, NOT_UTF8, RecordError, as_utf8, decode, problem_data, tidy
from leumund.sources.record_pages import Loaded, load_records
from leumund.sources.x_records import (
    Note,
    WrappedNote,
    handle_uri,
    is_number,
    is_reshare,
    tweet_id,
    tweet_of,
    unescape,
    x_time,
)

PART = re.compile(
    r"(?P<kind>manifest|account|profile|tweets?|community-tweet|note-tweet|deleted-tweets?|followers?|following"
    r"|protected-history)(?:[-.]part(?P<part>\d{1,4}))?\.js"
)
KINDS = {
    "account": "account",
    "tweet": "tweets",
    "tweets": "tweets",
    "community-tweet": "tweets",
    "deleted-tweet": "deleted",
    "deleted-tweets": "deleted",
    "follower": "followers",
    "followers": "followers",
    "following": "following",
}
ORDER = list(dict.fromkeys(KINDS.values()))
_ASSIGNMENT = re.compile(rb"\s*window\.(?:YTD\.(\w{1,60})\.part\d+|__THAR_CONFIG)\s*=\s*")
_NAME = re.compile(r"twitter-(\d{4})-(\d\d)-(\d\d)")

FOREIGN = N_("the file holds “{name}”, not what its own name says; it was not read.")


class _Account(msgspec.Struct, rename="camel"):
    username: str
    account_id: str | None = None
    account_display_name: str | None = None
    created_at: str | None = None


class _Description(msgspec.Struct):
    bio: str | None = None
    website: str | None = None
    location: str | None = None


class _Profile(msgspec.Struct):
    description: _Description | None = None


class _Protection(msgspec.Struct, rename="camel"):
    action: str = ""
    protected_at: str = ""


class Wrapper(msgspec.Struct, rename="camel"):
    """Any of the small records in its wrapper."""

    account: _Account | None = None
    profile: _Profile | None = None
    follower: msgspec.Raw = msgspec.Raw()
    following: msgspec.Raw = msgspec.Raw()
    protected_history: _Protection | None = None


class Followed(msgspec.Struct, rename="camel"):
    """A follower, or somebody followed: a number."""

    account_id: str


class _ManifestFile(msgspec.Struct, rename="camel"):
    file_name: str = ""
    count: str | int | None = None


class _DataType(msgspec.Struct):
    files: list[_ManifestFile] = []


class Manifest(msgspec.Struct, rename="camel"):
    """What X says the archive holds."""

    user_info: dict[str, Any] = {}
    archive_info: dict[str, Any] = {}
    data_types: dict[str, Any] = {}

    def files(self) -> Iterator[tuple[str, _ManifestFile]]:
        """The files of each kind of data."""
        for name, value in self.data_types.items():
            try:
                yield from ((name, file) for file in msgspec.convert(value, _DataType).files)
            except msgspec.ValidationError:
                continue

    def count(self, name: str) -> int | None:
        """How many records there are of that kind."""
        counts = [str(file.count) for kind, file in self.files() if kind == name]
        return sum(map(int, counts)) if counts and all(map(is_number, counts)) else None

    def made_at(self) -> datetime | None:
        """When X put the archive together."""
        return time_or_none(str(self.archive_info.get("generationDate", "")))


class Me(msgspec.Struct):
    """What is kept of account.js, profile.js and manifest.js: nothing but this gets into a page."""

    username: str
    number: str
    name: str | None = None
    created_at: str | None = None
    bio: str | None = None
    website: str | None = None
    place: str | None = None
    locked: bool | None = None
    followers: int | None = None
    following: int | None = None


class Gone(msgspec.Struct):
    """What is kept of a deleted post: not its text."""

    number: str
    reshare: bool = False
    deleted_at: str | None = None
    problem: str | None = None


class _DeletedTweet(msgspec.Struct):
    deleted_at: str | None = None


def load_js(archive: Archive, name: str, where: str) -> Loaded:
    """The records of a file; none where the file holds something else than its name says."""
    try:
        data, fault = archive.read_on(name)
    except UnreadableFileError as error:
        return Loaded(problems=[problem_data(where, error.message, error.hint)])
    if fault is not None and not data:
        return Loaded(problems=[problem_data(where, fault.message, fault.hint)])
    data, mended = as_utf8(data)
    match = _ASSIGNMENT.match(data)
    if match is None and not data.lstrip().startswith(b"["):
        return Loaded(problems=[problem_data(where, NOT_JSON, why=_("it does not begin with “window.YTD.”"))])
    named = (match[1] or b"manifest").decode().replace("_", "-") if match else ""
    own = PART.fullmatch(where)
    if match and own and named.removesuffix("s") != own["kind"].removesuffix("s"):
        return Loaded(problems=[problem_data(where, FOREIGN, name=named)])
    data = data[match.end() if match else 0 :].rstrip().removesuffix(b";")
    loaded = load_records(data, where, fault=fault)
    if mended:
        loaded.problems.insert(0, problem_data(where, NOT_UTF8, count=mended))
    return loaded


def _one(archive: Archive, base: str, file: str) -> list[Wrapper]:
    """The records of a small file; those that do not fit are as if they were not there."""
    if base + file not in archive.members:
        return []
    records = []
    for raw in load_js(archive, base + file, file).records:
        try:
            records.append(decode(raw, Wrapper))
        except RecordError:
            continue
    return records


def read_manifest(archive: Archive, base: str) -> Manifest:
    """The manifest; an empty one where there is none that can be read."""
    if base + "manifest.js" not in archive.members:
        return Manifest()
    data, _mended = as_utf8(archive.read(base + "manifest.js"))
    match = _ASSIGNMENT.match(data)
    try:
        return decode(data[match.end() if match else 0 :].rstrip().removesuffix(b";"), Manifest)
    except RecordError:
        return Manifest()


def read_owner(archive: Archive, base: str, manifest: Manifest) -> Me:
    """Who the owner is, of what is said of her in three files.

    Raises:
        UnreadableFileError: nobody says.
    """
    account = next((r.account for r in _one(archive, base, "account.js") if r.account), None)
    username = account.username if account else str(manifest.user_info.get("userName", ""))
    number = (account.account_id if account else None) or str(manifest.user_info.get("accountId", ""))
    if handle_uri(username) is None:
        hint = _("Without account.js nobody can tell whose posts these are. Download the archive again.")
        raise UnreadableFileError(archive.path, _("nothing in it says whose archive it is."), hint=hint)
    description = next((p.description for r in _one(archive, base, "profile.js") if (p := r.profile)), None)
    return Me(
        username=username.removeprefix("@"),
        number=number if is_number(number) else "",
        name=_written(
            account.account_display_name if account else str(manifest.user_info.get("displayName", ""))
        ),
        created_at=account.created_at if account else None,
        bio=_written(description.bio) if description else None,
        website=tidy(description.website) if description else None,
        place=_written(description.location) if description else None,
        locked=_is_protected(archive, base),
        followers=manifest.count("follower"),
        following=manifest.count("following"),
    )


def _written(text: str | None) -> str | None:
    return tidy(unescape(text)) if text else None


def _is_protected(archive: Archive, base: str) -> bool | None:
    """Whether the account was protected when the archive was made: the last word of its history."""
    history = [
        r.protected_history for r in _one(archive, base, "protected-history.js") if r.protected_history
    ]
    last = max(((step.protected_at, step.action.lower()) for step in history), default=None)
    return last[1].startswith("protect") if last else None


def read_notes(archive: Archive, base: str) -> tuple[list[Note], list[bytes]]:
    """The long texts, and the problems there were with them."""
    notes, problems = [], []
    for name in archive.members:
        folder, match = split_name(name)
        if folder == base and match and match["kind"] == "note-tweet":
            where = name.removeprefix(base)
            loaded = load_js(archive, name, where)
            problems += loaded.problems
            for number, raw in enumerate(loaded.records, start=1):
                try:
                    note = decode(raw, WrappedNote).note_tweet
                except RecordError as error:  # the post keeps its short text
                    place = _("{file}: item {number}").format(file=where, number=number)
                    problems.append(problem_data(place, "{text}", text=str(error)))
                else:
                    note.created_at = note.created_at if time_or_none(note.created_at or "") else None
                    notes.append(note)
    return notes, problems


def stripped(raw: bytes | msgspec.Raw) -> bytes:
    """What is kept of a deleted post, or why nothing can be."""
    try:
        tweet = tweet_of(raw)
        inner = decode(raw, dict[str, Any])
        deleted_at = decode(msgspec.json.encode(inner.get("tweet", inner)), _DeletedTweet).deleted_at
        return msgspec.json.encode(
            Gone(number=tweet_id(tweet), reshare=is_reshare(tweet), deleted_at=deleted_at)
        )
    except RecordError as error:
        return msgspec.json.encode(Gone(number="", problem=str(error)))


def split_name(name: str) -> tuple[str, re.Match[str] | None]:
    """Folder and file of a member; the file as a match of PART where it may be of use."""
    folder, slash, file = name.rpartition("/")
    return folder + slash, PART.fullmatch(file)


def is_wanted(name: str) -> bool:
    """Whether a member may be of use: in the top folder, in `data`, or one folder further down."""
    folder, match = split_name(name)
    parts = folder.rstrip("/").split("/")
    return match is not None and (len(parts) == 1 or (len(parts) == 2 and parts[1] == "data"))


def base_folder(archive: Archive) -> str | None:
    """The folder in which the files lie: "", "data/", "twitter-2024/data/"; the one that names an owner first."""
    found: dict[str, set[str]] = {}
    for name in archive.members:
        folder, match = split_name(name)
        if match:
            found.setdefault(folder, set()).add(match["kind"])
    homes = [f for f, kinds in found.items() if kinds & {"account", "tweet", "tweets"}]
    return min(homes, key=lambda f: ("account" not in found[f], len(f), f), default=None)


def is_ours(head: bytes) -> bool:
    """Whether a file begins as X's files do."""
    return _ASSIGNMENT.match(as_utf8(head)[0]) is not None


def owner_uri(me: Me) -> str:
    """The owner's canonical URI."""
    uri = handle_uri(me.username)
    assert uri is not None  # read_owner saw to that
    return uri


def made_by_name(path: Path) -> datetime | None:
    """The day in a name such as twitter-2024-03-05-1f2e3d.zip."""
    match = _NAME.match(path.name)
    try:
        return datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC) if match else None
    except ValueError:
        return None


def time_or_none(text: str) -> datetime | None:
    """A time as X writes it; None where it is none."""
    try:
        return x_time(text)
    except RecordError:
        return None
