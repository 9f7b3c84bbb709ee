"""The command line: arguments in, exit status out. Start-up is sacred, so each command imports what it needs itself."""

from __future__ import annotations

import errno
import gc
import os
import sys
from typing import TYPE_CHECKING, Any

from alexandria_scan import __version__

if TYPE_CHECKING:
    import argparse

OK, FINDINGS, USAGE, INCOMPLETE, INTERRUPTED = 0, 1, 2, 3, 130
COMMANDS = ("scan", "policies", "promote", "evaluate", "explain", "diff", "report", "baseline", "init")


def main(arguments: list[str] | None = None) -> int:
    """Runs a command. Returns the exit status; nothing is raised to the user."""
    given = sys.argv[1:] if arguments is None else arguments
    if given == ["--version"]:
        print(f"alexandria-scan {__version__}")
        return OK
    try:
        from alexandria_scan.deep_stack import with_deep_stack

        return with_deep_stack(lambda: _run(given))
    except KeyboardInterrupt:
        print("\nalexandria-scan: interrupted, so there is no result.", file=sys.stderr, flush=True)
        return INTERRUPTED
    except BrokenPipeError:
        # whoever read our output has gone: nothing to tell, and nothing that Python should try to flush at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except MemoryError:
        _refuse("there is not enough memory for this.", "Give it more, scan fewer folders at once, or use --jobs 1.")
        return INCOMPLETE
    except Exception as error:
        if os.environ.get("ALEXANDRIA_SCAN_DEBUG"):
            raise
        if isinstance(error, FileNotFoundError) and error.filename is None:
            return _refuse("the working directory does not exist any more.", "Change to a folder that exists.")
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            return _refuse(f"output cannot be written: {error.strerror}.", "Is the disk full?")
        return _refuse(
            f"internal error: {type(error).__name__}: {error}",
            "This is a fault of the scanner, please report it; ALEXANDRIA_SCAN_DEBUG=1 shows where it happened.",
        )


def _scanning(parser: argparse.ArgumentParser, words: list[str]) -> argparse.Namespace:
    """The options of a scan. Paths may stand between them, as pre-commit puts the names of files behind the options;
    what follows "--" is a path whatever it looks like, which parse_intermixed_args forgets."""
    end = words.index("--") if "--" in words else len(words)
    options = parser.parse_intermixed_args(words[:end])
    options.paths = [*options.paths, *words[end + 1 :]]
    return options


def _run(given: list[str]) -> int:
    from alexandria_scan.arguments import parser_for

    command = given[0] if given and given[0] in COMMANDS else "scan"
    parser = parser_for(command)
    words = given[1:] if given[:1] == [command] else given
    options = _scanning(parser, words) if command in ("scan", "baseline") else parser.parse_args(words)
    gc.freeze()  # nothing that a command makes is garbage before its end
    gc.disable()
    _import_msgspec()
    from alexandria_scan.bundled import MissingContent
    from alexandria_scan.policy.manifest import PolicyError
    from alexandria_scan.usage import UsageError

    try:
        if command == "policies":
            from alexandria_scan.commands.policies import run_policies

            return run_policies(options)
        if command == "evaluate":
            from alexandria_scan.commands.evaluate import run_evaluate

            return run_evaluate(options)
        if command == "promote":
            from alexandria_scan.commands.promote import run_promote

            return run_promote(options)
        if command == "explain":
            from alexandria_scan.commands.explain import run_explain

            return run_explain(options)
        if command == "report":
            from alexandria_scan.commands.report import run_report

            return run_report(options)
        if command == "baseline":
            from alexandria_scan.commands.baseline import run_baseline

            return run_baseline(options)
        if command == "diff":
            from alexandria_scan.commands.diff import run_diff

            return run_diff(options)
        if command == "init":
            from alexandria_scan.commands.init import run_init

            return run_init(options)
        from alexandria_scan.commands.scan import run_scan

        return run_scan(options)
    except UsageError as error:
        return _refuse(str(error), error.help)
    except PolicyError as error:
        return _refuse(str(error), error.help)
    except MissingContent as error:
        return _refuse(str(error), "")


def _import_msgspec() -> None:
    """Imports msgspec without what it asks for and we do not use, which takes twice as long to import: all that
    typing_extensions has and typing lacks, textwrap for JSON schemas, and platform, of which uuid wants to know whether
    this is Linux (since Python 3.13 it asks `sys`)."""
    module = type(sys)
    stand_ins: dict[str, Any] = {"typing_extensions": None, "textwrap": module("textwrap")}  # None: not to be had
    stand_ins["textwrap"].__getattr__ = _of_textwrap
    if sys.platform == "linux":
        stand_ins["platform"] = module("platform")
        stand_ins["platform"].system = lambda: "Linux"
    stand_ins = {name: stand_in for name, stand_in in stand_ins.items() if name not in sys.modules}
    sys.modules |= stand_ins
    try:
        import msgspec  # noqa: F401 (so that it is there for all who import it)
    finally:
        for name in stand_ins:
            del sys.modules[name]


def _of_textwrap(name: str) -> Any:
    import textwrap

    return getattr(textwrap, name)


def _refuse(message: str, help_: str) -> int:
    from alexandria_scan.report.words import printable  # a message may quote a file

    lines = [f"alexandria-scan: {message}", *([f"  {help_}"] if help_ else [])]
    for line in "\n".join(lines).split("\n"):
        print(printable(line), file=sys.stderr)
    return USAGE
