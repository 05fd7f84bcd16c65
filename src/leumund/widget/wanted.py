"""What a widget shall be: how many posts, whose, in which language, and where it will stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from leumund.clean import clean
from leumund.errors import UsageError
from leumund.locale import LANGUAGES, _

MOST = 50
_LONGEST_TITLE = 120
_LONGEST_ADDRESS = 500

Theme = Literal["auto", "light", "dark"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """count: posts, 1 to 50. quiet: words and dates only. accounts: canonical URIs of the owner's own; () for all.

    replies: answers and quotes too. level: of the heading, 1 to 6. title: above the posts; "" for ours. site: the
    address of the folder on her website, ending in "/"; "" where it is not known. theme: of the whole page; a part
    of a page has the colours of the page it stands in. zone: whose clocks tell the days; None for UTC.
    """

    count: int = 5
    quiet: bool = False
    language: str = "en"
    accounts: tuple[str, ...] = ()
    replies: bool = False
    level: int = 2
    title: str = ""
    site: str = ""
    theme: Theme = "auto"
    zone: str | None = None

    @property
    def base(self) -> str:
        """What goes before the name of a file: the path on her own website, "" beside the page."""
        return urlsplit(self.site).path if self.site else ""


def checked(wanted: Wanted) -> Wanted:
    """The same in one spelling.

    Raises:
        UsageError: it cannot be had so.
    """
    if not 1 <= wanted.count <= MOST:
        raise UsageError(
            _("Between 1 and {most} posts can be shown, not {n}.").format(most=MOST, n=wanted.count)
        )
    if not 1 <= wanted.level <= 6:
        raise UsageError(_("Headings have the levels 1 to 6, not {n}.").format(n=wanted.level))
    if wanted.language not in LANGUAGES or wanted.theme not in get_args(Theme):
        raise UsageError(_("There is “de” and “en” to choose from, and “auto”, “light” and “dark”."))
    return replace(wanted, title=clean(wanted.title, _LONGEST_TITLE), site=_site(wanted.site.strip()))


def _site(text: str) -> str:
    if not text:
        return ""
    hint = _("Write the address of the folder on your website: https://anna.example/posts/")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise UsageError(_("“{text}” is no address.").format(text=clean(text, 80)), hint=hint) from None
    plain = text == clean(text) and " " not in text and not any(c in text for c in "\"'<>\\`{}")
    if (
        parts.scheme not in {"https", "http"}
        or not parts.hostname
        or not plain
        or len(text) > _LONGEST_ADDRESS
    ):
        raise UsageError(_("“{text}” is no address.").format(text=clean(text, 80)), hint=hint)
    if parts.query or parts.fragment or parts.username or parts.password:
        raise UsageError(_("“{text}” is more than the address of a folder.").format(text=clean(text, 80)), hint=hint)  # fmt: skip
    host = parts.hostname if port is None else f"{parts.hostname}:{port}"
    path = parts.path.removesuffix("index.html").strip(
        "/"
    )  # two at its beginning would lead to another server
    return f"{parts.scheme}://{host}/{path}{'/' if path else ''}"


def as_values(wanted: Wanted) -> dict[str, Any]:
    """As it can be stored."""
    return {**asdict(wanted), "accounts": list(wanted.accounts)}


def from_values(values: Mapping[str, Any]) -> Wanted:
    """As it was stored; what an older or newer program did not know or knew besides is as usual."""
    known = {f.name for f in fields(Wanted)}
    given = {k: v for k, v in values.items() if k in known}
    return checked(Wanted(**{**given, "accounts": tuple(given.get("accounts", ()))}))


def from_words(given: Mapping[str, str], *, language: str, zone: str | None) -> Wanted:
    """What was filled in: posts, quiet, replies, title, level, site, theme, language and of-URI for each account.

    Raises:
        UsageError: it cannot be had so.
    """
    usual = Wanted()
    return checked(
        Wanted(
            count=_whole(given.get("posts", ""), usual.count),
            level=_whole(given.get("level", ""), usual.level),
            quiet=bool(given.get("quiet")),
            replies=bool(given.get("replies")),
            title=given.get("title", ""),
            site=given.get("site", ""),
            theme=given.get("theme", usual.theme),  # type: ignore[arg-type]
            language=given.get("language", language),
            accounts=tuple(sorted(name.removeprefix("of-") for name in given if name.startswith("of-"))),
            zone=zone,
        )
    )


def _whole(text: str, usual: int) -> int:
    text = text.strip()
    if not text:
        return usual
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise UsageError(_("“{text}” is no whole number.").format(text=clean(text, 40)))
    return int(text)


def as_words(wanted: Wanted) -> dict[str, str]:
    """As it is filled in: what `from_words` reads; what is as usual is left out."""
    usual = Wanted()
    words = {"posts": str(wanted.count), "language": wanted.language}
    if wanted.level != usual.level:
        words["level"] = str(wanted.level)
    for name in ("title", "site"):
        words |= {name: value} if (value := getattr(wanted, name)) else {}
    if wanted.theme != usual.theme:
        words["theme"] = wanted.theme
    for name in ("quiet", "replies"):
        words |= {name: "yes"} if getattr(wanted, name) else {}
    return words | {f"of-{uri}": "yes" for uri in wanted.accounts}
