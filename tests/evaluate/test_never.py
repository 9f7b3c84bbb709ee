"""What no configuration may bring about: a hang, a crash, more memory than is fair, or a look outside of the tree.

Each case is run as a user runs it, in a process of its own with little memory and little time.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import environment

MEMORY = 1_500_000_000
SECONDS = 30  # far more than any case takes, on a machine that is busy
INCOMPLETE = 3
POLICY = ("--policy", "variable_description_missing")
Files = Mapping[str, "str | bytes"]


def write(folder: Path, files: Files) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    """The exit status and all that was said."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "alexandria_scan", *arguments],
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        check=False,
        preexec_fn=limit,
    )
    said = (done.stdout + done.stderr).decode("utf-8", "backslashreplace")
    print(f"{time.monotonic() - started:.1f} s, exit status {done.returncode}\n{said[:2000]}")
    assert "Traceback" not in said
    assert done.returncode >= 0, "killed by a signal"
    assert len(said) < 200_000
    return done.returncode, said


def scan(folder: Path) -> tuple[int, str]:
    return run(folder, "scan", ".", *POLICY, "--width", "400")


def output(expression: str) -> str:
    """An expression where a scan asks for its value."""
    return f'resource "terraform_data" "x" {{\n  input = {expression}\n}}\noutput "x" {{\n  value = {expression}\n}}\n'


def nested(opening: str, closing: str, levels: int, inside: str = "1") -> str:
    return opening * levels + inside + closing * levels


# --- a problem, said in a sentence

DEEP = {
    "tuples": output(nested("[", "]", 10_000)),
    "objects": output(nested("{a=", "}", 10_000)),
    "parentheses": output(nested("(", ")", 10_000)),
    "calls": output(nested("abs(", ")", 10_000)),
    "templates": output(nested('"${', '}"', 10_000)),
    "conditionals": output("true ? " * 5_000 + "1" + " : 1" * 5_000),
    "negations": output("!" * 10_000 + "true"),
    "indexes": output(nested("local.a[", "]", 10_000)),
    "fors": output(nested("[for x in [1] : ", "]", 5_000)),
    "directives": output('"' + nested("%{ if true }", "%{ endif }", 5_000) + '"'),
    "blocks": "".join(f"{'  ' * 0}b{n} {{\n" for n in range(5_000)) + "}\n" * 5_000,
    "blocks of a resource": 'resource "terraform_data" "x" {\n' + nested("a {\n", "}\n", 5_000, "b = 1\n") + "}\n",
    "types": f'variable "x" {{\n  type = {nested("list(", ")", 10_000, "string")}\n  default = []\n}}\n',
    "object types": f'variable "x" {{\n  type = {nested("object({a=", "})", 10_000, "string")}\n  default = {{}}\n}}\n',
    "unclosed tuples": output("[" * 10_000),
    "unclosed blocks": "b {\n" * 10_000,
    "unclosed templates": output('"${' * 10_000),
}  # fmt: skip


@pytest.mark.parametrize("name", DEEP)
def test_deep_nesting_is_a_problem(name: str, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": DEEP[name]})
    status, said = scan(tmp_path)
    assert status == INCOMPLETE
    assert "main.tf" in said


def _fors(depth: int, width: int) -> str:
    """A `for` of a `for` of a `for`, each over `width` elements."""
    text = "1"
    for level in range(depth):
        text = f"[for x{level} in range({width}) : {text}]"
    return text


def _doubled(start: str, step: str, times: int) -> str:
    """Locals each of which is made of the one before; the last is asked for."""
    lines = [f"  a0 = {start}"] + [f"  a{n + 1} = {step.replace('@', f'local.a{n}')}" for n in range(times)]
    return "locals {\n" + "\n".join(lines) + "\n}\n" + output(f"local.a{times}")


YAML = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)
MERGES = "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {{x: *a{n - 1}, y: *a{n - 1}}}\n" for n in range(1, 60))

BOMBS = {
    "a huge range": output("range(1000000000)"),
    "a range of small steps": output("range(0, 1, 0.0000001)"),
    "for in for": output(_fors(10, 100)),
    "for in for, of objects": output(f"{{for k in range(1000) : k => {_fors(3, 1000)}}}"),
    "for in a template": output('"%{ for a in range(10000) }%{ for b in range(10000) }x%{ endfor }%{ endfor }"'),
    "for that keeps nothing": output("[for a in range(90000) : a if length([for b in range(90000) : b]) == 1]"),
    "a splat of splats": _doubled("range(100)", "[for x in range(100) : @]", 6) + output("flatten(local.a6[*])"),
    "setproduct": output("setproduct(range(1000), range(1000), range(1000))"),
    "setproduct of locals": _doubled("range(10)", "setproduct(@, @)", 6),
    "concat": _doubled("[1]", "concat(@, @)", 60),
    "flatten": _doubled("[1]", "flatten([@, @])", 60),
    "merge": _doubled("{ a = 1 }", '{ for k, v in merge(@, { for k, v in @ : "${k}x" => v }) : k => v }', 60),
    "text": _doubled('"xxxxxxxxxx"', '"${@}${@}"', 60),
    "text by format": _doubled('"xxxxxxxxxx"', 'format("%s%s", @, @)', 60),
    "text by join": _doubled('"xxxxxxxxxx"', 'join(@, [@, @])', 60),
    "text by replace": _doubled('"xxxxxxxxxx"', 'replace(@, "x", @)', 60),
    "text by jsonencode": _doubled('"\\"\\\\"', "jsonencode(@)", 60),
    "text by regex": _doubled('"xxxxxxxxxx"', 'replace(@, "/x/", "$0$0$0")', 60),
    "objects that share": _doubled("{ a = 1 }", "{ a = @, b = @ }", 60),
    "lists that share": _doubled("[1]", "[@, @]", 60),
    "lists that share, as text": _doubled("[1]", "[@, @]", 60).replace("= local.a60", "= jsonencode(local.a60)"),
    "lists that share, compared": _doubled("[1]", "[@, @]", 60).replace("= local.a60", "= local.a60 == [local.a60]"),
    "lists that share, converted": _doubled("[1]", "[@, @]", 60).replace("= local.a60", "= toset(local.a60)"),
    "lists that share, in a type": _doubled("[1]", "[@, @]", 60).replace("= local.a60", "= true ? local.a60 : []"),
    "wide format": output('format("%1000000000d", 1)'),
    "wide format of a star": output('format("%*d", 1000000000, 1)'),
    "formatlist": output('formatlist("%1000000d", range(100000))'),
    "join": output('join(join("", [for x in range(10000) : "xxxxxxxxxx"]), range(100000))'),
    "indent": output('indent(1000000000, "a\\nb")'),
    "an exponent": output("1e999999999"),
    "a power": output("pow(10, 999999999)"),
    "a power of powers": _doubled("10", "@ * @", 60),
    "a text that is a number": output('"1e999999999" * 1'),
    "parseint": output('parseint(join("", range(100000)), 10)'),
    "cidrsubnets": output('cidrsubnets("::/0", [for x in range(100000) : 64]...)'),
    "yaml aliases": {"main.tf": output('yamldecode(file("bomb.yaml"))'), "bomb.yaml": YAML},
    "yaml merges": {"main.tf": output('yamldecode(file("bomb.yaml"))'), "bomb.yaml": MERGES},
    "yaml nesting": {"main.tf": output('yamldecode(file("bomb.yaml"))'), "bomb.yaml": "[" * 100_000},
    "json nesting": {"main.tf": output('jsondecode(file("bomb.json"))'), "bomb.json": "[" * 100_000 + "]" * 100_000},
    "json objects": {
        "main.tf": output('jsondecode(file("bomb.json"))'),
        "bomb.json": '{"a":' * 100_000 + "1" + "}" * 100_000,
    },
    "csv": {
        "main.tf": output('csvdecode(file("bomb.csv"))'),
        "bomb.csv": ",".join(f"c{n}" for n in range(2000)) + "\n" + ("," * 1999 + "\n") * 4000,
    },
    "templatefile": {
        "main.tf": _doubled('"x"', 'templatefile("t.tpl", { a = @ })', 60),
        "t.tpl": "${a}${a}${a}${a}",
    },
    "templatefile of itself": {"main.tf": output('templatefile("t.tpl", {})'), "t.tpl": '${templatefile("t.tpl", {})}'},
    "a regex of repeats": output('regexall("(((a{1000}){1000}){1000}){1000}", "aaaa")'),
    "for_each over much": 'resource "terraform_data" "x" {\n  for_each = toset(range(0, 99999))\n}\n'
    + 'resource "terraform_data" "y" {\n  for_each = { for k in setproduct(range(300), range(300)) : join("-", k) => k }\n}\n',
    "count of much": 'resource "terraform_data" "x" {\n  count = 1000000000\n}\n',
    "count of modules": {
        "main.tf": 'module "m" {\n  source = "./m"\n  count = 1000000000\n}\n',
        "m/main.tf": output("1"),
    },
    "modules of modules": {
        "main.tf": 'module "m" {\n  source = "./m0"\n  count = 100\n}\n',
        **{f"m{n}/main.tf": f'module "m" {{\n  source = "../m{n + 1}"\n  count = 100\n}}\n' for n in range(9)},
        "m9/main.tf": output("1"),
    },
    "counted resources in counted modules": {
        "main.tf": 'module "m" {\n  source = "./m"\n  count = 40000\n}\n',
        "m/main.tf": 'resource "terraform_data" "x" {\n  count = 40000\n}\n',
    },
    "dynamic blocks": 'resource "aws_x" "x" {\n  dynamic "a" {\n    for_each = range(10000)\n    content {\n      dynamic "b" {'
    "\n        for_each = range(10000)\n        content {\n          c = 1\n        }\n      }\n    }\n  }\n}\n",
    "a cycle of locals": "locals {\n  a = local.b\n  b = local.c\n  c = local.a\n}\n" + output("local.a"),
    "a local of itself": "locals {\n  a = [local.a]\n}\n" + output("local.a"),
    "a cycle of modules": {
        "main.tf": 'module "a" {\n  source = "./a"\n}\n',
        "a/main.tf": 'module "b" {\n  source = "../b"\n}\n',
        "b/main.tf": 'module "a" {\n  source = "../a"\n}\n',
    },
    "a module of itself": 'module "a" {\n  source = "./"\n}\n',
    "a module of itself, many times": "".join(f'module "a{n}" {{\n  source = "./"\n}}\n' for n in range(100)),
    "300 modules deep": {
        **{f"m{n}/main.tf": f'module "m" {{\n  source = "../m{n + 1}"\n}}\n' for n in range(300)},
        "m300/main.tf": output("1"),
    },
    "json configuration": {"main.tf.json": '{"locals":' + '{"a":' * 100_000 + "1" + "}" * 100_001},
    "json variables": {"main.tf": 'variable "a" {}\n', "terraform.tfvars.json": '{"a":' + "[" * 100_000 + "]" * 100_000 + "}"},
    "variables": {"main.tf": 'variable "a" {}\n', "terraform.tfvars": "a = " + "[" * 100_000 + "]" * 100_000 + "\n"},
    "ten megabytes in a line": output('"' + "x" * 10_000_000 + '"'),
    "seven megabytes without an end": output('"' + "x" * 7_000_000),
    "seven megabytes of brackets": "a = " + "[" * 7_000_000,
    "invalid UTF-8": {"main.tf": b'output "x" {\n  value = "\xff\xfe"\n}\n'},
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_a_problem(name: str, tmp_path: Path) -> None:
    content = BOMBS[name]
    write(tmp_path, content if isinstance(content, dict) else {"main.tf": content})
    status, said = scan(tmp_path)
    assert status == INCOMPLETE
    assert "main.tf" in said
