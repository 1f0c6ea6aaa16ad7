"""Where a request comes from, for the limits of tries."""

import ipaddress
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest


def network_of(address: str) -> str:
    """The network of an address: itself for IPv4, its /64 for IPv6; empty when unreadable."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ip if ip.version == 4 else ipaddress.ip_network((ip, 64), strict=False).network_address)


def is_within(address: str, networks: Iterable[Any]) -> bool:
    """Whether an address is of one of the networks; an unreadable one is of none."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(ip in network for network in networks)


def network_of_request(request: HttpRequest) -> str:
    """The network of the person who sends the request."""
    return network_of(request.client_address)  # type: ignore[attr-defined]
