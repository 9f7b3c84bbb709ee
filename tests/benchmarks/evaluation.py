"""How time and memory of a scan grow: copies of a module, instances, resources of a plan. Asserts nothing.

    python tests/benchmarks/evaluation.py [RUNS]

Each run is a process of its own that judges alone (`--jobs 1`); the least processor time of several counts, which other
programs on the machine disturb least. An exponent of 1 means that the cost is proportional to the number of copies;
start-up, measured by scanning next to nothing, is taken off before it is fitted.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
DATABASE = ROOT / "fixtures/modules/us-15-03/modules/rds"
PLAN = ROOT / "fixtures/plans/us-15-03-production/plan.json"
COPIES = (1, 4, 16, 64)
RESOURCES = (2500, 5000, 10_000)
ALONE = ("--no-cache", "--jobs", "1")
NOTHING = 'variable "nothing" {\n  type        = string\n  description = "Nothing"\n}\n'
CALL = """\
module "database_{n}" {{
  source                     = "{source}"
  project                    = "project{n}"
  environment                = "production"
  vpc_id                     = "vpc-{n}"
  database_subnet_ids        = ["subnet-a{n}", "subnet-b{n}"]
  allowed_security_group_ids = ["sg-{n}"]
}}
"""


class Run(NamedTuple):
    """Seconds of processor time, peak memory in MB, exit status."""

    seconds: float
    memory: float
    status: int


def measured(*arguments: str | Path) -> Run:
    process = subprocess.Popen(
        [sys.executable, "-m", "alexandria_scan", *arguments, *(ALONE if arguments[0] == "scan" else ())],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "scanner")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is in bytes there, in kilobytes elsewhere
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6, process.returncode)


def best(runs: int, *arguments: str | Path) -> Run:
    found = [measured(*arguments) for _ in range(runs)]
    return min(found)


def exponent(sizes: tuple[int, ...], costs: list[float]) -> float:
    """The slope of a straight line through the logarithms: cost grows as size to that power."""
    points = [(math.log(size), math.log(max(cost, 1e-6))) for size, cost in zip(sizes, costs, strict=True)]
    middle = sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)
    rise = sum((x - middle[0]) * (y - middle[1]) for x, y in points)
    return rise / sum((x - middle[0]) ** 2 for x, _ in points)


def folder(top: Path, name: str, text: str) -> Path:
    path = top / name
    path.mkdir()
    (path / "main.tf").write_text(text)
    (path / ".git").mkdir()
    return path


def called(top: Path, copies: int) -> Path:
    """A root that calls one module so many times."""
    path = folder(top, f"called-{copies}", "".join(CALL.format(n=n, source="./database") for n in range(copies)))
    shutil.copytree(DATABASE, path / "database", ignore=shutil.ignore_patterns("examples", "tests"))
    return path


def copied(top: Path, copies: int) -> Path:
    """A root that calls so many copies of a module once each."""
    path = folder(top, f"copied-{copies}", "".join(CALL.format(n=n, source=f"./{n}") for n in range(copies)))
    for n in range(copies):
        shutil.copytree(DATABASE, path / str(n), ignore=shutil.ignore_patterns("examples", "tests"))
    return path


def growth(runs: int, top: Path, command: str, title: str, make: Callable[[Path, int], Path], start: Run) -> None:
    found = [best(runs, command, make(top, copies)) for copies in COPIES]
    for copies, run in zip(COPIES, found, strict=True):
        print(f"{command:9}{title:10} {copies:4} {run.seconds:8.3f} s {run.memory:6.0f} MB   exit {run.status}")
    times = exponent(COPIES, [run.seconds - start.seconds for run in found])
    memory = exponent(COPIES, [run.memory - start.memory for run in found])
    print(f"{'':19} exponent {times:.2f} of time, {memory:.2f} of memory\n")


def instances(count: int) -> str:
    return (
        f'locals {{\n  sizes = [for n in range(1000) : n + 10]\n}}\nresource "aws_ebs_volume" "many" {{\n'
        f'  count             = {count}\n  availability_zone = "eu-west-1${{count.index % 2 == 0 ? "a" : "b"}}"\n'
        "  size              = local.sizes[count.index % 1000]\n  encrypted         = count.index % 3 == 0\n"
        '  tags              = merge({ Name = "v-${count.index}" }, count.index > 500 ? { Late = "yes" } : {})\n}\n'
    )


def plan(resources: int) -> Iterator[bytes]:
    """A plan of so many resources, in pieces: those of a real plan over and over, in instances of its module."""
    real: dict[str, Any] = json.loads(PLAN.read_bytes())
    head = {
        key: value for key, value in real.items() if key not in ("resource_changes", "planned_values", "prior_state")
    }
    yield json.dumps(head).encode()[:-1] + b', "resource_changes": ['
    changes = [change for change in real["resource_changes"] if change["mode"] == "managed"]
    for number in range(resources):
        change = changes[number % len(changes)]
        instance = f"module.database[{number // len(changes)}]"
        moved = {key: change[key].replace("module.database", instance, 1) for key in ("address", "module_address")}
        yield (b"," if number else b"") + json.dumps({**change, **moved}).encode()
    yield b"]}"


def plans(runs: int, top: Path, start: Run) -> None:
    sample = sum(map(len, plan(1000))) / 1000
    one = ("--policy", "aws_db_instance_unencrypted")
    scanned_plan(runs, top, 10_000, "one policy", *one)
    found = [scanned_plan(runs, top, resources, "every policy") for resources in RESOURCES]
    times = exponent(RESOURCES, [run.seconds - start.seconds for run in found])
    memory = exponent(RESOURCES, [run.memory - start.memory for run in found])
    print(f"{'':19} exponent {times:.2f} of time, {memory:.2f} of memory\n")
    scanned_plan(runs, top, round(100e6 / sample), "one policy", *one)


def scanned_plan(runs: int, top: Path, resources: int, what: str, *options: str) -> Run:
    path = top / f"{resources}.json"
    with path.open("wb") as file:
        file.writelines(plan(resources))
    size = path.stat().st_size / 1e6
    found = best(runs, "scan", path, "--format", "json", *options)
    path.unlink()
    print(
        f"plan of {resources:6} resources {size:6.1f} MB  {what:13} {found.seconds:7.2f} s {found.memory:6.0f} MB,"
        f" {found.memory / size:.2f} times its size   exit {found.status}"
    )
    return found


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors, best of {runs} runs\n")
    with tempfile.TemporaryDirectory(prefix="alexandria-scan-benchmark-") as name:
        top = Path(name)
        nothing = folder(top, "nothing", NOTHING)
        for command in ("scan", "evaluate"):
            start = best(runs, command, nothing)
            print(f"{command:9}nothing         {start.seconds:8.3f} s {start.memory:6.0f} MB")
            for title, make in (("called", called), ("copied", copied)):
                work = top / f"{command}-{title}"
                work.mkdir()
                growth(runs, work, command, title, make, start)
        for count in (1000, 10_000):
            many = folder(top, f"count-{count}", instances(count))
            for command in ("scan", "evaluate"):
                run = best(runs, command, many)
                print(f"{command:9}count = {count:<7} {run.seconds:8.3f} s {run.memory:6.0f} MB   exit {run.status}")
        print()
        plans(runs, top, start)
    return 0


if __name__ == "__main__":
    sys.exit(main())
