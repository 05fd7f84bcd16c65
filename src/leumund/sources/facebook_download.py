"""What one can download of one's Facebook account as JSON: a zip, several zips of one download, or the folder.

    posts/your_posts__check_ins__photos_and_videos_1.json   (older: your_posts_1.json)   posts
    posts/posts_on_other_pages_and_profiles.json, groups/group_posts_and_comments.json   posts
    comments_and_reactions/comments.json, groups/your_comments_in_groups.json            comments
    comments_and_reactions/likes_and_reactions_1.json                                    reactions
    connections/friends/your_friends.json                                                friends
    connections/followers/people_who_followed_you.json, who_you've_followed.json
    personal_information/profile_information/profile_information.json                     whose it is

Nothing else is opened: no messages, searches, payments or places. Each zip of a large download is read by
itself; what stands in two of them counts once.

How accounts are named: Facebook tells people by the name they show, without address or number. A friend is
therefore `facebook-name:Anna_Berg`, which is no handle and leads nowhere. Two friends of one name are one, and
nobody is joined with a profile known by its address. The owner is known by the address of her profile (her name
is its alias), where a part lacks the profile by her name, and where even that is missing by `facebook-name:me`.

A friend follows both ways, for so Facebook has it. A post's name is made of its second and its text, for
Facebook gives it none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from leumund.errors import LeumundError, UnreadableFileError
from leumund.events import Account, Act, Event, Kind, Post
from leumund.ids import BadNameError, name_uri
from leumund.locale import N_, _
from leumund.sources import Cursor, FileSettings, Found, Page, Source
from leumund.sources.archive_files import Archive, is_archive, open_archive
from leumund.sources.facebook_files import (
    LIMITS,
    Me,
    Part,
    is_html,
    is_wanted,
    load_part,
    made_at,
    made_by_name,
    parts_of,
    read_me,
    strangers,
)
from leumund.sources.facebook_records import (
    Said,
    facebook_time,
    is_liking,
    is_sharing,
    read_listed,
    read_record,
    target_of,
    visibility,
)
from leumund.sources.json_records import RecordError, decode, page_records, parse_problems, record_problem
from leumund.sources.record_pages import Loaded, Step, archive_step, step_pages


def recognise(path: Path) -> Found | None:
    """A place with files where Facebook puts them, as JSON or, to say so, as HTML."""
    if not is_archive(path):
        return None
    day = made_by_name(path)
    try:
        with open_archive(path, is_wanted, glance=True, limits=LIMITS) as archive:
            if is_html(archive):
                what = _("Facebook download as HTML, which cannot be read: ask Facebook for JSON")
                return Found(sure=0.9, what=what, made_at=day)
            parts = parts_of(archive)
            me = read_me(archive, parts, {}) if parts or archive.members else None
    except (LeumundError, OSError):
        return Found(sure=0.3, what=_("Facebook download"), made_at=day) if day else None
    if me is None:
        return None
    what = _("Facebook download of {who}").format(who=me.name) if me.name else _("Facebook download")
    if day:
        what = _("{what}, made {day}").format(what=what, day=day.date().isoformat())
    return Found(sure=0.9 if parts else 0.6, what=what, owner=me.account, made_at=day)


def fetch(settings: FileSettings, cursor: Cursor) -> Iterator[Page]:
    """The owner, whom she knows, what she wrote and what she reacted to; about 1,000 records a page.

    Raises:
        UnreadableFileError: no archive, HTML, or nothing of use in it.
        DangerousFileError: made to do harm.
    """
    path = settings.path
    with open_archive(path, is_wanted, limits=LIMITS) as archive:
        if is_html(archive):
            hint = _("Request the download again and choose the format JSON instead of HTML.")
            raise UnreadableFileError(
                path, _("this is a Facebook download as HTML, made for the eye."), hint=hint
            )
        if not archive.members:
            hint = _("Choose the zip file Facebook gave you. Parts that hold only pictures need no import.")
            raise UnreadableFileError(path, _("there are no posts, friends or comments in it."), hint=hint)
        parts = parts_of(archive)
        lists = _lists(archive, parts)
        me = read_me(archive, parts, lists)
        moment = made_by_name(path) or made_at(archive, parts)
        steps = _steps(archive, parts, lists, me, moment)
        yield from step_pages(steps, cursor, archive=f"{me.account} {moment.isoformat()}")


def _lists(archive: Archive, parts: Sequence[Part]) -> dict[str, Loaded]:
    """The lists of people, by kind; friends stand in no other."""
    found: dict[str, Loaded] = {}
    for part in parts:
        if part.kind in {"friends", "followers", "following"}:
            loaded = load_part(archive, part)
            before = found.setdefault(part.kind, Loaded())
            before.records = list(dict.fromkeys(map(bytes, (*before.records, *loaded.records))))
            before.problems += loaded.problems
    friends = found.get("friends", Loaded())
    return {
        kind: loaded if kind == "friends" else strangers(loaded, friends) for kind, loaded in found.items()
    }


def _steps(
    archive: Archive, parts: Sequence[Part], lists: Mapping[str, Loaded], me: Me, moment: datetime
) -> list[Step]:
    context = {"owner": me.account, "name": me.name or "", "made_at": moment.isoformat()}
    steps = [archive_step(archive.problems, archive.path.name)]

    def add(kind: str, file: str, where: str, size: int, load: Callable[[], Loaded]) -> None:
        steps.append(
            Step(kind=kind, file=file, where=where, size=size, load=load, context=lambda _r: context)
        )

    account = Loaded(records=[msgspec.json.encode(me)])
    add("account", "profile", "profile_information.json", 1, lambda: account)
    met: set[str] = set()
    for part in parts:
        size = archive.members[part.name].size
        if part.kind not in lists:
            add(part.kind, part.name, part.where, size, lambda part=part: load_part(archive, part))  # type: ignore[misc]
        elif part.kind not in met:
            met.add(part.kind)
            add(part.kind, part.name, part.where, size, lambda kind=part.kind: lists[kind])  # type: ignore[misc]
    return steps


# -- parse --------------------------------------------------------------------------------------


def parse(page: Page) -> Iterator[Event]:
    """The events of a page; a record that cannot be used is a Problem with its place."""
    if page.kind == "problem":
        yield from parse_problems(page)
        return
    read = {"posts": _post, "comments": _comment, "reactions": _reaction}.get(page.kind)
    for number, raw in page_records(page):
        try:
            if page.kind == "account":
                yield _account(decode(raw, Me), datetime.fromisoformat(page.context["made_at"]))
            elif read:
                yield from read(read_record(raw), page.context["owner"], page.context["name"])
            else:
                yield from _follows(page, raw)
        except RecordError as error:
            yield record_problem(page, number, error)


def _account(me: Me, moment: datetime) -> Account:
    return Account(
        account=me.account,
        seen_at=moment,
        network="facebook",
        handle=me.address.rpartition("/")[2] if me.address else None,
        name=me.name,
        bio=me.bio,
        url=me.address,
        place=me.place,
        aliases=(me.alias,) if me.alias else (),
        created_at=facebook_time(me.registered) if me.registered else None,
        followers=me.followers,
        following=me.following,
        own=True,
    )


def _follows(page: Page, raw: msgspec.Raw) -> Iterator[Act]:
    """A friend follows and is followed; of followers and followed one of the two."""
    name, since = read_listed(raw)
    if name is None:
        raise RecordError(_("an account without a name, perhaps one that is gone"))
    owner, other = page.context["owner"], _named(name)
    if name == page.context["name"]:
        raise RecordError(_("it bears the owner's own name"))
    at = since or datetime.fromisoformat(page.context["made_at"])
    if page.kind in {"friends", "followers"}:
        yield _act("follow", other, owner, at, exact=since is not None)
    if page.kind in {"friends", "following"}:
        yield _act("follow", owner, other, at, exact=since is not None)


def _post(said: Said, owner: str, name: str) -> Iterator[Event]:
    """A post; what was somebody else's is passed on, and is a post too only where something was written to it."""
    if not said.text and not said.title and not said.fbid:
        return  # nothing but a mark that something was changed
    own = _uri(said)
    mentions = [_named(n) for n in said.names if n != name]
    if (other := target_of(said, name)) and is_sharing(said):
        yield _act("reshare", owner, _named(other), said.at, act=own)
        if not said.text:
            return
    elif other and _named(other) not in mentions:
        mentions.append(_named(other))  # written on somebody's page
    yield _as_post(said, owner, own, mentions=tuple(mentions))
    for uri in mentions:
        yield _act("mention", owner, uri, said.at, via=own)


def _comment(said: Said, owner: str, name: str) -> Iterator[Event]:
    own = _uri(said)
    answered = target_of(said, name)
    target = _named(answered) if answered else None
    mentions = [uri for n in said.names if n != name and (uri := _named(n)) != target]
    yield _as_post(said, owner, own, mentions=tuple(mentions), target=target)
    if target:
        yield _act("reply", owner, target, said.at, via=own)
    for uri in mentions:
        yield _act("mention", owner, uri, said.at, via=own)


def _reaction(said: Said, owner: str, name: str) -> Iterator[Event]:
    """A like of somebody's post, if the sentence says whose; anger is none."""
    if is_liking(said) and (liked := target_of(said, name)):
        yield _act("like", owner, _named(liked), said.at, post=said.labels.get("url"))


def _as_post(
    said: Said, owner: str, own: str, *, mentions: tuple[str, ...], target: str | None = None
) -> Post:
    return Post(
        post=own,
        account=owner,
        network="facebook",
        happened_at=said.at,
        text=said.text,
        reply_to_account=target,
        mentions=mentions,
        visibility=visibility(said),
        url=own if own.startswith("https://") else None,
    )


def _act(
    kind: Kind,
    actor: str,
    target: str,
    at: datetime,
    *,
    exact: bool = True,
    act: str | None = None,
    post: str | None = None,
    via: str | None = None,
) -> Act:
    return Act(
        kind=kind,
        actor=actor,
        target=target,
        network="facebook",
        happened_at=at,
        exact=exact,
        act=act,
        post=post,
        via=via,
    )


def _uri(said: Said) -> str:
    """What names a post: its number where Facebook tells it, else its second and its text."""
    if said.fbid:
        return f"https://www.facebook.com/{said.fbid}"
    text = hashlib.md5(said.text.encode(), usedforsecurity=False).hexdigest()[:12]
    return f"facebook:post:{int(said.at.timestamp())}-{text}"


def _named(name: str) -> str:
    try:
        return name_uri(name, "facebook")
    except BadNameError:
        raise RecordError(_("a name without a letter")) from None


SOURCE = Source(
    name="facebook_download",
    title=N_("Facebook download as JSON (zip or folder)"),
    recognise=recognise,
    fetch=fetch,
    parse=parse,
    tells=(
        N_("Everything you wrote, on your page, on others' and in groups, with the time."),
        N_(
            "Whom you answered, named, liked and shared, where Facebook's sentence about it says whose post it was."
        ),
        N_(
            "Your friends and since when, each as one who follows you and whom you follow; other followers likewise."
        ),
    ),
    cannot_tell=(
        N_(
            "Who liked, answered or shared what you wrote: a download holds what you did, not what you received."
        ),
        N_("Who your friends are beyond the name they show: two of one name count as one person."),
        N_(
            "Whose post you liked or answered, where the sentence does not name anybody or is in another language than English or German."
        ),
        N_(
            "Who could see a post, mostly: what does not say “public” is taken to be for friends and stands in no ranking."
        ),
        N_("Which post of somebody you passed on, and mostly not whose it was."),
        N_("Who stopped following you, and when."),
    ),
    reference="https://www.facebook.com/help/212802592074644",
    group=N_("Facebook"),
    get=N_("Settings, Your information, Download your information, in the format JSON: a file .zip."),
)
