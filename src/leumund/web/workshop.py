"""The works beside the server: one after the other, each in a process of its own.

begin(job)            it is done at once, or when those before it are
going(), ended()      what is under way or waits; what came of the last ones
taken_up()            what was left unfinished, to be begun again
answer(), stop()      what the person says to one of them
"""

from __future__ import annotations

import contextlib
import hmac
import multiprocessing
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Literal

from leumund.locale import N_, code
from leumund.web import worker
from leumund.web.work import Job, Part, Question, Told

_MOST_ENDED = 8
_GOES_ON = "import"
"""The kind of work that, given the same files again, goes on where it stopped."""
_PATIENCE_S = 20.0  # then a work that was told to stop is ended hard
_BROKEN = N_("It broke off. What was stored is whole; begun again it goes on where it stopped.")

State = Literal["waiting", "going", "asking", "done", "failed", "stopped"]


@dataclass(slots=True, eq=False)
class UnderWay:
    """One work as the pages show it. questions: how many it has asked; had_secrets: it is not known any more which; unfinished:
    it can go on where it stopped, with the files that it was given, which are kept for that.
    """

    number: int
    job: Job
    language: str
    state: State = "waiting"
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    parts: dict[str, Part] = field(default_factory=dict)
    question: Question | None = None
    questions: int = 0
    ended: datetime | None = None
    told: Told | None = None
    stopping: bool = False
    had_secrets: bool = False
    unfinished: bool = False
    pipe: Connection | None = None
    process: BaseProcess | None = None

    @property
    def is_over(self) -> bool:
        return self.told is not None


class Workshop:
    """All works of one server. Safe to be used by many threads. after: is called when one has ended, before anybody is told so:
    whoever reads that it is done finds what it brought.
    """

    def __init__(self, after: Callable[[UnderWay], None] = lambda _work: None) -> None:
        self._after = after
        self._lock = threading.RLock()
        self._works: list[UnderWay] = []
        self._count = 0

    def begin(self, job: Job) -> UnderWay:
        """Have it done, in the language spoken now. What is under way or waits, and asks nothing, is not begun once more: a button
        pressed again in a hurry costs no second sync.
        """
        with self._lock:
            for old in self.going():
                if old.job == job and not (job.files or old.question or old.stopping or old.had_secrets):
                    return old
            for old in self.going():  # asked for anew, it is no longer waited for
                if old.question is not None and (old.job.kind, old.job.title) == (job.kind, job.title):
                    self.stop(old)
            for old in self._works if job.files else ():  # other files are wanted now
                self._leave(old)
            self._count += 1
            work = UnderWay(self._count, job, code())
            self._works.append(work)
            self._next()
        return work

    def going(self) -> list[UnderWay]:
        """What is under way, and what waits."""
        with self._lock:
            return [w for w in self._works if not w.is_over]

    def ended(self) -> list[UnderWay]:
        """What came of the last ones, the newest first."""
        with self._lock:
            return [w for w in reversed(self._works) if w.is_over]

    def taken_up(self, work: UnderWay) -> Job | None:
        """What is to be begun so that an unfinished work goes on; None where it is over for good."""
        with self._lock:
            if not work.unfinished:
                return None
            work.unfinished = False  # its files are the next one's
            return work.job

    def find(self, number: int) -> UnderWay | None:
        with self._lock:
            return next((w for w in self._works if w.number == number), None)

    def asking(self, state: str) -> UnderWay | None:
        """The work that waits for somebody to come back with that word."""
        with self._lock:
            for work in self._works:
                awaited = work.question.state if work.question else ""
                if awaited and hmac.compare_digest(awaited.encode(), state.encode("utf-8", "replace")):
                    return work
        return None

    def answer(self, work: UnderWay, text: str, *, nth: int | None = None) -> bool:
        """Give the answer that a work waits for; False where it waits for none.

        nth: which question is answered: a page that still shows an older one, or a button pressed twice, answers no other.
        """
        with self._lock:
            if work.question is None or work.pipe is None or nth not in {None, work.questions}:
                return False
            work.question, work.state = None, "going"
            with contextlib.suppress(OSError):  # it is at its end
                work.pipe.send(text)
            return True

    def stop(self, work: UnderWay) -> None:
        """Have it stop soon; what it stored stays."""
        with self._lock:
            work.stopping, work.question = True, None
            if work.process is None:
                if not work.is_over:
                    self._over(work, Told(state="stopped"), unfinished=True)
                return
            process = work.process
            with contextlib.suppress(OSError):
                if work.pipe is not None:
                    work.pipe.send(None)
        ending = threading.Timer(_PATIENCE_S, process.terminate)
        ending.daemon = True
        ending.start()

    def close(self) -> None:
        """Nothing goes on any more."""
        with self._lock:
            for work in self._works:
                if work.process is not None and not work.is_over:
                    if work.pipe is not None:
                        work.pipe.close()
                    work.process.terminate()

    def _next(self) -> None:
        """Start what may start."""
        with self._lock:
            busy = any(w.process is not None and not w.is_over and not w.job.apart for w in self._works)
            for work in self._works:
                if work.is_over or work.process is not None or (busy and not work.job.apart):
                    continue
                self._start(work)
                busy = busy or not work.job.apart

    def _start(self, work: UnderWay) -> None:
        context = multiprocessing.get_context("spawn")  # threads of a server must not be forked
        ours, theirs = context.Pipe()
        process = context.Process(
            target=worker.run, args=(theirs, work.job, work.language, work.began), daemon=True
        )
        process.start()
        theirs.close()
        work.had_secrets = bool(work.job.secrets)
        work.job = replace(work.job, secrets=())  # they are with the one who needs them, and nowhere else
        work.process, work.pipe, work.state = process, ours, "going"
        threading.Thread(target=self._watch, args=(work, ours, process), daemon=True).start()

    def _watch(self, work: UnderWay, pipe: Connection, process: BaseProcess) -> None:
        """Take what it says until it has said all."""
        told: Told | None = None
        with contextlib.suppress(EOFError, OSError):
            while told is None:
                word = pipe.recv()
                with self._lock:
                    match word:
                        case Told():
                            told = word
                        case Question():
                            work.question, work.state = word, "asking"
                            work.questions += 1
                        case (str(ident), Part() as part):
                            work.parts[ident] = part
        broken = told is None
        if told is None:
            told = Told(state="stopped" if work.stopping else "failed", wrong=((_BROKEN, ""),))
        with self._lock:
            pipe.close()
            self._over(work, told, unfinished=broken or told.state == "stopped")
        process.join(_PATIENCE_S)

    def _over(self, work: UnderWay, told: Told, *, unfinished: bool) -> None:
        self._after(work)
        with self._lock:
            work.told, work.state, work.question = told, told.state, None
            work.ended = datetime.now(UTC)
            work.unfinished = unfinished and work.job.kind == _GOES_ON and bool(work.job.files)
            if not work.unfinished:
                for file in work.job.files:
                    _away(file)
            over = [w for w in self._works if w.is_over]
            for old in over[:-_MOST_ENDED]:
                self._works.remove(old)
                self._leave(old)
                if old.told is not None and old.told.file is not None:
                    _away(old.told.file)
        self._next()

    def _leave(self, work: UnderWay) -> None:
        """It will not go on: the files it was given are of no use any more."""
        if work.unfinished:
            work.unfinished = False
            for file in work.job.files:
                _away(file)


def _away(file: Path) -> None:
    """Delete a file that came in, or was made to be taken away, with the folder that is its own."""
    file.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # others may lie there
        file.parent.rmdir()
        file.parent.parent.rmdir()
