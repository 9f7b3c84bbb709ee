"""Whatever is given in place of a plan is refused with a sentence that says what it is and what to do."""

from __future__ import annotations

import json

import pytest

from tests.graph.plans import read_plan

PLAN = json.dumps(
    {"format_version": "1.2", "resource_changes": [{"address": "aws_x.é", "change": {"after": {"a": "é"}}}]},
    ensure_ascii=False,
)
STATE = "this is a state, not a plan: run terraform plan -out=tfplan && terraform show -json tfplan > plan.json"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b'{"version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "x", "resources": []}', STATE),
        (b'{"format_version": "1.0", "values": {"root_module": {}}}', STATE),
        (b"", "this is empty"),
        (b" \n", "this is empty"),
        (b"PK\x03\x04\x14\x00", "this is a plan in Terraform's own format: run terraform show -json"),
        (b"hello", "this is not JSON"),
        (b"\x80\x81", "this is not JSON: it is not UTF-8 text (byte 0)"),
        (PLAN.encode()[:-20], "the JSON ends too early: the file is not complete"),
        (PLAN.encode() + b"}", "this is not correct JSON: trailing characters (byte "),
        (b'{"resource_changes": [}', "this is not correct JSON: invalid character (byte 22)"),
        (b"[1, 2]", "this is JSON, but not a plan"),
        (b'{"a": 1}', "this is JSON, but not a plan"),
        (b'"text"', "this is not JSON"),
        (b'{"resource": {"aws_x": {}}}', "this is Terraform configuration, not a plan: name it *.tf.json"),
        (b'{"format_version": "1.0", "provider_schemas": {}}', "these are provider schemas, not a plan"),
        (b'{"format_version": "1.0", "valid": true}', "this has neither planned values nor resource changes"),
        (b'{"format_version": "2.0", "planned_values": {}}', "the plan has format version 2.0"),
        (b'{"@level":"info","@message":"Terraform 1.9"}\n{"@level":"info"}\n', "this is the log that terraform"),
        (b'{"type":"version","@message":"Terraform 1.9","@level":"info"}\n{"@level":"info"}\n', "this is the log that"),
        (b"\x1f\x8b\x08\x00rest", "this is compressed: unpack it with gunzip"),
        (b'{"resource_changes": []}{}', "this is not correct JSON: trailing characters (byte "),
        (PLAN.replace('"é"}', "NaN}").encode(), "this is not correct JSON: invalid character (byte "),
        (b'{"encrypted_data": "x", "encryption_version": "v0"}', "this is encrypted: run tofu show -json"),
        (b'{"resource_changes": {}}', "the plan is not as terraform show -json writes it: Expected `array"),
        (b'{"resource_changes": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "this JSON is nested too deeply"),
    ],
)
def test_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(ValueError) as caught:
        read_plan("plan.json", data, None)
    assert str(caught.value).startswith(sentence)
    assert type(caught.value) is ValueError


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_shell_may_have_chosen_the_encoding(encoding: str) -> None:
    (node,) = read_plan("plan.json", PLAN.encode(encoding), None).resources()
    assert node.attribute("a") == "é"


@pytest.mark.parametrize("version", ["0.1", "0.2", "1.0", "1.1", "1.2", ""])
def test_every_format_so_far_is_read(version: str) -> None:
    data = json.dumps({"format_version": version, "planned_values": {"root_module": {}}})
    assert read_plan("plan.json", data.encode(), None).nodes == []
