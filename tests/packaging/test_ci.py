"""What runs in other people's CI: the action's and the component's scripts, run as GitHub and GitLab would run them.

Installing is replaced: `python -m venv` makes a folder with this program, and a pip that notes what it is asked for.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from alexandria_scan.report import FORMATS
from tests.conftest import ROOT, SCANNER, environment

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
COMPONENT = (ROOT / "ci" / "gitlab" / "templates" / "alexandria-scan.yml").read_text(encoding="utf-8")
BAD = 'variable "name" {\n  type = string\n}\n'
GOOD = 'variable "name" {\n  type        = string\n  description = "What it is called"\n}\n'
# Stands for Python in the scripts: -m venv FOLDER makes the folder, everything in it is this program again.
STAND_IN = """\
#!/bin/sh
case "$0 $*" in
  *"-m venv "*) mkdir -p "$3/bin"; for name in python alexandria-scan; do cp "$0" "$3/bin/$name"; done ;;
  *"-m pip "*) for last; do :; done; echo "$last" >> "$NOTES" ;;
  *) exec "$REAL_PYTHON" -m alexandria_scan "$@" ;;
esac
"""


@dataclass(frozen=True)
class Job:
    """A runner's folders and variables."""

    folder: Path
    variables: dict[str, str]

    def file(self, name: str) -> str:
        path = self.folder / name
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def bash(self, script: str, variables: Mapping[str, str], *options: str) -> subprocess.CompletedProcess[str]:
        (self.folder / "script.sh").write_text(script, encoding="utf-8")
        return subprocess.run(
            ["bash", "--noprofile", "--norc", *options, str(self.folder / "script.sh")],
            cwd=self.folder / "workspace", env={**self.variables, **variables},
            capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
        )  # fmt: skip


@pytest.fixture
def job(tmp_path: Path) -> Job:
    for name in ("workspace/modules/a", "temp", "bin"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "workspace" / "modules" / "a" / "main.tf").write_text(BAD)
    for name in ("python", "python3"):
        (tmp_path / "bin" / name).write_text(STAND_IN)
        (tmp_path / "bin" / name).chmod(0o755)
    variables = environment(
        PATH=f"{tmp_path / 'bin'}:{os.environ['PATH']}",
        PYTHONPATH=str(SCANNER),
        REAL_PYTHON=sys.executable,
        NOTES=str(tmp_path / "notes"),
        RUNNER_TEMP=str(tmp_path / "temp"),
        GITHUB_ACTIONS="true",
        GITHUB_WORKSPACE=str(tmp_path / "workspace"),
        GITHUB_OUTPUT=str(tmp_path / "output"),
        GITHUB_STEP_SUMMARY=str(tmp_path / "summary"),
    )
    return Job(tmp_path, variables)


def act(job: Job, **inputs: str) -> subprocess.CompletedProcess[str]:
    """The action's own steps, one after the other until one fails, as the runner starts them for `shell: bash`."""
    given = {name: one["default"] for name, one in ACTION["inputs"].items()}
    given |= {name.replace("_", "-"): value for name, value in inputs.items()}
    known = {f"inputs.{name}": value for name, value in given.items()}
    known |= {"github.action_path": str(ROOT), "steps.python.outputs.python-path": str(job.folder / "bin" / "python")}
    done = subprocess.CompletedProcess[str]([], 0, "", "")
    for step in ACTION["runs"]["steps"]:
        if "run" not in step or done.returncode:
            continue
        assert step["shell"] == "bash"
        assert "${{" not in step["run"], "an input in the text of a script can be a command"
        variables = {
            name: re.sub(r"\$\{\{ *([\w.-]+) *\}\}", lambda match: known[match[1]], value)
            for name, value in step["env"].items()
        }
        done = job.bash(step["run"], variables, "-eo", "pipefail")
    return done


def test_the_action_scans_annotates_and_fails(job: Job) -> None:
    done = act(job, paths="modules", arguments="--policy\nvariable_description_missing")
    assert done.returncode == 1, done.stderr
    assert "::notice file=modules/a/main.tf,line=1," in done.stdout
    assert job.file("notes") == f"{ROOT}\n"
    sarif = job.folder / "temp" / "alexandria-scan.sarif"
    assert job.file("output") == f"exit-status=1\nsarif={sarif}\n"
    assert '"ruleId": "variable_description_missing"' in sarif.read_text(encoding="utf-8")
    assert job.file("summary").startswith("<!-- alexandria-scan: report -->\n")


def test_a_clean_scan_passes(job: Job) -> None:
    (job.folder / "workspace" / "modules" / "a" / "main.tf").write_text(GOOD)
    done = act(job, arguments="--policy\nvariable_description_missing")
    assert done.returncode == 0, done.stderr
    assert job.file("output").startswith("exit-status=0\n")


def test_every_input_is_used(job: Job) -> None:
    other = job.folder / "workspace" / "with a blank"
    other.mkdir()
    (other / "main.tf").write_text(GOOD)
    done = act(
        job,
        paths="modules\nwith a blank\n",
        standard="aws-fsbp\nalexandria-module-standards",
        environment="production",
        fail_on="critical",
        outputs="json=a.json\nmarkdown=b.md",
        arguments="--posture",
        version="9.9.9",
    )
    assert done.returncode == 0, done.stderr
    assert job.file("notes") == "alexandria-scan==9.9.9\n"
    made = yaml.safe_load(job.file("workspace/a.json"))
    assert made["scanned"]["modules"] == ["modules/a", "with a blank"]
    assert {one["name"] for one in made["standards"]} == {"alexandria-module-standards", "aws-fsbp"}
    assert {one["environment"] for one in made["results"]} == {"production"}
    assert job.file("workspace/b.md").startswith("<!-- alexandria-scan: report -->")


def test_an_input_cannot_become_a_command(job: Job) -> None:
    evil = '$(touch pwned) `touch pwned`; touch pwned #"'
    for name in ("paths", "standard", "environment", "fail_on", "outputs", "arguments"):
        assert act(job, **{name: evil}).returncode == 2
    assert act(job, paths="--version").returncode == 2, "a path is no option either"
    assert not list(job.folder.rglob("pwned"))


def test_wrong_use_leaves_no_sarif_of_an_earlier_run(job: Job) -> None:
    act(job, paths="modules")
    (job.folder / "output").unlink()
    assert act(job, paths="nowhere").returncode == 2
    assert job.file("output") == "exit-status=2\n"


def test_the_upload_follows_a_scan_that_fails() -> None:
    upload = ACTION["runs"]["steps"][-1]
    assert upload["uses"].startswith("github/codeql-action/upload-sarif@")
    assert upload["if"].startswith("${{ !cancelled() &&")


def component(**inputs: str) -> Any:
    """The jobs of the component, with the inputs in their places."""
    head, _, body = COMPONENT.partition("\n---\n")
    declared = yaml.safe_load(head)["spec"]["inputs"]
    assert inputs.keys() <= {name.replace("-", "_") for name in declared}
    values = {name: inputs.get(name.replace("-", "_"), one["default"]) for name, one in declared.items()}
    for name, one in declared.items():
        assert values[name] in one.get("options", [values[name]])
    return yaml.safe_load(re.sub(r"\$\[\[ *inputs\.([\w-]+) *\]\]", lambda match: values[match[1]], body))


def test_the_component(job: Job) -> None:
    jobs = component(paths="modules", standard="aws-fsbp alexandria-module-standards", package="x@1")
    (scan,) = jobs.values()
    done = job.bash("\n".join(scan["script"]), scan["variables"], "-eo", "pipefail")
    assert done.returncode == 1, done.stderr
    assert job.file("notes") == "x@1\n"
    reports = scan["artifacts"]["reports"]
    assert yaml.safe_load(job.file(f"workspace/{reports['codequality']}"))[0]["location"]["path"] == "modules/a/main.tf"
    assert job.file(f"workspace/{reports['junit']}").startswith("<?xml ")
    for path in scan["artifacts"]["paths"]:
        made = yaml.safe_load(job.file(f"workspace/{path}"))
        assert {one["name"] for one in made["standards"]} == {"alexandria-module-standards", "aws-fsbp"}


def test_the_component_takes_a_threshold_and_an_environment(job: Job) -> None:
    (scan,) = component(fail_on="never", environment="staging", job_name="mine").values()
    done = job.bash("\n".join(scan["script"]), scan["variables"], "-eo", "pipefail")
    assert done.returncode == 0, done.stderr
    results = yaml.safe_load(job.file("workspace/alexandria-scan.json"))["results"]
    assert {one["environment"] for one in results} == {"staging"}


def test_the_plain_script(job: Job) -> None:
    script = (ROOT / "ci" / "scan.sh").read_text(encoding="utf-8")
    done = subprocess.run(
        ["sh", "-c", script, "scan.sh", "modules"],
        cwd=job.folder / "workspace",
        env={**job.variables, "PACKAGE": "x"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    made = sorted(path.name for path in (job.folder / "workspace" / "reports").iterdir())
    assert made == ["alexandria-scan.json", "alexandria-scan.md", "alexandria-scan.xml"]


def test_the_documentation_names_every_format_and_input() -> None:
    text = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    for name in FORMATS:
        assert f"| `{name}` |" in text
    for name in ACTION["inputs"]:
        assert f"| `{name}` |" in text
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert (ROOT / "docs" / link).exists(), link
