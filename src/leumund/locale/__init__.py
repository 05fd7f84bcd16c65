"""The two languages of the house: `_` translates now, `N_` marks a text that is translated later.

The language is chosen once per process: `--lang`, else LEUMUND_LANG, else LC_ALL, LC_MESSAGES,
LANGUAGE and LANG, else English. Catalogues lie beside this file, `de/LC_MESSAGES/leumund.po`, and
are made with `make messages`.
"""

from __future__ import annotations

import gettext
import os
from pathlib import Path

LANGUAGES = ("en", "de")

_current: gettext.NullTranslations = gettext.NullTranslations()
_code = "en"


def use(language: str | None = None) -> str:
    """Speak this language from now on (None: what the environment asks for); gives the code in use."""
    global _current, _code  # noqa: PLW0603  one process speaks one language
    _code = _choose(language)
    _current = gettext.translation("leumund", Path(__file__).parent, [_code], fallback=True)
    return _code


def code() -> str:
    """The language spoken now: "en" or "de"."""
    return _code


def _(message: str) -> str:
    """The message in the language spoken now."""
    return _current.gettext(message) if message else ""


def ngettext(one: str, many: str, n: int) -> str:
    """The message for n things in the language spoken now."""
    return _current.ngettext(one, many, n)


def N_(message: str) -> str:  # noqa: N802  the usual name of this mark
    """Mark a text for the catalogue; it is translated where it is shown."""
    return message


def _choose(language: str | None) -> str:
    names = ("LEUMUND_LANG", "LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG")
    wish = language or next((v for name in names if (v := os.environ.get(name))), "en")
    short = wish.replace("-", "_").split("_")[0].split(":")[0].split(".")[0].lower()
    return short if short in LANGUAGES else "en"
