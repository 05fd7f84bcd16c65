"""What the owner chose for her published board; kept in her lab, so that a rebuild needs no words."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields, replace
from typing import Any
from urllib.parse import urlsplit

from leumund.clean import clean
from leumund.errors import UsageError
from leumund.locale import _
from leumund.measures.follow_friday.boards import board_named
from leumund.store.register import Register

_KEPT = "published board"
_MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+\Z")
MOST_PLACES = 200


@dataclass(frozen=True, slots=True)
class Options:
    """board: as `show follow_friday --board` takes it. contact: a mail address, a web address or words, "" for her own
    accounts. address: where the board will be, "" where it is not known. index: search engines may list it. places: how
    many are shown. out: the folder that was built last.
    """

    board: str = "de"
    contact: str = ""
    address: str = ""
    index: bool = False
    places: int = 25
    out: str = ""

    @property
    def contact_link(self) -> str:
        """What the contact leads to; "" where it is but words."""
        if _MAIL.fullmatch(self.contact):
            return f"mailto:{self.contact}"
        return self.contact if _is_web(self.contact) else ""


def options_in(register: Register) -> Options:
    """What was chosen last; where nothing was, the defaults."""
    try:
        kept = json.loads(register.get(_KEPT, "{}"))
    except ValueError:
        return Options()
    names = {f.name: type(getattr(Options(), f.name)) for f in fields(Options)}
    told: dict[str, Any] = {k: v for k, v in kept.items() if k in names and isinstance(v, names[k])}
    return Options(**told)


def chosen(before: Options, **changes: Any) -> Options:
    """The options with what is said now; None leaves one as it is.

    Raises:
        UsageError: one makes no sense.
    """
    told: dict[str, Any] = {
        k: v.strip() if isinstance(v, str) else v for k, v in changes.items() if v is not None
    }
    now = replace(before, **told)
    board_named(now.board)
    if now.address and not _is_web(now.address):
        raise UsageError(
            _("“{address}” is no web address.").format(address=clean(now.address, 100)),
            hint=_("Write where the board will be: https://example.org/board/"),
        )
    if not 1 <= now.places <= MOST_PLACES:
        raise UsageError(_("The number of places must lie between 1 and {most}.").format(most=MOST_PLACES))
    address = now.address if not now.address or now.address.endswith("/") else now.address + "/"
    return replace(now, address=address, contact=clean(now.contact, 200))


def keep(register: Register, options: Options) -> None:
    """Remember them in the lab."""
    with register.transaction():
        register.put(_KEPT, json.dumps(asdict(options)))


def _is_web(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    plain = not any(c.isspace() or c in "<>\"'" for c in text)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and plain
