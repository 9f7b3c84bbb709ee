"""The arguments of each command."""

from __future__ import annotations

import argparse
import os
from typing import Any

from alexandria_scan import __version__
from alexandria_scan.report import FORMATS

_SCAN_HELP = """\
Scans Terraform modules, roots, whole libraries and plan JSON, and prints how far they comply.

  alexandria-scan ./modules                      every module below a folder
  alexandria-scan environments/prod --environment production
  terraform show -json tfplan | alexandria-scan -
  alexandria-scan policies list                  what is checked
  alexandria-scan promote MODULE --to beta       what a module lacks for a maturity level
  alexandria-scan evaluate PATH                  the evaluated configuration as plan JSON
  alexandria-scan explain ADDRESS.ATTRIBUTE PATH where a value comes from
  alexandria-scan diff OLD NEW                   what changed for callers, and the version bump it calls for
  alexandria-scan report RESULT.json --format F  another report from a saved result
  alexandria-scan baseline PATH                  records today's findings, so that only new ones fail
  alexandria-scan init                           writes alexandria-scan.yaml with every option explained
  alexandria-scan init module NAME               a new module that keeps the standards
"""
_REPORT_HELP = """\
Makes reports from saved results, without scanning again, and of several results one.

  alexandria-scan ./modules --format json > scan.json
  alexandria-scan report scan.json --format markdown
  alexandria-scan report staging.json production.json --output sarif=all.sarif
  alexandria-scan report network=network/scan.json data=data/scan.json     two repositories
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
    commands = {
        "scan": _scan, "policies": _policies, "promote": _promote, "evaluate": _evaluate, "explain": _explain,
        "diff": _diff, "report": _report, "baseline": _baseline, "init": _init,
    }  # fmt: skip
    commands[command](parser)
    return parser


def _scan(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = _SCAN_HELP, _EXIT_HELP
    parser.add_argument("--version", action="version", version=f"alexandria-scan {__version__}")
    _formats(parser)
    _scanned(parser)
    parser.add_argument(
        "--fail-on",
        choices=["critical", "high", "medium", "low", "info", "never"],
        help="lowest severity that fails the scan (low)",
    )
    parser.add_argument(
        "--posture", action="store_true", help="for library modules: what callers can get, and which inputs decide"
    )
    parser.add_argument("--no-baseline", action="store_true", help="judge as if there were no baseline")
    parser.add_argument("--show-config", action="store_true", help="print what is in force and where it is set")
    _text_report(parser)


def _scanned(parser: argparse.ArgumentParser) -> None:
    """What is scanned, and by which policies: the options that a scan and a baseline have in common."""
    parser.add_argument("paths", nargs="*", metavar="PATH", default=[],
                        help="a folder, a plan in JSON, - for a plan on standard input, or files: what these touch is "
                        "scanned, in the folders given beside them (paths of alexandria-scan.yaml, or .)")  # fmt: skip
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
        "--allow-incomplete", action="store_true", help="do not fail because something could not be read"
    )
    parser.add_argument(
        "--with-checkov", action="store_true", help="run Checkov's own checks as well (alexandria-scan[checkov])"
    )
    parser.add_argument(
        "--changed-since", metavar="REF", help="scan what is touched by the files that differ from a git reference"
    )
    _acceptance(parser)
    parser.add_argument("--no-cache", action="store_true", help="judge every module anew, and keep nothing of it")
    parser.add_argument(
        "--jobs", type=_count, metavar="N", help="judge modules in N processes (as many as there are cores)"
    )
    parser.add_argument("--config", metavar="FILE", help="configuration file (alexandria-scan.yaml, found upwards)")
    parser.add_argument(
        "--source", metavar="DIR", help="the source of the plan, so that findings point at file and line"
    )
    _inputs(parser)
    _policy_folders(parser)


def _formats(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        choices=list(FORMATS),
        default="text",
        metavar="FORMAT",
        help=f"what to print: {', '.join(FORMATS)} (text)",
    )
    parser.add_argument(
        "--output",
        action="append",
        default=[],
        metavar="FORMAT=FILE",
        help="write a report to a file as well; repeatable",
    )
    parser.add_argument(
        "--history", metavar="DIR", help="earlier results of --format json, for the trend in the html report"
    )


def _text_report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-v", "--verbose", action="store_true", help="show everything that is folded")
    parser.add_argument("-q", "--quiet", action="store_true", help="one line a finding")
    parser.add_argument(
        "--color",
        choices=["auto", "always", "never"],
        default="auto",
        help="colour in the text report (auto)",
    )
    parser.add_argument("--width", type=int, metavar="COLUMNS", help="width of the text report")


def _report(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = _REPORT_HELP, _EXIT_HELP
    parser.add_argument("results", nargs="+", metavar="[NAME=]FILE",
                        help="a result that --format json wrote, or - for one on standard input; NAME is put before "
                        "its paths")  # fmt: skip
    _formats(parser)
    parser.add_argument(
        "--fail-on",
        choices=["critical", "high", "medium", "low", "info", "never"],
        help="lowest severity that fails the result (that of the scan; of several scans the lowest)",
    )
    parser.add_argument("--as-of", type=_day, metavar="DATE", help="the day of a result that does not say its own")
    _text_report(parser)


def _acceptance(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--baseline", metavar="FILE", help="known findings (alexandria-scan.baseline.json, found upwards)"
    )
    parser.add_argument("--as-of", type=_day, metavar="DATE", help="the day by which waivers expire (today)")


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes, such as 2")
    return int(text)


def _day(text: str) -> str:
    from datetime import date

    try:
        day = date.fromisoformat(text).isoformat()
    except ValueError:
        day = ""
    if day != text:  # newer versions of Python read 20270131 as well
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2027-01-31")
    return day


def _baseline(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Writes down the findings of a scan, so that a scan fails on new ones only. A file that is there gets shorter\n"
        "where findings are fixed, and no longer. Give it the paths and options of the scan."
    )
    parser.add_argument("--add", action="store_true", help="add the findings that are new")
    _scanned(parser)
    parser.set_defaults(fail_on=None, posture=False, no_baseline=False, quiet=False)


def _init(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Writes alexandria-scan.yaml with every option explained, the entry for pre-commit and a job for CI; or, with\n"
        "module NAME, a new module. Nothing that is there is overwritten."
    )
    parser.usage = (
        "alexandria-scan init [-h] [--dir DIR]\n"
        "       alexandria-scan init module NAME --category CATEGORY[/SUB] [--tier TIER] [--dir DIR]"
    )
    parser.add_argument("--dir", default=".", metavar="DIR", help="the folder of the repository")
    actions = parser.add_subparsers(dest="action", metavar="module", prog="alexandria-scan init")
    module = actions.add_parser("module", help="a module that keeps every MUST of its first maturity level")
    module.add_argument("name", metavar="NAME", help="name of the module: lower case with hyphens")
    module.add_argument(
        "--category", required=True, metavar="CATEGORY[/SUB]", help="where it belongs, for example data/databases"
    )
    module.add_argument(
        "--tier", choices=["basic", "standard", "advanced"], default="standard", help="how much it can do (standard)"
    )
    module.add_argument(
        "--dir", default=argparse.SUPPRESS, metavar="DIR", help="the folder to make the module's folder in (.)"
    )


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
        name, sign, _ = value.partition("=")
        if self.kind == "var" and (not sign or not name or name != name.strip()):
            parser.error(f"--var takes NAME=VALUE, not {value!r}")
        if self.kind == "file" and not os.path.isfile(value):  # noqa: PTH113 (says no, where Path may raise)
            parser.error(f"--var-file takes a file of variable values, and there is no file {value!r}")
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
    parser.description = "The catalogue: all policies, one policy, a test of a folder of policies, or an export."
    parser.add_argument("action", nargs="?", choices=["list", "show", "test", "export"], default="list")
    parser.add_argument("subject", nargs="?", metavar="ID or DIR", help="the policy to show, or the folder to test")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.add_argument("--checkov", metavar="DIR", help="export: write the policies as custom checks for Checkov")
    parser.add_argument("--fixtures", metavar="DIR", help="where the fixtures are (DIR/fixtures)")
    _policy_folders(parser)


_PROMOTE_HELP = """\
Holds a module, or every module of a library, against the maturity ladder: experimental, alpha, beta, stable, mature.

  alexandria-scan promote modules/vpc                        the next level after the one that it claims
  alexandria-scan promote modules/vpc --to stable --junit tests.xml --coverage coverage.json
  alexandria-scan promote modules                            a table: claimed, earned, missing for the next
"""
_PROMOTE_EXIT = """\
exit status: 0 the level is earned (a library: every module earns what it claims); 1 it is not; 2 wrong use
"""


def _promote(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = _PROMOTE_HELP, _PROMOTE_EXIT
    parser.add_argument("path", nargs="?", default=".", metavar="MODULE", help="the folder of a module or library")
    parser.add_argument(
        "--to", metavar="LEVEL", help="alpha, beta, stable, mature; deprecated, archived (the next one)"
    )
    parser.add_argument("--as-of", type=_day, metavar="DATE", help="the day to count days up to (today)")
    parser.add_argument("--verified-only", action="store_true", help="what only the metadata says does not count")
    parser.add_argument("--junit", metavar="FILE", help="results of tests, as terraform test -junit-xml writes them")
    parser.add_argument("--coverage", metavar="FILE", help="coverage: Cobertura XML, JSON of coverage.py, or lcov")
    parser.add_argument("--benchmark", metavar="FILE", help="measured numbers, a JSON object: deployment_time_seconds")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="what to print (text)")
    parser.add_argument("-v", "--verbose", action="store_true", help="every criterion, those that are met among them")
    parser.add_argument(
        "--color", choices=["auto", "always", "never"], default="auto", help="colour in the text (auto)"
    )
    parser.add_argument("--width", type=int, metavar="COLUMNS", help="width of the text")
    parser.add_argument("--config", metavar="FILE", help="configuration file (alexandria-scan.yaml, found upwards)")
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
