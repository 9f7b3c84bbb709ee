"""The options that several commands have in common."""

from __future__ import annotations

import argparse
import os
from typing import Any

from alexandria_scan.days import day_of
from alexandria_scan.report import FORMATS


def scanned(parser: argparse.ArgumentParser) -> None:
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
    inputs(parser)
    policy_folders(parser)


def _acceptance(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--baseline", metavar="FILE", help="known findings (alexandria-scan.baseline.json, found upwards)"
    )
    parser.add_argument("--as-of", type=day, metavar="DATE", help="the day by which waivers expire (today)")


def inputs(parser: argparse.ArgumentParser) -> None:
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


def policy_folders(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--policies",
        action="append",
        default=[],
        metavar="DIR",
        help="a folder of policies of your own; repeatable",
    )
    parser.add_argument("--no-python-policies", action="store_true", help="refuse policies with Python code")


def formats(parser: argparse.ArgumentParser) -> None:
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


def text_report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-v", "--verbose", action="store_true", help="show everything that is folded")
    parser.add_argument("-q", "--quiet", action="store_true", help="one line a finding")
    terminal(parser, "the text report")


def terminal(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument("--color", choices=["auto", "always", "never"], default="auto", help=f"colour in {what} (auto)")
    parser.add_argument("--width", type=int, metavar="COLUMNS", help=f"width of {what}")


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes, such as 2")
    return int(text)


def day(text: str) -> str:
    if day_of(text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2027-01-31")
    return text
