"""The network that a request comes from, for rate limits, and membership in given networks."""

import ipaddress
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest


def network_of(address: str) -> str:
    """Returns the network of an address: itself for IPv4, its /64 for IPv6; empty for an invalid address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ip if ip.version == 4 else ipaddress.ip_network((ip, 64), strict=False).network_address)


def is_within(address: str, networks: Iterable[Any]) -> bool:
    """Returns whether an address is in one of the networks; False for an invalid address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(ip in network for network in networks)


def network_of_request(request: HttpRequest) -> str:
    """Returns the network of the person who sends the request."""
    return network_of(request.client_address)  # type: ignore[attr-defined]
