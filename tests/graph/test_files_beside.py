"""The files beside the configuration that `terraform fmt` formats: which a module has, and what is shown of them."""

import json
from pathlib import Path

import pytest

from alexandria_scan.cli import main
from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.graph.files_beside import files_beside
from alexandria_scan.graph.model import SimpleNode
from alexandria_scan.source.folders import SourceTree

CLEAN = 'name = "x"\n'


def write(top: Path, *names: str, text: str = CLEAN) -> None:
    for name in names:
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)


def nodes(folder: Path) -> list[SimpleNode]:
    return list(files_beside(Evaluation(SourceTree(folder)), folder))


def test_what_terraform_fmt_formats_belongs_to_the_module_above(tmp_path: Path) -> None:
    names = ("main.tf", "a.tfvars", "environments/prod/b.auto.tfvars", "tests/c.tftest.hcl", "tests/mocks/d.tfmock.hcl")
    write(tmp_path, *names)
    assert {(node.name, str(node.attribute("purpose"))) for node in nodes(tmp_path)} == {
        ("a.tfvars", "values"),
        ("environments/prod/b.auto.tfvars", "values"),
        ("tests/c.tftest.hcl", "test"),
        ("tests/mocks/d.tfmock.hcl", "mock"),
    }


def test_what_terraform_fmt_leaves_alone_is_no_node(tmp_path: Path) -> None:
    write(tmp_path, ".terraform.lock.hcl", "a.tfvars.json", ".a.tfvars", "b.hcl", ".terraform/c.tfvars")
    assert nodes(tmp_path) == []


def test_the_files_below_another_module_are_that_modules(tmp_path: Path) -> None:
    write(
        tmp_path, "main.tf", "examples/complete/main.tf", "examples/complete/a.tfvars", "examples/complete/env/b.tfvars"
    )
    assert nodes(tmp_path) == []
    assert [node.name for node in nodes(tmp_path / "examples/complete")] == ["a.tfvars", "env/b.tfvars"]


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path, "environments/a.tfvars")
    (tmp_path / "linked").symlink_to(tmp_path / "environments")
    assert [node.name for node in nodes(tmp_path)] == ["environments/a.tfvars"]


def scanned(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, list[dict[str, object]]]:
    main(["--format", "json", *arguments])
    found: dict[str, list[dict[str, object]]] = json.loads(capsys.readouterr().out)
    return found


def test_a_file_that_does_not_parse_is_told_and_does_not_stop_the_scan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "main.tf", text="locals {\n}\n")
    write(tmp_path, "broken.tfvars", text="a =\n")
    (problem,) = scanned(capsys, str(tmp_path), "--no-cache")["problems"]
    assert (str(problem["file"]).rpartition("/")[2], problem["line"], problem["severity"]) == (
        "broken.tfvars", 1, "warning",
    )  # fmt: skip


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_values_are_judged_and_never_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str], jobs: str) -> None:
    write(tmp_path, "main.tf", text="locals {\n}\n")
    write(tmp_path, "prod.tfvars", text='pin =73519\nurl = "https://a:swordfish@b"\nkey = "AKIAIOSFODNN7ABCDEFG"\n')
    found = scanned(capsys, str(tmp_path), "--no-cache", "--jobs", jobs)
    failed = {one["policy"] for one in found["results"] if str(one["location"]).find("prod.tfvars") > 0}
    assert {"file_unformatted", "file_secret_hardcoded"} <= failed
    assert not any(value in json.dumps(found) for value in ("73519", "swordfish", "AKIAIOSFODNN7ABCDEFG"))


def test_a_kept_result_is_dropped_when_a_test_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALEXANDRIA_SCAN_CACHE", str(tmp_path / "cache"))
    module = tmp_path / "module"
    write(module, "main.tf", text="locals {\n}\n")
    write(module, "tests/unit.tftest.hcl", text='run "a" {\n  command = plan\n}\n')

    def verdicts() -> list[object]:
        found = scanned(capsys, str(module), "--policy", "file_unformatted")["results"]
        return [one["verdict"] for one in found if str(one["address"]).endswith(".tftest.hcl")]

    assert verdicts() == ["pass"]
    write(module, "tests/unit.tftest.hcl", text='run "a" {\n  command =plan\n}\n')
    assert verdicts() == ["fail"]


@pytest.mark.parametrize(
    ("name", "told"),
    [("terraform.tfvars", 0), ("terraform.tfvars.json", 0), ("x.auto.tfvars", 1), ("x.auto.tfvars.json", 1)],
)
def test_a_link_that_leads_nowhere_is_told_once_and_only_if_terraform_minds(
    tmp_path: Path, name: str, told: int
) -> None:
    """Terraform 1.11.4 plans with the first two, and cannot read the others."""
    write(tmp_path, "main.tf", text="locals {}\n")
    (tmp_path / name).symlink_to("nowhere")
    evaluation = Evaluation(SourceTree(tmp_path))
    evaluation.root(tmp_path)
    assert list(files_beside(evaluation, tmp_path)) == []
    assert len(evaluation.problems) == told
