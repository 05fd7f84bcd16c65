"""Run a command for as long as somebody holds our standard input open; then end it and all it started.

    python guard.py SIGNAL SECONDS USER COMMAND...

So no server outlives the tests, not even when these are killed. SIGNAL is sent first, SECONDS later whatever still
runs is killed. USER: the number of the user to run it as, or - for the same one.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading


def main() -> None:
    number, seconds, user, *command = sys.argv[1:]
    other = {} if user == "-" else {"user": int(user), "group": int(user), "extra_groups": []}
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True, **other)  # type: ignore[call-overload]
    threading.Thread(target=_end_with, args=(child,), daemon=True).start()
    sys.stdin.buffer.read()  # ends when the one who started us closes it, or is gone
    with contextlib.suppress(ProcessLookupError):
        child.send_signal(signal.Signals(int(number)))
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(float(seconds))
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def _end_with(child: subprocess.Popen[bytes]) -> None:
    os._exit(child.wait() & 0xFF or 70)  # by itself it should not have ended


if __name__ == "__main__":
    main()
