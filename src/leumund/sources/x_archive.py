"""The archive X sends of an account: a zip, the unpacked folder, or the folder's `data/`.

    data/manifest.js   window.__THAR_CONFIG = {"userInfo", "archiveInfo": {"generationDate"}, "dataTypes"}
    data/account.js    window.YTD.account.part0 = [{"account": {"accountId", "username", ...}}]
    data/profile.js    [{"profile": {"description": {"bio", "website", "location"}}}]
    data/tweets.js     tweets-part1.js ...; until 2022 tweet.js; community-tweet.js (see `x_posts`)
    data/note-tweet.js long texts
    data/deleted-tweets.js
    data/follower.js   [{"follower": {"accountId"}}]; following.js likewise
    data/protected-history.js  [{"protectedHistory": {"protectedAt", "action"}}]

Nothing else is opened: no direct messages, likes, contacts, advertising data or addresses. Of
account.js only name, number and date go on into a page; mail address and telephone number do not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from leumund.errors import LeumundError, UnreadableFileError
from leumund.events import Account, Act, Deletion, Event
from leumund.locale import N_, _
from leumund.sources import Cursor, FileSettings, Found, Page, Source
from leumund.sources.archive_files import Archive, is_archive, open_archive
from leumund.sources.json_records import (
    RecordError,
    decode,
    page_records,
    parse_problems,
    problem_data,
    record_problem,
)
from leumund.sources.record_pages import (
    Loaded,
    Records,
    Step,
    archive_context,
    archive_made_at,
    archive_pages,
    archive_step,
)
from leumund.sources.x_files import (
    KINDS,
    ORDER,
    PART,
    Followed,
    Gone,
    Manifest,
    Me,
    Wrapper,
    base_folder,
    is_ours,
    is_wanted,
    load_js,
    made_by_name,
    owner_uri,
    read_manifest,
    read_notes,
    read_owner,
    split_name,
    stripped,
    time_or_none,
)
from leumund.sources.x_posts import PostParser
from leumund.sources.x_records import Note, Owner, status_uri, tweet_id, tweet_of, user_uri, x_time

MISSING = N_(
    "the archive lists this file but does not hold it; if X sent several parts, import the others too."
)


def recognise(path: Path) -> Found | None:
    """A place with account.js or posts that begin with `window.YTD.`."""
    if not is_archive(path):
        return None
    made_at = made_by_name(path)
    what = _("X archive")
    by_name = Found(sure=0.3, what=what, made_at=made_at) if made_at and not path.is_dir() else None
    try:
        with open_archive(path, is_wanted, glance=True) as archive:
            base = base_folder(archive)
            if base is None:
                return by_name
            manifest, me = read_manifest(archive, base), None
            if base + "account.js" in archive.members:
                me = read_owner(archive, base, manifest)
            elif not any(is_ours(archive.head(name)) for name in archive.members if name.startswith(base)):
                return by_name
    except (LeumundError, OSError):
        return by_name
    made_at = manifest.made_at() or made_at
    owner = owner_uri(me) if me else None
    if me and made_at:
        what = _("X archive of {who}, made {day}").format(
            who="@" + me.username, day=made_at.date().isoformat()
        )
    elif me:
        what = _("X archive of {who}").format(who="@" + me.username)
    return Found(sure=0.95 if me else 0.6, what=what, owner=owner, made_at=made_at)


def fetch(settings: FileSettings, cursor: Cursor) -> Iterator[Page]:
    """The owner, her posts with the long texts that belong to them, deletions, followers, following.

    Raises:
        UnreadableFileError: no archive, or nothing in it says whose it is.
        DangerousFileError: made to do harm.
    """
    with open_archive(settings.path, is_wanted) as archive:
        base = base_folder(archive)
        if base is None:
            hint = _("Choose the zip file X sent you, or the folder in which the folder “data” lies.")
            raise UnreadableFileError(
                settings.path, _("there is neither account.js nor tweets.js in it."), hint=hint
            )
        manifest = read_manifest(archive, base)
        me = read_owner(archive, base, manifest)
        plan = _Plan(archive, base, manifest, me, *read_notes(archive, base))
        made_at = manifest.made_at() or made_by_name(settings.path) or plan.newest()
        context = archive_context(
            owner_uri(me), made_at, handle=me.username, id=me.number, locked="yes" if me.locked else ""
        )
        yield from archive_pages(plan.steps(context), cursor, context)


@dataclass(slots=True)
class _Plan:
    """The files of an archive in the order in which they are read."""

    archive: Archive
    base: str
    manifest: Manifest
    me: Me
    notes: list[Note]
    problems: list[bytes]

    def steps(self, context: Mapping[str, str]) -> list[Step]:
        steps = [archive_step(self.archive.problems, self.archive.path.name), self._lacking()]
        account = Loaded(records=[msgspec.json.encode(self.me)])
        steps.append(_step("account", "account.js", 1, lambda: account, context))
        for kind, name in self._parts():
            size = self.archive.members[name].size
            steps.append(_step(kind, name.removeprefix(self.base), size, self._loader(kind, name), context))
            if kind == "tweets" and self.notes:
                steps[-1] = _with_notes(steps[-1], context, self.notes)
        return steps

    def newest(self) -> datetime:
        """For archives that tell no date: that of its newest post or, in a zip, its files, whichever is later.

        A folder's own times count only where there is no post: copying changes them.
        """
        times = [
            t
            for kind, name in self._parts()
            if kind == "tweets"
            for t in _times(self._loader(kind, name)().records)
        ]
        changed = [member.changed_at for member in self.archive.members.values() if member.changed_at]
        if changed and (not times or not self.archive.path.is_dir()):
            times.append(max(changed))
        return (
            max(times, default=None)
            or time_or_none(self.me.created_at or "")
            or datetime.fromtimestamp(0, UTC)
        )

    def _parts(self) -> list[tuple[str, str]]:
        found = []
        for name in self.archive.members:
            folder, match = split_name(name)
            if folder == self.base and match and (kind := KINDS.get(match["kind"])) not in {None, "account"}:
                found.append(
                    (ORDER.index(str(kind)), match["kind"], int(match["part"] or 0), str(kind), name)
                )
        return [(kind, name) for _o, _k, _p, kind, name in sorted(found)]

    def _loader(self, kind: str, name: str) -> Callable[[], Loaded]:
        def load() -> Loaded:
            loaded = load_js(self.archive, name, name.removeprefix(self.base))
            if kind == "deleted":
                loaded.records = [stripped(raw) for raw in loaded.records]
            return loaded

        return load

    def _lacking(self) -> Step:
        """Files the manifest lists and nobody packed, and long texts that cannot be read."""
        problems = list(self.problems)
        for _kind, file in self.manifest.files():
            name = file.file_name.rpartition("/")[2]
            match = PART.fullmatch(name)
            if (
                match
                and match["kind"] in KINDS
                and str(file.count) != "0"
                and self.base + name not in self.archive.members
            ):
                problems.append(problem_data(name, MISSING))
        return Step(
            kind="problem",
            file="manifest.js",
            where="manifest.js",
            size=0,
            load=lambda: Loaded(problems=problems),
            context=lambda _records: {},
        )


def _step(kind: str, file: str, size: int, load: Callable[[], Loaded], context: Mapping[str, str]) -> Step:
    return Step(kind=kind, file=file, where=file, size=size, load=load, context=lambda _records: context)


def _with_notes(step: Step, context: Mapping[str, str], notes: list[Note]) -> Step:
    """The same step, each page with those long texts that may belong to its posts."""
    by_second: dict[int, list[Note]] = {}
    by_number: dict[str, Note] = {}
    for note in notes:
        if at := time_or_none(note.created_at or ""):
            by_second.setdefault(int(at.timestamp()), []).append(note)
        by_number |= {number: note for number in (note.note_tweet_id, note.tweet_id) if number}

    def with_notes(records: Records) -> Mapping[str, str]:
        mine: dict[int, Note] = {}
        for raw in records:
            try:
                tweet = tweet_of(raw)
                number, second = tweet_id(tweet), int(x_time(tweet.created_at).timestamp())
            except RecordError:
                continue
            near = [note for s in range(second - 5, second + 6) for note in by_second.get(s, [])]
            for note in (*near, *([by_number[number]] if number in by_number else [])):
                mine[id(note)] = note
        if not mine:
            return context
        return {**context, "notes": msgspec.json.encode(list(mine.values())).decode()}

    return Step(
        kind=step.kind, file=step.file, where=step.where, size=step.size, load=step.load, context=with_notes
    )


def _times(records: Records) -> Iterator[datetime]:
    for raw in records:
        try:
            yield x_time(tweet_of(raw).created_at)
        except RecordError:
            continue


# -- parse --------------------------------------------------------------------------------------


def parse(page: Page) -> Iterator[Event]:
    """The events of a page; a record that cannot be used is a Problem with its place."""
    if page.kind == "problem":
        yield from parse_problems(page)
        return
    owner = _owner(page.context)
    posts = PostParser(owner, msgspec.json.decode(page.context.get("notes", "[]"), type=list[Note]))
    for number, raw in page_records(page):
        try:
            if page.kind == "account":
                yield _account(decode(raw, Me), owner)
            elif page.kind == "tweets":
                yield from posts.events(raw)
            elif page.kind == "deleted":
                yield from _deletion(decode(raw, Gone), owner)
            else:
                yield _follow(page.kind, raw, owner)
        except RecordError as error:
            yield record_problem(page, number, error)


def _owner(context: Mapping[str, str]) -> Owner:
    number = user_uri(context["id"])
    return Owner(
        account=context["owner"],
        handle=context["handle"],
        number=context["id"],
        also=frozenset({context["owner"]} | ({number} if number else set())),
        locked=context["locked"] == "yes",
        made_at=archive_made_at(context),
    )


def _account(me: Me, owner: Owner) -> Account:
    return Account(
        account=owner.account,
        seen_at=owner.made_at,
        network="x",
        handle=me.username,
        name=me.name,
        bio=me.bio,
        url=me.website,
        place=me.place,
        aliases=tuple(sorted(owner.also - {owner.account})),
        created_at=time_or_none(me.created_at or ""),
        followers=me.followers,
        following=me.following,
        locked=me.locked,
        own=True,
    )


def _deletion(gone: Gone, owner: Owner) -> Iterator[Deletion]:
    if gone.problem:
        raise RecordError(gone.problem)
    at = x_time(gone.deleted_at) if gone.deleted_at else owner.made_at
    yield Deletion(of="act" if gone.reshare else "post", subject=status_uri(gone.number), happened_at=at)


def _follow(kind: str, raw: msgspec.Raw, owner: Owner) -> Act:
    wrapped = decode(raw, Wrapper)
    inner = bytes(wrapped.follower if kind == "followers" else wrapped.following)
    other = user_uri(decode(inner or raw, Followed).account_id)
    if other is None:
        raise RecordError(_("an account without a number"))
    actor, target = (other, owner.account) if kind == "followers" else (owner.account, other)
    return Act(kind="follow", actor=actor, target=target, network="x", happened_at=owner.made_at, exact=False)


SOURCE = Source(
    name="x_archive",
    title=N_("X (Twitter) archive (zip or folder)"),
    recognise=recognise,
    fetch=fetch,
    parse=parse,
    tells=(
        N_("Everything you posted and reshared, with the time, long posts in full."),
        N_("Whom you answered, named, quoted and reshared."),
        N_("How often each of your posts was liked and reshared until the archive was made."),
        N_("Who followed you and whom you followed on the day of the archive, as numbers without names."),
        N_("Which posts you deleted shortly before."),
    ),
    cannot_tell=(
        N_(
            "Who liked, answered, reshared or named you: an archive holds what you did, not what you received."
        ),
        N_(
            "What you liked: the archive names neither the author of a post nor when you liked it, so likes are left out."
        ),
        N_("When somebody began to follow you, and who stopped."),
        N_("The names behind most followers: X gives only their numbers."),
        N_(
            "Which post you reshared, unless it held a picture or film: the archive keeps only its first words."
        ),
        N_("Whether a reshare beginning with “RT @” was made with the button or typed by hand."),
    ),
    reference="https://help.x.com/en/managing-your-account/how-to-download-your-x-archive",
    group=N_("X (Twitter)"),
    get=N_("Settings, Your account, Download an archive of your data: a file .zip, ready after a day or so."),
)
