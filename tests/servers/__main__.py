"""Start the servers to try things by hand: `python -m tests.servers`, until Ctrl-C.

Two people live on each: Anna, and Ben, who follows her and likes her post.
"""

from __future__ import annotations

import contextlib
import signal

from tests.servers.bluesky import bluesky_network
from tests.servers.firehose import feeding
from tests.servers.installation import why_missing
from tests.servers.jetstream import jetstream_server
from tests.servers.ledger import Ledger
from tests.servers.mastodon import mastodon_server


def main() -> None:
    with contextlib.ExitStack() as kept:
        for name, start in (("mastodon", _mastodon), ("bluesky", _bluesky)):
            why = why_missing(name)
            print(f"{name}: {why}" if why else start(kept), flush=True)
        print("Ctrl-C ends all of it.", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()


def _mastodon(kept: contextlib.ExitStack) -> str:
    server = kept.enter_context(mastodon_server())
    ledger = Ledger()
    anna, ben = server.join(ledger, "anna"), server.join(ledger, "ben")
    ben.follow(anna)
    ben.favourite(anna.post("Good morning, everybody"))
    return f"mastodon: {server.origin}\n  anna's key: {anna.token}\n  ben's key:  {ben.token}"


def _bluesky(kept: contextlib.ExitStack) -> str:
    network = kept.enter_context(bluesky_network())
    stream = kept.enter_context(jetstream_server())
    kept.enter_context(feeding(stream, network.firehose))
    ledger = Ledger()
    anna, ben = network.join(ledger, "anna"), network.join(ledger, "ben")
    ben.follow(anna)
    ben.like(anna.post("Good morning, everybody"))
    return (
        f"bluesky: {network.pds} (AppView {network.appview}, directory {network.plc})\n"
        f"  {anna.handle}: app password {anna.app_password()}\n"
        f"  {ben.handle}:  app password {ben.app_password()}\n"
        f"  jetstream: {stream.v1} and {stream.v2}"
    )


if __name__ == "__main__":
    main()
