"""A form that was refused, filled in as it was: on the page it stands on, with what is wrong told at its fields.

The page is one of ours, written by a template: what a person or a stranger wrote stands in it escaped, so that no text of
theirs can be taken for a form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from html.parser import HTMLParser

WRONG = "wrong"
"""The mark (id) of the sentence that says what is wrong."""

_FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
_QUOTED = ("“{}”", "„{}“")
_NOT_FILLED = {"hidden", "password", "file", "submit", "button"}


def refilled(page: str, action: str, form: Mapping[str, str], said: str = "") -> str | None:
    """The page with that form as it was filled in; None where the page has no such form.

    action: where the form was sent; form: what was filled in, "" left out. The form is known by its hidden fields, and
    by a button that says what was pressed. said: what is wrong; the field whose words it quotes is the wrong one.
    """
    wrong = next(
        (name for name, text in form.items() if text and any(q.format(text) in said for q in _QUOTED)), ""
    )
    for found in _FORM.finditer(page):
        filled = _Form(form, wrong)
        filled.feed(found[0])
        filled.close()
        if filled.action == action and filled.fits:
            return page[: found.start()] + "".join(filled.out) + page[found.end() :]
    return None


class _Form(HTMLParser):
    """One form, written anew. fits: whether it is the one that was sent."""

    def __init__(self, given: Mapping[str, str], wrong: str) -> None:
        super().__init__(convert_charrefs=False)
        self._wrong = wrong
        self.out: list[str] = []
        self.action = ""
        self._given = given
        self._hidden = True  # all of its hidden fields say what was sent
        self._pressed = "do" not in given
        self._known: set[str] = set()
        self._select = ""
        self._passing = False  # over the old words of a field
        self._focused = False

    @property
    def fits(self) -> bool:
        return self._hidden and self._pressed and set(self._given) <= self._known

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given, raw = dict(attrs), self.get_starttag_text() or ""
        name = given.get("name") or ""
        self._known.add(name)
        match tag:
            case "form":
                self.action = given.get("action") or ""
            case "button":
                self._pressed |= name == "do" and given.get("value") == self._given.get("do")
            case "input" if given.get("type") in _NOT_FILLED:
                if given["type"] == "hidden" and name not in {"", "word"}:
                    self._hidden &= (given.get("value") or "") == self._given.get(name, "")
                    self._pressed |= name == "do"
            case "input" if given.get("type") in {"checkbox", "radio"}:
                raw = _tag(tag, _switched(given, "checked", self._given.get(name) == given.get("value")))
            case "input":
                raw = self._field(tag, {**given, "value": self._given.get(name, "")})
            case "textarea":
                raw = self._field(tag, given) + escape(self._given.get(name, ""))
                self._passing = True
            case "select":
                self._select = name
                raw = self._field(tag, given)
            case "option" if self._select in self._given:
                raw = _tag(tag, _switched(given, "selected", given.get("value") == self._given[self._select]))
        self.out.append(raw)

    def handle_endtag(self, tag: str) -> None:
        self._passing &= tag != "textarea"
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._say(data)

    def handle_entityref(self, name: str) -> None:
        self._say(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._say(f"&#{name};")

    def _say(self, text: str) -> None:
        if not self._passing:
            self.out.append(text)

    def _field(self, tag: str, given: dict[str, str | None]) -> str:
        """A field that is to be filled in; what is wrong is read out with it. The wrong one has the focus, else the first."""
        about = " ".join(filter(None, (given.get("aria-describedby"), WRONG)))
        given = {**given, "aria-describedby": about}
        is_wrong = bool(self._wrong) and given.get("name") == self._wrong
        if is_wrong:
            given["aria-invalid"] = "true"
        if not self._focused and (is_wrong or not self._wrong):
            self._focused, given = True, {**given, "autofocus": None}
        return _tag(tag, given)


def _switched(given: Mapping[str, str | None], name: str, on: bool) -> dict[str, str | None]:
    kept = {k: v for k, v in given.items() if k != name}
    return {**kept, name: None} if on else kept


def _tag(tag: str, given: Mapping[str, str | None]) -> str:
    def attributes() -> Iterator[str]:
        for name, value in given.items():
            yield name if value is None else f'{name}="{escape(value)}"'

    return f"<{' '.join([tag, *attributes()])}>"
