"""The digest of a week as text, as Markdown and as one page of HTML; the page in the browser shares its template."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

from markupsafe import Markup

from leumund.locale import _, code
from leumund.report.page import policy
from leumund.report.plain import escaped
from leumund.report.sections import version
from leumund.report.shown import breakable
from leumund.today.changes import Change
from leumund.today.week import Digest
from leumund.views import cells


def title(digest: Digest) -> str:
    """Which week it is, in words."""
    span = digest.span
    return _("The week from {start} to {end}").format(
        start=cells.day(span.monday), end=cells.day(span.sunday)
    )


def as_text(digest: Digest, *, width: int = 100) -> str:
    """For a terminal or a mail without markup."""
    lines = [title(digest), "=" * len(title(digest)), digest.owner, ""]
    lines += _figures_heading()
    for one in digest.figures:
        lines += _wrapped(figure(one), width, "- ")
    for part in digest.parts:
        lines += ["", part.heading, "-" * len(part.heading)]
        for sentence in part.sentences:
            lines += _wrapped(sentence, width)
        for item in part.entries:
            lines += _wrapped(f"{item.text} ({item.more})" if item.more else item.text, width, "- ")
            if item.link:
                lines.append(f"    {item.link}")
    if digest.friday:
        heading = _("This Friday’s recommendations")
        lines += ["", heading, "-" * len(heading), *_wrapped(_nothing_is_sent(), width)]
        for draft in digest.friday:
            lines += ["", *_wrapped(f"{draft.name}: {draft.why}", width, "- ")]
            for network, text in draft.posts:
                lines += [f"    {network}:", *textwrap.wrap(text, width, initial_indent="    ", subsequent_indent="    ", break_long_words=False)]  # fmt: skip
    return "\n".join(lines) + "\n"


def as_markdown(digest: Digest) -> str:
    """CommonMark; nothing in it that others wrote is markup or a link."""
    lines = [
        f"# {escaped(title(digest))}",
        "",
        escaped(digest.owner),
        "",
        f"## {_('The week in figures')}",
        "",
    ]
    lines += [f"- {escaped(figure(one))}" for one in digest.figures]
    for part in digest.parts:
        lines += ["", f"## {escaped(part.heading)}", ""]
        for sentence in part.sentences:
            lines += [escaped(sentence), ""]
        lines += [f"- {escaped(i.text)}" + (f" ({escaped(i.more)})" if i.more else "") for i in part.entries]
    if digest.friday:
        lines += ["", f"## {escaped(_('This Friday’s recommendations'))}", "", escaped(_nothing_is_sent())]
        for draft in digest.friday:
            lines += ["", f"**{escaped(draft.name)}**: {escaped(draft.why)}"]
            for network, text in draft.posts:
                lines += ["", f"{escaped(network)}:", "", *(f"    {line}" for line in text.splitlines())]
    return "\n".join(lines).rstrip() + "\n"


def as_page(digest: Digest) -> str:
    """One self-contained page of HTML, to be printed or passed on by mail to oneself: it is private."""
    css = _css()
    page: str = _template().render(
        lang=code(), title=title(digest), digest=digest, css=Markup(css), csp=policy(css), version=version(),  # noqa: S704  our own file
    )  # fmt: skip
    return page + "\n"


def figure(one: Change) -> str:
    """One figure in a line: what it is, what it was and why."""
    of = f" ({one.of})" if one.of else ""
    change = f", {one.change}" if one.change else ""
    return f"{one.heading}: {one.value}{of}{change}. {one.why}".replace("..", ".")


def _figures_heading() -> list[str]:
    heading = _("The week in figures")
    return [heading, "-" * len(heading)]


def _nothing_is_sent() -> str:
    return _("Drafts are yours to change and to post: Leumund sends nothing.")


def _wrapped(text: str, width: int, bullet: str = "") -> Iterator[str]:
    yield from textwrap.wrap(
        text, width, initial_indent=bullet, subsequent_indent=" " * len(bullet), break_long_words=False
    )


@cache
def _css() -> str:
    files = resources.files("leumund.report")
    return "\n".join((files / name).read_text("utf-8") for name in ("page.css", "digest.css"))


@cache
def _template() -> Any:
    import jinja2

    loader = jinja2.PackageLoader("leumund.report", "")
    env = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    env.filters["breakable"] = breakable
    env.globals["_"] = lambda text: str(_(text))
    return env.get_template("digest.html")
