"""One module a format: a result in, text out. A format is imported when a report in it is asked for."""

from __future__ import annotations

FORMATS: dict[str, str] = {
    "text": "alexandria_scan.report.text",
    "json": "alexandria_scan.report.json_report",
    "markdown": "alexandria_scan.report.markdown",
    "sarif": "alexandria_scan.report.sarif",
    "junit": "alexandria_scan.report.junit",
    "github": "alexandria_scan.report.github",
    "gitlab": "alexandria_scan.report.gitlab",
    "csv": "alexandria_scan.report.csv_report",
    "html": "alexandria_scan.report.html",
    "oscal": "alexandria_scan.report.oscal",
}
"""Name of a format -> the module whose `render(result)` writes it. See `importlib.import_module`."""
