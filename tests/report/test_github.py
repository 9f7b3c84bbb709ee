"""Workflow commands: one a line, the most severe first, and no text can begin another."""

from __future__ import annotations

import re

from alexandria_scan.report.github import render
from tests.report import sample

COMMAND = re.compile(r"::(error|warning|notice) ((?:\w+=[^,:\r\n]*)(?:,\w+=[^,:\r\n]*)*)::([^\r\n]*)")


def test_a_finding() -> None:
    line = next(line for line in render(sample.library()).splitlines() if "aws_rds_cluster_unencrypted" in line)
    match = COMMAND.fullmatch(line)
    assert match is not None
    assert match[1] == "error"
    assert match[2].split(",") == [
        "file=modules/rds-aurora-advanced/main.tf",
        "line=31",
        "col=3",
        "endColumn=49",
        "title=high%3A Aurora cluster does not encrypt its storage [aws_rds_cluster_unencrypted]",
    ]
    assert match[3].split("%0A")[0] == "storage_encrypted is false"
    assert "← encrypted = false (environments/production/production.tfvars:3)" in match[3]


def test_several_lines_have_no_columns() -> None:
    line = next(line for line in render(sample.library()).splitlines() if "aws_security_group_open_ingress" in line)
    assert "line=10,endLine=16,title=" in line


def test_the_most_severe_come_first() -> None:
    lines = render(sample.library()).splitlines()
    names = [match[1] for line in lines if (match := COMMAND.fullmatch(line))]
    found = names[2:]  # after the two problems
    assert names[:2] == ["error", "warning"]
    assert found == sorted(found, key=["error", "warning", "notice"].index)
    assert {"error", "warning", "notice"} == set(found)


def test_the_verdict_is_the_last_line() -> None:
    assert render(sample.clean()) == "  Compliant: 57 checks passed. Exit status 0.\n"


def test_text_from_files_is_no_command() -> None:
    evil = "x%0A::error::y\n::stop-commands::z\r::add-mask::q,line=1::set-env name=A::b ##[group]g"
    lines = render(sample.saying(evil)).splitlines()
    for line in lines:
        assert COMMAND.fullmatch(line) or (line.startswith("  ") and not line.strip().startswith("::")), line
        assert "%0A::" not in line.partition("title=")[2].partition("::")[0]
    assert sum(line.startswith("::") for line in lines) == 5, "two problems, two findings and an unknown"
    assert not any("##[" in line for line in lines if not line.startswith("::"))
