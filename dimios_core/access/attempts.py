"""Failed attempts to open the door, counted for each client so that links cannot be guessed."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict, deque

#: clients that are remembered; the one that failed longest ago is forgotten first
CLIENTS_KEPT_N = 4_096
#: of an IPv6 address, the part that one household or office shares
IPV6_PREFIX = 64


class Attempts:
    """A sliding window of failures for each client.

    Parameters
    ----------
    limit : int
        So many failures block a client.
    seconds : float
        For so long is a failure remembered.
    """

    def __init__(self, limit: int = 10, seconds: float = 600.0) -> None:
        self.limit, self.seconds = limit, seconds
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def blocked_for(self, client: str, now: float | None = None) -> float:
        """Return for how many seconds a client is blocked; 0 where it is not."""
        now = time.monotonic() if now is None else now
        failures = self._failures.get(_name(client), ())
        recent = [at for at in failures if at > now - self.seconds]
        if len(recent) < self.limit:
            return 0.0
        return recent[-self.limit] + self.seconds - now

    def failed(self, client: str, now: float | None = None) -> None:
        """Remember that an attempt has failed."""
        now = time.monotonic() if now is None else now
        name = _name(client)
        self._failures.setdefault(name, deque(maxlen=self.limit)).append(now)
        self._failures.move_to_end(name)
        while len(self._failures) > CLIENTS_KEPT_N:
            self._failures.popitem(last=False)


def _name(client: str) -> str:
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client[:64]
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False))
