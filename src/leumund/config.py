"""Settings: one TOML file and a few environment variables -> one frozen record.

    ~/.config/leumund/config.toml (LEUMUND_CONFIG: another place)
        lab = "main"            # the lab used when --lab is not given: a name or a path
        language = "de"         # "de" or "en"

LEUMUND_LAB and LEUMUND_LANG go before the file; --lab and --lang go before both. No secret stands here.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from leumund.errors import UsageError
from leumund.locale import _

DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Config:
    """What holds for this run. lab: the default lab, a name or a path; language: None for the environment's."""

    lab: str = "main"
    language: str | None = None


def read_config() -> Config:
    """The settings in force.

    Raises:
        UsageError: the file is no TOML or holds something else than it should.
    """
    import platformdirs

    path = Path(
        os.environ.get("LEUMUND_CONFIG") or Path(platformdirs.user_config_dir("leumund")) / "config.toml"
    )
    given: dict[str, object] = {}
    if path.exists():
        try:
            given = tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UsageError(
                _("{path}: this is not TOML ({error})").format(path=path, error=error)
            ) from error
    for name in given:
        if name not in {"lab", "language"} or not isinstance(given[name], str):
            hint = _("It may hold: lab, language (both text).")
            raise UsageError(
                _("{path}: “{name}” means nothing here.").format(path=path, name=name), hint=hint
            )
    language = given.get("language")
    return Config(
        lab=os.environ.get("LEUMUND_LAB") or str(given.get("lab", "main")),
        language=str(language) if language else None,
    )


def labs_folder() -> Path:
    """Where labs live that are called by name."""
    import platformdirs

    return Path(os.environ.get("LEUMUND_HOME") or platformdirs.user_data_dir("leumund"))


def lab_folder(lab: str | None) -> Path:
    """The folder of a lab: a path when it looks like one, else a name among the labs.

    Raises:
        UsageError: the name cannot be a folder's.
    """
    name = lab or read_config().lab
    if "/" in name or "\\" in name or name.startswith((".", "~")):
        return Path(name).expanduser()
    if not name.strip() or not all(c.isalnum() or c in "-_ ." for c in name):
        raise UsageError(_("“{name}” cannot be the name of a lab.").format(name=name))
    return labs_folder() / name
