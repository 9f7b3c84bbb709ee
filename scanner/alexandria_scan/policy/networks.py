"""Which address ranges together admit the whole internet, however they are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from alexandria_scan.evaluate.errors import EvalError, FunctionError
from alexandria_scan.evaluate.functions.network import Network, parse_network
from alexandria_scan.evaluate.types import BOOL, NUMBER
from alexandria_scan.evaluate.values import OpenTuple, Unknown, Value, collect_reasons, opened

_NOBODYS = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
    "224.0.0.0/3",
)  # fmt: skip
"""IPv4 addresses that nobody on the internet has: https://www.iana.org/assignments/iana-ipv4-special-registry."""
_INTERNET = ("0.0.0.0/0", "2000::/3")
"""All of IPv4, and of IPv6 what is routed: https://www.iana.org/assignments/ipv6-address-space."""


@cache
def _networks(texts: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(map(parse_network, texts))


def open_to_world(arguments: list[Value]) -> Value:
    """Whether address ranges together hold every public IPv4 address, or every public IPv6 address.

    Each argument is a CIDR block, a list of them or null. An unknown one hides nothing: the others may suffice.
    A text that is no CIDR block admits nobody; the provider refuses it. That of a VPC is next to nothing of the world.
    """
    networks: list[Network] = []
    unknown: list[Value] = []
    for value in _each(arguments):
        if type(value) is Unknown:
            unknown += [value] if value.shortest_prefix is None else []
        elif isinstance(value, str):
            try:
                networks.append(parse_network(value))
            except FunctionError:
                continue
    admitted = [*networks, *_networks(_NOBODYS)] if networks else []
    if any(_covered(whole, admitted) for whole in _networks(_INTERNET)):
        return True
    return Unknown(BOOL, collect_reasons(*unknown), True) if unknown else False


def prefix_length(arguments: list[Value]) -> Value:
    """The length of a CIDR block's prefix; null if it is none. Of an unknown block, what is known of it."""
    if len(arguments) != 1:
        raise EvalError("Error in function call", "prefix_length takes a CIDR block.")
    block, _ = opened(arguments[0])
    if type(block) is Unknown:
        return Unknown(NUMBER, block.reasons, least=block.shortest_prefix)
    try:
        return parse_network(block).prefix if isinstance(block, str) else None
    except FunctionError:
        return None


def _each(values: Iterable[Value]) -> Iterator[Value]:
    """The texts and unknown values, out of however many lists."""
    for value in values:
        bare, _ = opened(value)
        if isinstance(bare, tuple):
            yield from _each(bare)
            if isinstance(bare, OpenTuple):
                yield bare.unknown
        elif type(bare) is Unknown:
            yield from _each(bare.members)
            yield bare
        else:
            yield bare


def _covered(whole: Network, networks: Iterable[Network]) -> bool:
    """Whether the networks leave no address of the whole out."""
    ranges = sorted(
        (network.address, network.address + (1 << network.host_bits))
        for network in networks
        if network.bits == whole.bits
    )
    reached = whole.address
    for start, end in ranges:
        if start > reached:
            return False
        reached = max(reached, end)
    return reached >= whole.address + (1 << whole.host_bits)
