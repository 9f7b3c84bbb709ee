"""The schemas carry the flags that the lists beside them add, and what is hidden is found by its path."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from alexandria_scan.evaluate.schema import is_hidden, resource_schema

FOLDER = Path(__file__).parents[2] / "policies" / "schemas"
HIDDEN = sorted(FOLDER.glob("*.hidden.yaml"))
COMPUTED = sorted(FOLDER.glob("*.computed.yaml"))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.schema")), ids=lambda path: path.name)
def test_every_type_is_found_and_no_other(path: Path) -> None:
    names = [line.partition("\t")[0].split(" ") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    assert names == sorted(names), "the lines are searched by halves"
    for kind, type_ in [names[0], *names[:: len(names) // 50 + 1], names[-1]]:
        assert resource_schema(kind, type_) is not None, type_
        assert resource_schema(kind, f"{type_}_") is None
        assert resource_schema(kind, f"{type_[:-1]}~") is None


@pytest.mark.parametrize("path", COMPUTED, ids=lambda path: path.name)
def test_the_schema_has_every_block_that_the_provider_fills(path: Path) -> None:
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    for type_, names in said.items():
        schema = resource_schema("resource", type_)
        assert schema is not None, type_
        assert {name for name, nested in schema.blocks.items() if nested.computed} == set(names), type_


@pytest.mark.parametrize("path", HIDDEN, ids=lambda path: path.name)
def test_the_schema_has_every_flag_of_the_list_beside_it(path: Path) -> None:
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    for type_, names in said.items():
        schema = resource_schema("resource", type_)
        assert schema is not None, type_
        assert {name for name, attribute in schema.attributes.items() if attribute.hidden} == set(names), type_


@pytest.mark.parametrize(
    ("type_", "path", "hidden"),
    [
        ("aws_rds_cluster", ("master_password",), True),
        ("aws_rds_cluster", ("engine",), False),
        ("aws_ssm_parameter", ("value",), True),
        ("aws_ssm_parameter", ("insecure_value",), False),
        ("aws_elasticache_user", ("passwords", 0), True),
        ("aws_elasticache_user", ("authentication_mode", 0, "type"), False),
        ("aws_no_such_type", ("value",), False),
        ("aws_ssm_parameter", (), False),
    ],
)
def test_what_is_hidden(type_: str, path: tuple[str | int, ...], hidden: bool) -> None:
    assert is_hidden("resource", type_, path) is hidden
