"""What becomes of each kind of change and value in a plan."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from alexandria_scan.evaluate.address import module_calls_in, split_address, without_keys
from alexandria_scan.evaluate.evaluation import Evaluation, Options
from alexandria_scan.evaluate.inputs import GivenInputs
from alexandria_scan.evaluate.values import LazyObject, Marked, OpenTuple, SetVal, Unknown, opened
from alexandria_scan.graph.from_plan import plan_problems
from alexandria_scan.graph.model import Graph
from alexandria_scan.source.folders import SourceTree
from alexandria_scan.source.plan_json import decode_plan
from alexandria_scan.source.problems import Problem
from tests.graph.plans import read_plan

DB = "aws_db_instance.db"


def change(
    address: str, after: Any, *actions: str, unknown: Any = None, sensitive: Any = None, **more: Any
) -> dict[str, Any]:
    type_, _, name = address.rpartition("module.")[2].partition(".")[2].rpartition("data.")[2].partition(".")
    if "module." not in address:
        type_, name = address.removeprefix("data.").split("[")[0].split(".")
    else:
        type_, name = address.split("[")[0].split(".")[-2:]
    return {
        "address": address,
        "mode": "managed",
        "type": type_,
        "name": name,
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": {
            "actions": list(actions) or ["create"],
            "after": after,
            "after_unknown": unknown or {},
            "after_sensitive": sensitive or {},
        },
        **more,
    }


def block(address: str, **expressions: Any) -> dict[str, Any]:
    """A resource block of the configuration: a string stands for a reference, anything else for a constant."""
    parts = address.split(".")
    mode = "data" if parts[0] == "data" else "managed"
    repetition: dict[str, Any] = {
        name: expression(expressions.pop(name))
        for name in ("count_expression", "for_each_expression")
        if name in expressions
    }
    return {
        "address": address,
        "mode": mode,
        "type": parts[-2],
        "name": parts[-1],
        "provider_config_key": "aws",
        "expressions": {name: expression(item) for name, item in expressions.items()},
        **repetition,
    }


def expression(item: Any) -> Any:
    if isinstance(item, list) and item and isinstance(item[0], dict):
        return [{name: expression(inner) for name, inner in one.items()} for one in item]
    if isinstance(item, str):
        references = []
        for reference in item.split():
            references.append(reference)
            parts = reference.split(".")
            if len(parts) > 2 or parts[0] == "each":
                references.append(".".join(parts[:-1]))
        return {"references": references}
    return {"constant_value": item}


def plan(changes: list[Any], blocks: list[Any] | None = None, **more: Any) -> bytes:
    root = more.pop("root", {})
    document: dict[str, Any] = {"format_version": "1.2", "terraform_version": "1.11.4"}
    document["resource_changes"] = changes
    if blocks is not None:
        document["configuration"] = {"root_module": {"resources": blocks, **root}}
    return json.dumps({**document, **more}).encode()


def graph(changes: list[Any], blocks: list[Any] | None = None, **more: Any) -> Graph:
    return read_plan("plan.json", plan(changes, blocks, **more), None)


def attribute(found: Graph, address: str, name: str) -> Any:
    node = found.resource(address)
    assert node is not None
    return node.attribute(name)


# --- which resources are judged


@pytest.mark.parametrize("actions", [["delete"], ["forget"]])
def test_what_will_be_gone_is_left_out(actions: list[str]) -> None:
    found = graph([change(DB, None, *actions), change("aws_db_instance.kept", {"engine": "mysql"}, "no-op")])
    assert [node.address for node in found.nodes] == ["aws_db_instance.kept"]


@pytest.mark.parametrize(
    "actions", [["no-op"], ["create"], ["update"], ["delete", "create"], ["create", "delete"], ["create", "forget"]]
)
def test_what_will_be_there_is_judged_as_it_will_be(actions: list[str]) -> None:
    found = graph([change(DB, {"storage_encrypted": True}, *actions)])
    assert attribute(found, DB, "storage_encrypted") is True


def test_a_deposed_object_is_left_out() -> None:
    found = graph([change(DB, {"engine": "mysql"}), change(DB, None, "delete", deposed="9ba4a3c1")])
    assert attribute(found, DB, "engine") == "mysql"


def test_an_imported_resource_is_judged() -> None:
    imported = change(DB, {"engine": "mysql"}, "no-op")
    imported["change"]["importing"] = {"id": "db-1"}
    assert attribute(graph([imported]), DB, "engine") == "mysql"


def test_deferred_changes_are_not_judged_but_said() -> None:
    data = plan([], deferred_changes=[{"reason": "unknown", "resource_change": change(DB, {})}])
    assert read_plan("plan.json", data, None).nodes == []
    assert [problem.summary for problem in plan_problems("plan.json", decode_plan(data))] == ["The plan defers changes"]


def test_data_sources_come_from_what_the_plan_read() -> None:
    read = {"address": "data.aws_region.here", "mode": "data", "type": "aws_region", "name": "here"}
    old = {"address": "aws_db_instance.gone", "mode": "managed", "type": "aws_db_instance", "name": "gone"}
    prior = {"values": {"root_module": {"resources": [{**read, "values": {"name": "eu-west-1"}}, old]}}}
    found = graph([], [block("data.aws_region.here")], prior_state=prior)
    assert [(node.kind, node.address) for node in found.nodes] == [("data", "data.aws_region.here")]
    assert attribute(found, "data.aws_region.here", "name") == "eu-west-1"


def test_planned_values_alone_are_enough() -> None:
    planned = {"root_module": {"child_modules": [{"address": 'module.a["x"]', "resources": [
        {"address": 'module.a["x"].aws_db_instance.db[0]', "mode": "managed", "type": "aws_db_instance",
         "name": "db", "index": 0, "values": {"engine": "mysql"}, "sensitive_values": {"engine": True}},
        {"address": 'module.a["x"].aws_kms_key.k', "mode": "managed", "type": "aws_kms_key", "name": "k",
         "values": {"multi_region": True}},
    ]}]}}  # fmt: skip
    blocks = [block(DB, engine=None, kms_key_id="aws_kms_key.k.arn"), block("aws_kms_key.k")]
    called = {"source": "./a", "module": {"resources": blocks}}
    data = {"planned_values": planned, "configuration": {"root_module": {"module_calls": {"a": called}}}}
    found = read_plan("plan.json", json.dumps(data).encode(), None)
    node = next(iter(found.resources()))
    assert (node.path, node.name, node.key, node.provider) == ('module.a["x"]', "db", 0, "aws")
    assert node.attribute("engine").value == "mysql"
    assert type(node.attribute("kms_key_id")) is Unknown  # set, but left out: it is not known yet
    assert node.attribute("arn") is None


# --- what is set, absent, unknown


def test_what_is_unknown_and_not_set_is_absent() -> None:
    found = graph([change(DB, {}, unknown={"arn": True, "kms_key_id": True})], [block(DB)])
    assert attribute(found, DB, "arn") is None
    assert attribute(found, DB, "kms_key_id") is None


def test_an_unknown_that_is_set_says_why() -> None:
    after = [change(DB, {}, unknown={"kms_key_id": True}), change("aws_kms_key.k", {}, unknown={"arn": True})]
    found = graph(after, [block(DB, kms_key_id="aws_kms_key.k.arn"), block("aws_kms_key.k")])
    value = attribute(found, DB, "kms_key_id")
    assert str(value.reasons[0]) == "aws_db_instance.db.kms_key_id is known after apply"
    assert value.reasons[0].decide == "apply, or scan after apply"
    assert value.computed


def test_an_unknown_from_a_local_may_be_null() -> None:
    found = graph([change(DB, {}, unknown={"kms_key_id": True})], [block(DB, kms_key_id="local.key")])
    assert not attribute(found, DB, "kms_key_id").computed


def test_an_unknown_that_refers_to_nothing_unknown_was_set_to_null() -> None:
    found = graph([change(DB, {}, unknown={"kms_key_id": True})], [block(DB, kms_key_id="var.key")])
    assert attribute(found, DB, "kms_key_id") is None


def test_an_unknown_argument_that_no_provider_computes_is_unknown_whatever_it_refers_to() -> None:
    blocks = [block(DB, final_snapshot_identifier="var.name")]
    found = graph([change(DB, {}, unknown={"final_snapshot_identifier": True})], blocks)
    assert type(attribute(found, DB, "final_snapshot_identifier")) is Unknown


def test_without_configuration_an_unknown_stays_unknown() -> None:
    found = graph([change(DB, {}, unknown={"kms_key_id": True, "arn": True})])
    assert type(attribute(found, DB, "kms_key_id")) is Unknown
    assert attribute(found, DB, "arn") is None  # nobody can set it


def test_what_the_state_knows_is_judged_but_not_names_that_the_provider_picked() -> None:
    state = {
        "kms_key_id": "arn:aws:kms:eu-west-1:1:key/aws-managed",
        "parameter_group_name": "default.mysql8.0",
        "backup_retention_period": 1,
        "deletion_protection": False,
        "engine_version": "8.0.39",
        "monitoring_role_arn": "",
        "replicas": [],
        "arn": "arn:aws:rds:eu-west-1:1:db:db",
    }
    found = graph([change(DB, state, "no-op")], [block(DB, engine_version="var.version")])
    assert attribute(found, DB, "kms_key_id") is None
    assert attribute(found, DB, "parameter_group_name") is None
    assert attribute(found, DB, "monitoring_role_arn") is None
    assert attribute(found, DB, "replicas") is None
    assert attribute(found, DB, "backup_retention_period") == 1
    assert attribute(found, DB, "deletion_protection") is False
    assert attribute(found, DB, "engine_version") == "8.0.39"
    assert attribute(found, DB, "arn") == "arn:aws:rds:eu-west-1:1:db:db"


def test_write_only_arguments_are_given_but_never_shown() -> None:
    found = graph([change(DB, {"password_wo": None})], [block(DB, password_wo="var.password")])
    value = attribute(found, DB, "password_wo")
    assert isinstance(value, Marked)
    assert type(value.value) is Unknown


def test_sensitive_values_are_marked_where_they_are() -> None:
    after = {"engine": "mysql", "tags": {"a": "1", "b": "2"}}
    found = graph([change(DB, after, sensitive={"engine": True, "tags": {"b": True}})])
    assert isinstance(attribute(found, DB, "engine"), Marked)
    tags = attribute(found, DB, "tags")
    assert tags["a"] == "1"
    assert isinstance(tags["b"], Marked)


def test_values_have_the_types_of_the_schema() -> None:
    after = {"vpc_security_group_ids": ["sg-2", "sg-1", None], "allocated_storage": "20"}
    found = graph([change(DB, after, unknown={"vpc_security_group_ids": [False, False, True]})])
    groups = attribute(found, DB, "vpc_security_group_ids")
    assert isinstance(groups, SetVal)
    assert groups[:2] == ("sg-1", "sg-2")
    assert type(groups[2]) is Unknown
    assert attribute(found, DB, "allocated_storage") == 20


def test_numbers_are_exact() -> None:
    text = plan([change("some_thing.x", {"a": 1, "b": 2, "c": 3})]).decode()
    text = text.replace('"a": 1', '"a": 0.1').replace('"b": 2', '"b": 12345678901234567890123').replace(
        '"c": 3', '"c": 1e3'
    )  # fmt: skip
    found = read_plan("plan.json", text.encode(), None)
    assert attribute(found, "some_thing.x", "a") == pytest.approx(Fraction(1, 10))
    assert type(attribute(found, "some_thing.x", "a")) is Fraction
    assert attribute(found, "some_thing.x", "b") == 12345678901234567890123
    assert type(attribute(found, "some_thing.x", "c")) is int


# --- nested blocks


def test_nested_blocks_are_views_whose_absent_arguments_are_null() -> None:
    rule = {"expiration": [{"days": 3, "date": None}], "id": "x", "status": "Enabled", "prefix": None}
    address = "aws_s3_bucket_lifecycle_configuration.b"
    found = graph(
        [change(address, {"rule": [rule]}, unknown={"rule": [{"prefix": True}]})],
        [block(address, rule=[{"id": None, "status": "var.status", "expiration": [{"days": 3}]}])],
    )
    (view,) = attribute(found, address, "rule")
    assert isinstance(view, LazyObject)
    assert view.attribute("status") == "Enabled"
    assert view.attribute("prefix") is None
    assert view.attribute("not_in_any_schema") is None
    (expiration,) = view.attribute("expiration")
    assert expiration.attribute("days") == 3


def test_blocks_that_are_not_there_are_absent() -> None:
    found = graph([change("aws_dynamodb_table.t", {"ttl": [], "timeouts": None})], [block("aws_dynamodb_table.t")])
    assert attribute(found, "aws_dynamodb_table.t", "ttl") is None
    assert attribute(found, "aws_dynamodb_table.t", "timeouts") is None


def test_blocks_whose_number_is_not_known_are_open() -> None:
    address = "aws_dynamodb_table.t"
    found = graph([change(address, {}, unknown={"attribute": True})], [block(address)])
    value = attribute(found, address, "attribute")
    assert isinstance(value, OpenTuple)
    assert type(value[0].attribute("name")) is Unknown


def test_a_block_that_the_provider_fills_is_absent_where_none_is_written() -> None:
    """Of one in which another resource's identifier may stand, nobody knows whether a `dynamic` block brings it."""
    address, blocks = "aws_dynamodb_table.t", ["point_in_time_recovery", "server_side_encryption"]
    found = graph([change(address, {}, unknown=dict.fromkeys(blocks, True))], [block(address)])
    assert attribute(found, address, "point_in_time_recovery") is None
    encryption = attribute(found, address, "server_side_encryption")
    assert isinstance(encryption, OpenTuple)
    assert encryption.unknown.reasons[0].decide == "scan the plan with its source, or after apply"


def test_a_block_that_is_written_or_may_be_is_not_absent() -> None:
    address, unknown = "aws_dynamodb_table.t", {"point_in_time_recovery": True}
    table = change(address, {}, unknown=unknown)
    written = block(address)
    written["expressions"]["point_in_time_recovery"] = [{"enabled": {"references": ["var.pitr"]}}]
    for found in (graph([table], [written]), graph([table])):
        assert isinstance(attribute(found, address, "point_in_time_recovery"), OpenTuple)


@pytest.mark.parametrize(
    ("written", "absent"),
    [
        ("", True),
        ('dynamic "server_side_encryption" {\n    for_each = []\n    content {}\n  }', True),
        ('dynamic "server_side_encryption" {\n    for_each = var.keys\n    content {}\n  }', False),
        ("server_side_encryption {\n    enabled = true\n  }", False),
    ],
)
def test_the_source_says_whether_a_block_is_written(tmp_path: Path, written: str, absent: bool) -> None:
    (tmp_path / "main.tf").write_text(
        f'variable "keys" {{\n  type = list(string)\n}}\nresource "aws_dynamodb_table" "t" {{\n  {written}\n}}\n'
    )
    root = Evaluation(SourceTree(tmp_path), Options(GivenInputs(environment=False))).root(tmp_path)
    address = "aws_dynamodb_table.t"
    data = plan([change(address, {}, unknown={"server_side_encryption": True})], [block(address)])
    value = attribute(read_plan("plan.json", data, None, root), address, "server_side_encryption")
    assert (value is None) is absent


def test_blocks_of_a_provider_without_schema_are_told_by_the_configuration() -> None:
    found = graph(
        [change("some_thing.x", {"part": [{"a": 1}], "list": [{"a": 1}], "one": {"b": 2}})],
        [block("some_thing.x", part=[{"a": 1}], list="var.list") | {"expressions": {
            "part": [{"a": {"constant_value": 1}}], "list": {"references": ["var.list"]},
            "one": {"b": {"constant_value": 2}},
        }}],
    )  # fmt: skip
    assert isinstance(attribute(found, "some_thing.x", "part")[0], LazyObject)
    assert isinstance(attribute(found, "some_thing.x", "one")[0], LazyObject)
    assert attribute(found, "some_thing.x", "list") == ({"a": 1},)


# --- references


def call(*blocks: Any, **more: Any) -> dict[str, Any]:
    outputs = {name: {"expression": expression(item)} for name, item in more.pop("outputs", {}).items()}
    arguments = {name: expression(item) for name, item in more.pop("arguments", {}).items()}
    inner = {"resources": list(blocks), "outputs": outputs, "module_calls": more.pop("calls", {})}
    return {"source": "./x", "expressions": arguments, "module": inner, **more}


def test_references_go_through_variables_and_outputs() -> None:
    group = "module.group.aws_db_parameter_group.this[0]"
    found = graph(
        [change(group, {"name": "pg"}), change("module.db.aws_db_instance.db", {"parameter_group_name": "pg"})],
        [],
        root={"module_calls": {
            "group": call(block("aws_db_parameter_group.this", count_expression="var.n"),
                          outputs={"name": "aws_db_parameter_group.this[0].name"}),
            "db": call(block(DB, parameter_group_name="var.group"), arguments={"group": "module.group.name"}),
        }},
    )  # fmt: skip
    node = found.resource("module.db.aws_db_instance.db")
    assert node is not None
    said = node.referenced("parameter_group_name")
    assert (said.addresses, said.complete) == ((group,), True)
    assert node.referenced(None).addresses == (group,)
    assert node.referenced("engine").addresses == ()
    assert [other.address for other in found.referrers(group, "aws_db_instance")] == [node.address]


def test_references_follow_the_instance_with_the_same_key() -> None:
    keys = ["a", "b"]
    found = graph(
        [change(f'{address}["{key}"]', {}, index=key) for key in keys for address in ("aws_kms_key.k", DB)],
        [
            block("aws_kms_key.k", for_each_expression="var.all"),
            block(DB, for_each_expression="var.all", kms_key_id="aws_kms_key.k each.key",
                  monitoring_role_arn="aws_kms_key.k"),
        ],
    )  # fmt: skip
    node = found.resource(f'{DB}["b"]')
    assert node is not None
    assert node.referenced("kms_key_id").addresses == ('aws_kms_key.k["b"]',)
    assert node.referenced("monitoring_role_arn").addresses == ('aws_kms_key.k["a"]', 'aws_kms_key.k["b"]')


def test_references_that_lead_outside_are_not_complete() -> None:
    found = graph(
        [change(DB, {"kms_key_id": "k", "engine": "mysql"})],
        [
            block(DB, kms_key_id="data.aws_kms_key.k.arn", engine="local.engine", username="var.name"),
            block("data.aws_kms_key.k", key_id=None),
        ],
        prior_state={"values": {"root_module": {"resources": [
            {"address": "data.aws_kms_key.k", "mode": "data", "type": "aws_kms_key", "name": "k"},
        ]}}},
    )  # fmt: skip
    node = found.resource(DB)
    assert node is not None
    assert node.referenced("kms_key_id").addresses == ("data.aws_kms_key.k",)
    assert not node.referenced("kms_key_id").complete
    assert not node.referenced("engine").complete
    assert node.referenced("username").complete


def test_references_that_go_in_a_circle_end() -> None:
    inner = call(block(DB, engine="var.x"), arguments={"x": "module.m.y"}, outputs={"y": "var.x"})
    found = graph([change("module.m.aws_db_instance.db", {})], [], root={"module_calls": {"m": inner}})
    node = found.resource("module.m.aws_db_instance.db")
    assert node is not None
    assert node.referenced(None).addresses == ()


def test_default_tags_are_what_tags_all_has_besides() -> None:
    after = {"tags": {"a": "1"}, "tags_all": {"a": "1", "b": "2"}}
    constant = {"aws": {"expressions": {"default_tags": [{"tags": {"constant_value": {"c": "3"}}}]}}}
    provider = {"configuration": {"provider_config": constant, "root_module": {"resources": [block(DB)]}}}
    known, told, none, unknown = (
        next(iter(graph(changes, **more).resources()))
        for changes, more in (
            ([change(DB, after)], {}),
            ([change(DB, {}, unknown={"tags_all": True})], provider),
            ([change(DB, {}, unknown={"tags_all": True})], {"blocks": [block(DB)]}),
            ([change(DB, {})], {}),
        )
    )
    assert known.default_tags() == {"b": "2"}
    assert told.default_tags() == {"c": "3"}
    assert none.default_tags() == {}
    assert type(unknown.default_tags()) is Unknown


def test_the_region_is_what_the_provider_s_configuration_names() -> None:
    named = {"aws": {"expressions": {"region": {"constant_value": "eu-west-1"}}}}
    given = {"aws": {"expressions": {"region": {"references": ["var.region"]}}}}
    regions = [
        next(iter(graph([change(DB, {})], None, **more).resources())).region()
        for more in (
            {"configuration": {"provider_config": named, "root_module": {"resources": [block(DB)]}}},
            {"configuration": {"provider_config": given, "root_module": {"resources": [block(DB)]}}},
            {},
        )
    ]
    assert regions[0] == "eu-west-1"
    assert all(type(region) is Unknown for region in regions[1:])


# --- the plan as a whole


def test_the_environment_is_what_the_variables_say() -> None:
    assert graph([], variables={"environment": {"value": "prod"}}).environment == "prod"
    assert graph([], variables={"stage": {"value": "dev"}, "env": {"value": None}}).environment == "dev"
    assert graph([], [], root={"variables": {"env": {"default": "test"}}}).environment == "test"
    assert graph([]).environment is None
    data = plan([], variables={"environment": {"value": "prod"}})
    assert read_plan("plan.json", data, "staging").environment == "staging"


def test_failed_checks_and_an_incomplete_plan_are_problems() -> None:
    checks = [
        {"address": {"to_display": "check.up"}, "status": "fail", "instances": [
            {"address": {"to_display": "check.up"}, "status": "fail", "problems": [{"message": "It is down."}]}]},
        {"address": {"to_display": "aws_x.y"}, "status": "pass"},
    ]  # fmt: skip
    problems = plan_problems("plan.json", decode_plan(plan([], checks=checks, errored=True)))
    assert problems == [
        Problem("plan.json", 0, 0, "The plan is not complete",
                "Terraform stopped with an error: resources may be missing.", "error",
                "Correct the error that terraform plan shows, and plan again."),
        Problem("plan.json", 0, 0, "Check failed: check.up", "It is down.", "warning"),
    ]  # fmt: skip


def test_findings_point_at_the_line_where_a_plan_is_written_in_lines() -> None:
    changes = [change(f"{DB}[{index}]", {}, index=index) for index in range(2)]
    text = json.dumps(json.loads(plan(changes, [block(DB)])), indent=2)
    (first, second) = read_plan("plan.json", text.encode(), None).resources()
    line = text[: text.rindex('"aws_db_instance.db[0]"')].count("\n") + 1
    assert (first.location.line, second.location.line) == (line, line)  # one cause, one place
    assert next(iter(graph(changes).resources())).location.line == 0


def test_only_the_source_says_what_a_plan_leaves_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "main.tf").write_text(
        'resource "aws_db_instance" "db" {\n  count = 1\n  engine = local.engine\n'
        "  lifecycle {\n    prevent_destroy = true\n    ignore_changes = [engine]\n  }\n}\n"
        "locals {\n  engine = aws_db_parameter_group.p.family\n}\n"
        'resource "aws_db_parameter_group" "p" {\n  family = "mysql8.0"\n}\n'
        'resource "aws_security_group" "g" {\n'
        '  ingress {\n    protocol = "tcp"\n    from_port = 443\n    to_port = 443\n  }\n'
        '  ingress {\n    protocol = "tcp"\n    from_port = 22\n    to_port = 22\n  }\n}\n'
    )
    root = Evaluation(SourceTree(tmp_path), Options(GivenInputs(environment=False))).root(tmp_path)
    rules = [{"from_port": port, "to_port": port, "protocol": "tcp"} for port in (22, 443)]
    data = plan(
        [
            change(f"{DB}[0]", {"engine": "mysql8.0"}, index=0),
            change("aws_db_parameter_group.p", {"family": "mysql8.0"}),
            change("aws_security_group.g", {"ingress": rules}),
        ],
        [block(DB, engine="local.engine"), block("aws_db_parameter_group.p", family=None)],
    )
    alone, joined = read_plan("plan.json", data, None), read_plan("plan.json", data, None, root)
    without, node = alone.resource(f"{DB}[0]"), joined.resource(f"{DB}[0]")
    assert without is not None
    assert node is not None
    assert type(opened(without.prevent_destroy())[0]) is Unknown
    assert node.prevent_destroy() is True
    assert type(opened(without.ignored_changes())[0]) is Unknown
    assert node.ignored_changes() == ("engine",)
    assert without.referenced("engine").addresses == ()
    assert node.referenced("engine").addresses == ("aws_db_parameter_group.p",)
    assert (node.location.file, node.location.line, node.module) == ("main.tf", 1, ".")
    assert node.place(["engine"]).line == 3
    assert [place.line for place in node.origin(["engine"])] == [3, 10, 13]
    group = joined.resource("aws_security_group.g")
    assert group is not None
    assert group.place(["ingress", 0, "from_port"]).line == 23  # a set has an order of its own


@pytest.mark.parametrize(
    ("address", "module", "block_"),
    [
        ("aws_x.y", "", "aws_x.y"),
        ('aws_x.y["a.b[0]"]', "", "aws_x.y"),
        ('module.m["x.module.y"].module.n[0].data.aws_x.y[3]', 'module.m["x.module.y"].module.n[0]',
         "module.m.module.n.data.aws_x.y"),
        ('module.m["\\"]."].aws_x.y', 'module.m["\\"]."]', "module.m.aws_x.y"),
    ],
)  # fmt: skip
def test_addresses_are_taken_apart(address: str, module: str, block_: str) -> None:
    assert split_address(address)[0] == module
    assert without_keys(address) == block_
    assert without_keys(module) == ".".join(f"module.{name}" for name, _ in module_calls_in(module))
