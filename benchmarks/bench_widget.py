"""The widget: what a reader of the homepage loads, and what giving it costs the host.

Bytes: page and style, gzipped, against a third of the best known embed (11.4 kB of script and style, its posts not
counted). Answers: the files are plain and any web server gives them; measured is the slow case, Starlette in Python
giving the bytes from memory, or 304 where the reader has them, without the network. At least 10,000 in a CPU second.
"""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import Row, measured

GROUP, SECONDS = "pages", 15

BEST_EMBED = 11_400
ANSWERS_PER_CPU_S = 10_000

BUILT = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from leumund.events import Account, Post
from leumund.lab import Lab
from leumund.widget import Wanted, build
folder, now = Path(sys.argv[1]), datetime(2026, 3, 31, tzinfo=UTC)
me, home = "acct:anna@example.social", "https://example.social/@anna"
with Lab.create(folder / "lab") as lab:
    with lab.writing(now) as writer:
        writer.add([Account(account=me, seen_at=now, network="mastodon", name="Anna Berg", url=home, own=True)])
        writer.add(Post(post=f"{home}/{n}", account=me, network="mastodon", happened_at=now - timedelta(hours=n), language="de",
                        text=f"Beitrag {n}: Wer bei der Bewerbung nur Standardsätze schickt, verschenkt die halbe Aufmerksamkeit. "
                             f"Wie seht ihr das, und was hat {n}-mal geholfen? https://anna.example/{n} #Bewerbung")
                   for n in range(1, 8))
    build(lab, folder / "site", Wanted(language="de", site="https://anna.example/posts/"), at=now)
"""
ANSWERED = """
import asyncio, hashlib, sys
from pathlib import Path
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
kept = {f.name: f.read_bytes() for f in Path(sys.argv[1], "site").iterdir()}
marks = {name: f'"{hashlib.sha256(data).hexdigest()[:16]}"' for name, data in kept.items()}
async def answer(request):
    name = request.path_params["name"]
    given = {"etag": marks[name], "cache-control": "public, max-age=300"}
    if request.headers.get("if-none-match") == marks[name]:
        return Response(status_code=304, headers=given)
    return Response(kept[name], 200, given, "text/html")
app = Starlette(routes=[Route("/{name}", answer)])
async def main(times):
    seen = set()
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}
    async def send(message):
        if message["type"] == "http.response.start":
            seen.add(message["status"])
    asked = [("widget.html", b""), ("widget.html", marks["widget.html"].encode())]
    for n in range(times):
        name, mark = asked[n % 2]
        await app({"type": "http", "method": "GET", "path": "/" + name, "root_path": "", "query_string": b"", "scheme": "https",
                   "http_version": "1.1", "server": ("anna.example", 443), "client": ("127.0.0.1", 1),
                   "headers": [(b"host", b"anna.example"), (b"if-none-match", mark)]}, receive, send)
    assert not times or seen == {200, 304}, seen
asyncio.run(main(int(sys.argv[2])))
"""


def run(*, small: bool) -> Iterator[Row]:
    """Bytes of what is built, then CPU seconds for so many answers, a start without any taken off."""

    answers = 5_000 if small else 30_000
    with tempfile.TemporaryDirectory() as folder:
        measured(BUILT, folder)
        loaded = [f for f in Path(folder, "site").iterdir() if f.name == "index.html" or f.suffix == ".css"]
        size = sum(len(gzip.compress(f.read_bytes(), mtime=0)) for f in loaded)
        start = measured(ANSWERED, folder, "0")[0]
        seconds = measured(ANSWERED, folder, str(answers))[0] - start
    yield Row(
        name="widget: page and style, gzipped",
        ours=size / 1000,
        peer=BEST_EMBED / 1000,
        unit="kB",
        ratio=size / BEST_EMBED,
        limit=1 / 3,
    )
    yield Row(
        name=f"widget: {answers:,} answers from memory, by Starlette",
        ours=seconds,
        peer=answers / ANSWERS_PER_CPU_S,
        unit="CPU s",
        ratio=seconds / (answers / ANSWERS_PER_CPU_S),
        limit=1.0,
    )
