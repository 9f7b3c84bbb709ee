"""Adopting the scanner as a user does: a baseline, waivers in code and in configuration, and what is told of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

CLEAN, FINDINGS, USAGE, INCOMPLETE = 0, 1, 2, 3
POLICY = "variable_description_missing"
ONLY = ("--policy", POLICY)
DAY = ("--as-of", "2026-06-30")
RULE = """\
title: Input is open
severity: high
resource: terraform_data
enforce:
  - condition: attrs.input != "open"
    error_message: the input is open
why: w
fix: f
"""


def variable(name: str, above: str = "", behind: str = "") -> str:
    return f'{above}variable "{name}" {{{behind}\n  type = string\n}}\n\n'


def write(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.tf").write_text(text)


@pytest.fixture
def module(tmp_path: Path) -> Path:
    write(tmp_path / "m", main=variable("one") + variable("two"))
    return tmp_path / "m"


@pytest.fixture
def open_module(tmp_path: Path) -> Path:
    """A module whose resource is as open as its caller wants it, and two roots that call it."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "our_input_open.yaml").write_text(RULE)
    write(tmp_path / "m", main='variable "in" {\n  default = "open"\n}\n\nresource "terraform_data" "x" {\n'
          "  count = 3\n  input = var.in\n}\n")  # fmt: skip
    for root in ("a", "m/examples/b"):
        up = "../" * (root.count("/") + 1) if root == "a" else "../.."
        source = f"{up}m" if root == "a" else "../../"
        write(tmp_path / root, main=f'module "m" {{\n  source = "{source}"\n}}\n')
    return tmp_path


def result(run: Run, *arguments: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(run(*arguments, "--format", "json").out)
    return made


# Baseline


def test_a_baseline_makes_a_scan_fail_on_new_findings_only(run: Run, module: Path, tmp_path: Path) -> None:
    assert run("m", *ONLY).status == FINDINGS
    made = run("baseline", "m", *ONLY)
    assert made.status == CLEAN
    assert made.out == "alexandria-scan.baseline.json: 2 findings known. Commit it, and a scan fails on others only.\n"
    outcome = run("m", *ONLY)
    assert outcome.status == CLEAN
    assert "2 known" in outcome.out
    assert "Nothing found but what is accepted: 2 known. Exit status 0." in outcome.out
    write(module, main="# moved\n\n\n" + variable("one") + variable("three"))
    outcome = run("m", *ONLY)
    assert outcome.status == FINDINGS
    assert "1 new, 1 known, 1 fixed" in outcome.out
    assert "var.two" in outcome.out
    assert run("m", *ONLY, "-q").out.splitlines()[0].startswith("m/main.tf:8:1: ")
    assert run("m", *ONLY, "--no-baseline").status == FINDINGS


def test_the_json_result_tells_new_known_and_fixed(run: Run, module: Path) -> None:
    run("baseline", "m", *ONLY)
    write(module, main=variable("one") + variable("three"))
    made = result(run, "m", *ONLY)
    assert {one["address"]: one["baseline"] for one in made["results"]} == {"var.one": "known", "var.three": "new"}
    assert (made["baseline"]["new"], made["baseline"]["known"]) == (1, 1)
    assert [entry["address"] for entry in made["baseline"]["fixed"]] == ["var.two"]
    assert made["summary"]["fail"] == 2


def test_a_baseline_gets_shorter_and_longer_only_if_told(run: Run, module: Path, tmp_path: Path) -> None:
    run("baseline", "m", *ONLY)
    write(module, main=variable("one") + variable("three"))
    outcome = run("baseline", "m", *ONLY)
    assert outcome.out == (
        "alexandria-scan.baseline.json: 1 finding known, 1 fixed and removed. "
        "1 new finding not added: --add does that.\n"
    )
    assert run("m", *ONLY).status == FINDINGS
    assert "1 added" in run("baseline", "m", *ONLY, "--add").out
    assert run("m", *ONLY).status == CLEAN
    text = (tmp_path / "alexandria-scan.baseline.json").read_text()
    assert "as before" in run("baseline", "m", *ONLY).out
    assert (tmp_path / "alexandria-scan.baseline.json").read_text() == text


def test_what_was_not_looked_at_stays_in_the_baseline(run: Run, module: Path, tmp_path: Path) -> None:
    write(tmp_path / "n", main=variable("other"))
    run("baseline", "m", "n", *ONLY, "--baseline", "b.json")
    text = (tmp_path / "b.json").read_text()
    for arguments in (("m", *ONLY), ("m", "n", "--policy", "variable_type_missing"), ("m/main.tf", *ONLY)):
        outcome = run("baseline", *arguments, "--baseline", "b.json")
        assert outcome.status == CLEAN
        assert (tmp_path / "b.json").read_text() == text
        assert "0 fixed" in run(*arguments, "--baseline", "b.json").out


def test_a_module_that_is_gone_is_fixed(run: Run, module: Path, tmp_path: Path) -> None:
    write(tmp_path / "n", main=variable("other"))
    run("baseline", ".", *ONLY)
    (tmp_path / "n" / "main.tf").unlink()
    (tmp_path / "n").rmdir()
    assert "0 new, 2 known, 1 fixed" in run(".", *ONLY).out


@pytest.fixture
def wishes(tmp_path: Path) -> Path:
    """A policy with a parameter, two standards that want it otherwise, and two resources."""
    parameters = "parameters:\n  wanted: {description: d, default: [closed, shut]}\nenforce:"
    rule = RULE.replace("enforce:", parameters).replace('attrs.input != "open"', "contains(param.wanted, attrs.input)")
    (tmp_path / "rules" / "standards").mkdir(parents=True)
    (tmp_path / "rules" / "our_input_open.yaml").write_text(rule)
    for name, wishes in {"strict": ("[shut]", "[sealed, shut]"), "lax": ("[open, closed, shut]",)}.items():
        text = f"name: {name}\ntitle: {name}\nversion: 1\nsections:\n  - {{id: s, title: s, controls: [\n"
        for number, wanted in enumerate(wishes):
            proof = f"{{id: our_input_open, parameters: {{wanted: {wanted}}}}}"
            text += f"      {{id: c{number}, level: MUST, title: t, policies: [{proof}]}},\n"
        (tmp_path / "rules" / "standards" / f"{name}.yaml").write_text(text + "    ]}\n")
    inputs = {"one": "open", "two": "closed"}
    write(tmp_path / "m", main="".join(f'resource "terraform_data" "{name}" {{\n  input = "{value}"\n}}\n'
          for name, value in inputs.items()))  # fmt: skip
    return tmp_path


OWN = ("--policies", "rules", "--policy", "our_input_open")


def _marks(scanned: dict[str, Any]) -> dict[str, str]:
    return {one["address"]: one["baseline"] for one in scanned["results"] if one["verdict"] == "fail"}


def test_what_is_known_stays_known_where_a_standard_wants_more(run: Run, wishes: Path) -> None:
    run("baseline", "m", *OWN)
    strict = result(run, "m", *OWN, "--standard", "strict")
    assert _marks(strict) == {"terraform_data.one": "known", "terraform_data.two": "new"}
    assert strict["baseline"]["fixed"] == []


def test_what_a_standard_does_not_ask_for_is_not_fixed(run: Run, wishes: Path) -> None:
    run("baseline", "m", *OWN)
    lax = result(run, "m", *OWN, "--standard", "lax")
    assert (_marks(lax), lax["baseline"]["fixed"]) == ({}, [])
    assert "as before" in run("baseline", "m", *OWN, "--standard", "lax").out


def test_what_only_a_standard_asks_for_is_fixed_where_that_says_so(run: Run, wishes: Path) -> None:
    run("baseline", "m", *OWN, "--standard", "strict")
    everything = result(run, "m", *OWN)
    assert (_marks(everything), everything["baseline"]["fixed"]) == ({"terraform_data.one": "known"}, [])
    main = wishes / "m" / "main.tf"
    main.write_text(main.read_text().replace('"closed"', '"shut"'))
    assert result(run, "m", *OWN)["baseline"]["fixed"] == []
    (entry,) = result(run, "m", *OWN, "--standard", "strict")["baseline"]["fixed"]
    assert (entry["address"], entry["standards"]) == ("terraform_data.two", ["strict-1"])


def test_what_was_found_for_an_environment_is_fixed_where_that_was_asked_for(run: Run, module: Path) -> None:
    run("baseline", "m", *ONLY, "--environment", "production")
    write(module, main=variable("two"))
    assert result(run, "m", *ONLY)["baseline"]["fixed"] == []
    assert result(run, "m", *ONLY, "--environment", "staging")["baseline"]["fixed"] == []
    (entry,) = result(run, "m", *ONLY, "--environment", "prod")["baseline"]["fixed"]
    assert (entry["address"], entry["environment"]) == ("var.one", "production")


@pytest.mark.parametrize("option", ["--format=json", "--fail-on=high", "--posture", "--no-baseline", "--show-config"])
def test_a_baseline_takes_no_option_that_means_nothing_to_it(run: Run, module: Path, option: str) -> None:
    outcome = run("baseline", "m", option)
    assert outcome.status == USAGE
    assert "unrecognized arguments" in outcome.err


def test_no_baseline_is_made_of_an_incomplete_scan(run: Run, module: Path, tmp_path: Path) -> None:
    write(module, broken="locals {\n  x = = 1\n}\n")
    outcome = run("baseline", "m", *ONLY)
    assert outcome.status == USAGE
    assert "was not written: Incomplete" in outcome.err
    assert not (tmp_path / "alexandria-scan.baseline.json").exists()
    assert run("baseline", "m", *ONLY, "--allow-incomplete").status == CLEAN


@pytest.mark.parametrize(("text", "sentence"), [("[]", "is no baseline"), (None, "does not exist")])
def test_a_baseline_that_is_none(run: Run, module: Path, tmp_path: Path, text: str | None, sentence: str) -> None:
    if text is not None:
        (tmp_path / "b.json").write_text(text)
    outcome = run("m", *ONLY, "--baseline", "b.json")
    assert outcome.status == USAGE
    assert f"b.json {sentence}" in outcome.err


# Waivers


def test_a_comment_waives_a_finding_until_its_day(run: Run, module: Path) -> None:
    said = f'# alexandria:ignore {POLICY} reason="Known to all" until=2026-06-30 owner=shop\n'
    write(module, main=variable("one", above=said) + variable("two", behind=f" {said.strip()}"))
    outcome = run("m", *ONLY, *DAY)
    assert outcome.status == CLEAN
    assert "2 waived" in outcome.out
    assert "Known to all (owner shop, until 2026-06-30)" in outcome.out
    assert "Nothing found but what is accepted: 2 waived." in outcome.out
    outcome = run("m", *ONLY, "--as-of", "2026-07-01")
    assert outcome.status == FINDINGS
    assert "Waiver has expired" in outcome.out
    assert "m/main.tf:1:1" in outcome.out


def test_waived_results_stay_in_the_json_result(run: Run, module: Path) -> None:
    said = f'# alexandria:ignore {POLICY} reason="Known"'
    write(module, main=variable("one", above=said + "\n"))
    made = result(run, "m", *ONLY, *DAY)
    (one,) = made["results"]
    assert (one["verdict"], one["reason"]) == ("waived", "Known")
    place = {"file": "m/main.tf", "line": 1, "column": 1, "end_line": 1, "end_column": len(said) + 1}
    assert one["waiver"] == {"reason": "Known", "owner": "", "until": "", "location": place, "verdict": "fail"}
    assert (made["summary"]["fail"], made["summary"]["waived"], made["summary"]["problems"]) == (0, 1, 0)


def test_a_waiver_without_a_reason_is_reported_and_the_scan_is_complete(run: Run, module: Path) -> None:
    write(module, main=variable("one", above=f"# alexandria:ignore {POLICY}\n"))
    outcome = run("m", *ONLY)
    assert outcome.status == FINDINGS
    assert "gives no reason" in outcome.out


def test_a_waiver_that_is_not_used_is_reported_if_its_policy_ran(run: Run, module: Path) -> None:
    write(module, main='# alexandria:ignore variable_type_missing reason="x"\n' + variable("one"))
    assert "Waiver is not used" in run("m").out
    assert "Waiver is not used" not in run("m", *ONLY).out


def test_waivers_in_the_configuration_file(run: Run, module: Path, tmp_path: Path) -> None:
    (tmp_path / "alexandria-scan.yaml").write_text(
        f"waivers:\n  - {{policy: {POLICY}, address: var.one, reason: Known}}\n"
        f"  - {{policy: {POLICY}, module: n, reason: Elsewhere}}\n"
    )
    outcome = run(".", *ONLY)
    assert "1 low · 1 waived" in outcome.out
    assert "alexandria-scan.yaml:2" in outcome.out
    assert "Waiver is not used" not in outcome.out  # --policy does not look at everything
    outcome = run(".")
    assert "alexandria-scan.yaml:3" in outcome.out
    assert "Waiver is not used" in outcome.out
    assert "Waiver is not used" not in run("m").out  # nor does a scan of a part


def test_one_instance_is_waived(run: Run, open_module: Path) -> None:
    (open_module / "alexandria-scan.yaml").write_text(
        'waivers: [{policy: our_input_open, address: "terraform_data.x[1]", reason: One of three}]\n'
    )
    made = result(run, "m", "--policies", "rules", "--policy", "our_input_open")
    found = {tuple(one["addresses"]): one["verdict"] for one in made["results"] if one["root"] == "m"}
    assert found == {
        ("terraform_data.x[1]",): "waived", ("terraform_data.x[0]", "terraform_data.x[2]"): "fail",
    }  # fmt: skip


def test_a_comment_in_a_module_counts_for_its_callers_if_the_configuration_says_so(run: Run, open_module: Path) -> None:
    text = (open_module / "m" / "main.tf").read_text()
    (open_module / "m" / "main.tf").write_text(
        text.replace("resource", '# alexandria:ignore our_input_open reason="x"\nresource')
    )
    arguments = (".", "--policies", "rules", "--policy", "our_input_open")

    def verdicts() -> dict[str, str]:
        return {one["root"]: one["verdict"] for one in result(run, *arguments)["results"]}

    assert verdicts() == {"a": "fail", "m": "waived", "m/examples/b": "waived"}
    assert "does not count for its callers" in run(*arguments).out
    (open_module / "alexandria-scan.yaml").write_text("waivers_in_modules: true\n")
    assert verdicts() == {"a": "waived", "m": "waived", "m/examples/b": "waived"}
    assert "does not count for its callers" not in run(*arguments).out


def test_a_caller_waives_at_its_call(run: Run, open_module: Path) -> None:
    write(open_module / "a", main='module "m" { # alexandria:ignore our_input_open reason="x"\n  source = "../m"\n}\n')
    made = result(run, "a", "--policies", "rules", "--policy", "our_input_open")
    assert [one["verdict"] for one in made["results"]] == ["waived"]


def test_a_comment_in_a_file_of_variables_is_about_the_value(run: Run, open_module: Path) -> None:
    main = 'variable "in" {}\n\nmodule "m" {\n  source = "../m"\n  in     = var.in\n}\n'
    write(open_module / "a", main=main)
    (open_module / "a" / "terraform.tfvars").write_text(
        '# alexandria:ignore our_input_open reason="A trial"\nin = "open"\n'
    )
    made = result(run, "a", "--policies", "rules", "--policy", "our_input_open")
    assert [(one["verdict"], one["reason"]) for one in made["results"]] == [("waived", "A trial")]
    assert made["problems"] == []


@pytest.mark.parametrize(
    ("rule", "config", "sentence"),
    [
        ("waivable: false\n", "", "our_input_open may not be waived, as rules/our_input_open.yaml says"),
        ("", "unwaivable: [our_*]\n", "our_input_open may not be waived, as alexandria-scan.yaml"),
    ],
)
def test_what_is_unwaivable_is_refused_with_a_sentence(
    run: Run, open_module: Path, rule: str, config: str, sentence: str
) -> None:
    (open_module / "rules" / "our_input_open.yaml").write_text(RULE + rule)
    text = f"policies: [rules]\n{config}waivers: [{{policy: our_input_open, reason: We wish}}]\n"
    (open_module / "alexandria-scan.yaml").write_text(text)
    outcome = run("a", "--policy", "our_input_open")
    assert outcome.status == FINDINGS
    assert "Waiver is refused" in outcome.out
    assert sentence in " ".join(outcome.out.split())


def test_a_standard_may_be_unwaivable(run: Run, open_module: Path) -> None:
    (open_module / "rules" / "standards").mkdir()
    standard = (
        "name: house\ntitle: House rules\nversion: '1.0'\nwaivable: false\nsections:\n  - id: A\n    title: A\n"
        "    controls: [{id: A-1, level: MUST, title: t, policies: [our_input_open]}]\n"
    )
    (open_module / "rules" / "standards" / "house-1.0.yaml").write_text(standard)
    (open_module / "alexandria-scan.yaml").write_text("waivers: [{policy: our_input_open, reason: We wish}]\n")
    waived = run("a", "--policies", "rules", "--policy", "our_input_open")
    assert "Waived" in waived.out
    outcome = run("a", "--policies", "rules", "--standard", "house")
    assert outcome.status == FINDINGS
    assert "nothing that House rules asks for may be waived" in " ".join(outcome.out.split())


def test_a_day_that_is_none(run: Run, module: Path) -> None:
    outcome = run("m", "--as-of", "yesterday")
    assert outcome.status == USAGE
    assert "'yesterday' is not a day such as 2027-01-31" in outcome.err
