"""Any account on Bluesky as everybody can see it, without a session: its posts, reactions to them, its followers."""

from __future__ import annotations

from leumund.errors import StrangeAnswerError, UsageError
from leumund.locale import N_, _
from leumund.sources import bluesky_views as views
from leumund.sources.at_uris import is_did
from leumund.sources.bluesky import OPEN_STREAMS, PUBLIC_SERVER, handle_in, parse
from leumund.sources.json_records import RecordError
from leumund.sources.living import Asked, Connected, Connection, Living
from leumund.sources.server_address import origin_of


def connect(asked: Asked) -> Connected:
    """Find out whose the handle is.

    Raises:
        UsageError: that is no handle, or nobody's. SourceError: the server cannot be reached.
    """
    written = handle_in(asked.where, example="leumund look anna.bsky.social")
    origin = origin_of(asked.options.get("server") or PUBLIC_SERVER)
    client = asked.client(origin)
    profile, answer = client.get_json(
        f"{origin}/xrpc/app.bsky.actor.getProfile", params={"actor": written}, accept=(400,)
    )
    if answer.status == 400:
        raise UsageError(_("There is no account {handle} on Bluesky.").format(handle=written))
    did = profile.get("did") if isinstance(profile, dict) else None
    if not isinstance(did, str) or not is_did(did):
        raise StrangeAnswerError(origin, _("it does not tell whose account it is"))
    try:
        events = tuple(views.profile_events(profile, views.Seen(did, asked.at)))
    except RecordError as error:
        raise StrangeAnswerError(origin, str(error)) from error
    connection = Connection(id="", source="bluesky_public", server=origin, account=did, settings={})
    return Connected(connection=connection, secret=None, events=events)


LIVING = Living(
    name="bluesky_public",
    title=N_("Bluesky, as everybody can see it"),
    where="HANDLE",
    asks=N_("The handle"),
    example="anna.bsky.social",
    needs=N_("any public account on Bluesky; nothing else"),
    connect=connect,
    streams=OPEN_STREAMS,
    parse=parse,
    tells=(
        N_("The account's posts with their counts."),
        N_("Who liked, reposted and quoted posts of the last 30 days; who follows."),
    ),
    cannot_tell=(
        N_(
            "Mentions and replies by others, and anything older than 30 days: that needs a connected account."
        ),
        N_("When somebody reposted, and since when somebody follows."),
        N_("Views: Bluesky does not count them."),
    ),
    reference="https://docs.bsky.app/docs/category/http-reference",
    options=("server",),
)
