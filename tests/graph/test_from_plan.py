"""Recorded plans against their source: policies must not be able to tell which of the two they judge."""

from __future__ import annotations

import pytest

from alexandria_scan.evaluate.address import without_keys
from alexandria_scan.evaluate.values import SENSITIVE, Marked, Unknown, opened, unmark_deep
from tests.graph.comparison import Case, both, cases, difference, graphs

CASES = cases()


def named(case: Case) -> str:
    return case.name


@pytest.fixture(params=CASES, ids=named, scope="module")
def case(request: pytest.FixtureRequest) -> Case:
    assert isinstance(request.param, Case)
    return request.param


def test_there_are_recorded_plans() -> None:
    assert len(CASES) > 50


def test_the_resources_are_those_of_the_source(case: Case) -> None:
    found = graphs(case)
    source = {node.address for node in found.source.resources()}
    symbolic = {without_keys(node.address) for node in found.source.resources() if node.symbolic}
    for node in found.plan.resources():
        known = node.address in source or without_keys(node.address) in symbolic
        assert known


def test_attributes_agree_with_the_source(case: Case) -> None:
    found = graphs(case)
    for plan in (found.plan, found.joined):
        differences = []
        for node, planned in both(found.source, plan):
            assert (node.kind, node.type, node.name) == (planned.kind, planned.type, planned.name)
            assert (node.key, node.path, node.provider) == (planned.key, planned.path, planned.provider)
            for name in node.attribute_names():
                said = difference(node.attribute(name), planned.attribute(name), node.resource, name)
                differences += [f"{node.address} {said}"] if said else []
        assert differences == []


def test_what_the_configuration_does_not_set_is_absent(case: Case) -> None:
    """All these resources are new, or keep what they have: the plan knows nothing that is not in the source."""
    found = graphs(case)
    for node, planned in both(found.source, found.plan):
        if node.kind == "resource":
            extra = set(planned.attribute_names()) - set(node.attribute_names())
            assert {name for name in extra if planned.attribute(name) is not None} <= {"id", "output"}


def test_a_null_argument_is_absent_though_the_plan_has_it_unknown(case: Case) -> None:
    """Optional arguments that a provider fills in are unknown in a plan, also where they are set to null."""
    found = graphs(case)
    for node, planned in both(found.source, found.joined):
        for name in node.attribute_names():
            if opened(node.attribute(name))[0] is None:
                assert planned.attribute(name) is None


def test_references_agree_with_the_source(case: Case) -> None:
    found = graphs(case)
    for node, planned in both(found.source, found.plan):
        for name in node.attribute_names():
            said, planned_too = node.referenced(name), planned.referenced(name)
            if planned_too.complete:
                there = {address for address in said.addresses if found.plan.resource(address) is not None}
                assert there <= set(planned_too.addresses), (node.address, name)


def test_references_are_those_of_the_source_where_it_is_joined(case: Case) -> None:
    found = graphs(case)
    for node, planned in both(found.source, found.joined):
        for name in node.attribute_names():
            there = {a for a in node.referenced(name).addresses if found.joined.resource(a) is not None}
            assert there <= set(planned.referenced(name).addresses), (node.address, name)


def test_places_are_those_of_the_source_where_it_is_joined(case: Case) -> None:
    found = graphs(case)
    for node, planned in both(found.source, found.joined):
        assert (planned.location, planned.module) == (node.location, node.module)
        for name in node.attribute_names():
            assert planned.place([name]) == node.place([name])
            assert planned.origin([name]) == node.origin([name])


def test_sensitive_values_stay_marked(case: Case) -> None:
    found = graphs(case)
    for node, planned in both(found.source, found.plan):
        for name in node.attribute_names():
            value = node.attribute(name)
            if isinstance(value, Marked) and SENSITIVE in value.marks and value.value is not None:
                there = planned.attribute(name)
                assert there is None or SENSITIVE in unmark_deep(there)[1], (node.address, name)


def test_an_unknown_says_what_would_decide_it(case: Case) -> None:
    for node in graphs(case).plan.resources():
        for name in node.attribute_names():
            value, _ = opened(node.attribute(name))
            if isinstance(value, Unknown):
                assert value.reasons[0].subject.startswith(f"{node.address}.{name}")
                assert value.reasons[0].decide
