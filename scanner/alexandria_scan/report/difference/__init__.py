"""Reports of a comparison, one module a format. A format is imported when a report in it is asked for."""

from __future__ import annotations

FORMATS: dict[str, str] = {
    "text": "alexandria_scan.report.difference.text",
    "json": "alexandria_scan.report.difference.json_report",
    "markdown": "alexandria_scan.report.difference.markdown",
}
"""Name of a format -> the module whose `render(difference)` writes it."""
