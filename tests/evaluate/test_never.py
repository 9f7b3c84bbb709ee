"""What no configuration may bring about: a hang, a crash, more memory than is fair, or a look outside of the tree.

Each case is run as a user runs it, in a process of its own with little memory and little time.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest

from alexandria_scan.evaluate.evaluation import Evaluation, Options
from alexandria_scan.evaluate.inputs import GivenInputs
from alexandria_scan.evaluate.values import Unknown
from alexandria_scan.source.disk import Answers
from alexandria_scan.source.folders import SourceTree
from tests.conftest import environment

MEMORY = 1_800_000_000  # of address space: 0.5 GB are a stack that is hardly used, and Python 3.10 has larger objects
SECONDS = 60  # of a processor, for each process: four times what any case takes
HANGS = 600  # seconds in which nothing comes, on however busy a machine
INCOMPLETE = 3
POLICY = ("--policy", "variable_description_missing")
Files: TypeAlias = Mapping[str, str | bytes]


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
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))

    done = subprocess.run(
        [sys.executable, "-m", "alexandria_scan", *arguments],
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=HANGS,
        check=False,
        preexec_fn=limit,
    )
    said = (done.stdout + done.stderr).decode("utf-8", "backslashreplace")
    print(f"exit status {done.returncode}\n{said[:2000]}")
    assert "Traceback" not in said
    assert done.returncode >= 0, "killed by a signal"
    return done.returncode, said


def scan(folder: Path) -> tuple[int, str]:
    return run(folder, "scan", ".", *POLICY, "--width", "400")


def evaluate(folder: Path) -> tuple[int, str]:
    """Everything is asked for, as a scan would only if a policy wanted to know it."""
    return run(folder, "evaluate", ".")


def output(expression: str) -> str:
    """An expression where a scan asks for its value."""
    return f'resource "terraform_data" "x" {{\n  input = {expression}\n}}\noutput "x" {{\n  value = {expression}\n}}\n'


# Terraform's range gives no more than 1024 elements; these are 48,400 pairs.
MANY = "setproduct(range(220), range(220))"
SOME = "setproduct(range(95), range(95))"


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

BOMBS: Mapping[str, str | Files] = {
    "a huge range": output("range(1000000000)"),
    "a range of small steps": output("range(0, 1, 0.0000001)"),
    "for in for": output(_fors(10, 100)),
    "for in for, of objects": output(f"{{for k in range(1000) : k => {_fors(3, 1000)}}}"),
    "for in a template": output(f'"%{{ for a in {MANY} }}%{{ for b in {MANY} }}x%{{ endfor }}%{{ endfor }}"'),
    "for that keeps nothing": output(f"[for a in {MANY} : a if length([for b in {MANY} : b]) == 1]"),
    "a splat of splats": _doubled("range(100)", "[for x in range(100) : @]", 6) + output("flatten(local.a6[*])"),
    "setproduct": output("setproduct(range(1000), range(1000), range(1000))"),
    "setproduct of locals": _doubled("range(10)", "setproduct(@, @)", 6),
    "concat": _doubled("[1]", "concat(@, @)", 60),
    "flatten": _doubled("[1]", "flatten([@, @])", 60),
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
    "text by join in for": _doubled('"xxxxxxxxxx"', 'join("", [for i in range(100) : @])', 10),
    "text by indent": _doubled('"a\\nb"', 'indent(1000, join("\\n", [@, @, @, @]))', 30),
    "nulls that share, compared": _doubled("[null]", "[@, @]", 60).replace("= local.a60", "= local.a60 == [local.a60]"),
    "errors within conditionals within errors": output(nested("true ? [1] : [", "]", 60, "[][0]")),
    "a precise format": output('format("%.1000000000f", 1.5)'),
    "wide format": output('format("%1000000000d", 1)'),
    "wide format of a star": output('format("%*d", 1000000000, 1)'),
    "formatlist": output(f'formatlist("%1000000d", [for pair in {MANY} : pair[0]])'),
    "join": output(f'join(join("", [for x in {SOME} : "xxxxxxxxxx"]), [for x in {MANY} : x[0]])'),
    "indent": output('indent(1000000000, "a\\nb")'),
    "an exponent": output("1e999999999"),
    "a power of powers": _doubled("10", "@ * @", 60),
    "a text that is a number": output('"1e999999999" * 1'),
    "parseint": output(f'parseint(join("", [for x in {MANY} : x[0]]), 10)'),
    "cidrsubnets": output(f'cidrsubnets("::/0", [for x in {MANY} : 64]...)'),
    "yaml aliases": {"main.tf": output('yamldecode(file("bomb.yaml"))'), "bomb.yaml": YAML},
    "yaml merges": {"main.tf": output('yamldecode(file("bomb.yaml"))'), "bomb.yaml": MERGES},
    "a yaml alias of itself": {"main.tf": output('yamldecode(file("bomb.yaml"))'), "bomb.yaml": "a: &a [*a]\n"},
    "a yaml merge of itself": {
        "main.tf": output('yamldecode(file("bomb.yaml"))'),
        "bomb.yaml": "a: &a\n  <<: *a\n  x: 1\n",
    },
    "a json number": {"main.tf": output('jsondecode(file("bomb.json"))'), "bomb.json": "9" * 1_000_000},
    "csv of quotes": {"main.tf": output('csvdecode(file("bomb.csv"))'), "bomb.csv": "a\n" + '"' * 1_000_001},
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
    "templates of for in for": {
        "main.tf": output('templatefile("t.tpl", { r = range(1000) })'),
        "t.tpl": nested("%{ for x in r }", "%{ endfor }", 4, "x"),
    },
    "templatefiles that call each other": {
        "main.tf": output('templatefile("a.tpl", {})'),
        "a.tpl": '${templatefile("b.tpl", {})}',
        "b.tpl": '${templatefile("a.tpl", {})}',
    },
    "a text that is its own template": 'locals {\n  t = "$${templatestring(t, { t = t })}"\n}\n'
    + output("templatestring(local.t, { t = local.t })"),
    "templatefile of itself": {"main.tf": output('templatefile("t.tpl", {})'), "t.tpl": '${templatefile("t.tpl", {})}'},
    "resources that share": 'resource "terraform_data" "r0" {\n  input = 1\n}\n'
    + "".join(
        f'resource "terraform_data" "r{n + 1}" {{\n  input = [terraform_data.r{n}, terraform_data.r{n}]\n}}\n'
        for n in range(60)
    )
    + output("terraform_data.r60"),
    "much in many instances": "locals {\n  a = [for x in setproduct(range(220), range(220)) : x]\n}\n"
    'resource "terraform_data" "x" {\n  count = 10000\n  input = local.a\n}\n',
    "modules that share": {
        "main.tf": 'module "m" {\n  source = "./m0"\n}\n' + output("module.m"),
        **{
            f"m{n}/main.tf": f'module "m" {{\n  source = "../m{n + 1}"\n}}\n'
            'output "a" {\n  value = [module.m, module.m]\n}\n'
            for n in range(40)
        },
        "m40/main.tf": 'output "a" {\n  value = 1\n}\n',
    },
    "a regex of repeats": output('regexall("(((a{1000}){1000}){1000}){1000}", "aa")'),
    "for_each over much": 'resource "terraform_data" "x" {\n  for_each = {'
    ' for k in setproduct(range(310), range(310)) : join("-", k) => k }\n}\n',
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
    "dynamic blocks": 'resource "aws_s3_bucket_lifecycle_configuration" "x" {\n  dynamic "rule" {\n    for_each = '
    + SOME
    + '\n    content {\n      dynamic "transition" {\n        for_each = '
    + SOME
    + "\n        content {\n          days = 1\n        }\n      }\n    }\n  }\n}\n",
    "a cycle of locals": "locals {\n  a = local.b\n  b = local.c\n  c = local.a\n}\n" + output("local.a"),
    "a local of itself": "locals {\n  a = [local.a]\n}\n" + output("local.a"),
    "a cycle of modules": {
        "main.tf": 'module "a" {\n  source = "./a"\n}\n',
        "a/main.tf": 'module "b" {\n  source = "../b"\n}\n',
        "b/main.tf": 'module "a" {\n  source = "../a"\n}\n',
    },
    "a module of itself": 'module "a" {\n  source = "./"\n}\n',
    "a module of itself with other arguments": {
        "main.tf": 'module "m" {\n  source = "./m"\n  n      = 1\n}\n',
        "m/main.tf": 'variable "n" {}\nmodule "a" {\n  source = "../m"\n  n      = var.n + 1\n}\n'
        'module "b" {\n  source = "./../m"\n  n      = var.n * 2\n}\n'
        'output "x" {\n  value = [module.a.x, module.b.x]\n}\n',
    },
    "a module of itself, many times": "".join(f'module "a{n}" {{\n  source = "./"\n}}\n' for n in range(100)),
    "300 modules deep": {
        "main.tf": 'module "m" {\n  source = "./m0"\n}\n',
        **{f"m{n}/main.tf": f'module "m" {{\n  source = "../m{n + 1}"\n}}\n' for n in range(300)},
        "m300/main.tf": output("1"),
    },
    "json configuration": {"main.tf.json": '{"locals":' + '{"a":' * 100_000 + "1" + "}" * 100_001},
    "json variables": {
        "main.tf": 'variable "a" {}\n',
        "terraform.tfvars.json": '{"a":' + "[" * 100_000 + "]" * 100_000 + "}",
    },
    "variables": {"main.tf": 'variable "a" {}\n', "terraform.tfvars": "a = " + "[" * 100_000 + "]" * 100_000 + "\n"},
    "ten megabytes in a line": output('"' + "x" * 10_000_000 + '"'),
    "seven megabytes without an end": output('"' + "x" * 7_000_000),
    "seven megabytes of brackets": "a = " + "[" * 7_000_000,
    "invalid UTF-8": {"main.tf": b'output "x" {\n  value = "\xff\xfe"\n}\n'},
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_a_problem(name: str, tmp_path: Path) -> None:
    content = BOMBS[name]
    write(tmp_path, {"main.tf": content} if isinstance(content, str) else content)
    status, said = evaluate(tmp_path)
    assert status == INCOMPLETE
    problems = [line for line in said.splitlines() if ": error: " in line]
    assert 1 <= len(problems) <= 100
    assert any(re.match(r"\S+:\d+:\d+: error: |\.: error: Too much to write", line) for line in problems), problems


LONG = {
    "a sum of 20,000 terms": (output(" + ".join(["1"] * 20_000)), "20000"),
    "a conjunction of 20,000 terms": (output(" && ".join(["true"] * 20_000)), "true"),
    "5,000 locals in a row": (
        "locals {\n  a0 = 1\n" + "".join(f"  a{n + 1} = local.a{n} + 1\n" for n in range(5_000)) + "}\n"
        + output("local.a5000"),
        "5001",
    ),
    "1,000 resources in a row": (
        'resource "terraform_data" "r0" {\n  input = 1\n}\n'
        + "".join(
            f'resource "terraform_data" "r{n + 1}" {{\n  input = terraform_data.r{n}.input\n}}\n' for n in range(1_000)
        )
        + output("terraform_data.r1000.input"),
        "1",
    ),
    "a list of 50,000": (output("length([" + ", ".join(["1"] * 50_000) + "])"), "50000"),
    "an object of 20,000": (output("length({" + ", ".join(f"k{n} = {n}" for n in range(20_000)) + "})"), "20000"),
    "a template of 5,000 parts": (output('length("' + "${1}" * 5_000 + '")'), "5000"),
    "100 levels of brackets": (output(f"length({nested('[', ']', 100)})"), "1"),
    "a regex that backtracks elsewhere": (output(f'length(regexall("(a+)+$", "{"a" * 5000}b"))'), "0"),
    "a regex of nested choices": (output(f'length(regexall("^(a|a)*$", "{"a" * 2000}b"))'), "0"),
    "many small evaluations": (output(f"length([for x in {MANY} : upper(lower(tostring(x[0])))])"), "48400"),
}  # fmt: skip


@pytest.mark.parametrize("name", LONG)
def test_what_is_long_but_honest_is_evaluated(name: str, tmp_path: Path) -> None:
    text, expected = LONG[name]
    write(tmp_path, {"main.tf": text})
    status, said = evaluate(tmp_path)
    assert status == 0
    assert f'"after": {expected}' in said


# --- nothing outside of the scanned tree is read

DESCRIBED = 'variable "a" {\n  description = "A"\n  type        = string\n}\n'
SECRET = "do-not-read-4711"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder to scan, beside which there are things that no scan may read."""
    write(
        tmp_path,
        {
            "outside/secret.txt": SECRET,
            "outside/main.tf": f'output "secret" {{\n  value = "{SECRET}"\n}}\n',
            "outside/secret.auto.tfvars": f'secret = "{SECRET}"\n',
            "outside/secret.json": f'{{"a": "{SECRET}"}}',
            "inside/main.tf": "",
        },
    )
    return tmp_path / "inside"


READERS = {
    "file": 'file("@")',
    "filebase64": 'filebase64("@")',
    "filemd5": 'filemd5("@")',
    "filesha256": 'filesha256("@")',
    "filebase64sha512": 'filebase64sha512("@")',
    "fileexists": 'fileexists("@")',
    "templatefile": 'templatefile("@", {})',
    "jsondecode": 'jsondecode(file("@"))',
}
WAYS: Mapping[str, Callable[[Path], str]] = {
    "absolute": lambda folder: str(folder.parent / "outside/secret.txt"),
    "parent": lambda folder: "../outside/secret.txt",
    "long way": lambda folder: "./x/../../outside/../outside/./secret.txt",
    "link": lambda folder: "link.txt",
    "link of a link": lambda folder: "link2.txt",
    "link of a folder": lambda folder: "folder/secret.txt",
    "password file": lambda folder: "/etc/passwd",
    "up and up": lambda folder: "../" * 30 + "etc/passwd",
    "home": lambda folder: "~/.bashrc",
    "processes": lambda folder: "/proc/self/environ",
    "path.module": lambda folder: "${path.module}/../outside/secret.txt",
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("reader", READERS)
def test_no_function_reads_outside_of_the_tree(reader: str, way: str, tree: Path) -> None:
    (tree / "link.txt").symlink_to("../outside/secret.txt")
    (tree / "link2.txt").symlink_to("link.txt")
    (tree / "folder").symlink_to("../outside")
    expression = READERS[reader].replace("@", WAYS[way](tree))
    (tree / "main.tf").write_text(f'output "x" {{\n  value = try({expression}, "tried")\n}}\n')
    evaluation = Evaluation(SourceTree(tree), Options(GivenInputs(environment=False)))
    root = evaluation.root(tree)
    assert root is not None
    value = root.output("x")
    assert isinstance(value, Unknown), f"reads {value!r}"
    (problem,) = evaluation.problems.values()
    assert problem.summary == "File outside the scanned folder"
    assert problem.line == 2
    assert SECRET not in str(problem)


@pytest.mark.parametrize(
    "expression",
    ['fileset("/", "**")', 'fileset("..", "**")', 'fileset("folder", "**")', 'fileset(".", "../outside/*")',
     'fileset(path.module, "../**")', 'fileset("/etc", "*")', 'fileset(".", "folder/*")', 'fileset(".", "**")'],
)  # fmt: skip
def test_no_pattern_finds_files_outside_of_the_tree(expression: str, tree: Path) -> None:
    (tree / "folder").symlink_to("../outside")
    (tree / "main.tf").write_text(f'output "x" {{\n  value = {expression}\n}}\n')
    source = SourceTree(tree)
    source.disk.answers = asked = Answers()
    evaluation = Evaluation(source, Options(GivenInputs(environment=False)))
    root = evaluation.root(tree)
    assert root is not None
    value = root.output("x")
    listed = [Path(question.split(" ", 2)[2]) for question in asked.said if question.startswith("entries ")]
    assert all(folder.is_relative_to(tree) for folder in listed), "what lies outside is not even looked through"
    assert isinstance(value, Unknown) or set(value) <= {"main.tf"}, f"finds {value!r}"


@pytest.mark.parametrize("pattern", ["*a" * 40 + "b", "{a,aa}" * 60 + "b", "{*a,*aa}" * 20 + "b"])
def test_a_pattern_of_many_choices_is_matched(pattern: str, tree: Path) -> None:
    write(tree, {"main.tf": output(f'fileset(".", "{pattern}")'), "a" * 200: ""})
    status, said = evaluate(tree)
    assert status == 0
    assert '"after": []' in said


LINKS: Mapping[str, tuple[str, str, str]] = {
    "a configuration file": ("linked.tf", "../outside/main.tf", ""),
    "a variable file": ("secret.auto.tfvars", "../outside/secret.auto.tfvars", 'variable "secret" {}\n'),
    "a module folder": ("module", "../outside", 'module "m" {\n  source = "./module"\n}\n'),
    "a configuration file in a circle": ("linked.tf", "linked.tf", ""),
    "a configuration file that is not there": ("linked.tf", "../nowhere.tf", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", LINKS)
def test_a_link_out_of_the_tree_is_a_problem(name: str, tree: Path) -> None:
    link, target, text = LINKS[name]
    (tree / link).symlink_to(target)
    (tree / "main.tf").write_text(text + 'output "x" {\n  value = 1\n}\n')
    for status, said in (scan(tree), evaluate(tree)):
        assert status == INCOMPLETE
        assert SECRET not in said
        assert link in said


def test_a_module_outside_of_the_tree_is_a_problem(tree: Path) -> None:
    (tree / "main.tf").write_text(
        'module "m" {\n  source = "../outside"\n}\noutput "x" {\n  value = module.m.secret\n}\n'
    )
    (tree / ".git").mkdir()
    for status, said in (scan(tree), evaluate(tree)):
        assert status == INCOMPLETE
        assert SECRET not in said
        assert "outside the scanned tree" in said


# --- strange files and folders


def test_a_pipe_is_not_waited_for(tree: Path) -> None:
    os.mkfifo(tree / "pipe.tf")
    os.mkfifo(tree / "pipe.auto.tfvars")
    os.mkfifo(tree / "pipe.txt")
    (tree / "main.tf").write_text('output "x" {\n  value = file("pipe.txt")\n}\n')
    for status, said in (scan(tree), evaluate(tree)):
        assert status == INCOMPLETE
        assert "pipe.tf" in said


def test_a_device_is_not_read(tree: Path) -> None:
    (tree / "zero.tf").symlink_to("/dev/zero")
    (tree / "main.tf").write_text('output "x" {\n  value = 1\n}\n')
    status, said = scan(tree)
    assert status == INCOMPLETE
    assert "zero.tf" in said


def test_a_folder_with_the_name_of_a_file_is_none(tree: Path) -> None:
    (tree / "folder.tf").mkdir()
    (tree / "terraform.tfvars").mkdir()
    (tree / "main.tf").write_text(DESCRIBED)
    status, _ = scan(tree)
    assert status == 0


def test_a_file_that_may_not_be_read_is_a_problem(tree: Path) -> None:
    (tree / "locked.tf").write_text("locals {}\n")
    (tree / "locked.tf").chmod(0)
    if os.access(tree / "locked.tf", os.R_OK):
        pytest.skip("this user may read every file, whatever its mode")
    status, said = scan(tree)
    assert status == INCOMPLETE
    assert "locked.tf" in said


def test_a_tree_of_thousands_of_folders_is_scanned(tree: Path) -> None:
    for number in range(5_000):
        write(tree, {f"{number // 100}/{number}/main.tf": DESCRIBED})
    status, said = run(tree, "scan", ".", *POLICY, "--quiet")
    assert status == 0
    assert len(said) < 2_000_000


def test_a_tree_of_very_deep_folders_is_scanned(tree: Path) -> None:
    deep = tree.joinpath(*["d"] * 500)
    write(deep, {"main.tf": DESCRIBED})
    status, _ = scan(tree)
    assert status == 0


def test_no_program_is_run_and_no_network_is_reached(tree: Path) -> None:
    (tree / "main.tf").write_text(
        'data "external" "x" {\n  program = ["touch", "touched"]\n}\n'
        'data "http" "x" {\n  url = "http://127.0.0.1:1/"\n}\n'
        'resource "null_resource" "x" {\n  provisioner "local-exec" {\n    command = "touch touched"\n  }\n}\n'
        'module "m" {\n  source = "git::https://127.0.0.1:1/x.git"\n}\n'
        'output "x" {\n  value = [data.external.x.result, data.http.x.response_body, module.m.x]\n}\n'
    )
    for status, _ in (scan(tree), evaluate(tree)):
        assert status in (0, INCOMPLETE)
    assert sorted(path.name for path in tree.iterdir()) == ["main.tf"]
