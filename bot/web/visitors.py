"""How visitors are told apart without their addresses being kept: by a salted hash, cut short, in memory alone.

The salt is made anew at each start, so that a key means nothing afterwards or elsewhere.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets

from starlette.types import Scope

_KEY_BYTES = 8
_NETWORK_BITS = 64
"""Of an IPv6 address: the rest is for one visitor to choose."""


class Visitors:
    """Makes keys of addresses; two objects make different ones."""

    def __init__(self) -> None:
        """Draw the salt."""
        self._salt = secrets.token_bytes(16)

    def key(self, scope: Scope) -> str:
        """The key of whoever sent a request. Behind a proxy uvicorn has put in the address that the proxy names."""
        client = scope.get("client")
        address = _network(client[0]) if client else ""
        return hashlib.blake2b(address.encode(), key=self._salt, digest_size=_KEY_BYTES).hexdigest()


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:  # a socket of the file system, or a test
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or int(parsed) >> (128 - _NETWORK_BITS))
