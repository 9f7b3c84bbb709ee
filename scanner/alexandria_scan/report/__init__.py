"""One module a format: a result in, text out. A format is imported when a report in it is asked for."""

from __future__ import annotations

FORMATS: dict[str, str] = {
    "text": "alexandria_scan.report.text",
    "json": "alexandria_scan.report.json_report",
}
"""Name of a format -> the module whose `render(result)` writes it. See `importlib.import_module`."""
