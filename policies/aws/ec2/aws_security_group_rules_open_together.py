"""Whether rules of a security group that each admit a part of the internet together admit all of it."""

from collections.abc import Iterator
from typing import NamedTuple

from alexandria_scan.sdk import (
    Block,
    Other,
    Parameters,
    Resource,
    UnknownValue,
    Verdict,
    fail,
    listed,
    not_applicable,
    unknown,
)

RULES = {
    "aws_security_group_rule": ("cidr_blocks", "ipv6_cidr_blocks", "protocol"),
    "aws_vpc_security_group_ingress_rule": ("cidr_ipv4", "cidr_ipv6", "ip_protocol"),
}
GROUPS = ("aws_security_group", "aws_default_security_group")
PROTOCOLS = {"all": "-1", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}
WITHOUT_PORTS = ("icmp", "icmpv6")


class Rule(NamedTuple):
    """What a rule admits from where. `blocks` is None where they are not known."""

    blocks: list[str] | None
    protocol: str
    first: int
    last: int
    source: Block
    attribute: str

    def reaches(self, protocol: str, port: int) -> bool:
        return self.protocol in (protocol, "-1") and self.first <= port <= self.last


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    inline = [_rule(block, *RULES["aws_security_group_rule"]) for block in resource.blocks("ingress")]
    separate = resource.once(_separate).get(resource.address, [])
    if resource.type in RULES and not separate:
        yield not_applicable()
    rules = [rule for rule in (*inline, *separate) if rule.blocks != [] and rule.protocol not in WITHOUT_PORTS]
    verdicts: list[Verdict] = []
    for protocol in dict.fromkeys(rule.protocol for rule in rules):
        for port in sorted({*(rule.first for rule in rules), *(port + 1 for port in param.allowed_ports)}):
            reaching = [rule for rule in rules if rule.reaches(protocol, port)]
            if port not in param.allowed_ports and len(reaching) > 1:
                verdicts += _together(resource, reaching, port)
    yield from verdicts


def _together(resource: Resource, rules: list[Rule], port: int) -> Iterator[Verdict]:
    """A rule that admits everybody by itself is another policy's."""
    if any(rule.blocks and resource.open_to_world(rule.blocks) for rule in rules):
        return
    certain = [rule for rule in rules if not isinstance(rule.source, Other) or resource.exists_with(rule.source)]
    if resource.open_to_world([block for rule in certain for block in rule.blocks or []]):
        message = f"its rules together admit everybody to port {port}"
        _, _, _, _, source, attribute = next(rule for rule in certain if rule.blocks)
        if isinstance(source, Other):
            yield fail(message, place=source.place(attribute))
        else:
            yield fail(message, at=source)
    elif any(rule.blocks is None for rule in rules):
        yield unknown("what the rules on one port admit together", "give every CIDR block")
    elif resource.open_to_world([block for rule in rules for block in rule.blocks or []]):
        yield unknown("whether all rules are there that admit everybody together", "give what their count needs")


def _separate(resource: Resource) -> dict[str, list[Rule]]:
    """The rules that are resources of their own, by the address of their group; of a group that is not in the code, by
    the address of its first rule."""
    found: dict[str, list[Rule]] = {}
    first: dict[str, str] = {}
    for type_, names in RULES.items():
        for rule in resource.possible(type_):
            if type_ == "aws_security_group_rule" and (not rule.known("type") or rule.get("type") != "ingress"):
                continue
            for group in _groups(resource, rule, first):
                found.setdefault(group, []).append(_rule(rule, *names))
    return found


def _groups(resource: Resource, rule: Other, first: dict[str, str]) -> Iterator[str]:
    seen = False
    for type_ in GROUPS:
        try:
            for group in resource.referenced(type_, "security_group_id", of=rule):
                seen = True
                yield group.address
        except UnknownValue:
            continue
    if seen:
        return
    try:
        named = rule.get("security_group_id")
    except UnknownValue:
        named = rule.reference("security_group_id")
    if named:
        yield first.setdefault(named, rule.address)


def _rule(source: Block, ipv4: str, ipv6: str, protocol: str) -> Rule:
    try:
        name = str(source.get(protocol)).lower()
        name = PROTOCOLS.get(name, name)
        first, last = 0, 65535
        if name in ("tcp", "udp"):  # with any other protocol a rule admits to all ports, whatever it says
            first, last = int(source.get("from_port", first)), int(source.get("to_port", last))
        blocks = listed(source.get(ipv4))
        attribute = ipv4 if blocks else ipv6
        return Rule([*blocks, *listed(source.get(ipv6))], name, first, last, source, attribute)
    except UnknownValue:
        return Rule(None, "-1", 0, 65535, source, ipv4)
