"""Address arithmetic, as Terraform's own copy of Go's older net package does it."""

from __future__ import annotations

import re

import msgspec

from alexandria_scan.evaluate.errors import FunctionError
from alexandria_scan.evaluate.functions.arguments import whole
from alexandria_scan.evaluate.functions.signature import Function, Parameter
from alexandria_scan.evaluate.types import NUMBER, STRING, ListType
from alexandria_scan.evaluate.values import ListVal, Value
from alexandria_scan.patterns import pattern


class Network(msgspec.Struct, frozen=True):
    """An address, of 32 or 128 bits, whose bits behind the prefix are zero."""

    address: int
    prefix: int
    bits: int

    @property
    def host_bits(self) -> int:
        return self.bits - self.prefix

    @property
    def is_mapped(self) -> bool:
        """Whether it is an IPv4 address in IPv6's clothes, which Go likes to show as IPv4."""
        return self.bits == 128 and self.address >> 32 == 0xFFFF

    def __str__(self) -> str:
        prefix = max(self.prefix - 96, 0) if self.is_mapped else self.prefix
        return f"{address_text(self.address, self.bits)}/{prefix}"


_OCTETS = pattern(r"(\d+)\.(\d+)\.(\d+)\.(\d+)", re.ASCII)


def _parse_v4(text: str) -> int | None:
    """Leading zeros are read as decimal: newer Go refuses them, Terraform does not."""
    match = _OCTETS.fullmatch(text)
    if match is None or any(len(octet) > 8 or int(octet) > 255 for octet in match.groups()):
        return None
    return int.from_bytes(bytes(map(int, match.groups())), "big")


def _parse_v6(text: str) -> int | None:
    head, gap, tail = text.partition("::")
    if "::" in tail:
        return None
    before, after = _groups(head), _groups(tail)
    if before is None or after is None:
        return None
    missing = 8 - len(before) - len(after)
    if (missing < 1) if gap else (missing != 0):
        return None
    value = 0
    for group in (*before, *([0] * missing), *after):
        value = value << 16 | group
    return value


def _groups(text: str) -> list[int] | None:
    if text == "":
        return []
    groups: list[int] = []
    parts = text.split(":")
    for index, part in enumerate(parts):
        if "." in part and index == len(parts) - 1:
            tail = _parse_v4(part)
            if tail is None:
                return None
            groups += [tail >> 16, tail & 0xFFFF]
        elif re.fullmatch(r"[0-9a-fA-F]{1,6}", part) and int(part, 16) <= 0xFFFF:
            groups.append(int(part, 16))
        else:
            return None
    return groups


def parse_network(text: str, parameter: str | None = None) -> Network:
    """Raises FunctionError."""
    address, slash, length = text.partition("/")
    value, bits = _parse_v4(address), 32
    if value is None:
        value, bits = _parse_v6(address) if ":" in address else None, 128
    if value is None or not slash or not re.fullmatch(r"[0-9]{1,8}", length) or int(length) > bits:
        raise FunctionError(f"invalid CIDR expression: invalid CIDR address: {text}", parameter)
    prefix = int(length)
    return Network(value >> (bits - prefix) << (bits - prefix), prefix, bits)


def address_text(address: int, bits: int) -> str:
    if bits == 32 or address >> 32 == 0xFFFF:
        return ".".join(str(octet) for octet in (address & 0xFFFFFFFF).to_bytes(4, "big"))
    groups = [address >> shift & 0xFFFF for shift in range(112, -1, -16)]
    start, length = _longest_zeros(groups)
    if length < 2:
        return ":".join(f"{group:x}" for group in groups)
    head = ":".join(f"{group:x}" for group in groups[:start])
    tail = ":".join(f"{group:x}" for group in groups[start + length :])
    return f"{head}::{tail}"


def _longest_zeros(groups: list[int]) -> tuple[int, int]:
    best = (0, 0)
    start = 0
    while start < len(groups):
        end = start
        while end < len(groups) and groups[end] == 0:
            end += 1
        if end - start > best[1]:
            best = (start, end - start)
        start = max(end, start + 1)
    return best


def _integer(value: Value) -> int:
    if value.denominator != 1:
        raise FunctionError("value must be a whole number")
    return int(value)


def _cidrhost(prefix: str, number: Value) -> str:
    host = _integer(number)
    network = parse_network(prefix)
    last = (1 << network.host_bits) - 1
    offset = host if host >= 0 else host + last + 1
    if not 0 <= offset <= last:
        shown = host if host >= 0 else offset
        raise FunctionError(f"prefix of {network.prefix} does not accommodate a host numbered {shown}")
    # Go inserts the number as if the address had 32 bits
    return address_text(network.address | offset << (96 if network.is_mapped else 0), network.bits)


def _cidrnetmask(prefix: str) -> str:
    network = parse_network(prefix)
    if network.bits == 128 and not network.is_mapped:
        raise FunctionError(f"IPv6 addresses cannot have a netmask: {prefix}")
    mask = (1 << network.bits) - (1 << network.host_bits)
    return address_text(mask, network.bits)


_UINT64 = (1 << 64) - 1


def _cidrsubnet(prefix: str, newbits: Value, netnum: Value) -> str:
    extension = whole(newbits)
    number = _integer(netnum)
    network = parse_network(prefix)
    length = network.prefix + extension
    if length > network.bits:
        detail = f"insufficient address space to extend prefix of {network.prefix} by {extension}"
        raise FunctionError(detail)
    if length < 0:
        raise FunctionError("panic in function implementation: runtime error: index out of range [-1]")
    # Go compares 64 bits, whatever their sign, and shifts them all away for a negative extension
    highest = (1 << extension) - 1 if 0 <= extension < 64 else _UINT64
    if abs(number) & _UINT64 > highest:
        raise FunctionError(f"prefix extension of {extension} does not accommodate a subnet numbered {number}")
    address = abs(network.address | number << (network.bits - length)) & ((1 << network.bits) - 1)
    return str(Network(address, length, network.bits))


def _cidrsubnets(prefix: str, *newbits: Value) -> Value:
    network = parse_network(prefix, "prefix")
    subnets: list[Network] = []
    free = network.address
    for value in newbits:
        length = network.prefix + _extension(network, whole(value, "newbits"))
        size = 1 << (network.bits - length)
        start = -(-free // size) * size
        before_zero = network.address == 0 and not subnets
        if before_zero or start >= network.address + (1 << network.host_bits):
            # Go looks for the first subnet behind another, and takes the step to zero for an overflow
            top = (1 << network.bits) - size
            last = Network(top, length, network.bits) if before_zero else subnets[-1]
            raise FunctionError(
                f"not enough remaining address space for a subnet with a prefix of {length} bits after {last}",
                "newbits",
            )
        subnets.append(Network(start, length, network.bits))
        free = start + size
    return ListVal(map(str, subnets), STRING)


def _extension(network: Network, length: int) -> int:
    if length < 1:
        raise FunctionError("must extend prefix by at least one bit", "newbits")
    if length > 32:
        raise FunctionError("may not extend prefix by more than 32 bits", "newbits")
    if network.prefix + length > network.bits:
        protocol = "IPv4" if network.bits == 32 else "IPv6"
        raise FunctionError(
            f"would extend prefix to {network.prefix + length} bits, which is too long for an {protocol} address",
            "newbits",
        )
    return length


_PREFIX = Parameter("prefix", STRING)

FUNCTIONS = {
    "cidrhost": Function("cidrhost", (_PREFIX, Parameter("hostnum", NUMBER)), _cidrhost, STRING),
    "cidrnetmask": Function("cidrnetmask", (_PREFIX,), _cidrnetmask, STRING),
    "cidrsubnet": Function(
        "cidrsubnet",
        (_PREFIX, Parameter("newbits", NUMBER), Parameter("netnum", NUMBER)),
        _cidrsubnet,
        STRING,
    ),
    "cidrsubnets": Function("cidrsubnets", (_PREFIX,), _cidrsubnets, ListType(STRING), Parameter("newbits", NUMBER)),
}
