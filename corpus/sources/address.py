"""Which addresses may be fetched, and which machines they may lead to.

An address is judged twice: as it is written (scheme, host, port), and by the machines that its host's name stands
for. The second judgement gives the very numbers that are connected to, so that a name cannot change its meaning
in between.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Collection, Sequence

import httpx

from corpus.errors import AddressRefused

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Sequence[str]]
"""Host and port → the numeric addresses of the machine; raises OSError when there is none."""

MAX_ADDRESS_CHARACTERS = 2048
DEFAULT_PORTS = {"http": 80, "https": 443}

_NUMERIC_LABEL = re.compile(r"\d+|0x[0-9a-f]*", re.IGNORECASE)
"""The last part of a host that browsers and system libraries read as a number."""
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_REFUSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "100.64.0.0/10",  # shared by the customers of a provider (CGNAT)
        "168.63.129.16/32",  # metadata of a cloud, on a public number
        "192.0.0.0/24",  # protocol assignments, metadata of a cloud among them
        "192.88.99.0/24",  # 6to4 relays
        "198.18.0.0/15",  # benchmarks
        "240.0.0.0/4",  # reserved, broadcast
        # IPv6 that carries an IPv4 number inside: compatible, mapped, translated (NAT64), 6to4, Teredo.
        "::/96",
        "::ffff:0:0/96",
        "::ffff:0:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/23",
        "fec0::/10",  # site-local, of old
        "3fff::/20",  # documentation
    )
)


def parse_address(text: str, hosts: Collection[str], *, allow_loopback: bool = False) -> httpx.URL:
    """The address, if it may be fetched for a source that allows these hosts (`host` or `host:port`).

    Hosts are compared whole, without regard to case; other ports than 80 and 443 must be named. Raises
    AddressRefused, which says why.
    """
    if len(text) > MAX_ADDRESS_CHARACTERS:
        raise AddressRefused(f"An address of {len(text)} characters is not fetched: {text[:60]}….")
    shown = "".join(character if character.isprintable() else "?" for character in text)
    if shown != text or re.search(r"[\s\\]", text):
        raise AddressRefused(f"{shown} is not fetched: it holds characters that no address has.")
    try:
        url = httpx.URL(text)
        host, port = url.raw_host.decode("ascii").lower(), url.port
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise AddressRefused(f"{shown} is not fetched: it is no address ({error}).") from None
    if url.scheme not in DEFAULT_PORTS:
        raise AddressRefused(f"{shown} is not fetched: only http and https addresses are.")
    if url.userinfo:
        raise AddressRefused(f"{shown} is not fetched: it holds a user name or password.")
    _check_host(host, shown, allow_loopback)
    named = {allowed.lower() for allowed in hosts}
    port_is_usual = port is None or port == DEFAULT_PORTS[url.scheme]
    if f"{host}:{port or DEFAULT_PORTS[url.scheme]}" not in named and not (port_is_usual and host in named):
        raise AddressRefused(f"{shown} is not fetched: its host is not among the hosts of the source.")
    return url.copy_with(fragment=None)


def checked_machines(host: str, port: int, resolve: Resolver, *, allow_loopback: bool = False) -> list[str]:
    """The numeric addresses that the host stands for, each of which may be connected to.

    One bad address among several refuses them all. Raises AddressRefused; OSError when the name is not known.
    """
    found = list(dict.fromkeys(resolve(host, port)))
    for number in found:
        if not is_public(number) and not (allow_loopback and _is_loopback(number)):
            raise AddressRefused(f"{host} is not fetched: it leads to {number}, which is no public address.")
    if not found:
        raise OSError(f"{host} has no address")
    return found


def is_public(number: str) -> bool:
    """Whether a numeric address is one of the public internet, and carries no other address inside."""
    try:
        ip = ipaddress.ip_address(number)
    except ValueError:
        return False
    if "%" in number or any(ip in network for network in _REFUSED if network.version == ip.version):
        return False
    return ip.is_global and not (
        ip.is_multicast or ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_reserved or ip.is_unspecified
    )


def system_resolver(host: str, port: int) -> list[str]:
    """What the machine's own name service says."""
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _check_host(host: str, shown: str, allow_loopback: bool) -> None:
    if ":" in host or _NUMERIC_LABEL.fullmatch(host.rstrip(".").rpartition(".")[2]):
        # Only the usual notation: octal, hexadecimal and shortened ones are read differently by different programs.
        if not is_public(host) and not (allow_loopback and _is_loopback(host)):
            raise AddressRefused(f"{shown} is not fetched: {host} is no public address.")
    elif not _HOST.fullmatch(host):
        raise AddressRefused(f"{shown} is not fetched: {host!r} is no name of a host.")


def _is_loopback(number: str) -> bool:
    try:
        ip = ipaddress.ip_address(number)
    except ValueError:
        return False
    return ip.is_loopback and not getattr(ip, "ipv4_mapped", None)
