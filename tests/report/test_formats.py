"""What every format keeps to: all is told, the bytes are the same again, and text from files is only read."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.report import FORMATS
from alexandria_scan.report.json_report import parse
from alexandria_scan.report.json_report import render as as_json
from tests.conftest import environment
from tests.report import sample

OTHERS = [name for name in FORMATS if name not in ("text", "json")]
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def render(format_: str, result: ScanResult) -> str:
    text: str = importlib.import_module(FORMATS[format_]).render(result)
    return text


@pytest.mark.parametrize("format_", OTHERS)
def test_findings_unknowns_waivers_and_problems_are_told(format_: str) -> None:
    text = render(format_, sample.library())
    for told in (
        "storage_encrypted is false",
        "modules/rds-aurora-advanced/main.tf",
        "var.kms_key_arn has no default",
        "Scratch data, rebuilt nightly (owner data-platform, until 2027-03-31)",
        "The block that begins on line 12 is already closed on line 39.",
        "Run terraform init, or scan the plan.",
    ):
        assert told in text.replace("&#95;", "_"), told


@pytest.mark.parametrize("format_", OTHERS)
def test_a_saved_result_gives_the_same_report(format_: str) -> None:
    for result in (sample.library(), sample.clean(), sample.large(12)):
        assert render(format_, parse(as_json(result))) == render(format_, result)


@pytest.mark.parametrize("format_", OTHERS)
def test_two_runs_write_the_same_bytes(format_: str) -> None:
    code = (
        "import sys, importlib\n"
        "from alexandria_scan.report import FORMATS\n"
        "from tests.report import sample\n"
        f"sys.stdout.buffer.write(importlib.import_module(FORMATS[{format_!r}]).render(sample.library()).encode())\n"
    )
    made = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parents[2],
            env=environment(PYTHONHASHSEED=seed, TZ=zone),
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    ]
    assert made[0] == made[1]
    assert made[0]


@pytest.mark.parametrize("format_", OTHERS)
def test_nothing_of_the_machine_is_in_it(format_: str) -> None:
    text = render(format_, sample.library())
    assert str(Path.cwd()) not in text
    assert not re.search(r"20\d\d-\d\d-\d\dT", text)


@pytest.mark.parametrize("format_", OTHERS)
def test_text_from_files_is_one_line_without_control_characters(format_: str) -> None:
    for result in (sample.hostile(), sample.saying("a\x1b[31m\r\nb\u202ec\ud800\x00\ufffe")):
        assert not UNPRINTABLE.search(render(format_, result))
        render(format_, result).encode()


@pytest.mark.parametrize("format_", OTHERS)
def test_what_the_baseline_knows_is_told_apart(format_: str) -> None:
    result = sample.library()
    found = [replace(one, baseline="known" if one.verdict == "fail" else "") for one in result.results]
    text = render(format_, replace(result, results=tuple(found)))
    assert "storage_encrypted is false" in text
    marks = {
        "markdown": "<summary>Findings that the baseline knows (12)</summary>",
        "sarif": '"baselineState": "unchanged"',
        "junit": 'failures="0"',
        "github": "  Known to the baseline: storage_encrypted is false",
        "gitlab": "Known to the baseline: storage_encrypted is false",
        "csv": '"known"',
        "oscal": '"value": "known"',
        "html": '<span class="env">known</span>',
    }
    assert marks[format_] in text


@pytest.mark.parametrize("format_", OTHERS)
def test_a_severity_that_is_not_known(format_: str) -> None:
    result = sample.library()
    odd = replace(result, results=tuple(replace(one, severity="grave") for one in result.results))
    assert "storage_encrypted is false" in render(format_, odd).replace("&#95;", "_")


@pytest.mark.parametrize("format_", OTHERS)
def test_a_result_without_anything(format_: str) -> None:
    result = replace(sample.clean(), standards=(), policies={})
    assert render(format_, result).endswith("\n")
