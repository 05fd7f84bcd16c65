"""Settings: one TOML file and a few environment variables -> one frozen record.

    ~/.config/leumund/config.toml (LEUMUND_CONFIG: another place)
        lab = "main"            # the lab used when --lab is not given: a name or a path
        language = "de"         # "de" or "en"
        zone = "Europe/Berlin"  # whose clocks tell times, hours and weekdays; else the computer's
        hourly_rate = 60        # what an hour of the owner's is worth, for what customers cost
        minutes_a_day = 15      # that she has for thanks
        words = true            # in the pages words instead of numbers
        [conduct]               # from when on somebody is proposed for the no-go list; in words, all of them
        limits = ["more than half adverts", "mehr als die Hälfte Links zu sich selbst"]

LEUMUND_LAB and LEUMUND_LANG go before the file; --lab and --lang go before both. No secret stands here.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from leumund.errors import UsageError
from leumund.locale import _
from leumund.refused import reason
from leumund.spoken.zones import of_computer

DEMO = "demo"
SPEAKS_OF = "speaks_of"
"""Name in a lab's meta table: the moment a lab speaks of by default (the demo's last day)."""
_HIGHEST = 1e9
_LONGEST_NAME = 255  # bytes in the name of a folder


@dataclass(frozen=True, slots=True)
class Config:
    """What holds for this run. lab: the default lab, a name or a path; language: None for the environment's.

    zone: the time zone of the owner's day, such as "Europe/Berlin"; None where she has not said (see `own_zone`).
    hourly_rate: what an hour of hers is worth, in her currency; None where she has not said.
    minutes_a_day: that she has for thanks; None where she has not said. words: whether the pages show words instead of numbers.
    limits: hers for `conduct`, in words; None: the usual ones.
    """

    lab: str = "main"
    language: str | None = None
    zone: str | None = None
    hourly_rate: float | None = None
    minutes_a_day: float | None = None
    words: bool = False
    limits: tuple[str, ...] | None = None


def config_path() -> Path:
    """Where the settings stand, if there are any."""
    import platformdirs

    place = os.environ.get("LEUMUND_CONFIG")
    return Path(place) if place else Path(platformdirs.user_config_dir("leumund")) / "config.toml"


def read_config() -> Config:
    """The settings in force.

    Raises:
        UsageError: the file cannot be read, is no TOML or holds something else than it should.
    """
    path = config_path()
    given: dict[str, object] = {}
    if path.exists():
        try:
            given = tomllib.loads(path.read_text("utf-8-sig"))  # Notepad writes a mark at the beginning
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            hint = _('Put it right or delete it. A line reads: language = "de"   (saved as UTF-8)')
            message = _("{path}: these settings cannot be read, they are not TOML ({error}).")
            raise UsageError(message.format(path=path, error=error), hint=hint) from error
        except OSError as error:
            why = reason(error)
            raise UsageError(_("{path}: {why}").format(path=path, why=why)) from error
    limits = _limits(path, given.pop("conduct", None))
    for name, value in given.items():
        is_known = (name in {"lab", "language", "zone"} and isinstance(value, str)) or (
            name == "words" and isinstance(value, bool)
        )
        if not is_known and not (name in {"hourly_rate", "minutes_a_day"} and _is_amount(value)):
            hint = _(
                "It may hold: lab, language, zone (all text), hourly_rate and minutes_a_day (numbers, such as 60), words (true or false); under [conduct]: limits."
            )
            raise UsageError(
                _("{path}: “{name}” means nothing here.").format(path=path, name=name), hint=hint
            )
    language, zone = given.get("language"), given.get("zone")
    rate, minutes = given.get("hourly_rate"), given.get("minutes_a_day")
    return Config(
        lab=os.environ.get("LEUMUND_LAB") or str(given.get("lab", "main")),
        language=str(language) if language else None,
        zone=str(zone) if zone else None,
        hourly_rate=float(rate) if isinstance(rate, int | float) else None,
        minutes_a_day=float(minutes) if isinstance(minutes, int | float) else None,
        words=given.get("words") is True,
        limits=limits,
    )


def own_zone() -> str:
    """The name of the owner's time zone: as she said, else the computer's."""
    return read_config().zone or of_computer()


def _is_amount(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < _HIGHEST


def _limits(path: Path, told: object) -> tuple[str, ...] | None:
    """What stands under [conduct]; whether the words make sense is told where they are used.

    Raises:
        UsageError: it holds something else than a list of texts called limits.
    """
    if told is None:
        return None
    limits = told.get("limits") if isinstance(told, dict) and set(told) <= {"limits"} else ()
    if limits is None:
        return None
    if not isinstance(limits, list) or not all(isinstance(words, str) for words in limits):
        hint = _('Under [conduct] stands: limits = ["more than half adverts"]')
        raise UsageError(
            _("{path}: what stands under [conduct] means nothing here.").format(path=path), hint=hint
        )
    return tuple(limits)


def labs_folder() -> Path:
    """Where labs live that are called by name."""
    import platformdirs

    return Path(os.environ.get("LEUMUND_HOME") or platformdirs.user_data_dir("leumund"))


def lab_folder(lab: str | None) -> Path:
    """The folder of a lab: a path when it looks like one, else a name among the labs.

    Raises:
        UsageError: the name cannot be a folder's, or is too long.
    """
    name = lab or read_config().lab
    folder = Path(name)
    if "/" in name or "\\" in name or name.startswith((".", "~")):
        try:
            folder = folder.expanduser()
        except RuntimeError:  # the home of somebody who is not there
            raise UsageError(_("“{name}” cannot be the name of a lab.").format(name=name)) from None
    elif not name.strip() or not all(c.isalnum() or c in "-_ ." for c in name):
        hint = _("A name is made of letters, digits, blanks, - and _; a folder is written with a /.")
        raise UsageError(_("“{name}” cannot be the name of a lab.").format(name=name), hint=hint)
    else:
        folder = labs_folder() / name
    if len(os.fsencode(folder.name)) > _LONGEST_NAME:
        raise UsageError(_("The name of the lab is too long: {name}…").format(name=folder.name[:40]))
    return folder
