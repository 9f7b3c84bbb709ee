"""Days, as an option, a comment or a file names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


def day_of(text: str) -> date | None:
    """The day that a text such as 2027-01-31 is, else None."""
    from datetime import date  # most scans read none

    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None  # newer versions of Python read 20270131 as well


def iso_date(text: str) -> str | None:
    """The date, if the text is one (a time of day after it is left out), else None."""
    day = text[:10]
    return day if day_of(day) is not None and (len(text) == 10 or text[10] in "Tt ") else None
