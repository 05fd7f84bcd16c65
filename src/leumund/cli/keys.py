"""One key at a time from a terminal, without Enter where that can be had; else the first letter of each line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

NO_KEY = "\0"
"""A key that is no letter: an arrow, a function key."""

_AT_ONCE = 64  # bytes; what an arrow key sends comes together


@contextmanager
def one_key() -> Iterator[Callable[[], str]]:
    """Gives a function that waits for a key: its letter, `NO_KEY`, or "" where nothing more comes.

    The terminal is put back as it was, whatever happens.
    """
    if not sys.stdin.isatty():
        yield _first_letter
        return
    try:
        import termios
        import tty
    except ImportError:  # Windows
        yield _windows_key()
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal)
    try:
        yield _Keys(terminal)
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


class _Keys:
    """The keys of a terminal; what was typed ahead waits its turn."""

    def __init__(self, terminal: int) -> None:
        self._terminal, self._waiting = terminal, ""

    def __call__(self) -> str:
        if not self._waiting:
            told = os.read(self._terminal, _AT_ONCE).decode("utf-8", "ignore")
            if told.startswith("\x1b") and len(told) > 1:
                return NO_KEY
            self._waiting = told
        key, self._waiting = self._waiting[:1], self._waiting[1:]
        return key


def _windows_key() -> Callable[[], str]:
    import importlib

    try:
        pressed: Callable[[], str] = importlib.import_module("msvcrt").getwch
    except ImportError:
        return _first_letter

    def key() -> str:
        letter = pressed()
        if letter in "\0\xe0":  # the first half of an arrow or function key
            pressed()
            return NO_KEY
        return letter

    return key


def _first_letter() -> str:
    for line in sys.stdin:
        if line.strip():
            return line.strip()[0]
    return ""
