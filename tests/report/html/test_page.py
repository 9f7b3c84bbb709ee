"""The audit report as text: what it tells, that it is whole without a network, and that text from files stays text."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from msgspec.structs import replace

from alexandria_scan.compliance.below import below
from alexandria_scan.compliance.merge import merge
from alexandria_scan.compliance.result import ClaimResult, ControlScore, ScannedModule, ScanResult, StandardScore
from alexandria_scan.policy.results import Result, Waiver
from alexandria_scan.report.html import render
from alexandria_scan.report.html.findings import anchor
from alexandria_scan.report.reported import reported
from alexandria_scan.scan import Options, scan
from alexandria_scan.syntax.tree import Location
from tests.conftest import ROOT
from tests.report import sample

ATTACKS = (
    "</script><script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "<!--",
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "]]>&lt;b&gt;\u2028",
    "javascript:alert(1)",
)
VOID = {"meta", "input", "link", "br", "img"}


class Page(HTMLParser):
    """Names of elements and attributes, links, and the text in elements of each name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: dict[str, list[str]] = {}
        self.ids: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attributes]
        self.ids += [value or "" for name, value in attributes if name == "id"]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts.setdefault(self._open[-1], []).append(data)

    @property
    def text(self) -> str:
        shown = [text for name, texts in self.texts.items() if name not in ("script", "style") for text in texts]
        return " ".join(shown)


def data_of(text: str) -> Any:
    found = re.search(r'<script type="application/json" id="evidence">(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found[1])


def waived() -> ScanResult:
    """A library with a waiver that ends, one that does not, a claim, a picture and a control that nobody can test."""
    before = sample.accepted()
    until = Waiver("Rebuilt nightly", "data-platform", "2027-03-31", Location("scratch.tf", 7, 1), "fail")
    results = tuple(
        replace(one, waiver=until) if one.address == "aws_rds_cluster.scratch" else one for one in before.results
    )
    place = Location(f"{sample.AURORA}/.alexandria.yaml", 5, 13)
    claims = (
        ClaimResult(sample.AURORA, "maturity", "stable", "alpha", "contradicted", place, "not met: tests"),
        ClaimResult(sample.AURORA, "outputs", "12", "12", "verified", place),
    )
    blocks = ("aws_kms_key.main", "aws_rds_cluster.scratch", "aws_rds_cluster.this", "aws_sns_topic.alone")
    edges = (("aws_rds_cluster.this", "aws_kms_key.main"), ("aws_rds_cluster.scratch", "aws_kms_key.main"))
    details = tuple(
        replace(one, blocks=blocks, edges=edges, calls=(sample.REDIS,)) if one.path == sample.AURORA else one
        for one in before.scanned.details
    )
    scanned = replace(before.scanned, details=details)
    control = ControlScore("OPS-1", "MUST", "Somebody reads the alarms", "Operations", "not_applicable", {})
    standards = tuple(
        replace(one, controls=(*one.controls, replace(control, not_testable="Whether somebody reads them")))
        for one in before.standards
    )
    return replace(before, results=results, claims=claims, scanned=scanned, standards=standards, as_of="2027-01-31")


def test_what_an_auditor_asks() -> None:
    text = Page(render(waived())).text
    for told in (
        "2027-01-31", "alexandria-scan 0.1.0", "Alexandria Module Standards 1.0.0", "79 %",
        "Data is encrypted at rest", "modules/rds-aurora-advanced/main.tf:31", "production.tfvars:3",
        "storage_encrypted is false", "Set storage_encrypted = true.",
        "data-platform", "2027-03-31", "scratch.tf:7", "Sessions, lost without harm",
        "alexandria-scan.baseline.json", "var.kms_key_arn has no default", "set var.kms_key_arn in a .tfvars file",
        "stable", "alpha", "Whether somebody reads them.", "aws_kms_key",
    ):  # fmt: skip
        assert told in " ".join(text.split()), told


def test_a_result_without_a_day_has_none() -> None:
    assert "not dated" in render(sample.library())


def test_a_waiver_that_has_ended_is_marked() -> None:
    assert ">expired<" not in render(waived())
    assert ">expired<" in render(replace(waived(), as_of="2027-04-01"))


@pytest.mark.parametrize("result", [sample.library(), sample.clean(), sample.hostile(), waived(), sample.large(12)])
def test_nothing_is_loaded_and_every_link_leads_somewhere(result: ScanResult) -> None:
    made = Page(render(result))
    assert not {"link", "img", "iframe", "object", "embed", "base", "audio", "video"} & set(made.names)
    for tag, name, value in made.attributes:
        assert not name.startswith("on") and name not in ("src", "srcset", "style", "formaction"), (tag, name)
        if name == "href":
            assert value.startswith(("https://", "http://")) or value[1:] in made.ids, value
    assert len(made.ids) == len(set(made.ids))


def attacked(text: str) -> ScanResult:
    """A result in which all that is from files or policies says `text`, in every section of the report."""
    said = sample.saying(text)
    key = f"{text}-{text}/{text}"
    place = Location(text, 1, 1)
    waiver = Waiver(text, text, text, place, "fail")
    results = [replace(one, controls=(key,), posture_variables=(text,), checkov={text: text}) for one in said.results]
    results = [replace(one, waiver=waiver) if one.verdict == "waived" else one for one in results]
    results.append(replace(results[0], environment="other", verdict="pass"))
    control = ControlScore(text, text, text, text, "fail", {text: "fail"}, (text,), text)
    (standard,) = said.standards
    module = ScannedModule(
        text, text, 1, 1, (f"{text}/a",), (text, f"{text}.a", f"{text}.b"), ((f"{text}.a", f"{text}.b"),)
    )
    return replace(
        said,
        results=tuple(results),
        standards=(replace(standard, controls=(control,), titles={text: text}),),
        claims=(ClaimResult(text, text, text, text, "contradicted", place, text),),
        scanned=replace(said.scanned, details=(module,), limit=text),
        as_of=text,
    )


@pytest.mark.parametrize("attack", ATTACKS)
def test_text_from_files_is_only_text(attack: str) -> None:
    same_shape = re.sub("[<>\"'&{}%!]", "x", attack).replace("javascript", "xxxxxxxxxx")
    harmless = render(attacked(same_shape), [(same_shape, attacked(same_shape))])
    text = render(attacked(attack), [(attack, attacked(attack))])
    made, expected = Page(text), Page(harmless)
    assert made.names == expected.names
    assert [(tag, name) for tag, name, _ in made.attributes] == [(tag, name) for tag, name, _ in expected.attributes]
    shown = attack.replace("\u2028", "\N{REPLACEMENT CHARACTER}")
    assert shown in made.text
    assert shown in data_of(text)["modules"]
    for _, name, value in made.attributes:
        assert name != "href" or not value.startswith("javascript:")


def test_a_browser_runs_the_script_of_the_report_only() -> None:
    made = Page(render(sample.library()))
    (policy,) = [value for _, name, value in made.attributes if name == "content" and "default-src" in value]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_numbers_are_those_of_the_result() -> None:
    result = waived()
    found = reported(result)
    made = render(result)
    for one in found:
        assert made.count(f'id="{anchor(one)}"') == 1
    assert made.count('class="item finding"') == sum(one.cause.verdict == "fail" for one in found)
    standard = result.standards[0]
    for control in standard.controls:
        for module, verdict in control.modules.items():
            row = re.search(rf'title="{module}">.*?</tr>', made)
            assert row and f'<td class="{verdict[0]}">' in row[0]


def test_the_evidence_of_what_passes() -> None:
    table = Location("m/main.tf", 3, 1)
    other = Location("m/main.tf", 9, 1)
    key = "house-1/C1"
    base = Result("encrypted", "t", "high", "pass", "aws_x.a", ("aws_x.a",), "m", "m", table, controls=(key,))
    folder = replace(base, address="m", location=other)
    elsewhere = replace(base, controls=("house-1/C9",))
    control = ControlScore("C1", "MUST", "Encrypted", "SEC", "pass", {"m": "pass"}, ("encrypted",))
    standard = StandardScore("house", "House", "1", 100.0, (control,))
    data = data_of(render(replace(sample.clean(), results=(base, folder, elsewhere), standards=(standard,))))
    assert data["files"] == ["m/main.tf"]
    assert data["addresses"] == ["aws_x.a"]
    assert data["places"] == [[3, 0, 9, -1]]
    assert data["passed"] == {"c0-0": [[0, 0, 0, -1]]}


def test_a_page_that_would_be_too_large_says_less_of_each_finding() -> None:
    result = waived()
    full, brief = render(result), render(result, limit=1)
    assert "This result is large" in brief and "This result is large" not in full
    assert "database_name           = var.database_name" in full
    assert "database_name           = var.database_name" not in brief
    for text in (full, brief):
        assert "storage_encrypted       = var.storage_encrypted" in text
    assert [one for one in Page(brief).ids if one.startswith("f")] == [
        one for one in Page(full).ids if one.startswith("f")
    ]


def test_three_hundred_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than ten findings in each: a library that nobody has looked after."""
    monkeypatch.chdir(ROOT / "fixtures" / "modules")
    one = scan(Options(paths=("alexandria-data-layer-drifted",), posture=True))
    copies = -(-300 // len(one.scanned.modules))
    library = merge([(str(number), below(one, f"team-{number:02}")) for number in range(copies)])
    assert len(library.scanned.modules) >= 300
    text = render(library)
    assert len(text.encode()) < 5_000_000
    found = reported(library)
    assert text.count('class="item finding"') == sum(each.cause.verdict == "fail" for each in found) > 3000


def test_a_trend_goes_from_the_oldest_to_this_result() -> None:
    now = replace(sample.library(), as_of="2026-03-01")
    old = replace(sample.clean(), as_of="2026-01-01")
    older = replace(sample.library(), as_of="2025-12-01")
    made = render(now, [("a-newer", old), ("z-older", older)])
    rows = re.findall(r"<tr><td>([\w -]+)<td>(\d{4}-\d\d-\d\d)<td", made)
    assert rows == [("this result", "2026-03-01"), ("a-newer", "2026-01-01"), ("z-older", "2025-12-01")]
    line = re.search(r'<polyline points="([^"]+)"', made)
    assert line and line[1].split() == ["0.0,24.1", "320.0,0.0", "640.0,24.1"]
    assert "<h2>Trend" not in render(now)
