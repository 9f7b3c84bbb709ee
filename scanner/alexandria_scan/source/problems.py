"""Problems: what could not be read, resolved or run. The scan goes on, and is incomplete."""

from __future__ import annotations

import msgspec


class Problem(msgspec.Struct, frozen=True, order=True):
    """`severity` is "error" (the scan is incomplete) or "warning". Line and column count from 1; 0: none known.

    `help` is a way out, one sentence, or "".
    """

    file: str
    line: int
    column: int
    summary: str
    detail: str = ""
    severity: str = "error"
    help: str = ""
