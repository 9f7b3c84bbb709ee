"""The whole world is recognised however it is written; an unknown range hides nothing."""

from __future__ import annotations

import pytest

from alexandria_scan.evaluate.operators import binary
from alexandria_scan.evaluate.types import STRING
from alexandria_scan.evaluate.values import OpenTuple, Reason, Unknown, Value
from alexandria_scan.policy.networks import open_to_world, prefix_length

OFFICE = Unknown(reasons=(Reason("var.office", "has no value"),))


@pytest.mark.parametrize(
    "blocks",
    [
        ["0.0.0.0/0"],
        ["::/0"],
        ["0::/0"],
        ["0:0:0:0:0:0:0:0/0"],
        ["203.0.113.7/0"],  # EC2 takes the bits behind the prefix away
        ["2000::/3"],
        ["0.0.0.0/1", "128.0.0.0/1"],
        ["192.0.0.0/2", "0.0.0.0/1", "128.0.0.0/2"],
        ["::/1", "8000::/1"],
        ["2000::/4", "3000::/4"],
        # all but the private networks
        [
            "0.0.0.0/5", "8.0.0.0/7", "11.0.0.0/8", "12.0.0.0/6", "16.0.0.0/4", "32.0.0.0/3", "64.0.0.0/2",
            "128.0.0.0/3", "160.0.0.0/5", "168.0.0.0/6", "172.0.0.0/12", "172.32.0.0/11", "172.64.0.0/10",
            "172.128.0.0/9", "173.0.0.0/8", "174.0.0.0/7", "176.0.0.0/4", "192.0.0.0/9", "192.128.0.0/11",
            "192.160.0.0/13", "192.169.0.0/16", "192.170.0.0/15", "192.172.0.0/14", "192.176.0.0/12",
            "192.192.0.0/10", "193.0.0.0/8", "194.0.0.0/7", "196.0.0.0/6", "200.0.0.0/5", "208.0.0.0/4",
        ],
    ],
)  # fmt: skip
def test_the_whole_world(blocks: list[Value]) -> None:
    assert open_to_world([tuple(blocks)]) is True
    assert open_to_world([(*blocks, OFFICE)]) is True
    assert open_to_world(list(blocks)) is True


@pytest.mark.parametrize(
    "blocks",
    [
        [],
        [None],
        ["10.0.0.0/8"],
        ["0.0.0.0/1"],
        ["0.0.0.0/1", "128.0.0.0/2"],
        ["128.0.0.0/1", "8000::/1"],
        ["fc00::/7"],
        ["0.0.0.0/0.0.0.0"],
        ["everybody"],
        [""],
    ],
)
def test_less_than_the_world(blocks: list[Value]) -> None:
    assert open_to_world([tuple(blocks)]) is False
    answer = open_to_world([tuple(blocks), OFFICE])
    assert type(answer) is Unknown and answer.reasons == OFFICE.reasons


def test_an_unknown_list_and_one_of_unknown_length() -> None:
    assert type(open_to_world([OFFICE])) is Unknown
    assert type(open_to_world([OpenTuple(["10.0.0.0/8"], OFFICE)])) is Unknown
    assert open_to_world([OpenTuple(["0.0.0.0/0"], OFFICE)]) is True


def test_the_block_of_a_vpc_is_not_the_world_wherever_it_is_in() -> None:
    vpc = Unknown(STRING, (Reason("data.aws_vpc.main.cidr_block", "is read"),), shortest_prefix=16)
    assert open_to_world([(vpc,), vpc, "10.0.0.0/8"]) is False
    assert open_to_world([vpc, "0.0.0.0/0"]) is True
    assert type(open_to_world([vpc, OFFICE])) is Unknown


def test_the_prefix_of_a_block() -> None:
    vpc = Unknown(STRING, shortest_prefix=16)
    assert [prefix_length([block]) for block in ("10.0.0.0/8", "2000::/3", "everybody", None)] == [8, 3, None, None]
    assert binary(">=", prefix_length([vpc]), 16) is True
    assert type(binary(">=", prefix_length([vpc]), 17)) is Unknown
    assert type(binary(">=", prefix_length([OFFICE]), 16)) is Unknown
