"""doctor, backup, restore, export, forget: keeping the lab and leaving it."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
import time
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leumund.cli import left_keys
from leumund.cli.shared import (
    AsOfOption,
    JsonOption,
    LabOption,
    ask,
    moment,
    now,
    opened,
    print_json,
    remember,
    say,
    shown,
)
from leumund.errors import LabError, LabFullError, LeumundError, UnreadableFileError, UsageError
from leumund.locale import N_, _, ngettext
from leumund.refused import is_full

if TYPE_CHECKING:
    from leumund.lab import Lab
    from leumund.store.forget import Meant

HELP_DOCTOR = N_("Look whether the lab is whole. Example: leumund doctor")
HELP_BACKUP = N_("Copy the whole lab into one file. Example: leumund backup my-lab.zip")
HELP_RESTORE = N_(
    "Make a lab of a backup; never overwrites one. Example: leumund restore my-lab.zip --lab again"
)
HELP_EXPORT = N_("Write everything out in open formats. Example: leumund export folder --format csv")
HELP_FORGET = N_("Erase an account everywhere in the lab, for good. Example: leumund forget @name@server")

_BACKUPS = "backups"
_AN_HOUR_S = 3600
_EVER = datetime.max.replace(tzinfo=UTC)  # what is dated in the future leaves with the rest
YesOption = Annotated[bool, typer.Option("--yes", "-y", help=_("Do not ask."))]
_SIGNS = {"good": "✓", "hint": "·", "bad": "✗"}


def doctor(
    lab: LabOption = None,
    json: JsonOption = False,
    fix: Annotated[
        bool, typer.Option("--fix", help=_("Delete keys of labs that are no more; asks before."))
    ] = False,
    yes: YesOption = False,
) -> None:
    from leumund.clean import clean
    from leumund.store.doctor import examine
    from leumund.store.outside import remembered_files

    with opened(lab) as there:
        findings = list(examine(there.register, there.folder))
        left, said = left_keys.examined(there)
        findings += said
        where = there.folder
        backups = remembered_files(there.register, _BACKUPS)
    _sweep_cleaning(where, backups, older_than_s=_AN_HOUR_S)  # a younger one may be at work
    if json:
        print_json(
            {
                "lab": str(where),
                "findings": [{"level": f.level, "text": f.text, "hint": f.hint} for f in findings],
            }
        )
    else:
        print(_("Lab: {path}").format(path=shown(where)))
        for finding in findings:
            print(f"  {_SIGNS[finding.level]} {clean(finding.text)}")
            if finding.hint:
                print(f"      {clean(finding.hint)}")
    if fix:
        _delete_keys(left, yes=yes)
    if any(f.level == "bad" for f in findings):
        raise typer.Exit(1)


def _delete_keys(names: Sequence[str], *, yes: bool) -> None:
    from leumund import vault

    if not names:
        say(_("There is nothing to delete."))
        return
    if not yes:
        ask(_("Delete these keys: {names}? Type yes:").format(names=", ".join(names)))
    for name in names:
        vault.drop(name)
    text = ngettext("{n} key deleted.", "{n} keys deleted.", len(names)).format(n=len(names))
    say(text + " " + _("To make it worthless, withdraw it on the server, too."))


def backup(
    to: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", help=_("The file to write; else one with today's date."), show_default=False
        ),
    ] = None,
    lab: LabOption = None,
) -> None:
    from leumund.store.backup import backup as write
    from leumund.views.cells import number

    with opened(lab) as there:
        at = now()
        file = to or Path(f"leumund-{there.folder.name}-{at:%Y-%m-%d}.zip")
        size = write(there.register, there.folder, file, at=at)
    remember(there.folder, _BACKUPS, file)
    print(
        _("Written: {path} ({mb} MB). Try it: leumund restore {path} --lab PATH").format(
            path=shown(file), mb=number(size / 2**20, 1)
        )
    )


def restore(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=_("A backup made with leumund backup."), show_default=False)
    ],
    lab: LabOption = None,
) -> None:
    from leumund.labs import come_back, not_refreshed, own_folder

    if not file.is_file():
        raise UnreadableFileError(file, _("there is no such file or folder"))
    folder = own_folder(lab)
    left = come_back(file, folder)
    print(_("The lab is back: {path}").format(path=shown(folder)))
    for posts in left:
        say(not_refreshed(shown(posts)))
        say(_("Shall this lab do it: leumund widget build --out {path}").format(path=shown(posts)))


def export(
    to: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help=_("A folder; made if it is not there."), show_default=False),
    ],
    lab: LabOption = None,
    form: Annotated[
        str, typer.Option("--format", metavar="jsonl|csv|parquet", help=_("Which open format."))
    ] = "jsonl",
    private: Annotated[
        bool,
        typer.Option("--private", help=_("Also your no-go list, your labels and your customers.")),
    ] = False,
    as_of: AsOfOption = None,
) -> None:
    from leumund.labs import checked_folder
    from leumund.store.export import export as write
    from leumund.store.export import kept_back
    from leumund.views.cells import number

    if form not in ("jsonl", "csv", "parquet"):
        raise UsageError(_("--format: jsonl, csv or parquet"))
    with opened(lab) as there:
        at = moment(as_of, there) if as_of else _EVER
        with there.tables(as_of=at) as tables:
            made = write(tables, there.register, checked_folder(to), form, private=private)  # type: ignore[arg-type]
        left = 0 if private else kept_back(there.register)
    remember(there.folder, "exports", to)
    for name, rows in made.items():
        print(
            ngettext("{file}: {n} row", "{file}: {n} rows", rows).format(
                file=shown(to / name), n=number(rows)
            )
        )
    if left:
        text = ngettext(
            "Kept back, since it is for you alone: {n} entry of your no-go list, labels, consents or customers. Take it along with --private.",
            "Kept back, since they are for you alone: {n} entries of your no-go list, labels, consents and customers. Take them along with --private.",
            left,
        )
        say(text.format(n=number(left)))


def forget(
    account: Annotated[
        str, typer.Argument(metavar="ACCOUNT", help=_("Whose traces are to be erased."), show_default=False)
    ],
    lab: LabOption = None,
    yes: YesOption = False,
) -> None:
    from leumund.cli.widget import refreshed
    from leumund.store.connections import forget_ended
    from leumund.store.outside import remembered_files
    from leumund.views.cells import number

    with opened(lab, read_only=False) as there:
        keys, who, names = _to_forget(there, account)
        if not yes:
            say(
                _(
                    "This erases {accounts} from the lab and its backups for good: posts, acts, name, and mentions in others' posts."
                ).format(accounts=names)
            )
            ask(_("Erase? Type yes:"))
        backups = remembered_files(there.register, _BACKUPS)
        written = [p for what in ("reports", "exports") for p in remembered_files(there.register, what)]
        with there.writing(now()) as writer:
            # backups first: whoever is interrupted here starts again, and the lab still knows who is meant
            _sweep_cleaning(there.folder, backups)
            cleaned = [file for file in backups if _forget_in_backup(there.folder, file, who, keys)]
            done = writer.forget(who)
            forget_ended(there.register, keys)
        refreshed(there.folder)
    text = ngettext(
        "Erased: {n} row gone; segments written anew: {m}.",
        "Erased: {n} rows gone; segments written anew: {m}.",
        done.rows,
    )
    print(text.format(n=number(done.rows), m=number(done.segments)))
    if done.said:
        text = ngettext(
            "Of what you said yourself {n} entry names them no more.",
            "Of what you said yourself {n} entries name them no more.",
            done.said,
        )
        print(text.format(n=number(done.said)))
    print(_("Only a keyed hash remains, so that the account is left out of later imports."))
    for left in done.files_left:
        say(_("Open elsewhere, delete it yourself: {path}").format(path=left))
    if done.unfinished:
        say(
            _(
                "Another program has the lab open: a part is overwritten with the next import after it is closed."
            )
        )
    for file in cleaned:
        print(_("Erased in the backup too: {path}").format(path=shown(file)))
    for file in written:
        if file.exists():
            say(
                _(
                    "This was written before and may name the account; make it anew or delete it: {path}"
                ).format(path=file)
            )


def _to_forget(there: Lab, account: str) -> tuple[set[int], Meant, str]:
    """Whom to forget: the keys of all accounts of that person, their names for the store, and for people."""
    from leumund.ids import account_key, display_handle
    from leumund.meant import account_meant
    from leumund.spoken.accounts import account_said, is_bare
    from leumund.store.forget import Meant, is_only_named, meant, related

    if not there.find_account(account) and not is_bare(account):
        with contextlib.suppress(
            UsageError
        ):  # somebody of whom no source told may stand in a customer's chain
            uri = account_said(account)
            if not there.find_account(uri) and is_only_named(there.register, uri):
                return {account_key(uri)}, Meant(frozenset((uri,))), display_handle(uri)
    keys = related(there.register, account_meant(there, account))
    if set(there.register.own_accounts()) & keys:
        hint = _("To leave altogether delete the folder of the lab.")
        raise UsageError(_("This is your own account."), hint=hint)
    return keys, meant(there.register, keys), ", ".join(sorted(set(there.names(keys).values())))


def _cleaning(lab: Path) -> str:
    """How the folders begin in which this lab's backups are cleaned."""
    return f".leumund-cleaning-{hashlib.sha256(str(lab.absolute()).encode()).hexdigest()[:8]}-"


def _sweep_cleaning(lab: Path, backups: list[Path], *, older_than_s: float = 0) -> None:
    """Delete what an interrupted cleaning left beside the backups."""
    for folder in {file.parent for file in backups}:
        for left in folder.glob(_cleaning(lab) + "*"):
            if left.is_dir() and not left.is_symlink() and time.time() - left.stat().st_mtime >= older_than_s:
                shutil.rmtree(left, ignore_errors=True)


def _forget_in_backup(lab: Path, file: Path, who: Meant, keys: Collection[int]) -> bool:
    """The same in a backup we made: unpacked, cleaned, packed again under the same name. True when done.

    Raises:
        LabError: there is no room for it. Once the lab has forgotten, nobody could say any more who is meant.
    """
    from leumund.lab import Lab
    from leumund.store.backup import backup as write
    from leumund.store.backup import restore as unpack
    from leumund.store.connections import forget_ended

    if not file.exists():
        say(_("Not found, clean it yourself if it still exists: {path}").format(path=file))
        return False
    try:
        with tempfile.TemporaryDirectory(prefix=_cleaning(lab), dir=file.parent) as tmp:
            unpack(file, Path(tmp) / "lab")
            with Lab.open(Path(tmp) / "lab") as there:
                with there.writing(now()) as writer:
                    writer.forget(who)
                forget_ended(there.register, keys)
                clean = Path(tmp) / "clean.zip"
                write(there.register, there.folder, clean, at=now())
            clean.replace(file)
    except (LeumundError, OSError) as error:
        if isinstance(error, LabFullError) or (isinstance(error, OSError) and is_full(error)):
            raise LabError(
                _(
                    "There is no room to clean this backup: {path}. In the lab itself nothing is erased yet."
                ).format(path=shown(file)),
                hint=_("Make room on its disk, or delete the backup, and start again."),
            ) from error
        say(_("This backup could not be cleaned ({error}): {path}").format(error=error, path=file))
        return False
    return True
