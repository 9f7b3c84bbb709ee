"""What may stand in a module's metadata and in a registry, and of which type each value is."""

from __future__ import annotations

from typing import Any

Shape = Any
"""A kind of scalar below, a tuple of the texts that are allowed, [shape] for a list, {name: shape} for a mapping."""

TEXT, NUMBER, WHOLE, FLAG, DATE, TEXT_MAP, MODULES, EXAMPLES, ANY = (
    "text", "number", "whole number", "true or false", "date", "mapping of texts", "list of modules",
    "list of examples", "anything",
)  # fmt: skip
MATURITIES = ("experimental", "alpha", "beta", "stable", "mature", "deprecated", "archived")
COMPLEXITIES = ("beginner", "intermediate", "advanced")
COSTS = ("low", "medium", "high", "very-high")
LAYERS = ("foundations", "compute", "data", "integration", "observability", "security", "patterns")
"""The layers of a library, from the lowest, as the first part of a category or path names them."""

ENTRY: dict[str, Shape] = {
    "id": TEXT,
    "name": TEXT,
    "version": TEXT,
    "maturity": MATURITIES,
    "category": TEXT,
    "subcategory": TEXT,
    "path": TEXT,
    "description": TEXT,
    "long_description": TEXT,
    "tags": [TEXT],
    "complexity": COMPLEXITIES,
    "setup_time_minutes": NUMBER,
    "variable_count": WHOLE,
    "output_count": WHOLE,
    "cost": {
        "estimated_monthly_usd": NUMBER,
        "actual_monthly_usd": NUMBER,
        "cost_category": COSTS,
        "cost_factors": [TEXT],
        "cost_breakdown": ANY,
    },
    "features": [TEXT],
    "use_cases": [TEXT],
    "maintainer": {"team": TEXT, "primary": TEXT, "backup": TEXT},
    "support": {"channel": TEXT, "sla": TEXT, "sla_hours": NUMBER, "oncall": FLAG},
    "dependencies": {"terraform_version": TEXT, "provider_versions": TEXT_MAP, "required_modules": MODULES},
    "compatible_with": [TEXT],
    "incompatible_with": [TEXT],
    "replaces": TEXT,
    "replaced_by": TEXT,
    "metrics": {
        "downloads": WHOLE,
        "rating": NUMBER,
        "rating_count": WHOLE,
        "deployments": WHOLE,
        "active_deployments": WHOLE,
        "production_teams": WHOLE,
        "issues_open": WHOLE,
        "issues_closed": WHOLE,
        "critical_bugs_open": WHOLE,
        "critical_bugs_last_90_days": WHOLE,
        "last_updated": DATE,
        "first_published": DATE,
    },
    "lifecycle": {
        "created": DATE,
        "stabilized": DATE,
        "deprecated": DATE,
        "deprecation_reason": TEXT,
        "removed": DATE,
        "archived": DATE,
        "replacement": TEXT,
        "migration_guide": TEXT,
        "case_studies": [TEXT],
    },
    "documentation": {"readme_url": TEXT, "changelog": TEXT, "examples": EXAMPLES},
    "testing": {
        "unit_tests": FLAG,
        "integration_tests": FLAG,
        "coverage_percent": NUMBER,
        "last_test_run": DATE,
        "test_status": TEXT,
    },
    "security": {
        "checkov_passing": FLAG,
        "tfsec_passing": FLAG,
        "last_scan": DATE,
        "last_review": DATE,
        "vulnerabilities": WHOLE,
        "compliance": [TEXT],
    },
    "performance": {"deployment_time_seconds": NUMBER, "resource_count": WHOLE, "state_size_kb": NUMBER},
}
REQUIRED = ("id", "version", "maturity", "category", "description")
SHORT_REQUIRED = ("version", "maturity", "category")
"""The short form gives a module's id as the key, and has no description."""

REGISTRY: dict[str, Shape] = {
    "name": TEXT,
    "description": TEXT,
    "last_updated": DATE,
    "total_modules": WHOLE,
    "version": TEXT,
    "maintainer": TEXT,
    "owner": TEXT,
    "url": TEXT,
}
DOCUMENT = ("version", "registry", "modules")

NESTED = {name: group for group, shape in ENTRY.items() if isinstance(shape, dict) for name in shape}
"""Keys of nested mappings and the mapping each belongs to: the short form writes them without it."""
