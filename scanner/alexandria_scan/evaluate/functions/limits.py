"""How much a function may build: a scan never hangs, nor eats the machine's memory."""

from __future__ import annotations

from alexandria_scan.evaluate.errors import LimitExceeded

MAX_TEXT = 10_000_000
MAX_ELEMENTS = 100_000
MAX_WALK = 1_000_000


def limit_text(length: int) -> None:
    """Raises LimitExceeded if a text of `length` characters is more than a value may hold."""
    if length > MAX_TEXT:
        raise LimitExceeded("Value too large", f"The result would be a string of more than {MAX_TEXT} characters.")


def limit_elements(count: int) -> None:
    """Raises LimitExceeded if `count` elements are more than a function may make."""
    if count > MAX_ELEMENTS:
        raise LimitExceeded("Value too large", f"The result would have more than {MAX_ELEMENTS} elements.")
