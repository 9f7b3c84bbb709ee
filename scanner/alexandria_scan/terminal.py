"""How wide the terminal is: shutil tells it too, but brings compression libraries with it at every start."""

from __future__ import annotations

import os

NO_TERMINAL_WIDTH = 100


def terminal_width() -> int:
    """The columns of the terminal that is written to: what COLUMNS says, else the terminal, else 100."""
    told = os.environ.get("COLUMNS", "")
    if told.isascii() and told.isdigit() and int(told) > 0:
        return int(told)
    try:
        return os.get_terminal_size().columns or NO_TERMINAL_WIDTH
    except OSError:  # no terminal
        return NO_TERMINAL_WIDTH
