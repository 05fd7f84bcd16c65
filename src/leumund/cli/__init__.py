"""The command line: verbs that ask the lab and print the answer. Nothing clever happens here.

Only what every start needs is imported at the top; each command imports the rest itself, so that
`leumund --help` answers at once.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from typing import NoReturn, TextIO

from leumund import locale
from leumund.errors import LeumundError, UnknownNameError, UsageError
from leumund.refused import is_outside, reason

_INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> None:
    """Run the program; ends the process with 0 (done), 1 (could not) or 2 (asked wrongly)."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    sys.stdout, sys.stderr = sys.stdout or _nowhere(), sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # what cannot be written in an old terminal's letters is no crash
            stream.reconfigure(errors="replace", **({} if stream.isatty() else {"encoding": "utf-8"}))
    try:
        locale.use()  # until it is known which one is wished: what may be wrong with that wish has to be said
        locale.use(_take_language(arguments))
        _take_zone()
        from leumund.cli.app import program

        code = program()(args=arguments, prog_name="leumund", standalone_mode=False)
        sys.stdout.flush()
        if code == _INTERRUPTED:  # the command line reader took the interrupt for itself
            _stopped()
        sys.exit(code if isinstance(code, int) else 0)
    except LeumundError as error:
        complain(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        _stopped()
    except BrokenPipeError:  # the reader of a pipe has had enough
        _let_go()
        sys.exit(0)
    except Exception as error:  # noqa: BLE001  sorted out below; what we do not know is raised again
        _exit_for(error)


def _nowhere() -> TextIO:
    """For who closed it before we began."""
    return open(os.devnull, "w", encoding="utf-8")


def _let_go() -> None:
    """What could not be written is not tried again when the process ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _stopped() -> NoReturn:
    _say(locale._("Stopped. What was stored is whole; the same command goes on where it stopped."))
    if any(thread.name.startswith("reading") for thread in threading.enumerate()):
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(_INTERRUPTED)  # a page that is still being read or fetched is of no use to anybody
    sys.exit(_INTERRUPTED)


def complain(error: LeumundError) -> None:
    """What went wrong, where, and what to do next, on the error stream."""
    _say(error.message)
    if error.hint:
        _say(error.hint)


def _say(text: str) -> None:
    from leumund.clean import clean

    print(clean(text), file=sys.stderr)


def _exit_for(error: Exception) -> None:
    """What the command line reader itself raises: asked wrongly, or left."""
    import typer

    if isinstance(error, typer.Abort):
        _say(locale._("Stopped. Nothing was changed."))
        sys.exit(1)
    if type(error).__module__ == "_duckdb" and type(error).__name__ == "InterruptException":
        _stopped()  # the keys came while the engine was at work
    if isinstance(error, typer.Exit):
        if error.exit_code == _INTERRUPTED:
            _stopped()
        sys.exit(error.exit_code)
    if hasattr(error, "format_message"):  # an error of usage
        from leumund.cli.frame import told

        if type(error).__name__ == "NoArgsIsHelpError":  # not asked at all: our own page, nobody else's words
            print(error.format_message(), file=sys.stderr)
            sys.exit(2)
        for line in told(error):
            _say(line)
        sys.exit(getattr(error, "exit_code", 2))
    if os.environ.get("LEUMUND_DEBUG"):
        raise error
    if isinstance(error, OSError) and (error.filename is not None or is_outside(error)) and error.strerror:
        path = os.fsdecode(error.filename or locale._("What was to be read or written"))
        _say(locale._("{path}: {why}").format(path=path, why=reason(error)))
        _let_go()
        sys.exit(1)
    if type(error).__module__ == "_duckdb" and "No files found" in str(error):
        _say(locale._("A file of the lab is missing or cannot be read."))
        _say(locale._("See what is wrong with: leumund doctor   and restore a copy with: leumund restore"))
        sys.exit(1)
    _say(
        locale._("Something went wrong that should not: {error}").format(
            error=f"{type(error).__name__}: {error}"
        )
    )
    _say(
        locale._("What was stored is whole. Please report it, with what LEUMUND_DEBUG=1 leumund ... prints.")
    )
    sys.exit(1)


def _take_language(arguments: list[str]) -> str | None:
    """--lang may stand anywhere; it is needed before any text is made."""
    for index, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument.startswith("--lang="):
            return _checked(arguments.pop(index).removeprefix("--lang="), "--lang")
        if argument == "--lang":
            if index + 1 >= len(arguments):
                hint = locale._("Write: --lang de   or: --lang en")
                raise UsageError(locale._("{0} needs a value.").format("--lang"), hint=hint)
            language = arguments[index + 1]
            del arguments[index : index + 2]
            return _checked(language, "--lang")
    if os.environ.get("LEUMUND_LANG"):
        return None
    from leumund.config import config_path, read_config

    wish = read_config().language
    return _checked(wish, f"{config_path()}: language") if wish else None


def _take_zone() -> None:
    """Times are told by the owner's clocks; what is wrong with the settings is said where they are needed."""
    from leumund.config import read_config
    from leumund.spoken import zones

    with contextlib.suppress(LeumundError):
        zones.use(read_config().zone)


def _checked(language: str, where: str) -> str:
    if language.lower() not in locale.LANGUAGES:
        raise UnknownNameError(where, language, locale.LANGUAGES)
    return language
