"""The archive one can request of a Mastodon server: zip, tar.gz, or the unpacked folder.

    actor.json              who: {"preferredUsername", "id", "url", "manuallyApprovesFollowers", ...}
    outbox.json             what: OrderedCollection of Create and Announce (see `activitypub`)
    likes.json              OrderedCollection of post addresses, without time
    following_accounts.csv  "Account address,Show boosts,..." (a download of its own; put it beside)
    followers.csv           the same shape

Bookmarks, blocks, mutes and media stay unread. Made by Mastodon's `app/services/backup_service.rb`;
`archive-YYYYMMDDhhmmss-<hex>.zip` says when.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from leumund.errors import LeumundError, UnreadableFileError
from leumund.events import Account, Act, Event
from leumund.ids import BadNameError, account_uri, display_handle
from leumund.locale import N_, _
from leumund.sources import Cursor, FileSettings, Found, Page, Source
from leumund.sources.activitypub import Owner, activity_events, author_of
from leumund.sources.archive_files import Archive, is_archive, open_archive
from leumund.sources.html_text import plain_text
from leumund.sources.json_records import (
    NOT_JSON,
    NOT_UTF8,
    RecordError,
    as_utf8,
    decode,
    page_records,
    parse_problems,
    problem_data,
    record_problem,
    tidy,
    utc_time,
)
from leumund.sources.record_pages import (
    Loaded,
    Records,
    Step,
    archive_context,
    archive_made_at,
    archive_pages,
    archive_step,
    load_json,
)

_FILES = {"actor.json": "actor", "outbox.json": "outbox", "likes.json": "likes"}
_LISTS = {
    "following_accounts.csv": "following",
    "following.csv": "following",
    "followers.csv": "followers",
    "followers_accounts.csv": "followers",
}
_NAME = re.compile(r"archive-(\d{14})-[0-9a-f]{8,}")


class _Actor(msgspec.Struct, rename="camel"):
    """What is kept of actor.json: nothing but this gets into a page."""

    id: str
    preferred_username: str
    url: str | None = None
    type: str = "Person"
    webfinger: str | None = None
    name: str | None = None
    summary: str | None = None
    published: str | None = None
    manually_approves_followers: bool | None = None
    discoverable: bool | None = None
    indexable: bool | None = None


class _Dated(msgspec.Struct):
    published: str | None = None


def recognise(path: Path) -> Found | None:
    """An archive with an actor.json and an outbox.json; by its name where these lie deep in a tar."""
    if not is_archive(path):
        return None
    made_at = _made_by_name(path)
    what = _("Mastodon archive")
    try:
        with open_archive(path, _wanted, glance=True) as archive:
            base = _base(archive)
            if base is None:
                media = any("media_attachments/files/" in name for name in archive.seen)
                late = not archive.complete and (made_at is not None or media)
                return Found(sure=0.7, what=what, made_at=made_at) if late else None
            actor = _read_actor(archive, base)
            made_at = made_at or _changed_at(archive, base)
    except (LeumundError, OSError):
        return Found(sure=0.3, what=what, made_at=made_at) if made_at else None
    owner = _owner_uri(actor)
    who = display_handle(owner)
    if made_at:
        what = _("Mastodon archive of {who}, made {day}").format(who=who, day=made_at.date().isoformat())
    else:
        what = _("Mastodon archive of {who}").format(who=who)
    return Found(sure=0.95, what=what, owner=owner, made_at=made_at)


def fetch(settings: FileSettings, cursor: Cursor) -> Iterator[Page]:
    """The owner, her outbox, her likes, whom she follows; about 1,000 records a page.

    Raises:
        UnreadableFileError: no archive, or nothing in it says whose it is.
        DangerousFileError: made to do harm.
    """
    with open_archive(settings.path, _wanted) as archive:
        base = _base(archive)
        if base is None:
            hint = _("Choose the file your server sent you, or the folder in which actor.json lies.")
            raise UnreadableFileError(
                settings.path, _("there is no actor.json with an outbox.json in it."), hint=hint
            )
        actor = _read_actor(archive, base)
        owner = _owner_uri(actor)
        outbox = load_json(archive, base + "outbox.json", "outbox.json", key="orderedItems")
        made_at = _made_by_name(settings.path) or _made_at(archive, base, outbox.records, actor)
        context = archive_context(owner, made_at, id=actor.id, url=actor.url or "")
        yield from archive_pages(_steps(archive, base, actor, outbox, context), cursor, context)


def _steps(
    archive: Archive, base: str, actor: _Actor, outbox: Loaded, context: Mapping[str, str]
) -> list[Step]:
    steps = [archive_step(archive.problems, archive.path.name)]
    me = Loaded(records=[msgspec.json.encode(actor)])
    for kind, file in [(k, f) for f, k in (_FILES | _LISTS).items()]:
        if base + file not in archive.members:
            continue

        def load(kind: str = kind, file: str = file) -> Loaded:
            if kind == "actor":
                return me
            if kind == "outbox":
                return outbox
            if kind == "likes":
                return load_json(archive, base + file, file, key="orderedItems")
            return _load_list(archive, base + file)

        size = archive.members[base + file].size
        steps.append(Step(kind=kind, file=file, where=file, size=size, load=load, context=lambda _r: context))
    return steps


def _load_list(archive: Archive, name: str) -> Loaded:
    """The first column of a list of accounts, a record a line."""
    where = name.rpartition("/")[2]
    try:
        data, fault = archive.read_on(name)
        if fault:
            data = data[: data.rfind(b"\n") + 1]
        data, mended = as_utf8(data)
        rows = list(csv.reader(data.decode().replace("\x00", "").splitlines()))
    except UnreadableFileError as error:
        return Loaded(problems=[problem_data(where, error.message, error.hint)])
    except csv.Error as error:
        return Loaded(problems=[problem_data(where, NOT_JSON, why=str(error))])
    problems = [problem_data(where, NOT_UTF8, count=mended)] if mended else []
    if fault:
        problems.append(problem_data(where, fault.message, fault.hint))
    return Loaded(
        records=[msgspec.json.encode(row[0].strip() if row else "") for row in rows], problems=problems
    )


# -- parse --------------------------------------------------------------------------------------


def parse(page: Page) -> Iterator[Event]:
    """The events of a page; a record that cannot be used is a Problem with its place."""
    if page.kind == "problem":
        yield from parse_problems(page)
        return
    owner = _owner(page)
    made_at = archive_made_at(page.context)
    shown: set[str] = set()
    for number, raw in page_records(page):
        try:
            if page.kind == "actor":
                yield _account(decode(raw, _Actor), owner, made_at)
            elif page.kind == "outbox":
                yield from activity_events(raw, owner, shown)
            elif page.kind == "likes":
                yield from _like(decode(raw, Any), owner, made_at)
            else:
                yield from _follow(page.kind, decode(raw, str), number, owner, made_at)
        except RecordError as error:
            yield record_problem(page, number, error)


def _owner(page: Page) -> Owner:
    account = page.context["owner"]
    uris = {page.context["id"], page.context["url"]} - {""}
    plain = {name for uri in uris if (name := _uri_of(uri))}
    return Owner(account=account, also=frozenset({account} | uris | plain), host=account.rpartition("@")[2])


def _account(actor: _Actor, owner: Owner, made_at: datetime) -> Account:
    return Account(
        account=owner.account,
        seen_at=made_at,
        network="mastodon",
        handle=owner.account.removeprefix("acct:"),
        name=tidy(actor.name),
        bio=tidy(plain_text(actor.summary)) if actor.summary else None,
        url=actor.url,
        aliases=tuple(sorted(owner.also - {owner.account})),
        created_at=utc_time(actor.published) if actor.published else None,
        automated=actor.type in {"Service", "Application"},
        locked=actor.manually_approves_followers,
        discoverable=actor.discoverable,
        indexable=actor.indexable,
        own=True,
    )


def _like(post: object, owner: Owner, made_at: datetime) -> Iterator[Act]:
    address = post.get("id") if isinstance(post, dict) else post
    if not isinstance(address, str):
        raise RecordError(_("no address of a post"))
    author = author_of(address)
    if author is None:
        raise RecordError(
            _("the address {post} does not say whose post was liked").format(post=address[:200])
        )
    if author not in owner.also:
        yield Act(
            kind="like",
            actor=owner.account,
            target=author,
            network="mastodon",
            happened_at=made_at,
            exact=False,
            post=address,
        )


def _follow(kind: str, address: str, number: int, owner: Owner, made_at: datetime) -> Iterator[Act]:
    if not address or (number == 1 and "@" not in address):  # the header, in the server's language
        return
    other = _uri_of(
        address if "@" in address.removeprefix("@") or "://" in address else f"{address}@{owner.host}"
    )
    if other is None:
        raise RecordError(_("“{text}” is no address of an account").format(text=address[:100]))
    actor, target = (owner.account, other) if kind == "following" else (other, owner.account)
    yield Act(kind="follow", actor=actor, target=target, network="mastodon", happened_at=made_at, exact=False)


# -- whose and when -----------------------------------------------------------------------------


def _wanted(name: str) -> bool:
    folder, _slash, file = name.rpartition("/")
    return (file in _FILES or file in _LISTS) and folder.count("/") == 0


def _base(archive: Archive) -> str | None:
    """The folder within the archive in which actor.json and outbox.json lie; "" for its top."""
    bases = [name.removesuffix("actor.json") for name in archive.members if name.endswith("actor.json")]
    return next((base for base in sorted(bases, key=len) if base + "outbox.json" in archive.members), None)


def _read_actor(archive: Archive, base: str) -> _Actor:
    try:
        actor = decode(as_utf8(archive.read(base + "actor.json"))[0], _Actor)
        _owner_uri(actor)
    except RecordError as error:
        raise UnreadableFileError(f"{archive.path}: actor.json", str(error)) from None
    return actor


def _owner_uri(actor: _Actor) -> str:
    """acct:name@server; where the server hands out handles of another domain, `webfinger` says so."""
    if actor.webfinger and (account := _uri_of(actor.webfinger)) and account.startswith("acct:"):
        return account
    for uri in (actor.id, actor.url or ""):
        host = re.match(r"https?://([^/?#@\s]+)", uri)
        if host and (account := _uri_of(f"{actor.preferred_username}@{host[1]}")):
            return account
    raise RecordError(_("it does not say whose archive this is"))


def _uri_of(reference: str) -> str | None:
    try:
        return account_uri(reference, "mastodon")
    except (BadNameError, ValueError):
        return None


def _made_by_name(path: Path) -> datetime | None:
    match = _NAME.search(path.name)
    try:
        return datetime.strptime(match[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC) if match else None
    except ValueError:
        return None


def _changed_at(archive: Archive, base: str) -> datetime | None:
    """When the server wrote outbox.json into the archive (a folder's own times say nothing: copying changes them)."""
    return None if archive.path.is_dir() else archive.members[base + "outbox.json"].changed_at


def _made_at(archive: Archive, base: str, records: Records, actor: _Actor) -> datetime:
    """The latest time the archive is known to have existed by: never before its newest record."""
    times = [time for raw in records if (time := _published(raw))]
    changed = _changed_at(archive, base) or (
        None if times else archive.members[base + "outbox.json"].changed_at
    )
    times += [time for time in (changed, _time_or_none(actor.published or "")) if time]
    return max(times, default=datetime.fromtimestamp(0, UTC))


def _published(raw: bytes | msgspec.Raw) -> datetime | None:
    try:
        return _time_or_none(decode(raw, _Dated).published or "")
    except RecordError:
        return None


def _time_or_none(text: str) -> datetime | None:
    try:
        return utc_time(text)
    except RecordError:
        return None


SOURCE = Source(
    name="mastodon_archive",
    title=N_("Mastodon archive (zip, tar.gz or folder)"),
    recognise=recognise,
    fetch=fetch,
    parse=parse,
    tells=(
        N_("Everything you posted, with the time, the language and who could see it."),
        N_("Whom you answered, named, quoted and reshared."),
        N_("Which posts you liked, but not when: only that it was before the archive was made."),
        N_("Whom you follow, if you put the list following_accounts.csv into the same folder."),
        N_("How often a post was liked and reshared, if your server is new enough to write it down."),
    ),
    cannot_tell=(
        N_(
            "Who answered, liked, reshared or named you: an archive holds what you did, not what you received."
        ),
        N_("Who follows you, and who stopped."),
        N_("When you began to follow somebody."),
        N_("Whose post you liked or reshared, where its address does not name the author (Misskey, Lemmy)."),
        N_("Posts you deleted before the archive was made."),
    ),
    reference="https://docs.joinmastodon.org/user/moving/#export",
    group=N_("Mastodon"),
    get=N_(
        "Preferences, Import and export, Request your archive: a file .tar.gz or .zip. The lists there, such as followers, are files .csv."
    ),
)
