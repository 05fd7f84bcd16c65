"""Bluesky's stream into the lab against decoding the same frames into the same types and nothing else.

The peer does what every reader must do first: `msgspec` decodes each frame into the structures of
`jetstream_frames`, and drops them. Ours decodes, weighs times, names accounts, finds duplicates, writes Parquet and
commits, some ten thousand frames at a time. CPU seconds of the work alone are compared, without the start of Python.

Limit: 30 % of the peer's events in a CPU second, that is 3.33 times its CPU seconds. It is a goal; the parser comes near
it, the way into the lab does not reach it. Measured over a million frames on a machine with two cores that others used
too, where the peer takes .7 microseconds a frame: the parser 2.5 (.25 to .29 of the peer's speed), everything 6.0 to 6.8
(.10 to .12); before frames were read by their form and writers remembered what they had met 4.3 (.15) and 9.3 (.07).
What the 6.0 are, in microseconds a frame:

    1.1  the fifth of the frames that is decoded (posts, profiles, names), half of it turning 13 posts into columns
    0.6  finding which frames have a form, and their letters; touching each frame's memory for the first time
    0.8  times, addresses, joining the pieces, the columns of likes, reposts, follows, deletions
    0.7  account keys: the MD5 of each new name, and finding the known ones (a third)
    1.3  finding what is there already: a number for each event (.4), the names of accounts that have several (.3) and
         under which of them they may be known (.3), what is remembered (.15), what may be a repetition (.15)
    0.6  Parquet, written and synced
    0.6  accounts and their names in SQLite, a third of it joining handles with DIDs
    0.3  the rest

No one part is left that would do: to come from 6.0 to 2.3, reading, keys, comparing and writing would each have to cost
a third. The loops that remain are Arrow's, DuckDB's and SQLite's own, or go over objects that the decoder made; the next
step would be a decoder that fills columns itself, which is a program in another language.
The stream is made up: of a hundred
frames 56 are likes, 13 posts, 9 follows, 8 deletions, 7 reposts, and 7 what nobody here needs; 60,000 accounts, some far
busier than others; some odd names and times among them.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.timing import Row, measured

GROUP, SECONDS = "reading in", 80

_SCRIPT = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from leumund.lab import Lab
from leumund.sources.jetstream_frames import DECODER, parse_frames
frames, folder, answer, what = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
BATCH = 50_000

def batches():
    with frames.open("rb") as lines:
        batch = []
        for line in lines:
            batch.append(line)
            if len(batch) == BATCH:
                yield batch
                batch = []
        yield batch

spent = 0.0
if what == "peer":
    for batch in batches():
        begin = time.process_time()
        for line in batch:
            DECODER.decode(line)
        spent += time.process_time() - begin
else:
    with Lab.create(folder) as lab, lab.writing(datetime(2026, 4, 1, tzinfo=UTC)) as writer:
        for batch in batches():
            begin = time.process_time()
            events = parse_frames(batch).events
            if what == "lab":
                writer.add(events)
            spent += time.process_time() - begin
answer.write_text(str(spent))
"""
_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
_BEGIN = datetime(2026, 1, 9, 12, tzinfo=UTC)
_WORDS = [
    "heute",
    "morgen",
    "kaffee",
    "arbeit",
    "the",
    "quick",
    "brown",
    "fox",
    "über",
    "gespräch",
    "bewerbung",
    "woche",
    "lesen",
    "hören",
    "danke",
]
_CID = "bafyrei" + "a" * 52


def run(*, small: bool) -> Iterator[Row]:
    """The stream parsed alone, the stream into the lab, and its memory for a short and a long one."""
    count = 200_000 if small else 1_000_000
    with tempfile.TemporaryDirectory() as tmp:
        folder = Path(tmp)
        frames, short = folder / "frames.jsonl", folder / "short.jsonl"
        write_frames(frames, count)
        with frames.open("rb") as lines, short.open("wb") as out:
            out.writelines(line for line, _number in zip(lines, range(count // 4), strict=False))
        runs: dict[str, list[tuple[float, float]]] = {"peer": [], "parser": [], "lab": [], "short": []}
        for turn in range(3):
            for what, taken in runs.items():
                path, kind = (short, "lab") if what == "short" else (frames, what)
                taken.append(_spent(path, folder, f"{turn}{what}", kind))
        peer = sorted(seconds for seconds, _memory in runs["peer"])[1]
        for what, limit in (("parser", 1 / 0.3), ("lab", 1 / 0.3)):
            ours = sorted(seconds for seconds, _memory in runs[what])[1]
            name = f"Jetstream, {count:,} frames through the {what}"
            yield Row(name=name, ours=ours, peer=peer, unit="CPU s", ratio=ours / peer, limit=limit,
                      against="decoding alone")  # fmt: skip
        long, brief = (max(memory for _seconds, memory in runs[what]) for what in ("lab", "short"))
        yield Row(
            name="memory of it, four times as long",
            ours=long,
            peer=brief,
            unit="MB",
            ratio=long / brief,
            limit=1.3,
            against="a quarter as long",
        )


def _spent(path: Path, folder: Path, name: str, what: str) -> tuple[float, float]:
    answer = folder / f"{name}.txt"
    _cpu, memory = measured(_SCRIPT, str(path), str(folder / f"lab-{name}"), str(answer), what)
    return float(answer.read_text()), memory


def write_frames(path: Path, count: int, *, seconds: float = 2_000, accounts: int = 60_000) -> None:
    """So many frames of a made-up network, as many a second as Bluesky has in a busy hour."""
    rng = random.Random(1)
    made = _Made(rng, ["did:plc:" + "".join(rng.choices(_LETTERS, k=24)) for _ in range(accounts)])
    with path.open("w", encoding="utf-8") as out:
        for number in range(count):
            frame = made.frame(_BEGIN + timedelta(seconds=number * seconds / count), number)
            out.write(json.dumps(frame, separators=(",", ":"), ensure_ascii=False) + "\n")


class _Made:
    """Makes up what happens, one frame after another."""

    def __init__(self, rng: random.Random, dids: list[str]) -> None:
        self.rng, self.dids = rng, dids
        self.posts: list[str] = [
            f"at://{self.who()}/app.bsky.feed.post/{self.key(_BEGIN)}" for _ in range(100)
        ]
        self.kinds = [("like", 56), ("post", 13), ("follow", 9), ("delete", 8), ("repost", 7), ("block", 4),
                      ("profile", 1), ("identity", 1), ("account", 1)]  # fmt: skip

    def who(self) -> str:
        did = self.dids[int(self.rng.random() ** 2 * len(self.dids))]
        return did if self.rng.random() > 0.002 else "did:web:" + did[8:14] + ".example"

    def key(self, at: datetime) -> str:
        value = int(at.timestamp() * 1e6) << 10 | self.rng.getrandbits(10)
        return "".join(_LETTERS[value >> shift & 31] for shift in range(60, -1, -5))

    def post(self) -> dict[str, str]:
        if self.rng.random() < 0.005:
            return {"cid": _CID, "uri": f"at://{self.who()}/app.bsky.feed.generator/kaffee"}
        return {"cid": _CID, "uri": self.rng.choice(self.posts)}

    def frame(self, at: datetime, number: int) -> dict[str, Any]:
        kind = self.rng.choices([k for k, _ in self.kinds], [w for _, w in self.kinds])[0]
        did, now = self.who(), int(at.timestamp() * 1e6)
        claimed = (at - timedelta(seconds=self.rng.random())).isoformat(timespec="milliseconds")
        claimed = claimed.replace("+00:00", "Z" if self.rng.random() > 0.01 else "+00:00")
        head: dict[str, Any] = {"did": did, "time_us": now}
        if kind == "identity":
            body = {"did": did, "handle": f"h{number}.example", "seq": number, "time": claimed}
            return {**head, "kind": kind, "identity": body}
        if kind == "account":
            return {
                **head,
                "kind": kind,
                "account": {"active": True, "did": did, "seq": number, "time": claimed},
            }
        what = {"follow": "graph.follow", "block": "graph.block", "profile": "actor.profile"}.get(
            kind, f"feed.{kind}"
        )
        if kind == "delete":
            what = self.rng.choice(["feed.like"] * 6 + ["graph.follow", "feed.repost", "feed.post"])
        name = f"app.bsky.{what}"
        key = "self" if kind == "profile" else self.key(at)
        commit: dict[str, Any] = {"rev": self.key(at), "operation": "create", "collection": name, "rkey": key}
        if kind == "delete":
            return {**head, "kind": "commit", "commit": {**commit, "operation": kind}}
        commit["record"] = {"$type": name, "createdAt": claimed, **self.record(kind)}
        if kind == "post":
            self.posts[self.rng.randrange(len(self.posts))] = f"at://{did}/{name}/{key}"
        return {**head, "kind": "commit", "commit": {**commit, "cid": _CID}}

    def record(self, kind: str) -> dict[str, Any]:
        if kind in {"like", "repost"}:
            return {"subject": self.post()}
        if kind in {"follow", "block"}:
            return {"subject": self.who()}
        if kind == "profile":
            return {"displayName": "Anna", "description": "Ich schreibe über Arbeit."}
        found: dict[str, Any] = {
            "langs": ["de"],
            "text": " ".join(self.rng.choices(_WORDS, k=self.rng.randrange(3, 40))),
        }
        if self.rng.random() < 0.5:
            parent = self.post()
            found["reply"] = {"parent": parent, "root": parent}
        if self.rng.random() < 0.15:
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": self.who()}
            found["facets"] = [{"features": [feature], "index": {"byteEnd": 10, "byteStart": 0}}]
        if self.rng.random() < 0.15:
            blob = {"$type": "blob", "ref": {"$link": _CID}, "mimeType": "image/jpeg", "size": 312_345}
            found["embed"] = {"$type": "app.bsky.embed.images", "images": [{"alt": "Bild", "image": blob}]}
        return found
