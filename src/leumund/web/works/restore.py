"""A lab made of a backup, beside those there are. given: "to", its folder."""

from __future__ import annotations

from pathlib import Path

from leumund.clean import clean
from leumund.lab import Lab
from leumund.labs import come_back, not_refreshed
from leumund.locale import N_, _, kept
from leumund.web.place import TITLE
from leumund.web.work import CancelledError, Job, Part, Question, Talk, Told, Work


def _do(job: Job, talk: Talk) -> Told:
    (file,), folder = job.files, Path(job.given["to"])
    text = _(
        "This is a backup of a lab. Shall a lab be made of it? It will lie beside what you have; nothing is overwritten."
    )
    if talk.ask(Question(kind="yes", text=kept(text), yes=N_("Yes, make it"))) != "yes":
        raise CancelledError
    talk.part("", Part(name=file.name, lines=(kept(_("Checked and unpacked ...")),)))
    left = come_back(file, folder)
    if copied := job.given.get("called"):
        with Lab.open(folder) as lab, lab.register.transaction():
            lab.register.put(TITLE, " ".join(filter(None, (lab.register.get(TITLE), f"({copied})"))))
    said = kept(_("The lab is back: {path}").format(path=folder))
    of_posts = (kept(not_refreshed(clean(str(posts)))) for posts in left)
    return Told(lines=(said, *of_posts), leads=(("/lab", kept(_("To your labs"))),))


WORK = Work(kind="restore", do=_do, noted=False)
