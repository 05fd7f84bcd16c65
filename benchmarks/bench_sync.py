"""A first sync of a long history against the time the server's own limit takes for it.

The server is made up and runs in a process of its own: 50,000 notifications in pages of 80, as Mastodon gives them,
each with the whole post it is about. Mastodon allows 300 requests in five minutes, so one second a request is what
a first sync takes at best. The peer is that time; ours is the CPU time we need. Limit: a tenth of it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from benchmarks.timing import Row, measured

GROUP, SECONDS = "reading in", 20

SECONDS_A_REQUEST = 1.0  # 300 in 300 seconds
PAGE = 80
SERVER = """
import json, sys
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit
many, page = int(sys.argv[1]), int(sys.argv[2])
me = {"id": "1", "username": "anna", "acct": "anna", "url": "https://made.example/@anna", "note": "<p>Coach</p>"}
def notification(n):
    at = (datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=n)).isoformat()
    who = {"id": f"p{n % 997}", "acct": f"leser{n % 997}@other.example", "note": "<p>Liest gern.</p>", "followers_count": n % 500}
    post = {"id": str(n % 3000), "uri": f"https://made.example/users/anna/statuses/{n % 3000}", "created_at": at, "account": me,
            "content": "<p>Guten Tag, heute geht es um Bewerbungen und wie man sie schreibt. <a href='https://made.example/tags/arbeit'>#Arbeit</a></p>" * 3,
            "visibility": "public", "favourites_count": 3, "mentions": [], "tags": []}
    return {"id": str(n), "type": ("favourite", "reblog")[n % 2], "created_at": at, "account": who, "status": post}
class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        parts = urlsplit(self.path)
        body, link = [], None
        if parts.path.endswith("verify_credentials"): body = me
        elif parts.path.endswith("notifications"):
            first = int(parse_qs(parts.query).get("max_id", [many])[0]) - 1
            numbers = list(range(first, max(first - page, -1), -1))
            body = [notification(n) for n in numbers]
            if numbers and numbers[-1] > 0: link = f'<http://x/?max_id={numbers[-1]}>; rel="next"'
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if link: self.send_header("Link", link)
        self.end_headers()
        self.wfile.write(data)
    def log_message(self, *args): pass
server = HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
"""
SYNC = """
import os, sys
os.environ["LEUMUND_SECRETS"], os.environ["LEUMUND_KEYRING"] = "off", "off"
os.environ["LEUMUND_SECRET_MASTODON"] = "a-key"
from datetime import UTC, datetime
from pathlib import Path
from leumund import syncing
from leumund.lab import Lab
from leumund.sources.living import Connection
from leumund.store import connections
at = datetime(2026, 4, 1, tzinfo=UTC)
with Lab.create(Path(os.environ["LEUMUND_HOME"]) / "lab") as lab:
    made = Connection(id="", source="mastodon", server=sys.argv[1], account="acct:anna@made.example",
                      settings={"host": "made.example", "id": "1", "private": "1"})
    outcomes = syncing.sync(lab, [connections.add(lab.register, made, at=at)], clock=lambda: at)
    assert not outcomes[0].failures and outcomes[0].new["acts"] == int(sys.argv[2]), outcomes
"""


def run(*, small: bool) -> Iterator[Row]:
    """One first sync."""
    many = 5_000 if small else 50_000
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, str(many), str(PAGE)], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            port = server.stdout.readline().strip()
            ours, memory = measured(SYNC, f"http://127.0.0.1:{port}", str(many))
        finally:
            server.kill()
    peer = many / PAGE * SECONDS_A_REQUEST
    yield Row(
        name=f"first sync of {many:,} notifications",
        ours=ours,
        peer=peer,
        unit="CPU s",
        ratio=ours / peer,
        limit=0.1,
        against="what the server allows",
    )
    yield Row(name="memory of it", ours=memory, peer=600, unit="MB", ratio=memory / 600, limit=1.0)
