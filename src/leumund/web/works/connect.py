"""Connecting an account, as a talk: with the server, and with the owner in her browser.

given: "network", "where", "private", "origin" (where these pages are seen), and the source's own options. The secrets are
its keys, in the order in which they are asked for.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from leumund.connecting import before, client_maker, remember
from leumund.errors import LeumundError, SourceError, TokenRefusedError
from leumund.lab import Lab
from leumund.locale import _, kept
from leumund.sources.living import Asked, living_named
from leumund.web.work import CancelledError, Job, Part, Question, Talk, Told, Work

BACK = "/connect/back"
_OURS = ("network", "where", "private", "origin", "again")
_ADDRESS = re.compile(r"https?://\S+")


def _do(job: Job, talk: Talk) -> Told:
    living = living_named(job.given["network"])
    person = _Person(job, talk)
    options = {k: v for k, v in job.given.items() if k not in _OURS}
    private = bool(job.given.get("private"))
    asked = Asked(
        where=job.given["where"], options={**options, **({"private": "1"} if private else {})},
        client=client_maker(private=private, say=person.hear, stop=talk.stop), tell=person.hear, prompt=person.prompt,
        browse=person.browse, at=datetime.now(UTC), before=before(job.folder), agree=person.agree, back=person.back,
    )  # fmt: skip
    try:
        found = living.connect(asked)
    except TokenRefusedError as error:  # its own hint is for keys that were good once
        where = _("Copy the key whole, or make a new one ({where}).").format(
            where=_(living.key) if living.key else ""
        )
        raise LeumundError(
            _("{where}: this key is not accepted.").format(where=job.given["where"]),
            hint=where if living.key else error.hint,
        ) from error
    if "budget" in living.options and not person.agreed and not person.agree(_("Shall it be connected?")):
        raise CancelledError
    with Lab.open(job.folder) as lab:
        made = remember(lab, found, private=private, at=datetime.now(UTC))
    return Told(
        lines=(kept(_("Connected: {account}").format(account=made.name)), *_where_kept(made.kept_in)),
        leads=(("/connect", kept(_("To your accounts"))),),
        sync=made.connection.id,
    )


def _where_kept(place: str) -> tuple[str, ...]:
    if place in {"", "keyring"}:
        return ()
    words = _("This computer has no keyring: the key is kept in {path}, readable by you alone.")
    return (kept(words.format(path=place)),)


class _Person:
    """The owner, who answers by the pages. What she is told is shown with the next question."""

    def __init__(self, job: Job, talk: Talk) -> None:
        self._talk, self._origin = talk, job.given["origin"]
        self._keys = list(job.secrets)
        self._heard: list[str] = []
        self._address = ""
        self._before: tuple[str, ...] = ()
        self.agreed = False

    def hear(self, text: str) -> None:
        self._heard.append(text)
        if _ADDRESS.fullmatch(text):
            self._address = text
        else:
            self._talk.part("", Part(name="", lines=tuple(kept(t) for t in self._heard[-3:])))

    def prompt(self, text: str, hidden: bool) -> str:
        """The next of the keys she gave, else asked for now."""
        if hidden and self._keys:
            self._heard.clear()
            return self._keys.pop(0)
        return self._asked(Question(kind="line", text=text, hidden=hidden, address=self._address))

    def agree(self, question: str) -> bool:
        self.agreed = self._asked(Question(kind="yes", text=question, lines=self._lines())) == "yes"
        return self.agreed

    def browse(self, address: str) -> bool:
        self._address = address
        return True

    def back(self, state: str) -> _Back:
        self._before = self._lines()
        return _Back(self, state, self._origin + BACK)

    def come_back(self, state: str) -> str:
        """The code she comes back with; "" where she did not allow it."""
        text = _("Your server asks whether you allow it.")
        question = Question(kind="go", text=text, lines=self._before, address=self._address, state=state)
        return self._asked(question)

    def _asked(self, question: Question) -> str:
        answer = self._talk.ask(question)
        self._heard.clear()
        self._address = ""
        self._talk.part("", Part(name="", lines=(kept(_("Asking the server ...")),)))
        return answer

    def _lines(self) -> tuple[str, ...]:
        return tuple(kept(t) for t in self._heard if not _ADDRESS.fullmatch(t))


class _Back:
    """See `living.Back`: her browser comes back to the very server that shows her the pages."""

    def __init__(self, person: _Person, state: str, address: str) -> None:
        self.address = address
        self._person, self._state = person, state

    def wait(self, seconds: float) -> str:
        del seconds  # she can stop it herself
        code = self._person.come_back(self._state)
        if not code:
            raise SourceError(_("You did not allow it. Nothing was changed."))
        return code

    def stop(self) -> None:
        """Nothing is open."""


WORK = Work(kind="connect", do=_do, noted=False)
