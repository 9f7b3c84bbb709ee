"""Which folders are roots, which are modules and which are examples."""

from __future__ import annotations

from pathlib import Path

from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.evaluate.folders import classify, outlines
from alexandria_scan.source.folders import SourceTree


def kinds(top: Path, files: dict[str, str], boundary: Path | None = None) -> dict[str, str]:
    for name, text in files.items():
        file = top / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    evaluation = Evaluation(SourceTree(boundary or top))
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


BACKEND = 'terraform {\n  backend "s3" {}\n}\n'
RESOURCE = 'resource "terraform_data" "a" {}\n'


def test_an_environment_may_be_called_test(tmp_path: Path) -> None:
    """What has a backend keeps a state; what else is in the folder of the environment is no example either."""
    cloud = "terraform {\n  cloud {}\n}\n"
    files = {
        "dev/main.tf": BACKEND,
        "test/main.tf": BACKEND,
        "live/prod/network/main.tf": cloud,
        "live/test/network/main.tf": cloud,
        "live/test/modules/network/main.tf": RESOURCE,
        "live/test/network/examples/basic/main.tf": RESOURCE,
    }
    wanted = {
        "dev": "root",
        "test": "root",
        "live/prod/network": "root",
        "live/test/network": "root",
        "live/test/modules/network": "library",
        "live/test/network/examples/basic": "example",
    }
    assert kinds(tmp_path, files) == wanted
    assert kinds(tmp_path / "live" / "test" / "network", {}, tmp_path)["."] == "root"


def test_tests_and_examples_may_have_a_backend(tmp_path: Path) -> None:
    files = {
        "test/fixtures/backend/main.tf": BACKEND,
        "modules/net/main.tf": RESOURCE,
        "modules/net/test/basic/main.tf": BACKEND,
        "modules/net/tests/basic/main.tf": BACKEND,
        "examples/complete/main.tf": BACKEND,
        "test/main.tf": RESOURCE,
    }
    assert kinds(tmp_path, files) == {
        "modules/net": "library",
        "modules/net/test/basic": "example",
        "modules/net/tests/basic": "example",
        "examples/complete": "example",
        "test": "example",
        "test/fixtures/backend": "example",
    }
    assert kinds(tmp_path / "modules" / "net" / "test" / "basic", {}, tmp_path) == {".": "example"}
