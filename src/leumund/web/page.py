"""What a page is: a record, found by being there in `pages/`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from leumund.discovery import records

if TYPE_CHECKING:
    from leumund.web.place import Place
    from leumund.web.sight import Sight
    from leumund.web.work import Job

Group = Literal["", "start", "people", "entries", "lab"]
"""Where a page stands in the menu; "" for one that is only linked to."""

_WHOLE = re.compile(r"-?[0-9]{1,19}")
_MOST = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked of a page. path: the parts of the address that vary; query, form: what was filled in, "" left out.

    language: in which the answer shall be written. own: whether the owner's own session asks. looked: what is remembered of
    the days on which she looked, told to pages that ask for it (see `today.since`). origin: by which address she sees these
    pages (`http://127.0.0.1:8011`); files: what she gave, by the names it had there.
    """

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    own: bool = True
    looked: str = ""
    origin: str = ""
    files: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An answer that is another page.

    said: a sentence to be shown there. soon: other pages may learn of what was changed some seconds later. begin: what is to
    be done meanwhile, beside the server. shows: the lab that is shown from now on.
    """

    address: str
    said: str = ""
    soon: bool = False
    begin: Job | None = None
    shows: Path | None = None


def whole_said(text: str) -> int | None:
    """A whole number of ours, such as the key of an account, as an address or a form brings it back; None for all else.

    >>> whole_said("-17"), whole_said("--5"), whole_said("9" * 19), whole_said("9" * 5000)
    (-17, None, None, None)
    """
    number = int(text) if _WHOLE.fullmatch(text) else None
    return number if number is not None and -_MOST <= number <= _MOST else None


def folder_said(text: str) -> Path | None:
    r"""The folder a person wrote, whole; None where that is none.

    >>> folder_said("posts"), folder_said("~nobody-here/posts"), folder_said("/a\0b"), folder_said(" /tmp/posts ")
    (None, None, None, PosixPath('/tmp/posts'))
    """
    try:
        folder = Path(text.strip()).expanduser()
    except RuntimeError:  # there is nobody of that name
        return None
    return folder if folder.is_absolute() and "\0" not in text else None


def nothing(_sight: Sight, _asked: Asked) -> Mapping[str, Any]:
    """What a page takes that needs no lab to be read."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page.

    name: of its template and of its route; path: as Starlette writes it, "" where only programs ask (see `api`). take: what the template needs, written in the
    language asked for; pure, run beside the lab, remembered until the lab changes unless `remembered` is False. change: what a form on it does; gives
    where to go then. order: its place in its group.

    pieces: the page that works out what this one is put together from: `take` gives under "pieces" what to ask of it, by
    name; the page is shown with those that are ready and comes again until all are. looks: it is told when the owner last
    looked, and what it gives under "looked" is remembered by her browser. entered: it shows what the owner entered, to be
    changed there, so its figures stay figures where she wants words (`views.vague`).

    here, change_here: the same for a page that the server makes by itself, at once, without the lab being read: it is there
    while much is being worked out. Then `take` is not asked. receives: whether files can be given to it.

    again: a form that is refused is shown once more as it was filled in, with what is wrong. feeds: the measures that read
    what is entered here, which lead to it. sent_as: the type of a file that is given instead of a page; `take` gives its
    name and its content. framed: a whole document ("document"), to be shown in a frame of one of our pages: see `guard`.
    """

    name: str
    path: str
    title: str
    take: Callable[[Sight, Asked], Mapping[str, Any]] = nothing
    change: Callable[[Sight, Asked], Elsewhere] | None = None
    here: Callable[[Place, Asked], Mapping[str, Any]] | None = None
    change_here: Callable[[Place, Asked], Elsewhere] | None = None
    receives: bool = False
    group: Group = ""
    order: int = 50
    remembered: bool = True
    pieces: str = ""
    looks: bool = False
    entered: bool = False
    again: bool = False
    feeds: tuple[str, ...] = ()
    sent_as: str = ""
    framed: bool = False


@cache
def all_pages() -> Mapping[str, Page]:
    """Every page there is, by name."""
    return {p.name: p for p in records("leumund.web.pages", "PAGE", Page)}
