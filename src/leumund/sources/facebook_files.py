"""The files of a Facebook download: which there are, whose they are, what of them is kept.

Folders were renamed again and again, so a file is known by the end of its path. What lies before it
("your_facebook_activity/", "facebook-anna-2024-03-05-x1y2/") differs and says nothing. Of the profile
only name, address, description and place go on into a page: no mail address, telephone or birthday.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from leumund.errors import UnreadableFileError
from leumund.ids import BadNameError, account_uri, name_uri
from leumund.locale import N_, _
from leumund.sources.archive_files import Archive
from leumund.sources.archive_limits import Limits
from leumund.sources.facebook_records import is_time, read_listed, repaired
from leumund.sources.json_records import (
    RecordError,
    as_utf8,
    decode,
    problem_data,
    tidy,
)
from leumund.sources.record_pages import Loaded, load_records

LIMITS = Limits(depth=5, entries=60_000)  # unpacked it lies deeper than other archives, beside many pictures
UNNAMED = "me"
"""The name of an owner whose name stands nowhere in what was given."""

ORDER = ("friends", "followers", "following", "posts", "comments", "reactions")
_FILES = {
    "profile": r"profile_information/profile_information",
    "friends": r"(?:friends|friends_and_followers)/(?:your_friends|friends)",
    "followers": r"(?:followers|friends_and_followers)/(?:people_who_followed_you|followers)",
    "following": r"(?:followers|following|friends_and_followers)"
    r"/(?:who_you.{0,3}ve_followed|who_you_follow|following)",
    "posts": r"(?:posts/your_posts(?:__check_ins__photos_and_videos)?(?:_\d{1,4})?"
    r"|posts/posts_on_other_pages_and_profiles|groups/(?:group_posts_and_comments|your_posts_in_groups))",
    "comments": r"(?:comments_and_reactions|comments)/comments|groups/your_comments_in_groups",
    "reactions": r"(?:comments_and_reactions|likes_and_reactions)/(?:likes_and_reactions(?:_\d{1,4})?|posts_and_comments)",
}
_BEFORE = r"(?:[^/]+/)?(?:(?:your_facebook_activity|your_activity_across_facebook|personal_information|connections)/){0,2}"
_PATHS = {kind: re.compile(rf"{_BEFORE}(?:{path})\.(?:json|html)") for kind, path in _FILES.items()}
_NAME = re.compile(
    r"facebook-.*?(?<!\d)(?:(\d{4})-(\d\d)-(\d\d)|(\d\d)[._-](\d\d)[._-](\d{4})|(\d{4})(\d\d)(\d\d))(?!\d)"
)
_LIST = re.compile(rb'\s*\{\s*"[^"\\]{1,100}"\s*:\s*(?=\[)')
_SECONDS = re.compile(rb'"timestamp"\s*:\s*(\d{9,10})\b')

TWO_PEOPLE = N_("downloads of more than one person lie in it.")


class _FullName(msgspec.Struct):
    full_name: str | None = None


class _City(msgspec.Struct):
    name: str | None = None


class _Bio(msgspec.Struct):
    text: str | None = None
    name: str | None = None


class _Profile(msgspec.Struct):
    name: _FullName | str | None = None
    profile_uri: str | None = None
    username: str | None = None
    intro_bio: _Bio | None = None
    current_city: _City | None = None
    registration_timestamp: int | None = None


class Me(msgspec.Struct, frozen=True):
    """What is kept of the profile: nothing but this gets into a page."""

    account: str
    alias: str | None = None
    name: str | None = None
    address: str | None = None
    bio: str | None = None
    place: str | None = None
    registered: int | None = None
    followers: int | None = None
    following: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of use: its kind, its name in the archive, how a person would write it."""

    kind: str
    name: str
    where: str


def kind_of(name: str) -> str | None:
    """What a file holds, told by its path; None where it is of no use."""
    return next((kind for kind, path in _PATHS.items() if path.fullmatch(name)), None)


def is_wanted(name: str) -> bool:
    """Whether a member may be of use, as JSON or, to say that it is not JSON, as HTML."""
    return name.endswith((".json", ".html")) and kind_of(name) is not None


def parts_of(archive: Archive) -> list[Part]:
    """The files of use in the order in which they are read."""
    found = []
    for name in archive.members:
        kind = kind_of(name)
        if kind in ORDER and name.endswith(".json"):
            found.append(Part(kind=kind, name=name, where="/".join(name.split("/")[-2:])))
    return sorted(found, key=lambda part: (ORDER.index(part.kind), part.name))


def is_html(archive: Archive) -> bool:
    """Whether it is the download for the eye, of which nothing can be read."""
    return not any(name.endswith(".json") for name in archive.members) and any(
        name.endswith(".html") for name in archive.members
    )


def load_part(archive: Archive, part: Part) -> Loaded:
    """The records of a file that is a list, or an object that holds one."""
    try:
        data, _mended = as_utf8(archive.read(part.name))
    except UnreadableFileError as error:
        return Loaded(problems=[problem_data(part.where, error.message, error.hint)])
    try:
        held = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):  # a list by itself, or cut off
        opening = _LIST.match(data)
        data = data[opening.end() :] if opening else data
    else:
        lists = [raw for raw in map(bytes, held.values()) if raw.startswith(b"[")]
        data = max(lists, key=len, default=b"{}" if held else b"[]")
    return load_records(data, part.where)


# -- whose and when -----------------------------------------------------------------------------


def read_me(archive: Archive, parts: Sequence[Part], lists: Mapping[str, Loaded]) -> Me:
    """Who the owner is: by her profile, else by the name that stands beside what she said.

    lists: the lists of people, to count them where all that is needed is there.

    Raises:
        UnreadableFileError: it holds the profiles of two people.
    """
    profiles = [_read_profile(archive, name) for name in archive.members if kind_of(name) == "profile"]
    told = {p.account: p for p in profiles if p}
    if len(told) > 1:
        raise UnreadableFileError(archive.path, _(TWO_PEOPLE), hint=_("Import each of them by itself."))
    me = next(iter(told.values()), None) or _by_what_was_said(archive, parts)
    if me is None:
        me = Me(account=name_uri(UNNAMED, "facebook"))
    friends, followers, following = (lists[k].records if k in lists else None for k in ORDER[:3])
    known = friends is not None
    return msgspec.structs.replace(
        me,
        followers=len(friends or ()) + len(followers) if known and followers is not None else None,
        following=len(friends or ()) + len(following) if known and following is not None else None,
    )


def _read_profile(archive: Archive, name: str) -> Me | None:
    if not name.endswith(".json"):
        return None
    try:
        data = as_utf8(archive.read(name))[0]
        held = decode(data, dict[str, msgspec.Raw])
        raw = next((bytes(value) for key, value in held.items() if key.startswith("profile")), data)
        profile = decode(raw, _Profile)
    except (RecordError, UnreadableFileError):
        return None
    written = profile.name.full_name if isinstance(profile.name, _FullName) else profile.name
    full = tidy(repaired(written[:300])) if written else None
    alias = _named(full) if full else None
    account = _address(profile.profile_uri) or _address(profile.username) or alias
    if account is None:
        return None
    bio = (profile.intro_bio.text or profile.intro_bio.name) if profile.intro_bio else None
    city = profile.current_city.name if profile.current_city else None
    return Me(
        account=account,
        alias=alias if alias != account else None,
        name=full,
        address=None if account.startswith("facebook-name:") else account,
        bio=tidy(repaired(bio)) if bio else None,
        place=tidy(repaired(city)) if city else None,
        registered=profile.registration_timestamp if is_time(profile.registration_timestamp) else None,
    )


class _Voice(msgspec.Struct):
    author: str | None = None
    actor: str | None = None


class _Voices(msgspec.Struct):
    comment: _Voice | None = None
    reaction: _Voice | None = None


class _Spoken(msgspec.Struct):
    data: list[_Voices] = []


def _by_what_was_said(archive: Archive, parts: Sequence[Part]) -> Me | None:
    """The name beside most of her comments and reactions, of the first few hundred of each file."""
    met: dict[str, int] = {}
    for part in parts:
        if part.kind not in {"comments", "reactions"}:
            continue
        for raw in load_part(archive, part).records[:500]:
            try:
                voices = [v for d in decode(raw, _Spoken).data for v in (d.comment, d.reaction) if v]
            except RecordError:
                continue
            for voice in voices:
                if name := tidy(repaired((voice.author or voice.actor or "")[:300])):
                    met[name] = met.get(name, 0) + 1
    name = max(met, key=lambda n: (met[n], n), default=None)
    account = _named(name) if name else None
    return Me(account=account, name=name) if account else None


def made_by_name(path: Path) -> datetime | None:
    """The day in a name such as facebook-annaberg-2024-03-05-x1Y2z3.zip."""
    found = _NAME.match(path.name)
    try:
        if found is None:
            return None
        year, month, day = next(
            (y, m, d) for y, m, d in (found.group(1, 2, 3), found.group(6, 5, 4), found.group(7, 8, 9)) if y
        )
        return datetime(int(year), int(month), int(day), tzinfo=UTC)
    except ValueError:
        return None


def made_at(archive: Archive, parts: Sequence[Part]) -> datetime:
    """For downloads whose name tells no day: that of the newest record or, in a zip, file, whichever is later."""
    times = [datetime.fromtimestamp(0, UTC)]
    for part in parts:
        try:
            seconds = [int(found) for found in _SECONDS.findall(archive.read(part.name))]
        except UnreadableFileError:
            continue
        times.append(datetime.fromtimestamp(max((s for s in seconds if is_time(s)), default=0), UTC))
    if not archive.path.is_dir():
        times += [m.changed_at for m in archive.members.values() if m.changed_at]
    return max(times)


def strangers(lists: Loaded, friends: Loaded) -> Loaded:
    """The same list without those who are friends: they follow each other by that."""
    known = {name for raw in friends.records if (name := _listed(raw))}
    return Loaded(
        records=[raw for raw in lists.records if _listed(raw) not in known], problems=lists.problems
    )


def _listed(raw: bytes | msgspec.Raw) -> str | None:
    try:
        return read_listed(msgspec.Raw(bytes(raw)))[0]
    except RecordError:
        return None


def _address(text: str | None) -> str | None:
    """A profile's canonical address; None where the text is none (a number behind profile.php, say)."""
    if not text:
        return None
    if number := re.search(r"profile\.php\?id=(\d{1,24})", text):
        text = number[1]
    try:
        return account_uri(repaired(text), "facebook")
    except BadNameError:
        return None


def _named(name: str) -> str | None:
    try:
        return name_uri(name, "facebook")
    except BadNameError:
        return None
