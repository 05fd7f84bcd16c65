"""All that a person may be told has gone wrong.

    LeumundError            what happened, where, and what to do next (`hint`)
      UsageError            asked wrongly (exit code 2)
        UnknownNameError    no such measure, board, source, account; with the names there are
        AddressInUseError   the pages cannot be shown at that address
      SourceError           a source as a whole cannot be read (exit code 1)
        UnreadableFileError the file is broken, cut off, or not what its name says
        DangerousFileError  an archive that looks made to do harm
        UnknownFileError    nobody recognises the file
          IncompleteTableError  it lacks a column
        ServerUnreachableError nobody answers, or not in time, or not properly
          UnknownServerError  its name stands for no address
        ServerRefusedError  a server says no
          NotOfferedError   nobody was asked, since there is nobody to ask for that
        TokenRefusedError   a server no longer accepts our key
          WrongKeyError     the key belongs to another account
        NotNowError         nothing more is asked of that server in this run
            RateLimitedError    a server's limit is reached for longer than one waits
            WrongClockError     our clock and a server's are days apart
            TooSlowError        it takes too long for each answer
        StrangeAnswerError  a server answers something that cannot be used
        EndlessListError    a list goes on for much longer than it can be
        ForbiddenAddressError, InsecureAddressError   an address we do not speak to
        BudgetSpentError    more would cost more than the owner allowed
          CreditSpentError  the network itself has no more credit of the owner's
        TooDearError        a list was left out, since it would take too much of the budget
      SecretError           a key cannot be kept or found
      LabError              the lab cannot do it
        NoLabError          there is no lab at that place
        LabBusyError        another process is writing to the lab
        SyncBusyError       another sync of the lab is running
        LabFullError        the disk is full
        LabReadOnlyError    the folder cannot be written to
        LabTooNewError      the lab was made by a newer program
        LabDamagedError     a file of the lab is missing or broken

Each class takes the facts and writes its own sentence. A single bad record is no error but an
`events.Problem`. No message ever holds a secret.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

from leumund.locale import _, ngettext

_NAMED = 50
"""So many names a hint lists at most."""
_LONGEST_URL = 200
_MINUTES_TOLD, _HOURS_TOLD, _DAYS_BELIEVED = 120, 48, 60


def _short(url: str) -> str:
    """As much of an address as helps a person; servers make some that go on for pages."""
    return url if len(url) <= _LONGEST_URL else url[:_LONGEST_URL] + "…"


class LeumundError(Exception):
    """Something a person must be told: `message` says what and where, `hint` what to do next."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(LeumundError):
    """Asked wrongly."""

    exit_code = 2


class UnknownNameError(UsageError):
    """A name that stands for nothing here."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = get_close_matches(name, names, n=1)
        hint = _("Did you mean {name}?").format(name=near[0]) if near else ""
        if not hint and names:
            hint = _("There are: {names}").format(names=", ".join(names[:_NAMED]))
        super().__init__(_("{what}: there is no “{name}”.").format(what=what, name=name), hint=hint)


class AddressInUseError(UsageError):
    """The pages cannot be shown there."""

    def __init__(self, host: str, port: int, why: str) -> None:
        super().__init__(
            _("The pages cannot be shown at {host}, port {port}: {why}.").format(
                host=host, port=port, why=why
            ),
            hint=_("Perhaps they are there already. Another place: leumund serve --port 0"),
        )


class SourceError(LeumundError):
    """A source as a whole cannot be read."""


class UnreadableFileError(SourceError):
    """The file is broken, cut off, or not what its name says."""

    def __init__(self, path: Path | str, why: str, *, hint: str = "") -> None:
        super().__init__(_("{path}: {why}").format(path=path, why=why), hint=hint)


class DangerousFileError(SourceError):
    """An archive that looks made to do harm; nothing of it was used."""

    def __init__(self, path: Path | str, why: str) -> None:
        hint = _("Nothing was read. Ask for a fresh download from the network itself.")
        super().__init__(_("{path}: {why}").format(path=path, why=why), hint=hint)


class UnknownFileError(SourceError):
    """Nobody recognises the file."""

    def __init__(self, path: Path | str) -> None:
        hint = _("For a table of your own: leumund csv-template")
        super().__init__(_("{path}: I do not know this kind of file.").format(path=path), hint=hint)


class IncompleteTableError(UnknownFileError):
    """A table, or JSON lines, that would be known if it had one thing more."""

    def __init__(self, path: Path | str, noun: str, missing: Iterable[str], *, hint: str) -> None:
        lacking = [f"“{name}”" for name in missing]
        what = ngettext(
            "it looks like rows of the noun “{noun}”, but the column {names} is missing",
            "it looks like rows of the noun “{noun}”, but the columns {names} are missing",
            len(lacking),
        ).format(noun=noun, names=", ".join(lacking))
        SourceError.__init__(self, f"{path}: {what}.", hint=hint)


class ServerUnreachableError(SourceError):
    """Nobody answers, or not in time, or not properly. before_sending: nothing can have arrived there."""

    def __init__(self, host: str, why: str, *, before_sending: bool = True) -> None:
        self.why, self.before_sending = why, before_sending
        hint = _("Try again later. What was read before is stored.")
        super().__init__(_("{host} cannot be reached: {why}.").format(host=host, why=why), hint=hint)


class UnknownServerError(ServerUnreachableError):
    """The name of a server stands for no address: it is written wrongly, or this computer is not online."""

    def __init__(self, host: str) -> None:
        super().__init__(host, _("there is no server of that name"))
        self.hint = _("Is the name spelled right, and is this computer online?")


class ServerRefusedError(SourceError):
    """A server says no."""

    def __init__(self, url: str, status: int, told: str = "") -> None:
        self.status = status
        message = _("{url}: the server refused ({status}).").format(url=_short(url), status=status)
        super().__init__(message + (f" “{told}”" if told else ""))


class NotOfferedError(ServerRefusedError):
    """A part of a source that this account has not: nothing is wrong, and nobody was asked."""

    def __init__(self, why: str) -> None:
        SourceError.__init__(self, why)
        self.status = 404


class TokenRefusedError(SourceError):
    """A server no longer accepts our key."""

    def __init__(self, host: str) -> None:
        hint = _("Connect again with: leumund connect")
        super().__init__(_("{host} no longer accepts the key we have (401).").format(host=host), hint=hint)


class WrongKeyError(TokenRefusedError):
    """The key of a connection is good, but belongs to another account; nothing is read with it."""

    def __init__(self, host: str) -> None:
        hint = _("Connect again with: leumund connect")
        message = _("{host}: the key belongs to another account than the one that was connected.")
        SourceError.__init__(self, message.format(host=host), hint=hint)


class NotNowError(SourceError):
    """Nothing more is asked of a server in this run."""


class RateLimitedError(NotNowError):
    """A server's limit is reached for longer than one waits. seconds: until it may be asked again, if told."""

    def __init__(self, host: str, seconds: float | None) -> None:
        self.seconds = seconds
        hint = (
            _go_on(seconds) if seconds else _("Go on later with the same command; what was read is stored.")
        )
        super().__init__(_("{host}: its limit for requests is reached.").format(host=host), hint=hint)


class WrongClockError(NotNowError):
    """This computer's clock and a server's are days apart: what is read would lie on wrong days."""

    def __init__(self, host: str, ours: datetime, theirs: datetime) -> None:
        text = _("The clock of this computer says {ours}, that of {host} {theirs}. Nothing was read.")
        hint = _("Set the clock of this computer, or what is read lies on wrong days; then go on.")
        shown = (f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" for at in (ours, theirs))
        super().__init__(text.format(host=host, ours=next(shown), theirs=next(shown)), hint=hint)


class TooSlowError(NotNowError):
    """A server takes so long for each answer that the rest is not waited for now."""

    def __init__(self, host: str, minutes: float) -> None:
        text = _("{host} answers too slowly: {minutes} minutes went by with waiting for it.")
        hint = _("Go on later with the same command; what was read is stored.")
        super().__init__(text.format(host=host, minutes=round(minutes)), hint=hint)


def _go_on(seconds: float) -> str:
    """When to go on, in the unit a person would use."""
    minutes = max(1.0, seconds / 60)
    if minutes <= _MINUTES_TOLD:
        return ngettext(
            "Go on in about {minutes} minute with the same command; what was read is stored.",
            "Go on in about {minutes} minutes with the same command; what was read is stored.",
            round(minutes),
        ).format(minutes=round(minutes))
    hours = minutes / 60
    if hours <= _HOURS_TOLD:
        return _("Go on in about {hours} hours with the same command; what was read is stored.").format(
            hours=round(hours)
        )
    if hours <= 24 * _DAYS_BELIEVED:
        return _("Go on in about {days} days with the same command; what was read is stored.").format(
            days=round(hours / 24)
        )
    return _(
        "The server says that this lasts longer than can be meant. Go on tomorrow with the same command; what was read is stored."
    )


class StrangeAnswerError(SourceError):
    """A server answers something that cannot be used."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(_("{url}: the answer cannot be used: {why}.").format(url=_short(url), why=why))


class EndlessListError(SourceError):
    """A list goes on for much longer than the server itself says; it was left there. pages, things: read in this run."""

    def __init__(self, pages: int, things: int) -> None:
        message = _("A list does not end: {things} entries on {pages} pages were read, then it was left.")
        hint = _(
            "What was read is stored; the next sync goes on there. If this happens again, tell the server's people."
        )
        super().__init__(message.format(things=things, pages=pages), hint=hint)


class ForbiddenAddressError(SourceError):
    """A host whose address lies in a private network, which the owner did not allow."""

    def __init__(self, host: str) -> None:
        hint = _("If this server of your own network is meant: leumund connect ... --private-server")
        message = _("{host} lies in a private network or on this computer; it was not spoken to.")
        super().__init__(message.format(host=host), hint=hint)


class InsecureAddressError(SourceError):
    """An address without encryption."""

    def __init__(self, host: str) -> None:
        hint = _(
            "Write the address with https://   If a server in your own network or on this computer is meant, add --private-server."
        )
        super().__init__(_("{host}: nothing is sent without encryption.").format(host=host), hint=hint)


class BudgetSpentError(SourceError):
    """More would cost more than the owner allowed."""

    def __init__(self, spent: str, budget: str) -> None:
        hint = _("Allow more with: leumund connect x HANDLE --budget AMOUNT")
        message = _("{spent} of the {budget} you allowed are spent; nothing more was asked for.")
        super().__init__(message.format(spent=spent, budget=budget), hint=hint)


class CreditSpentError(BudgetSpentError):
    """The network answers only who has paid, and there is nothing left. told: its own words."""

    def __init__(self, network: str, told: str) -> None:
        hint = _(
            "Buy credit or raise the limit in its developer console; the same command then goes on where it stopped."
        )
        message = _(
            "{network}: the credit of your developer app is used up, or its spending limit is reached."
        )
        SourceError.__init__(
            self, message.format(network=network) + (f" “{told}”" if told else ""), hint=hint
        )


class TooDearError(SourceError):
    """A list was left out, since it would take too much of what may be spent; the others are read."""

    def __init__(self, what: str, cost: str, left: str) -> None:
        message = _("{what}: left out, since it would cost {cost}; {left} of this month's budget are left.")
        hint = _(
            "A list is read where it takes no more than half of that. Allow more with: leumund connect x HANDLE --budget AMOUNT"
        )
        super().__init__(message.format(what=what, cost=cost, left=left), hint=hint)


class SecretError(LeumundError):
    """A key cannot be kept or found."""


class LabError(LeumundError):
    """The lab cannot do it."""


class EngineError(LabError):
    """The engine for many machines cannot be used."""


class NoLabError(LabError):
    """There is no lab at that place."""

    def __init__(self, path: Path) -> None:
        hint = _("Make one with: leumund init   or look at an example with: leumund demo")
        super().__init__(_("There is no lab at {path}.").format(path=path), hint=hint)


class LabBusyError(LabError):
    """Another process is writing to the lab."""

    def __init__(self, path: Path) -> None:
        hint = _("Wait until it is done and try again. Looking (show, why) works meanwhile.")
        super().__init__(_("Another Leumund is writing to {path} just now.").format(path=path), hint=hint)


class SyncBusyError(LabError):
    """Another sync of the lab is running."""

    def __init__(self, path: Path) -> None:
        hint = _("One is enough. Looking (show, why) works meanwhile.")
        super().__init__(_("Another sync of {path} is running.").format(path=path), hint=hint)


class LabFullError(LabError):
    """The disk is full; the lab is as it was before this step."""

    def __init__(self, path: Path) -> None:
        hint = _("Make room and start again: it goes on where it stopped.")
        message = _("No room left on the disk of {path}. What was stored before is complete.")
        super().__init__(message.format(path=path), hint=hint)


class LabReadOnlyError(LabError):
    """The folder cannot be written to; the lab is as it was."""

    def __init__(self, path: Path) -> None:
        hint = _("Give yourself the right to write there, or choose another folder with --lab.")
        super().__init__(_("{path} cannot be written to. Nothing was changed.").format(path=path), hint=hint)


class LabTooNewError(LabError):
    """The lab was made by a newer program."""

    def __init__(self, path: Path, theirs: int, ours: int) -> None:
        message = _("The lab at {path} has version {theirs}; this program knows versions up to {ours}.")
        hint = _("Install the newest Leumund. Nothing was changed.")
        super().__init__(message.format(path=path, theirs=theirs, ours=ours), hint=hint)


class LabDamagedError(LabError):
    """A file of the lab is missing or broken."""

    def __init__(self, path: Path, why: str) -> None:
        hint = _("See what is wrong with: leumund doctor   and restore a copy with: leumund restore")
        super().__init__(_("The lab is damaged at {path}: {why}").format(path=path, why=why), hint=hint)
