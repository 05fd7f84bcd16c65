"""The process beside the server that reads the lab: it holds one state open and works out what pages need.

It ends when nobody has asked for a while, and with it go the query engine, the drawing engine and their memory.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeVar

from leumund import locale
from leumund.config import read_config
from leumund.errors import LeumundError, UsageError
from leumund.spoken import zones
from leumund.views import vague
from leumund.web.page import Asked, Elsewhere, all_pages
from leumund.web.sight import Sight, open_sight

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Refused:
    """What went wrong, in words: an error that can go from one process to another.

    asked_wrongly: it is the question. ours: it is a fault of the program.
    """

    message: str
    hint: str = ""
    asked_wrongly: bool = False
    ours: bool = False

    @property
    def status(self) -> int:
        """The number HTTP has for it."""
        return 400 if self.asked_wrongly else 500 if self.ours else 503


_open = contextlib.ExitStack()
_sight: tuple[Path, str, Sight] | None = None


def begin() -> None:
    """A new reader: it is ended by the server alone, not by the keys that end the server; and when the server is no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if (server := multiprocessing.parent_process()) is not None:
        threading.Thread(target=_end_with, args=(server,), daemon=True).start()


def _end_with(server: BaseProcess) -> None:
    """However the server ended, nobody asks any more, and the pool's own queue would wait for ever."""
    server.join()
    os._exit(0)


def wake(folder: Path, version: str) -> None:
    """Load what the pages need and open the lab, before the first of them is asked for."""
    all_pages()
    with contextlib.suppress(Exception):  # whatever it is, the first page says it
        _sight_of(folder, version)


def take(folder: Path, version: str, page: str, asked: Asked) -> Any:
    """What the page needs, or why it cannot be had (`Refused`). version: the state of the lab that is meant."""
    found = all_pages()[page]
    with locale.speaking(asked.language):
        try:
            config = read_config()
            with zones.showing(config.zone), vague.in_words(not found.entered and config.words):
                return dict(found.take(_sight_of(folder, version), asked))
        except Exception as error:  # noqa: BLE001  whatever it is, the pages go on
            return _refused(error)


def change(folder: Path, version: str, page: str, asked: Asked) -> Elsewhere | Refused:
    """Do what a form asks for."""
    found = all_pages()[page].change
    with locale.speaking(asked.language):
        if found is None:
            return Refused(locale._("Nothing can be changed here."), asked_wrongly=True)
        try:
            with zones.showing(read_config().zone):
                return found(_sight_of(folder, version), asked)
        except Exception as error:  # noqa: BLE001  whatever it is, the pages go on
            return _refused(error)


def put_simply(do: Callable[[], T]) -> T | Refused:
    """What that gives, or why it cannot be had."""
    try:
        with zones.showing(read_config().zone):
            return do()
    except Exception as error:  # noqa: BLE001  whatever it is, the pages go on
        return _refused(error)


def _sight_of(folder: Path, version: str) -> Sight:
    global _sight  # noqa: PLW0603  one state is open at a time
    if _sight is None or _sight[:2] != (folder, version):
        _sight = None
        _open.close()
        _sight = (folder, version, _open.enter_context(open_sight(folder)))
    return _sight[2]


def _refused(error: Exception) -> Refused:
    """What went wrong, in words; what is a fault of ours goes to the error stream whole."""
    if not isinstance(error, LeumundError):
        traceback.print_exception(error)
        hint = locale._("What exactly stands where leumund serve was started. Please report it.")
        return Refused(locale._("Something is wrong with the program itself."), hint, ours=True)
    return Refused(error.message, error.hint, asked_wrongly=isinstance(error, UsageError))
