"""Money that may be spent on reading: put aside before each request, and never more than the owner allowed.

    reserve (written down, then the request) -> answer -> settle (down to what it really cost)

What is put aside and never settled, because the computer was switched off or the line broke, counts as spent. So
whatever happens, more is never spent in a calendar month (UTC) than was allowed for it.

The file lies beside the settings (LEUMUND_SPENDING: another place), not in a lab: a backup brought back, or a second
lab of the same account, must not make the program forget what was spent. It holds sums alone, by month and account.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import filelock

from leumund.errors import BudgetSpentError, SourceError, UsageError
from leumund.locale import _
from leumund.refused import reason

_NEAR = timedelta(minutes=5)  # so long a request may be under way, and so wrong our clock
_PATIENCE_S = 30
_MOST = Decimal(100_000)
_CENT = Decimal("0.01")
_AMOUNT = re.compile(r"\$?\s*([0-9]{1,6}(?:[.,][0-9]{1,2})?)\s*(?:USD|\$)?")

Months = dict[str, dict[str, Decimal]]


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be spent a month for one account. name: whose money; monthly: in US dollars; clock: the time, aware."""

    name: str
    monthly: Decimal
    clock: Callable[[], datetime]

    def left(self) -> Decimal:
        """What may still be spent now, never below 0."""
        with _locked():
            return self._left(_read(), self._months())

    def reserve(self, most: Decimal) -> Callable[[Decimal], None]:
        """Put aside what a request can cost at most; gives what is to be told when its real cost is known.

        Raises:
            BudgetSpentError: it could be more than is left. SourceError: it cannot be written down.
        """
        months = self._months()
        with _locked():
            known = _read()
            left = self._left(known, months)
            if most > left:
                spent = self.monthly - left
                raise BudgetSpentError(dollars(min(spent, self.monthly)), dollars(self.monthly))
            self._add(known, months, most)
        open_still = [most]

        def settle(cost: Decimal) -> None:
            put_aside = open_still.pop() if open_still else cost  # a second time it is too late
            if cost != put_aside:
                with _locked():
                    self._add(_read(), months, cost - put_aside)

        return settle

    def _months(self) -> tuple[str, ...]:
        """The month it is; near its turn both, since the server's clock decides."""
        now = self.clock().astimezone(UTC)
        return tuple(sorted({f"{moment:%Y-%m}" for moment in (now - _NEAR, now, now + _NEAR)}))

    def _left(self, known: Mapping[str, Mapping[str, Decimal]], months: tuple[str, ...]) -> Decimal:
        spent = max(known.get(month, {}).get(self.name, Decimal(0)) for month in months)
        return max(Decimal(0), self.monthly - spent)

    def _add(self, known: Months, months: tuple[str, ...], amount: Decimal) -> None:
        for month in months:
            sums = known.setdefault(month, {})
            sums[self.name] = max(Decimal(0), sums.get(self.name, Decimal(0)) + amount)
        _write(known)


def amount_of(written: str) -> Decimal:
    """US dollars as a person writes them.

    >>> amount_of("5"), amount_of("$2.50"), amount_of("2,50 USD")
    (Decimal('5'), Decimal('2.50'), Decimal('2.50'))

    Raises:
        UsageError: that is no amount of money, or nobody's for reading.
    """
    match = _AMOUNT.fullmatch(written.strip().upper())
    amount = Decimal(match[1].replace(",", ".")) if match else Decimal(0)
    if not _CENT <= amount <= _MOST:
        raise UsageError(
            _("“{text}” is no amount in US dollars.").format(text=written[:40]),
            hint=_("Write it like this: --budget 5   or: --budget 2.50"),
        )
    return amount


def dollars(amount: Decimal) -> str:
    """An amount as people read it: in cents, finer where it is less than ten of them.

    >>> dollars(Decimal("5")), dollars(Decimal("0.017")), dollars(Decimal("1234.5678"))
    ('$5.00', '$0.017', '$1,234.57')
    """
    return f"${amount:,.3f}" if Decimal(0) < amount < Decimal("0.1") else f"${amount:,.2f}"


# -- the file


def spending_path() -> Path:
    """Where what was spent is written down."""
    import platformdirs

    told = os.environ.get("LEUMUND_SPENDING")
    path = Path(told) if told else Path(platformdirs.user_config_dir("leumund")) / "spending.json"
    return Path(os.path.realpath(path))  # behind a link the file is changed, and the link stays


def _locked() -> AbstractContextManager[object]:
    """One at a time; a lock of somebody who was killed is free again."""
    path = spending_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return filelock.FileLock(path.with_name(path.name + ".lock"), timeout=_PATIENCE_S)
    except OSError as error:
        raise _unwritable(path, error) from error


def _read() -> Months:
    """The sums so far. A file that cannot be read is no reason to believe that nothing was spent.

    Raises:
        SourceError: it is there and cannot be read.
    """
    path = spending_path()
    try:
        found = json.loads(path.read_bytes())
        return {
            str(month): {str(name): _sum(told) for name, told in sums.items()}
            for month, sums in found.items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, ArithmeticError, RecursionError) as error:
        raise SourceError(
            _("{path}: what was spent so far cannot be read, so nothing more is spent.").format(path=path),
            hint=_("Look up at the network what was spent this month, then delete the file."),
        ) from error


def _sum(told: object) -> Decimal:
    amount = Decimal(told) if isinstance(told, str) and len(told) < 40 else Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise ValueError(told)
    return amount


def _write(known: Months) -> None:
    """All sums, on the disk before this returns; the old file stays whole until the new one is.

    Raises:
        SourceError: the disk is full, or the folder cannot be written to.
    """
    path = spending_path()
    part = path.with_name(path.name + ".part")
    plain = {month: {name: str(amount) for name, amount in sums.items()} for month, sums in known.items()}
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(plain, out, indent=1, sort_keys=True)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
        if os.name == "posix":  # the new name must be on the disk too
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> SourceError:
    return SourceError(
        _("{path}: what is spent cannot be written down ({why}), so nothing is spent.").format(
            path=path, why=reason(error)
        ),
        hint=_("Make room, or give yourself the right to write there."),
    )
