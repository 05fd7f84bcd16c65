"""The one polite client: every word that leaves this machine leaves it here.

    addresses   which hosts may be spoken to: public ones, and those the owner allowed by name
    limits      what servers say about their limits, and how long to wait
    transport   bytes over the wire
    words       what is said of requests
    client      requests with time limits, size limits, retries, redirects that are looked at

Sources say what they want and get answers; how to ask for it decently is decided here once.
"""

from leumund.http.client import Answer, Client
from leumund.http.words import Stopped

__all__ = ["Answer", "Client", "Stopped"]
