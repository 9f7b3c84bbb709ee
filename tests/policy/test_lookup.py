"""Finding resources by the values of their arguments: what is found, what stays open, and that it stays cheap."""

from __future__ import annotations

from typing import Any

import pytest

from alexandria_scan.evaluate.types import STRING
from alexandria_scan.evaluate.values import SENSITIVE, Reason, Unknown, Value, mark
from alexandria_scan.policy.lookup import Index, Matches

METRIC, STORE = "metric_name", "dimensions.Store"


def unknown(subject: str, prefix: str = "") -> Unknown:
    return Unknown(STRING, (Reason(subject, "is not known"),), prefix=prefix)


def alarm(metric: Value, store: Value) -> dict[str, Value]:
    return {METRIC: metric, "dimensions": {"Store": store}}


def find(alarms: list[dict[str, Value]], metric: Value, store: Value) -> Matches:
    return Index(alarms, (METRIC, STORE), dict.get).find((metric, store))


def test_all_values_have_to_be_equal() -> None:
    orders = alarm("CPU", "orders")
    found = find([orders, alarm("CPU", "other"), alarm("Memory", "orders"), {METRIC: "CPU"}], "CPU", "orders")
    assert found == Matches((orders,), ())


@pytest.mark.parametrize("value", [True, "1", None, ("1",), {"1": "1"}])
def test_what_terraform_does_not_hold_equal_is_not_found(value: Any) -> None:
    assert find([alarm("CPU", value)], "CPU", 1) == Matches((), ())


def test_a_null_names_nothing() -> None:
    assert find([{METRIC: "CPU"}], "CPU", None) == Matches((), ())


def test_a_sensitive_value_is_compared_as_what_it_is() -> None:
    orders = alarm("CPU", mark("orders", frozenset({SENSITIVE})))
    assert find([orders], "CPU", "orders").nodes == (orders,)


def test_an_unknown_value_leaves_open_what_its_known_neighbours_allow() -> None:
    alarms = [alarm("CPU", unknown("a")), alarm("Memory", unknown("b")), alarm(unknown("c"), "other")]
    found = find(alarms, "CPU", "orders")
    assert found.nodes == ()
    assert [reason.subject for reason in found.open] == ["a"]


def test_an_unknown_text_whose_beginning_differs_can_not_be_it() -> None:
    alarms = [alarm("CPU", unknown("a", prefix="ord")), alarm("CPU", unknown("b", prefix="user"))]
    assert [reason.subject for reason in find(alarms, "CPU", "orders").open] == ["a"]


def test_a_map_that_is_not_known_at_all_leaves_it_open() -> None:
    found = find([{METRIC: "CPU", "dimensions": unknown("all")}], "CPU", "orders")
    assert [reason.subject for reason in found.open] == ["all"]


def test_each_resource_is_read_once_however_often_is_asked() -> None:
    reads: list[str] = []

    def read(node: dict[str, Value], name: str) -> Value:
        reads.append(name)
        return node.get(name)

    alarms = [alarm("CPU", f"store {number}") for number in range(100)]
    index = Index(alarms, (METRIC, STORE), read)
    assert all(index.find(("CPU", f"store {number}")).nodes == (alarms[number],) for number in range(100))
    assert len(reads) == 2 * len(alarms)
