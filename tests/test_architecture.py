"""What the architecture promises: no import that a run does not use, small files, tests that mirror the rooms.

Which room may import which is a contract in pyproject.toml, checked by import-linter (`make imports`).
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, SCANNER, environment

PACKAGE = SCANNER / "alexandria_scan"
ROOMS = ("source", "syntax", "evaluate", "graph", "policy", "compliance", "report", "checkov")
MODULE = ROOT / "fixtures" / "modules" / "us-15-03" / "modules" / "rds"
MOST_LINES = 400
# Every third-party package that a scan may use, with those that they bring along, and the slow ones of Python's own.
THIRD_PARTY = (
    "rich",
    "jinja2",
    "hcl2",
    "lark",
    "regex",
    "yaml",
    "msgspec",
    "tree_sitter",
    "tree_sitter_hcl",
    "pyromark",
    "typing_extensions",
    "checkov",
)
SLOW = ("argparse", "asyncio", "dataclasses", "difflib", "email", "importlib.metadata", "inspect", "json", "logging")


def imported(folder: Path, *arguments: str | Path) -> set[str]:
    """The modules that a run of the program imports."""
    code = (
        "import sys\n"
        "from alexandria_scan.cli import main\n"
        "try:\n"
        "    main(sys.argv[1:])\n"
        "finally:\n"
        "    print(*sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=folder, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(done.stderr.splitlines()[-1].split())


def test_the_version_costs_no_import(tmp_path: Path) -> None:
    modules = imported(tmp_path, "--version")
    before = subprocess.run([sys.executable, "-c", "import sys; print(*sys.modules)"], capture_output=True, text=True)
    own = {name for name in modules if name.startswith("alexandria_scan")}
    assert own == {"alexandria_scan", "alexandria_scan.cli"}
    assert not modules & set(THIRD_PARTY + SLOW) - set(before.stdout.split())


def test_a_json_report_needs_neither_rich_nor_templates() -> None:
    modules = imported(MODULE, ".", "--format", "json")
    assert not modules & {"rich", "jinja2", "hcl2", "lark", "checkov"}


def test_a_text_report_needs_only_what_it_shows() -> None:
    modules = imported(MODULE, ".")
    assert "rich" in modules
    assert not modules & {
        "jinja2",
        "hcl2",
        "lark",
        "checkov",
        "rich.progress",
        "rich.markdown",
        "rich.syntax",
        "pygments",
    }


def test_a_scan_needs_nothing_that_msgspec_would_bring_along() -> None:
    pytest.importorskip("typing_extensions", reason="typing_extensions is not installed, so it cannot be imported")
    assert "pyromark" in imported(MODULE, "."), "the module has a README"
    unwanted = {"typing_extensions", "inspect", "dataclasses", "markdown_it"}
    if sys.platform == "linux":
        unwanted.add("platform")
    assert not imported(MODULE, ".") & unwanted


def test_no_pattern_is_compiled_before_it_is_used() -> None:
    code = (
        "import pkgutil, re, sys, alexandria_scan\n"
        "compile, found = re.compile, []\n"
        "def noted(*given, **named):\n"
        "    caller = sys._getframe(1).f_globals['__name__']\n"
        "    found.extend([caller] if caller.startswith('alexandria_scan') else [])\n"
        "    return compile(*given, **named)\n"
        "re.compile = noted\n"
        "for module in pkgutil.walk_packages(alexandria_scan.__path__, 'alexandria_scan.'):\n"
        "    if module.name not in ('alexandria_scan.__main__', 'alexandria_scan.inside_checkov'):\n"
        "        __import__(module.name)\n"
        "print(sorted(set(found)))\n"
        "import gc\n"
        "from alexandria_scan.patterns import _Pattern\n"
        "made = [one for one in gc.get_objects() if isinstance(one, _Pattern)]\n"
        "print(len(made) > 100, all(one.groups >= 0 for one in made))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), stdout=subprocess.PIPE, text=True, check=True
    )
    assert done.stdout == "[]\nTrue True\n"


def test_hcl2_is_asked_only_about_what_does_not_parse(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('variable "name" {}\n')
    assert "hcl2" not in imported(tmp_path, ".", "--format", "json")
    (tmp_path / "broken.tf").write_text("locals {\n  x = = 1\n}\n")
    assert "hcl2" in imported(tmp_path, ".", "--format", "json")


def test_python_policies_are_imported_only_where_they_run(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('variable "name" {}\n')
    loaded = imported(tmp_path, ".", "--policy", "variable_type_missing", "--format", "json")
    assert not [name for name in loaded if name.startswith("alexandria_scan_policy_")]


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_files_stay_small(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES, f"{path.relative_to(ROOT)} has {lines} lines; divide it"


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in sorted([*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")])
        if path.read_text(encoding="utf-8").strip() and ast.get_docstring(ast.parse(path.read_bytes())) is None
    ]
    assert not silent


def test_rooms_are_those_of_the_architecture() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert folders == {*ROOMS, "commands", "config"}


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_tests(room: str) -> None:
    assert list((ROOT / "tests" / room).rglob("test_*.py")), f"tests/{room} has no tests"


def test_tests_mirror_the_rooms() -> None:
    folders = {path.relative_to(ROOT / "tests").parts[0] for path in (ROOT / "tests").glob("*/*.py")}
    assert folders <= {*ROOMS, "commands", "config", "policies", "benchmarks", "packaging"}


def test_python_policies_import_the_sdk_and_nothing_else_of_ours() -> None:
    for path in (ROOT / "policies").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or "."]
            else:
                continue
            for name in names:
                known = name == "alexandria_scan.sdk" or name.partition(".")[0] in sys.stdlib_module_names
                assert known, f"{path.relative_to(ROOT)} imports {name}"


def test_only_one_import_name_is_installed() -> None:
    assert [path.name for path in SCANNER.iterdir() if not path.name.startswith((".", "__"))] == ["alexandria_scan"]
