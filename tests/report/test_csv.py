"""CSV: every result on a line, and no cell that a spreadsheet would compute."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.report.csv_report import COLUMNS, render
from tests.report import sample


def rows(result: ScanResult) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(render(result), newline="")))


def test_the_header() -> None:
    assert render(sample.clean()) == ",".join(f'"{name}"' for name in COLUMNS) + "\r\n"


def test_a_finding() -> None:
    one = next(row for row in rows(sample.library()) if row["policy"] == "aws_rds_cluster_unencrypted")
    assert one["verdict"] == "fail"
    assert (one["file"], one["line"], one["column"]) == ("modules/rds-aurora-advanced/main.tf", "31", "3")
    assert one["instances"] == "10"
    assert one["environment"] == "production"
    assert one["origin"].endswith("← encrypted = false (environments/production/production.tfvars:3)")
    assert one["controls"] == "alexandria-module-standards-1.0.0/SEC-1, us-15-03/AC2"


def test_every_verdict_and_the_problems_are_there() -> None:
    verdicts = [row["verdict"] for row in rows(sample.library())]
    assert list(dict.fromkeys(verdicts)) == ["fail", "unknown", "waived", "pass", "problem"]
    assert verdicts.count("problem") == 2


@pytest.mark.parametrize(
    "text",
    ["=1+2", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1", "\n@x", "＝1", '=HYPERLINK("http://e","x")', "\u200b=1"],
)
def test_no_cell_is_a_formula(text: str) -> None:
    for row in rows(sample.saying(text)):
        for cell in row.values():
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "\t", "\r")), cell


def test_quotes_and_commas_stay_in_their_cell() -> None:
    first = rows(sample.saying('a","b'))[0]
    assert first["message"] == 'a","b'
    assert len(first) == len(COLUMNS)
