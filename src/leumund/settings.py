"""Changing the settings: the one place that writes their file.

    in_force()               all of them as they hold now
    said(name, text)         what a person wrote, as the setting holds it
    change(name=value ...)   into the file; None takes a setting out

What else stands in the file, comments too, stays as it is. What was written is read again before it takes the old
file's place; where a file is put together in a way that this cannot change, it is left alone and that is said.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leumund import locale
from leumund.config import config_path, read_config
from leumund.errors import LabFullError, UsageError
from leumund.locale import N_, _
from leumund.refused import is_full, reason
from leumund.spoken.amounts import money_said, number_said
from leumund.spoken.zones import checked_zone

Value = str | float | bool | Sequence[str] | None

_TABLE = re.compile(r"\s*\[")
_LIMITS = "limits"
_CONDUCT = "conduct"
_MOST_MINUTES = 1440.0
_MOST_RATE = 1e6
_YES = {"true": True, "yes": True, "ja": True, "on": True, "1": True,
        "false": False, "no": False, "nein": False, "off": False, "0": False}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: what it is called, what it means, and how what a person wrote is read."""

    title: str
    help: str
    read: Callable[[str], Value]


def said(name: str, text: str) -> Value:
    """What a person wrote, as the setting holds it; None for nothing.

    Raises:
        UsageError: there is no such setting, or it cannot be that.
    """
    if name not in SETTINGS:
        raise UsageError(_("There is no setting “{name}”.").format(name=name), hint=", ".join(SETTINGS))
    return SETTINGS[name].read(text) if text.strip() else None


def in_force() -> dict[str, Value]:
    """Every setting as it holds now, None where nothing was said."""
    config = read_config()
    return {name: getattr(config, name) for name in SETTINGS}


def change(values: Mapping[str, Value]) -> Path:
    """Put these into the file, None: out of it; gives where it stands.

    Raises:
        UsageError: the file cannot be read or written, or changed by a program.
    """
    path = config_path()
    try:
        text = path.read_text("utf-8-sig") if path.exists() else ""
        wanted = _wanted(tomllib.loads(text), values)
        for name, value in values.items():
            text = _with_limits(text, value) if name == _LIMITS else _with_line(text, name, value)
        fits = tomllib.loads(text) == wanted
    except ValueError:  # broken TOML and wrong UTF-8 are such errors too
        fits = False
    except OSError as error:
        raise UsageError(_("{path}: {why}").format(path=path, why=reason(error))) from error
    if not fits:
        hint = _("Put it right by hand: {path}").format(path=path)
        raise UsageError(_("The settings cannot be changed by the program."), hint=hint)
    _put(path, text)
    return path


def _wanted(told: dict[str, Any], values: Mapping[str, Value]) -> dict[str, Any]:
    """What the file shall say."""
    wanted = dict(told)
    for name, value in values.items():
        if name == _LIMITS:
            wanted.pop(_CONDUCT, None)
            if value is not None:
                wanted[_CONDUCT] = {_LIMITS: list(value)}  # type: ignore[arg-type]
        elif value is None:
            wanted.pop(name, None)
        else:
            wanted[name] = value
    return wanted


def _with_line(text: str, name: str, value: Value) -> str:
    """The file with one line of the part before its first table said anew, added or taken out."""
    lines = text.split("\n")  # what else ends a line elsewhere may stand within a text
    end = next((n for n, line in enumerate(lines) if _TABLE.match(line)), len(lines))
    mine = [n for n in range(end) if re.match(rf"\s*{name}\s*=", lines[n])]
    line = [] if value is None else [f"{name} = {_written(value)}"]
    if mine:
        comment = re.search(r"\s+#[^\"']*$", lines[mine[0]]) if value is not None else None
        line = [line[0] + comment[0]] if comment and line else line
        lines[mine[0] : mine[0] + 1] = line
    else:
        while end and not lines[end - 1].strip():
            end -= 1
        lines[end:end] = line
    return "\n".join(lines).strip("\n") + "\n"


def _with_limits(text: str, value: Value) -> str:
    """The file with the table of limits said anew at its end, or without it."""
    kept, inside = [], False
    for line in text.split("\n"):
        if _TABLE.match(line):
            inside = bool(re.match(rf"\s*\[\s*{_CONDUCT}\s*\]", line))
        if not inside:
            kept.append(line)
    told = "\n".join(kept).strip("\n")
    if value is not None:
        words = ", ".join(_written(str(v)) for v in value)  # type: ignore[union-attr]
        told = f"{told}\n\n[{_CONDUCT}]\n{_LIMITS} = [{words}]".strip("\n")
    return told + "\n"


def _written(value: Value) -> str:
    """As TOML writes it; JSON's texts are TOML's basic strings."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}" if value == round(value, 4) and abs(value) < _MOST_RATE else repr(value)
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _put(path: Path, text: str) -> None:
    """Whole or not at all; behind a link it is changed there, and the link stays."""
    path = Path(os.path.realpath(path))
    part = path.with_name(f".{path.name}-{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, "utf-8")
        if path.exists():
            part.chmod(path.stat().st_mode & 0o777)
        part.replace(path)
    except OSError as error:
        if is_full(error):
            raise LabFullError(path.parent) from error
        raise UsageError(_("{path}: {why}").format(path=path, why=reason(error))) from error
    finally:
        part.unlink(missing_ok=True)


def _language(text: str) -> str:
    wish = text.strip().lower()[:2]
    if wish not in locale.LANGUAGES:
        raise UsageError(_("“{text}” is no language I speak: de or en.").format(text=text))
    return wish


def _zone(text: str) -> str:
    checked_zone(text.strip())
    return text.strip()


def _rate(text: str) -> float:
    amount, _currency = money_said(text)
    if not 0 <= amount <= _MOST_RATE:
        raise UsageError(_("“{text}” is no amount for an hour.").format(text=text))
    return amount


def _minutes(text: str) -> float:
    minutes = number_said(text)
    if not 0 < minutes <= _MOST_MINUTES:
        raise UsageError(_("“{text}” is no number of minutes in a day.").format(text=text))
    return minutes


def _yes(text: str) -> bool:
    answer = _YES.get(text.strip().lower())
    if answer is None:
        raise UsageError(_("“{text}” is neither yes nor no.").format(text=text))
    return answer


def _limits(text: str) -> tuple[str, ...] | None:
    lines = (line.strip() for part in text.splitlines() for line in part.split(";"))
    return tuple(line for line in lines if line) or None


SETTINGS: Mapping[str, Setting] = {
    "language": Setting(N_("Language"), N_("In which Leumund speaks: de or en."), _language),
    "zone": Setting(N_("Time zone"), N_("Whose clocks tell times, hours and weekdays, such as Europe/Berlin; else the computer's."), _zone),
    "hourly_rate": Setting(
        N_("What an hour of yours is worth"), N_("For what a customer costs, in your currency; 60 for instance."), _rate
    ),
    "minutes_a_day": Setting(
        N_("Minutes a day for thanks"), N_("How many thanks are possible; else as the hours you noted tell."), _minutes
    ),
    "words": Setting(
        N_("Words instead of numbers"), N_("In the pages; for who does not want to be chased by figures."), _yes
    ),
    "limits": Setting(
        N_("Your limits for conduct"),
        N_("From when on somebody is proposed for the no-go list, one in each line; else the usual ones."),
        _limits,
    ),
}  # fmt: skip
"""Every setting that can be changed, in the order in which they are shown."""
