"""The two languages of the house: `_` translates now, `N_` marks a text that is translated later.

The language is chosen once per process: `--lang`, else LEUMUND_LANG, else LC_ALL, LC_MESSAGES,
LANGUAGE and LANG, else English. For a while another may be spoken (`speaking`): a report for somebody else, one answer
of many that a server gives at once. Catalogues lie beside this file, `de/LC_MESSAGES/leumund.po`, and are made with
`make messages`.

A text that is stored to be shown later is stored in no language (`kept`) and translated when it is shown (`told`): the
texts that `_` gives remember what they were made of.
"""

from __future__ import annotations

import gettext
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "de")
_MARK = '{"message":'

_process = "en"
_meanwhile: ContextVar[str | None] = ContextVar("language", default=None)


def use(language: str | None = None) -> str:
    """Speak this language from now on (None: what the environment asks for); gives the code in use."""
    global _process  # noqa: PLW0603  what a process speaks where nothing else is asked for
    _process = _choose(language)
    return _process


@contextmanager
def speaking(language: str) -> Iterator[str]:
    """Speak that language for a while, in this thread or task alone; gives its code."""
    before = _meanwhile.set(_choose(language))
    try:
        yield code()
    finally:
        _meanwhile.reset(before)


def code() -> str:
    """The language spoken now: "en" or "de"."""
    return _meanwhile.get() or _process


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("leumund", Path(__file__).parent, [language], fallback=True)


class _Text(str):
    """A text in the language spoken now that remembers of which message and values it was made."""

    __slots__ = ("made_of",)
    made_of: dict[str, Any]

    def format(self, *args: object, **values: object) -> str:
        """As of every text; still remembered, where the values have names."""
        made = super().format(*args, **values)
        return made if args else _text(made, {**self.made_of, "values": values})


def _text(text: str, made_of: dict[str, Any]) -> str:
    found = _Text(text)
    found.made_of = made_of
    return found


def _(message: str) -> str:
    """The message in the language spoken now."""
    return _text(_catalogue(code()).gettext(message), {"message": message}) if message else ""


def ngettext(one: str, many: str, n: int) -> str:
    """The message for n things in the language spoken now."""
    return _text(_catalogue(code()).ngettext(one, many, n), {"message": one, "many": many, "n": n})


def kept(text: str) -> str:
    """The text as it can be stored and told in any language later; what is not ours stays as it is.

    >>> kept(_("{n} rows").format(n=3)), kept("as it stands")
    ('{"message":"{n} rows","values":{"n":3}}', 'as it stands')
    """
    if not isinstance(text, _Text):
        return text
    stored = json.dumps(_plain(text), separators=(",", ":"))
    return stored if told(stored) == text else str(text)  # values that cannot be stored as they are


def told(stored: str) -> str:
    """A text that was stored, in the language spoken now.

    >>> told('{"message":"{n} rows","values":{"n":3}}'), told("as it stands")
    ('3 rows', 'as it stands')
    """
    if not stored.startswith(_MARK):
        return stored
    try:
        return str(_spoken(json.loads(stored)))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return stored  # not written by us


def _plain(value: object) -> Any:
    if isinstance(value, _Text):
        values = {name: _plain(v) for name, v in value.made_of.get("values", {}).items()}
        return {**value.made_of, **({"values": values} if values else {})}
    return value if isinstance(value, str | int | float | None) else str(value)


def _spoken(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    message = value["message"]
    text = ngettext(message, value["many"], value["n"]) if "many" in value else _(message)
    values = {name: _spoken(v) for name, v in value.get("values", {}).items()}
    return text.format(**values) if values else text


def N_(message: str) -> str:  # noqa: N802  the usual name of this mark
    """Mark a text for the catalogue; it is translated where it is shown."""
    return message


def _choose(language: str | None) -> str:
    names = ("LEUMUND_LANG", "LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG")
    wish = language or next((v for name in names if (v := os.environ.get(name))), "en")
    short = wish.replace("-", "_").split("_")[0].split(":")[0].split(".")[0].lower()
    return short if short in LANGUAGES else "en"
