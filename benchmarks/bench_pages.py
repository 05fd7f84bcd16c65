"""The pages of `leumund serve` in a lab of a million acts, through the application with its real reader.

- A page that was worked out once: CPU time of the server for one more answer, 95 of 100 under 150 ms.
- A page the first time, in that order, so that later ones find what earlier ones worked out: the three slowest, 10 CPU seconds
  wanted of server and reader.
- The overview from cold start (server and reader begin, nothing remembered): under 2 CPU seconds of both together until it
  is shown with what was ready by then. They begin side by side, so on a machine with nothing else to do it takes less time.
  The smallest of three, since others on the machine only add. Once in the lab of a million, once in the demo.
- The server at rest, after all pages were asked for and the reader has gone: under 200 MB.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.bench_influence import FILL
from benchmarks.timing import Row, compared, measured, surroundings

GROUP, SECONDS = "pages", 150
AT_FIRST_S = 10.0

MORE = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from leumund.events import Account, Post
from leumund.facts import all_facts
from leumund.lab import Lab
folder, posts = Path(sys.argv[1]), int(sys.argv[2])
end = datetime(2026, 1, 1, tzinfo=UTC)
me = "acct:me@example.social"
with Lab.open(folder) as lab, lab.writing(end) as writer:
    writer.add([Account(account=me, seen_at=end - timedelta(weeks=n), network="mastodon", followers=20_000 - 60 * n) for n in range(100)])
    step = timedelta(days=730) / posts
    for first in range(0, posts, 10_000):
        some = range(first, min(first + 10_000, posts))
        writer.add([
            Post(post=f"mine:{n}" if n % 8 == 0 else f"post:{n}", account=me if n % 8 == 0 else f"acct:p{n % 5000}@example.social",
                 network="mastodon", happened_at=end - step * (posts - n), language="de",
                 text="Heute ein Gespräch über #Arbeit" if n % 8 else f"#FF @p{n % 300}@example.social weil sie gut zuhört")
            for n in some
        ])
    writer.derive([f for f in all_facts().values()])
"""
ASK = """
import asyncio, json, os, sys, time  # the reader begins by reading this file again: all else is loaded where it is used
from pathlib import Path

folder, what = Path(sys.argv[1]), sys.argv[2]
WARM = 7

def addresses():
    from leumund.measures import all_measures
    from leumund.web.page import all_pages
    yield from (p.path for p in all_pages().values() if p.path and "{" not in p.path)
    yield from (f"/measures/{m}" for m in all_measures())
    yield from (f"/why/{m.name}" for m in all_measures().values() if m.explain)

async def get(app, path, cookie):
    got = {}
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}
    async def send(message):
        if message["type"] == "http.response.start":
            got["status"] = message["status"]
            got["headers"] = {k.decode(): v.decode() for k, v in message["headers"]}
    headers = [(b"host", b"127.0.0.1"), (b"accept-language", b"en")] + ([(b"cookie", cookie)] if cookie else [])
    await app({"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"", "headers": headers,
               "http_version": "1.1", "scheme": "http", "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1), "root_path": ""}, receive, send)
    return got

def memory():
    return int(next(l for l in open("/proc/self/status") if l.startswith("VmRSS")).split()[1]) / 1024

def spent(app):
    ticks = 0
    for reader in list(app.state.desk._pool._processes):
        ticks += sum(map(int, open(f"/proc/{reader}/stat").read().rpartition(")")[2].split()[11:13]))
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")

async def main():
    began = time.perf_counter()
    from leumund.web.app import make_app
    from leumund.web.guard import Rules
    app = make_app(folder, Rules())
    app.state.desk.wake()
    first = await get(app, "/", b"")
    told = {"first": time.perf_counter() - began, "cpu": spent(app), "status": first["status"]}
    cookie = first["headers"]["set-cookie"].partition(";")[0].encode()
    while what == "all" and (await get(app, "/", cookie))["headers"].get("refresh"):
        await asyncio.sleep(.5)
    told["whole"] = time.perf_counter() - began
    if what == "all":
        warm = {}
        cold = {}
        for path in addresses():
            start, worked = time.perf_counter(), spent(app)
            while (got := await get(app, path, cookie))["headers"].get("refresh") and time.perf_counter() - start < 900:
                await asyncio.sleep(.5)
            cold[path] = spent(app) - worked
            if got["status"] != 200 or got["headers"].get("refresh"):
                continue
            warm[path] = []
            for _ in range(WARM):
                start = time.process_time()
                await get(app, path, cookie)
                warm[path].append(time.process_time() - start)
        told |= {"warm": warm, "cold": cold}
        desk = app.state.desk
        desk._forget_reader()
        time.sleep(2)
        told["memory"] = memory()
    app.state.desk.close()
    print(json.dumps(told))

if __name__ == "__main__":
    asyncio.run(main())
"""
DEMO = """
import sys
from datetime import UTC, datetime
from leumund.labs import make_demo
make_demo(datetime.now(UTC))
"""


def run(*, small: bool) -> Iterator[Row]:
    """Server times and memory; what each page took at first is printed beside."""
    acts = 100_000 if small else 1_000_000
    with tempfile.TemporaryDirectory() as tmp:
        folder = Path(tmp) / "lab"
        measured(FILL, str(folder), str(acts), "730")
        measured(MORE, str(folder), str(acts // 80))
        told = _asked(folder, "all")
        times = sorted(t for each in told["warm"].values() for t in each)
        slow = sorted(told["cold"].items(), key=lambda item: -item[1])[:8]
        print("   at first: " + ", ".join(f"{path} {seconds:.1f} CPU s" for path, seconds in slow))
        warm = 1000 * times[int(0.95 * len(times))]
        yield Row(name=f"a page again, {acts:,} acts, 95 of 100", ours=warm, peer=150.0, unit="CPU ms",
                  ratio=warm / 150.0, limit=1.0)  # fmt: skip
        for path, seconds in slow[:3]:
            yield compared(f"the first time, {acts:,} acts: {path}", [seconds], AT_FIRST_S, limit=1.0)
        yield Row(name="serve at rest", ours=told["memory"], peer=200.0, unit="MB", ratio=told["memory"] / 200.0, limit=1.0)  # fmt: skip
        yield _cold(f"the overview from cold start, {acts:,} acts", folder)
        with tempfile.TemporaryDirectory() as home:
            subprocess.run([sys.executable, "-c", DEMO], env=surroundings(Path(home)), check=True)
            yield _cold("the overview from cold start, the demo", Path(home) / "demo")


def _cold(name: str, folder: Path) -> Row:
    found = [_asked(folder, "first") for _ in range(3)]
    print(f"   shown after {min(f['first'] for f in found):.1f} s")
    first = min(f["cpu"] for f in found)
    return Row(name=name, ours=first, peer=2.0, unit="CPU s", ratio=first / 2.0, limit=1.0)


def _asked(folder: Path, what: str) -> dict[str, Any]:
    """What a server of its own measured; a file, since its reader begins by reading it again."""
    with tempfile.TemporaryDirectory() as tmp:
        script = Path(tmp) / "ask.py"
        script.write_text(ASK, "utf-8")
        done = subprocess.run([sys.executable, str(script), str(folder), what], env=surroundings(Path(tmp)),
                              stdout=subprocess.PIPE, text=True, check=True)  # fmt: skip
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found
