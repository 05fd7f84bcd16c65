"""The copy of one's data that LinkedIn gives: the zip, the folder, or one of its CSV files alone.

    Connections.csv                       connections: follow both ways, since the day they were made
    Shares_123.csv, Comments_123.csv      what the owner wrote
    Recommendations_Received.csv, _Given  recommendations in words, those that are shown (a click on a skill is none)
    Profile.csv, Invitations.csv          whose it is (see `linkedin_files`)

A connection follows both ways, for so LinkedIn has it; its time is the midnight of the day told. Connections
are known by the address of their profile. Who hides it, and who recommends, is known by name alone
(`linkedin-name:Anna_Berg`); a name that exactly one connection bears is that connection's.

The owner's address stands nowhere but in invitations; without them she is known by her name. Where not even that is
there (one file alone) it has to be said; `linkedin-name:me` stands for her where nobody did. Her name is an alias of her address, so that
exports with and without it come together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from leumund.errors import LeumundError, UnreadableFileError
from leumund.events import Account, Act, Event, Post
from leumund.ids import display_handle
from leumund.locale import N_, _
from leumund.sources import Cursor, FileSettings, Found, Page, Source
from leumund.sources.archive_files import Archive, is_archive
from leumund.sources.json_records import RecordError, decode, page_records, parse_problems, record_problem
from leumund.sources.linkedin_files import (
    ORDER,
    UNNAMED,
    Me,
    Part,
    Row,
    check_row,
    is_ours,
    load_rows,
    made_at,
    made_by_name,
    open_place,
    parts_of,
    read_me,
    rows_of,
)
from leumund.sources.linkedin_records import (
    author_of,
    comment_uri,
    full_name,
    linkedin_day,
    linkedin_time,
    named,
    paragraphs,
    post_uri,
    profile_uri,
    time_of,
    visibility,
)
from leumund.sources.record_pages import Loaded, Step, archive_step, step_pages


def recognise(path: Path) -> Found | None:
    """A place with a file whose header LinkedIn writes, or such a file."""
    try:
        if not is_archive(path) and not (path.suffix.lower() == ".csv" and path.is_file()):
            return None
        with open_place(path, glance=True) as archive:
            parts = parts_of(archive)
            if not is_ours(archive, parts):
                return None
            me = read_me(archive, parts)
            day = made_by_name(path)
    except (LeumundError, OSError):
        return None
    if me.account == UNNAMED:
        what = _("LinkedIn data (whose it is does not stand in it)")
        return Found(sure=0.95, what=what, owner=me.account, made_at=day, whose="linkedin")
    what = _("LinkedIn data of {who}").format(who=me.name or display_handle(me.account))
    return Found(sure=0.95, what=what, owner=me.account, made_at=day)


def fetch(settings: FileSettings, cursor: Cursor) -> Iterator[Page]:
    """The owner, her connections, recommendations, posts and comments; about 1,000 records a page.

    Raises:
        UnreadableFileError: nothing of use in it.
        DangerousFileError: made to do harm.
    """
    path = settings.path
    with open_place(path) as archive:
        parts = parts_of(archive)
        if not any(part.kind in ORDER for part in parts):
            hint = _("Choose the zip file LinkedIn gave you, or Connections.csv or Shares.csv in it.")
            raise UnreadableFileError(path, _("there are no connections or posts in it."), hint=hint)
        me = read_me(archive, parts)
        if me.account == UNNAMED and settings.account:
            me = Me(account=settings.account)
        moment = made_by_name(path) or made_at(archive, parts)
        steps = _steps(archive, parts, me, moment)
        yield from step_pages(steps, cursor, archive=f"{me.account} {moment.isoformat()}")


def _steps(archive: Archive, parts: Sequence[Part], me: Me, moment: datetime) -> list[Step]:
    context = {"owner": me.account, "made_at": moment.isoformat()}
    steps = [archive_step(archive.problems, archive.path.name)]

    def add(kind: str, file: str, where: str, size: int, load: Callable[[], Loaded]) -> None:
        steps.append(
            Step(kind=kind, file=file, where=where, size=size, load=load, context=lambda _r: context)
        )

    account = Loaded(records=[msgspec.json.encode(me)])
    add("account", "profile", "Profile.csv", 1, lambda: account)
    for part in parts:
        if part.kind in ORDER:
            size = archive.members[part.name].size
            add(part.kind, part.name, part.where, size, _loader(archive, parts, part))
    return steps


def _loader(archive: Archive, parts: Sequence[Part], part: Part) -> Callable[[], Loaded]:
    def load() -> Loaded:
        loaded = load_rows(archive, part)
        if part.kind in {"received", "given"}:
            known = _known_by_name(archive, parts)
            for row in (rows := rows_of(loaded)):
                row.url = known.get(full_name(row.first, row.last))
            loaded.records = [msgspec.json.encode(row) for row in rows]
        return loaded

    return load


def _known_by_name(archive: Archive, parts: Sequence[Part]) -> Mapping[str, str]:
    """The address of each connection whose name no other one bears."""
    found: dict[str, set[str]] = {}
    for part in parts:
        if part.kind == "connections":
            for row in rows_of(load_rows(archive, part)):
                if address := profile_uri(row.url):
                    found.setdefault(full_name(row.first, row.last), set()).add(address)
    return {name: next(iter(uris)) for name, uris in found.items() if name and len(uris) == 1}


# -- parse --------------------------------------------------------------------------------------


def parse(page: Page) -> Iterator[Event]:
    """The events of a page; a record that cannot be used is a Problem with its place."""
    if page.kind == "problem":
        yield from parse_problems(page)
        return
    owner = page.context["owner"]
    read = {"connections": _connection, "shares": _share, "comments": _comment, "received": _recommendation}
    for number, raw in page_records(page):
        try:
            if page.kind == "account":
                yield _account(decode(raw, Me), datetime.fromisoformat(page.context["made_at"]))
            elif page.kind == "given":
                yield from _recommendation(check_row(decode(raw, Row)), owner, given=True)
            else:
                yield from read[page.kind](check_row(decode(raw, Row)), owner)
        except RecordError as error:
            yield record_problem(page, number, error)


def _account(me: Me, moment: datetime) -> Account:
    named_only = me.account.startswith("linkedin-name:")
    return Account(
        account=me.account,
        seen_at=moment,
        network="linkedin",
        handle=None if named_only else me.account.rpartition("/")[2],
        name=me.name,
        bio=me.headline,
        url=None if named_only else me.account,
        place=me.place,
        aliases=(me.alias,) if me.alias else (),
        own=True,
    )


def _connection(row: Row, owner: str) -> Iterator[Event]:
    name = full_name(row.first, row.last)
    other = profile_uri(row.url) or named(name)
    if other is None:
        raise RecordError(_("an account without a name, perhaps one that is gone"))
    if other == owner:
        raise RecordError(_("it bears the owner's own name"))
    at = linkedin_day(row.at or "")
    yield Account(account=other, seen_at=at, network="linkedin", name=name or None)
    for actor, target in ((other, owner), (owner, other)):
        yield Act(kind="follow", actor=actor, target=target, network="linkedin", happened_at=at)


def _share(row: Row, owner: str) -> Iterator[Event]:
    own = post_uri(row.url or "")
    if own is None:
        raise RecordError(_("“{text}” is no address of a post").format(text=(row.url or "")[:100]))
    yield _post(own, owner, _moment(row.at, own), row, url=own)


def _comment(row: Row, owner: str) -> Iterator[Event]:
    """A comment; whose post it is about only some addresses say."""
    link = row.url or ""
    at = _moment(row.at, "")
    own, parent = comment_uri(link, at, row.text or ""), post_uri(link)
    if own is None:
        raise RecordError(_("“{text}” is no address of a post").format(text=link[:100]))
    author = author_of(link)
    yield _post(own, owner, at, row, url=None, parent=parent, author=author)
    if author and author != owner:
        yield Act(
            kind="reply", actor=owner, target=author, network="linkedin", happened_at=at, post=parent, via=own
        )


def _post(
    own: str,
    owner: str,
    at: datetime,
    row: Row,
    *,
    url: str | None,
    parent: str | None = None,
    author: str | None = None,
) -> Post:
    return Post(
        post=own,
        account=owner,
        network="linkedin",
        happened_at=at,
        text=paragraphs(row.text or ""),
        reply_to=parent,
        reply_to_account=author,
        visibility=visibility(row.word),
        url=url,
    )


def _recommendation(row: Row, owner: str, *, given: bool = False) -> Iterator[Event]:
    """A recommendation in words that is shown; what is hidden or waits is none yet."""
    if (row.word or "").strip().upper() not in {"VISIBLE", "SHOWN", "SICHTBAR"}:
        return
    name, alias = full_name(row.first, row.last), named(row.first, row.last)
    if alias is None:
        raise RecordError(_("an account without a name, perhaps one that is gone"))
    other = row.url or alias
    at = linkedin_time(row.at or "")[0]
    if row.url:
        yield Account(account=other, seen_at=at, network="linkedin", name=name, aliases=(alias,))
    actor, target = (owner, other) if given else (other, owner)
    yield Act(kind="endorse", actor=actor, target=target, network="linkedin", happened_at=at)


def _moment(text: str | None, post: str) -> datetime:
    at, clock = linkedin_time(text or "")
    return at if clock else time_of(post, at) or at


SOURCE = Source(
    name="linkedin_export",
    title=N_("LinkedIn, the copy of your data (zip, folder or CSV)"),
    recognise=recognise,
    fetch=fetch,
    parse=parse,
    tells=(
        N_("Your connections and since which day, each as one who follows you and whom you follow."),
        N_("What you posted and commented, with the time."),
        N_("Who recommended you in words, and whom you recommended."),
    ),
    cannot_tell=(
        N_(
            "Who liked, commented or shared what you wrote: the copy holds what you did, not what you received."
        ),
        N_("How many follow you without being connected: that stands in the analytics you can export."),
        N_(
            "Whose posts you liked, passed on or commented: LinkedIn gives their addresses, but no author. Likes are left out."
        ),
        N_(
            "Who could see a post, unless it says PUBLIC: the others are taken to be for your network and stand in no ranking."
        ),
        N_("Who is no longer connected with you."),
        N_(
            "Which numbers belong to one post: LinkedIn gives it several (share, ugcPost, activity), so a post of your shares may stand a second time where the analytics name it by another one."
        ),
    ),
    reference="https://www.linkedin.com/help/linkedin/answer/a1339364",
    group=N_("LinkedIn"),
    get=N_("Settings, Data privacy, Get a copy of your data: a file .zip."),
)
