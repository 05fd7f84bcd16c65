"""The process that does one work: it says over a pipe how far it is, and hears from there what is answered.

It ends when the work is done, when it is told to stop, or when the server is gone.
"""

from __future__ import annotations

import contextlib
import queue
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from multiprocessing.connection import Connection

from leumund import locale
from leumund.config import read_config
from leumund.errors import LeumundError
from leumund.http import Stopped
from leumund.lab import Lab
from leumund.locale import _, kept
from leumund.refused import is_outside, reason
from leumund.spoken import zones
from leumund.store import runs
from leumund.web.work import CancelledError, Job, Part, Question, Told, all_works

_PATIENCE_S = 3600.0
_STOP = None  # instead of an answer


def run(pipe: Connection, job: Job, language: str, began: datetime) -> None:
    """Do the job; the last thing said is a `Told`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the keys that end the server end it alone
    locale.use(language)
    with contextlib.suppress(LeumundError):  # what is wrong with the settings is said where they are needed
        zones.use(read_config().zone)
    talk = _Talk(pipe)
    talk.send(_done(job, talk, began))


def _done(job: Job, talk: _Talk, began: datetime) -> Told:
    try:
        with _noted(job, began) as end:
            told = _tried(job, talk)
            end(told)
    except LeumundError as error:  # the lab itself cannot be opened, or written to
        return Told(state="failed", wrong=((kept(error.message), kept(error.hint)),))
    return told


def _tried(job: Job, talk: _Talk) -> Told:
    work = all_works()[job.kind]
    try:
        return work.do(job, talk)
    except (CancelledError, Stopped, KeyboardInterrupt):
        words = _("Stopped. What was stored is whole.") if work.noted else _("Stopped. Nothing was changed.")
        return Told(state="stopped", lines=(kept(words),))
    except LeumundError as error:
        return Told(state="failed", wrong=((kept(error.message), kept(error.hint)),))
    except Exception as error:  # noqa: BLE001  whatever it is, the pages go on
        if isinstance(error, OSError) and is_outside(error):
            why = _("{path}: {why}").format(path=job.folder, why=reason(error))
            return Told(state="failed", wrong=((kept(why), ""),))
        traceback.print_exception(error)
        words = kept(_("Something is wrong with the program itself."))
        hint = kept(_("What exactly stands where leumund serve was started. Please report it."))
        return Told(state="failed", wrong=((words, hint),))


@contextlib.contextmanager
def _noted(job: Job, began: datetime) -> Iterator[Callable[[Told], None]]:
    """The run in the lab's own list; gives what notes its end."""
    if not all_works()[job.kind].noted or not Lab.exists(job.folder):
        yield lambda _told: None
        return
    with Lab.open(job.folder) as lab:
        begun = runs.begin(lab.register, job.kind, job.title, at=began)

        def end(told: Told) -> None:
            lines = [*told.lines, *(message for message, _hint in told.wrong)]
            runs.end(lab.register, begun, told.state, lines, at=datetime.now(UTC))

        yield end


class _Talk:
    """See `work.Talk`."""

    def __init__(self, pipe: Connection) -> None:
        self.stop = threading.Event()
        self._pipe = pipe
        self._lock = threading.Lock()
        self._answers: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def part(self, ident: str, part: Part) -> None:
        self.send((ident, part))

    def ask(self, question: Question) -> str:
        self.send(question)
        try:
            answer = self._answers.get(timeout=_PATIENCE_S)
        except queue.Empty:  # she went away
            raise CancelledError from None
        if answer is _STOP or self.stop.is_set():
            raise CancelledError
        return answer

    def send(self, word: object) -> None:
        with self._lock, contextlib.suppress(OSError):  # nobody listens any more: what is begun is ended
            self._pipe.send(word)

    def _listen(self) -> None:
        while True:
            try:
                answer = self._pipe.recv()
            except (EOFError, OSError):
                answer = _STOP
            if answer is _STOP:
                self.stop.set()
            self._answers.put(answer)
            if answer is _STOP:
                return
