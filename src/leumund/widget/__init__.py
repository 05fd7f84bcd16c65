"""The widget: the owner's latest own posts for her homepage, as plain files that need no script and ask nobody else.

    lab -> posts (whose, which, each once) -> pages, feeds, oEmbed (texts) -> files (written where they changed)

Nothing in it counts, follows or loads anything. Shown are public posts of her own; whoever else would be named by one
has not been asked, so such a post is left out. Builds are remembered by the lab (`builds`) and brought up to date after
a sync: what was deleted is gone with the next build.
"""

from leumund.widget.builds import Build, Refreshed, build, builds, refresh, stop
from leumund.widget.files import made
from leumund.widget.posts import Chosen, chosen, own_accounts
from leumund.widget.wanted import MOST, Theme, Wanted

__all__ = [
    "MOST",
    "Build",
    "Chosen",
    "Refreshed",
    "Theme",
    "Wanted",
    "build",
    "builds",
    "chosen",
    "made",
    "own_accounts",
    "refresh",
    "stop",
]
