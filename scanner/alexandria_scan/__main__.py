"""The program: `alexandria-scan`, or `python -m alexandria_scan`."""

from __future__ import annotations

import atexit
import os
import sys

from alexandria_scan.cli import INTERRUPTED, main


def run() -> int:
    """Runs the command that was given, and ends the process at once: to free what a scan has made, object by object,
    would take a tenth of its time. Returns the exit status where Python's own end has something to do: to stop what
    is still at work, to write down what a profiler or a debugger saw, or to tell that nobody takes the output."""
    status = main()
    if status == INTERRUPTED or sys.getprofile() is not None or sys.gettrace() is not None:
        return status
    try:
        atexit._run_exitfuncs()  # a policy may have asked for something
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):  # nobody takes it, or a policy has closed it
        return status
    os._exit(status)


if __name__ == "__main__":
    sys.exit(run())
