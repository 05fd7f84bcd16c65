"""Where keys to other servers are kept: the system's keyring, else a file only its owner may read, else the environment.

A lab holds no secret: it can be copied, backed up and shown to somebody. What lies here is asked for by
the connection's name and the lab's (`mastodon@1f3a5b7c`); nothing of it ever stands in a message, a report or an export.

    LEUMUND_SECRETS          another place for the file; "off" for none
    LEUMUND_SECRET_NAME      a secret given by the environment (the connection's name in capitals, other signs as _);
                             it goes first
    LEUMUND_KEYRING          "off": the system's keyring is not asked

Beside the file lies `keys.json`, which holds no key: only which lab each is for, so that the keys of a lab that is no
more can be found and thrown away. A keyring cannot be asked what is in it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

import filelock

from leumund.errors import LabFullError, SecretError
from leumund.locale import _
from leumund.refused import is_full, reason

_SERVICE = "leumund"
_PATIENCE_S = 20.0


def keep(name: str, secret: str) -> str:
    """Keep a secret under a name; says where: "keyring" or the file's path.

    Raises:
        SecretError: it cannot be kept anywhere; with the way by the environment.
    """
    ring = _keyring()
    if ring is not None:
        with contextlib.suppress(Exception):  # a locked or half-installed keyring: the file is next
            ring.set_password(_SERVICE, name, secret)
            _change_file(name, None)  # an older copy in the file would outlive it
            return "keyring"
    path = _file()
    if path is None:
        raise SecretError(
            _("There is no place to keep the key in."),
            hint=_("Give it by the environment: {variable}").format(variable=_variable(name)),
        )
    _change_file(name, secret)
    return str(path)


def find(name: str) -> str | None:
    """The secret of that name, None where there is none."""
    if given := os.environ.get(_variable(name), "").strip():  # files it came from end with a line's end
        return given
    ring = _keyring()
    if ring is not None:
        with contextlib.suppress(Exception):
            if found := ring.get_password(_SERVICE, name):
                return str(found)
    return _read_file().get(name)


def note(names: Iterable[str], lab: Path) -> None:
    """Remember which lab these keys are for. Where that cannot be written down, nothing is lost but that."""
    path = _notes()
    if path is None:
        return
    with contextlib.suppress(OSError, filelock.Timeout):
        told = dict.fromkeys(names, str(lab.absolute()))
        if told.items() <= _labs(path).items():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(path.with_name(path.name + ".lock"), timeout=_PATIENCE_S):
            _write_file(path, {**_labs(path), **told})


def noted() -> dict[str, Path | None]:
    """Every key that is known to lie here, with the folder of its lab; None where that was never noted."""
    path = _notes()
    labs = {name: Path(lab) for name, lab in (_labs(path) if path else {}).items()}
    return {**dict.fromkeys(_read_file()), **labs}


def drop(name: str) -> None:
    """Throw a secret away, wherever it lies."""
    ring = _keyring()
    if ring is not None:
        with contextlib.suppress(Exception):
            ring.delete_password(_SERVICE, name)
    _change_file(name, None)
    path = _notes()
    with contextlib.suppress(OSError, filelock.Timeout):
        if path is not None and name in _labs(path):
            with filelock.FileLock(path.with_name(path.name + ".lock"), timeout=_PATIENCE_S):
                _write_file(path, {**_labs(path), name: None})


def _variable(name: str) -> str:
    """The connection's name alone: that of the lab behind the @ is nobody's to type."""
    return "LEUMUND_SECRET_" + re.sub(r"[^A-Z0-9]", "_", name.partition("@")[0].upper())


class _Ring:
    """What we use of the keyring library."""

    def __init__(self) -> None:
        import keyring

        self.set_password = keyring.set_password
        self.get_password = keyring.get_password
        self.delete_password = keyring.delete_password


def _keyring() -> _Ring | None:
    if os.environ.get("LEUMUND_KEYRING", "").lower() == "off":
        return None
    try:
        import keyring
        from keyring.backends import fail, null

        if isinstance(keyring.get_keyring(), fail.Keyring | null.Keyring):
            return None
        return _Ring()
    except Exception:  # noqa: BLE001  a keyring that cannot even be loaded is none
        return None


def _notes() -> Path | None:
    file = _file()
    return file.with_name("keys.json") if file else None


def _labs(path: Path) -> dict[str, str]:
    """What was noted; notes that cannot be read are none, and are written anew."""
    try:
        return _read(path)
    except SecretError:
        return {}


def _file() -> Path | None:
    """Where the file really lies: behind a link it is changed there, and the link stays."""
    import platformdirs

    told = os.environ.get("LEUMUND_SECRETS")
    if told and told.lower() == "off":
        return None
    path = Path(told) if told else Path(platformdirs.user_config_dir("leumund")) / "secrets.json"
    return Path(os.path.realpath(path))


def _read_file() -> dict[str, str]:
    path = _file()
    return _read(path) if path else {}


def _read(path: Path) -> dict[str, str]:
    try:
        if not path.exists():
            return {}
        if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            path.chmod(0o600)  # somebody copied it carelessly
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SecretError(
            _("{path}: the file of keys cannot be read.").format(path=path),
            hint=_("Delete it and connect again with: leumund connect"),
        ) from error
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _change_file(name: str, secret: str | None) -> None:
    path = _file()
    if path is None:
        return
    if secret is None and name not in _read_file():
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(path.with_name(path.name + ".lock"), timeout=_PATIENCE_S)
        with lock:  # connections renew their keys side by side
            _write_file(path, {**_read_file(), name: secret})
    except OSError as error:
        if is_full(error):
            raise LabFullError(path.parent) from error
        raise SecretError(
            _("{path}: the key cannot be kept there ({why}).").format(path=path, why=reason(error)),
            hint=_("Give it by the environment: {variable}").format(variable=_variable(name)),
        ) from error


def _write_file(path: Path, keys: Mapping[str, str | None]) -> None:
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    # never readable by others, not even briefly
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump({k: v for k, v in keys.items() if v is not None}, out, indent=1, sort_keys=True)
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)
