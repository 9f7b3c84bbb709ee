"""The names of environments: what people write, and what parameters are keyed by."""

from __future__ import annotations

_NAMES = {
    "development": ("development", "dev", "develop", "sandbox", "sbx"),
    "staging": ("staging", "stage", "stg", "uat", "preprod", "pre-production"),
    "production": ("production", "prod", "prd", "live"),
}


def canonical(name: str | None) -> str | None:
    """development, staging or production for any of their usual names; another name as it is; None for None."""
    if name is None:
        return None
    wanted = name.strip().lower()
    return next((environment for environment, names in _NAMES.items() if wanted in names), wanted or None)
