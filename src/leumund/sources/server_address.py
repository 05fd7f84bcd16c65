"""A server as a person writes it, as the one origin (`https://example.social`) that is then spoken to."""

from __future__ import annotations

from urllib.parse import urlsplit

from leumund.errors import UsageError
from leumund.locale import _

_WEB = {"https": "https", "http": "http"}
_STREAM = {"https": "wss", "http": "ws", "wss": "wss", "ws": "ws"}


def origin_of(written: str, *, hint: str = "", stream: bool = False) -> str:
    """The origin of what a person writes: a server, an address of it, her handle there.

    hint: what she should write instead. stream: it is listened to, by web socket.

    >>> origin_of("Example.social"), origin_of("@anna@example.social"), origin_of("http://127.0.0.1:3000/x")
    ('https://example.social', 'https://example.social', 'http://127.0.0.1:3000')
    >>> origin_of("jetstream.example", stream=True)
    'wss://jetstream.example'

    Raises:
        UsageError: that is no server.
    """
    text = written.strip()
    text = text.rpartition("@")[2] if "@" in text and "://" not in text else text
    schemes = _STREAM if stream else _WEB
    try:
        parts = urlsplit(text if "://" in text else "https://" + text)
        name, port = parts.hostname or "", parts.port
        host = name if ":" in name else name.encode("idna").decode()
    except (ValueError, UnicodeError):
        host, port, parts = "", None, None
    if parts is None or not host or parts.scheme not in schemes or parts.username or " " in text:
        raise UsageError(_("“{text}” is no server.").format(text=written), hint=hint)
    host = f"[{host}]" if ":" in host else host
    return f"{schemes[parts.scheme]}://{host.lower()}" + (f":{port}" if port else "")
