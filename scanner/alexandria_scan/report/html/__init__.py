"""The audit report: one HTML file that needs no network, for people who ask what was tested, on what, and how it ended.

Everything in it is in the JSON result. The page is whole without its script, which filters and searches, and shows
the evidence of what passes.
"""

from __future__ import annotations

from collections.abc import Sequence

from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.report.environments import environment_tables
from alexandria_scan.report.html.accepted import fixed_by_module, waived_findings
from alexandria_scan.report.html.controls import standard_views
from alexandria_scan.report.html.cover import cover
from alexandria_scan.report.html.evidence import evidence
from alexandria_scan.report.html.findings import finding_groups, unknown_groups
from alexandria_scan.report.html.modules import claims_by_module, module_views, postures
from alexandria_scan.report.html.paths import Places
from alexandria_scan.report.html.picture import call_picture
from alexandria_scan.report.html.template import embedded, page
from alexandria_scan.report.html.trend import trend
from alexandria_scan.report.reported import reported

LIMIT = 5_000_000  # bytes; a page beyond that is made again with less around each finding


def render(result: ScanResult, earlier: Sequence[tuple[str, ScanResult]] = (), limit: int = LIMIT) -> str:
    """The report, with a newline at its end. `earlier` are results to compare with, each with a name. What would be
    larger than `limit` says less of each finding, and which."""
    made = _page(result, earlier, brief=False)
    return made if len(made.encode()) <= limit else _page(result, earlier, brief=True)


def _page(result: ScanResult, earlier: Sequence[tuple[str, ScanResult]], brief: bool) -> str:
    found = reported(result)
    places = Places(result)
    standards = standard_views(result, found)
    return page(
        result=result,
        brief=brief,
        places=places,
        cover=cover(result, [one.cause for one in found]),
        standards=standards,
        findings=finding_groups(result, [one for one in found if one.cause.verdict == "fail"]),
        unknowns=unknown_groups([one for one in found if one.cause.verdict == "unknown"]),
        waived=waived_findings(result, [one for one in found if one.cause.verdict == "waived"]),
        fixed=fixed_by_module(result),
        modules=module_views(result, found),
        calls=call_picture(result.scanned.details),
        claims=claims_by_module(result),
        environments=environment_tables(result),
        postures=postures(result),
        problems=sorted(result.problems, key=lambda one: (one.severity != "error", one)),
        trend=trend(result, earlier),
        evidence=embedded(evidence(result, standards, places)),
    )
