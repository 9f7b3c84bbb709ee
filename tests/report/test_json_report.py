"""The JSON result: the shape that other tools read, stable bytes, and the way back."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from alexandria_scan.compliance.result import SCHEMA_VERSION, ScanResult
from alexandria_scan.report.json_report import parse, pieces, render, schema
from tests.report import sample

SCHEMA = Path(__file__).parents[2] / "reports" / "schemas" / f"result-{SCHEMA_VERSION}.schema.json"
SAMPLES = {"library": sample.library(), "clean": sample.clean(), "large": sample.large(12)}


def document(result: ScanResult) -> Any:
    return json.loads(render(result))


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001, 2500])
def test_however_many_results_there_are_the_text_is_the_same_as_in_one_piece(count: int) -> None:
    known = sample.library().results
    many = replace(sample.library(), results=tuple(known[number % len(known)] for number in range(count)))
    text = render(many)
    indented = msgspec.json.format(msgspec.json.encode(msgspec.json.decode(text)), indent=2).decode()
    assert text == f"{indented}\n"
    assert len(parse(text).results) == count
    assert len(list(pieces(many))) > count / 1000


def test_keys_of_version_1() -> None:
    made = document(sample.library())
    assert list(made) == [
        "schema_version",
        "tool",
        "scanned",
        "results",
        "problems",
        "standards",
        "summary",
        "policies",
        "claims",
        "baseline",
        "as_of",
    ]
    assert made["schema_version"] == 1
    assert made["tool"] == {"name": "alexandria-scan", "version": "0.1.0"}
    assert {"modules", "files", "resources", "plans"} <= made["scanned"].keys()
    assert {
        "policy",
        "title",
        "severity",
        "verdict",
        "address",
        "addresses",
        "root",
        "module",
        "location",
        "message",
        "reason",
        "origin",
        "environment",
        "parameters",
        "controls",
    } <= made["results"][0].keys()
    assert list(made["results"][0]["location"]) == ["file", "line", "column", "end_line", "end_column"]
    assert {"severity", "summary", "detail", "file", "line", "column"} <= made["problems"][0].keys()
    assert {"name", "version", "score", "controls"} <= made["standards"][0].keys()
    assert {"id", "level", "title", "verdict", "modules"} <= made["standards"][0]["controls"][0].keys()
    numbers = ["pass", "fail", "unknown", "not_applicable", "waived", "problems", "exit_status"]
    assert list(made["summary"])[:7] == numbers
    assert [made["summary"][name] for name in numbers] == [212, 12, 6, 40, 1, 2, 3]


def test_origin_and_passes_are_written() -> None:
    made = document(sample.library())
    encryption = next(one for one in made["results"] if one["policy"] == "aws_rds_cluster_unencrypted")
    assert encryption["origin"][-1] == {
        "file": "environments/production/production.tfvars",
        "line": 3,
        "text": "encrypted = false",
    }
    assert len(encryption["addresses"]) == 10
    assert {one["verdict"] for one in made["results"]} == {"pass", "fail", "unknown", "waived"}


def test_numbers_that_are_fractions_are_numbers() -> None:
    made = document(sample.library())
    parameters = next(one["parameters"] for one in made["results"] if one["parameters"])
    assert parameters == {"grace": 0.5, "minimum_days": 35}


def test_whole_fractions_sets_and_large_numbers() -> None:
    parameters = {"b": Fraction(8, 2), "a": {"y", "x"}, "n": 10**30, "list": (Fraction(1, 4), None, True)}
    made = document(with_parameters(parameters))["results"][0]["parameters"]
    assert made == {"a": ["x", "y"], "b": 4, "list": [0.25, None, True], "n": 10**30}
    assert list(made) == ["a", "b", "list", "n"]


def test_a_value_that_is_not_plain_data_is_never_written() -> None:
    @dataclass
    class Marked:
        value: str

    text = render(with_parameters({"password": Marked("hunter2"), "nested": [Marked("hunter2")]}))
    assert "hunter2" not in text
    assert '"password": "(Marked)"' in text


def with_parameters(parameters: dict[str, Any]) -> ScanResult:
    result = sample.library()
    return replace(result, results=(replace(result.results[0], parameters=parameters),))


@pytest.mark.parametrize("name", SAMPLES)
def test_round_trip(name: str) -> None:
    result = SAMPLES[name]
    text = render(result)
    assert parse(text) == result
    assert parse(text.encode()) == result
    assert render(parse(text)) == text


def test_bytes_do_not_depend_on_the_order_of_maps() -> None:
    result = sample.library()
    turned = replace(result, policies=dict(reversed(result.policies.items())))
    assert render(turned) == render(result)
    assert render(result).endswith("\n}\n")


def test_a_name_that_is_not_utf_8() -> None:
    made = document(sample.hostile())
    assert made["results"][0]["location"]["file"].endswith("?.tf")
    assert next(iter(made)) == "schema_version"


def test_keys_of_a_later_minor_version_are_ignored() -> None:
    made = document(sample.clean()) | {"later": 1}
    made["tool"]["later"] = 1
    assert parse(json.dumps(made)) == sample.clean()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "This is not JSON: "),
        ("{", "This is not JSON: "),
        ("[]", 'This is not a result of alexandria-scan: Expected "object", got "array".'),
        ("{}", 'This is not a result of alexandria-scan: the key "schema_version" is missing.'),
        ('{"schema_version": 2}', "This result has schema_version 2; this alexandria-scan reads version 1."),
        (
            '{"schema_version": "1"}',
            'This result has schema_version "1"; this alexandria-scan reads version 1.',
        ),
        (
            '{"schema_version": true}',
            "This result has schema_version true; this alexandria-scan reads version 1.",
        ),
        ('{"schema_version": 1}', 'shape of version 1: Object missing required field "tool".'),
    ],
)
def test_what_cannot_be_read(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        parse(text)


def test_what_is_wrong_is_told_with_its_path() -> None:
    made = document(sample.library())
    made["results"][3]["location"]["line"] = "twelve"
    sentence = 'Expected "int", got "str" - at "$.results[3].location.line".'
    with pytest.raises(ValueError, match=re.escape(sentence)):
        parse(json.dumps(made))
    made = document(sample.library())
    made["results"][0]["verdict"] = "maybe"
    with pytest.raises(ValueError, match=re.escape("Invalid enum value 'maybe' - at \"$.results[0].verdict\".")):
        parse(json.dumps(made))


def test_bytes_that_are_not_utf_8() -> None:
    with pytest.raises(ValueError, match="This is not"):
        parse(b'{"schema_version": "\xff"}')


def test_the_schema_file_is_the_schema() -> None:
    """Write it anew with: python -m tests.report.test_json_report"""
    assert SCHEMA.read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize("name", [*SAMPLES, "hostile"])
def test_samples_keep_to_the_schema(name: str) -> None:
    check(
        document(getattr(sample, name)() if name == "hostile" else SAMPLES[name]),
        json.loads(SCHEMA.read_text()),
    )


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema_version",), 2),
        (("summary", "fail"), "12"),
        (("results", 0, "verdict"), "maybe"),
        (("results", 0, "location"), None),
        (("standards", 0, "controls", 0, "modules", "x"), 1),
        (("standards", 0, "score"), "high"),
    ],
)
def test_the_schema_refuses(path: tuple[str | int, ...], value: object) -> None:
    made = document(sample.library())
    node = made
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    with pytest.raises(AssertionError):
        check(made, json.loads(SCHEMA.read_text()))


def test_the_schema_requires_every_key() -> None:
    made = document(sample.library())
    del made["results"][0]["decide"]
    with pytest.raises(AssertionError):
        check(made, json.loads(SCHEMA.read_text()))


def check(value: Any, shape: dict[str, Any], top: dict[str, Any] | None = None, path: str = "$") -> None:
    """The few words of JSON Schema that the schema uses; a word that is not known here fails."""
    top = top or shape
    for word, told in shape.items():
        if word == "$ref":
            check(value, top["$defs"][told.rpartition("/")[2]], top, path)
        elif word == "type":
            assert told in types_of(value), f"{path}: {value!r} is no {told}"
        elif word == "enum":
            assert value in told, f"{path}: {value!r} is none of {told}"
        elif word == "const":
            assert value == told, f"{path}: {value!r} is not {told!r}"
        elif word == "anyOf":
            assert any(fits(value, one, top, path) for one in told), f"{path}: {value!r} fits none of {told}"
        elif word == "required":
            assert not set(told) - value.keys(), f"{path}: {set(told) - value.keys()} missing"
        elif word == "properties":
            for key in told.keys() & value.keys():
                check(value[key], told[key], top, f"{path}.{key}")
        elif word == "additionalProperties":
            for key in value.keys() - shape.get("properties", {}).keys():
                check(value[key], told, top, f"{path}.{key}")
        elif word == "items":
            for number, one in enumerate(value):
                check(one, told, top, f"{path}[{number}]")
        else:
            assert word in ("$schema", "$id", "$defs", "title", "description"), f"{word} is not known here"


def types_of(value: object) -> tuple[str, ...]:
    """What JSON Schema calls the type of a value."""
    names: dict[type, tuple[str, ...]] = {
        dict: ("object",),
        list: ("array",),
        str: ("string",),
        bool: ("boolean",),
        int: ("integer", "number"),
        float: ("number",),
        type(None): ("null",),
    }
    return names[type(value)]


def fits(value: Any, shape: dict[str, Any], top: dict[str, Any], path: str) -> bool:
    try:
        check(value, shape, top, path)
    except AssertionError:
        return False
    return True


def schema_text() -> str:
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode() + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), encoding="utf-8")
