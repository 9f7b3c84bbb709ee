"""Which folders are roots, which are modules and which are examples."""

from __future__ import annotations

from pathlib import Path

from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.evaluate.folders import classify, outlines
from alexandria_scan.source.folders import SourceTree


def kinds(top: Path, files: dict[str, str]) -> dict[str, str]:
    for name, text in files.items():
        file = top / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    evaluation = Evaluation(SourceTree(top))
    found = classify(evaluation.source, outlines(evaluation, evaluation.source.module_folders(top)), top)
    return {folder.path.relative_to(top).as_posix(): folder.kind for folder in found}


def test_a_module_may_be_called_test(tmp_path: Path) -> None:
    assert kinds(
        tmp_path,
        {
            "main.tf": 'terraform {\n  backend "s3" {}\n}\nmodule "test" {\n  source = "./modules/test"\n}\n',
            "modules/test/main.tf": 'resource "terraform_data" "a" {}\n',
            "modules/test/examples/basic/main.tf": 'module "test" {\n  source = "../.."\n}\n',
            "test/main.tf": 'module "test" {\n  source = "../modules/test"\n}\n',
            "modules/examples/basic/main.tf": 'resource "terraform_data" "a" {}\n',
        },
    ) == {
        ".": "root",
        "modules/test": "library",
        "modules/test/examples/basic": "example",
        "test": "example",
        "modules/examples/basic": "example",
    }
