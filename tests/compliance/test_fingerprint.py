"""A fingerprint stays while code moves, and tells findings apart that are not the same."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from alexandria_scan.compliance.fingerprint import fingerprint, fingerprints
from alexandria_scan.policy.results import OriginStep, Result
from alexandria_scan.syntax.tree import Location

FOUND = Result(
    policy="aws_security_group_open_ingress",
    title="Security group lets the whole internet in",
    severity="critical",
    verdict="fail",
    address='module.tenant["a.b"].aws_security_group.main[0]',
    addresses=('module.tenant["a.b"].aws_security_group.main[0]',),
    root="environments/production",
    module="modules/network",
    location=Location("modules/network/main.tf", 12, 3, 12, 40),
    message="port 22 is open",
    attribute="ingress[0].cidr_blocks",
)


@pytest.mark.parametrize(
    "change",
    [
        {"location": Location("modules/network/groups.tf", 90, 1, 91, 2)},
        {"message": "port 23 is open"},
        {"address": 'module.tenant["c"].aws_security_group.main[7]'},
        {"attribute": "ingress[3].cidr_blocks"},
        {"severity": "low", "title": "Another title"},
        {"verdict": "waived", "reason": "A bastion"},
        {"root": "environments/staging", "environment": "staging"},
        {"origin": (OriginStep("modules/network/main.tf", 12, "0.0.0.0/0"),)},
    ],
    ids=lambda change: "+".join(change),
)
def test_it_stays(change: dict[str, Any]) -> None:
    assert fingerprint(replace(FOUND, **change)) == fingerprint(FOUND)


@pytest.mark.parametrize(
    "change",
    [
        {"policy": "aws_security_group_description_missing"},
        {"module": "modules/network-2"},
        {"address": "module.tenant.aws_security_group.other"},
        {"attribute": "ingress[0].ipv6_cidr_blocks"},
    ],
    ids=lambda change: "+".join(change),
)
def test_it_changes(change: dict[str, Any]) -> None:
    assert fingerprint(replace(FOUND, **change)) != fingerprint(FOUND)


def test_a_name_that_is_not_utf_8_has_one() -> None:
    assert fingerprint(replace(FOUND, module="modules/\udcff")) == fingerprint(replace(FOUND, module="modules/?"))


def test_findings_that_share_one_are_numbered() -> None:
    other = replace(FOUND, policy="other")
    one = fingerprint(FOUND)
    assert fingerprints([FOUND, other, FOUND, FOUND]) == [one, fingerprint(other), f"{one}-2", f"{one}-3"]
