"""What the user asked for and cannot have."""

from __future__ import annotations


class UsageError(ValueError):
    """The scan was asked for something that cannot be done. `help` is the way out."""

    def __init__(self, message: str, help_: str = "") -> None:
        super().__init__(message)
        self.help = help_
