"""The arguments of each command."""

from __future__ import annotations

import argparse
from typing import Any

from alexandria_scan import __version__

_SCAN_HELP = """\
Scans Terraform modules, roots, whole libraries and plan JSON, and prints how far they comply.

  alexandria-scan ./modules                      every module below a folder
  alexandria-scan environments/prod --environment production
  terraform show -json tfplan | alexandria-scan -
  alexandria-scan policies list                  what is checked
  alexandria-scan evaluate PATH                  the evaluated configuration as plan JSON
  alexandria-scan explain ADDRESS.ATTRIBUTE PATH where a value comes from
  alexandria-scan diff OLD NEW                   what changed for callers, and the version bump it calls for
  alexandria-scan init module NAME               a new module that keeps the standards
"""
_EXIT_HELP = """\
exit status: 0 clean; 1 findings at or above --fail-on; 2 wrong use or nothing to scan;
3 incomplete (something did not parse, resolve or run), unless --allow-incomplete
"""
_DIFF_HELP = """\
Compares two versions of a module, or of each module of a library: inputs, outputs, required versions and resource
addresses. Says which version bump the changes call for, and which policies do not pass any more.

  alexandria-scan diff ../released .             two folders
  alexandria-scan diff git:v1.2.0 .              this folder as it was at a tag, and as it is
  alexandria-scan diff git:v1.2.0:modules/vpc git:main:modules/vpc
  alexandria-scan diff --since v1.2.0 modules    in CI: what a release would have to be
"""
_DIFF_EXIT_HELP = """\
exit status: 0 the bump is enough; 1 it is too small; 2 wrong use; 3 incomplete (something could not be read, or no
version is known)
"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        self.exit(2, f"alexandria-scan: {message}\n  Try: {self.prog} --help\n")


def parser_for(command: str) -> argparse.ArgumentParser:
    """The parser of one command."""
    name = "alexandria-scan" if command == "scan" else f"alexandria-scan {command}"
    parser = _Parser(prog=name, formatter_class=argparse.RawDescriptionHelpFormatter)
    {
        "scan": _scan,
        "policies": _policies,
        "evaluate": _evaluate,
        "explain": _explain,
        "diff": _diff,
        "init": _init,
    }[command](parser)
    return parser


def _scan(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = _SCAN_HELP, _EXIT_HELP
    parser.add_argument("paths", nargs="*", metavar="PATH", default=["."],
                        help="a folder, a plan in JSON, or - for a plan on standard input")  # fmt: skip
    parser.add_argument("--version", action="version", version=f"alexandria-scan {__version__}")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="what to print (text)")
    parser.add_argument(
        "--output",
        action="append",
        default=[],
        metavar="FORMAT=FILE",
        help="write a report to a file as well; repeatable",
    )
    parser.add_argument(
        "--standard",
        action="append",
        default=[],
        metavar="NAME",
        help="limit the scan to a standard; repeatable",
    )
    parser.add_argument("--policy", action="append", default=[], metavar="ID", help="run this policy only; repeatable")
    parser.add_argument(
        "--environment", metavar="NAME", help="development, staging or production: which thresholds apply"
    )
    parser.add_argument(
        "--fail-on",
        choices=["critical", "high", "medium", "low", "info", "never"],
        help="lowest severity that fails the scan (low)",
    )
    parser.add_argument(
        "--allow-incomplete", action="store_true", help="do not fail because something could not be read"
    )
    parser.add_argument(
        "--posture", action="store_true", help="for library modules: what callers can get, and which inputs decide"
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="show everything that is folded")
    parser.add_argument("-q", "--quiet", action="store_true", help="one line a finding")
    parser.add_argument(
        "--color",
        choices=["auto", "always", "never"],
        default="auto",
        help="colour in the text report (auto)",
    )
    parser.add_argument("--width", type=int, metavar="COLUMNS", help="width of the text report")
    parser.add_argument("--config", metavar="FILE", help="configuration file (alexandria-scan.yaml, found upwards)")
    parser.add_argument(
        "--source", metavar="DIR", help="the source of the plan, so that findings point at file and line"
    )
    _inputs(parser)
    _policy_folders(parser)


def _inputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--var",
        dest="inputs",
        action=_Input,
        kind="var",
        metavar="NAME=VALUE",
        help="value of a variable; repeatable",
    )
    parser.add_argument(
        "--var-file",
        dest="inputs",
        action=_Input,
        kind="file",
        metavar="FILE",
        help="file of variable values; repeatable",
    )
    parser.add_argument("--workspace", default=None, metavar="NAME", help="value of terraform.workspace (default)")


class _Input(argparse.Action):
    """Keeps --var and --var-file in the order of the command line, which is that of their precedence."""

    def __init__(self, option_strings: list[str], dest: str, kind: str, **options: Any) -> None:
        super().__init__(option_strings, dest, default=(), **options)
        self.kind = kind

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, value: Any, option: Any = None
    ) -> None:
        if self.kind == "var" and "=" not in value:
            parser.error(f"--var takes NAME=VALUE, not {value!r}")
        namespace.inputs = (*(namespace.inputs or ()), (self.kind, value))


def _policy_folders(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--policies",
        action="append",
        default=[],
        metavar="DIR",
        help="a folder of policies of your own; repeatable",
    )
    parser.add_argument("--no-python-policies", action="store_true", help="refuse policies with Python code")


def _policies(parser: argparse.ArgumentParser) -> None:
    parser.description = "The catalogue: all policies, one policy, or a test of a folder of policies."
    parser.add_argument("action", nargs="?", choices=["list", "show", "test"], default="list")
    parser.add_argument("subject", nargs="?", metavar="ID or DIR", help="the policy to show, or the folder to test")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.add_argument("--fixtures", metavar="DIR", help="where the fixtures are (DIR/fixtures)")
    _policy_folders(parser)


def _evaluate(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Prints the evaluated configuration in the form of terraform show -json: a plan without providers,\n"
        "credentials or state. Sensitive values stand in it as they do in Terraform's own."
    )
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="the root's folder")
    _inputs(parser)


def _explain(parser: argparse.ArgumentParser) -> None:
    parser.description = "Shows a value and the places that it came from; for an unknown, what would have to be known."
    parser.add_argument(
        "address",
        metavar="ADDRESS[.ATTRIBUTE]",
        help="aws_rds_cluster.main.storage_encrypted, var.x, local.y, module.m.output",
    )
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="the root's folder")
    _inputs(parser)


def _diff(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = _DIFF_HELP, _DIFF_EXIT_HELP
    parser.add_argument("paths", nargs="*", metavar="PATH", help="OLD and NEW: folders, git:REF or git:REF:PATH")
    parser.add_argument("--since", metavar="REF", help="compare PATH (the working directory) with what it was at REF")
    parser.add_argument("--old-version", metavar="VERSION", help="version of OLD (its metadata, change log or tag)")
    parser.add_argument("--new-version", metavar="VERSION", help="version of NEW (its metadata, change log or tag)")
    parser.add_argument("--format", choices=["text", "json", "markdown"], default="text", help="what to print (text)")
    parser.add_argument(
        "--color", choices=["auto", "always", "never"], default="auto", help="colour in the text (auto)"
    )
    parser.add_argument("--width", type=int, metavar="COLUMNS", help="width of the text")
    parser.add_argument("-v", "--verbose", action="store_true", help="show everything that is folded")


def _init(parser: argparse.ArgumentParser) -> None:
    parser.description = "Writes what a new module or library starts with."
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    module = actions.add_parser("module", help="a module that keeps every MUST of its first maturity level")
    module.add_argument("name", metavar="NAME", help="name of the module: lower case with hyphens")
    module.add_argument(
        "--category", required=True, metavar="CATEGORY[/SUB]", help="where it belongs, for example data/databases"
    )
    module.add_argument(
        "--tier", choices=["basic", "standard", "advanced"], default="standard", help="how much it can do (standard)"
    )
    module.add_argument("--dir", default=".", metavar="DIR", help="the folder to make the module's folder in")
