"""Whether a database refuses connections without TLS: its parameter group says so, or the default of its version."""

import re
from collections.abc import Iterator

from alexandria_scan.sdk import Parameters, Resource, Verdict, fail, unknown

GROUPS = {
    "aws_rds_cluster": ("aws_rds_cluster_parameter_group", "db_cluster_parameter_group_name"),
    "aws_db_instance": ("aws_db_parameter_group", "parameter_group_name"),
}
ON = {"1", "on", "true"}


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    engine = param.engines[resource.get("engine")]
    parameter, on_since = engine["parameter"], engine["on_since"]
    group_type, attribute = GROUPS[resource.type]

    # A default group cannot be changed and has its family in its name, so it is as good as none.
    name = resource.get(attribute, "") if resource.known(attribute) else ""
    groups = [] if name.startswith("default.") else resource.referenced(group_type, attribute)
    for group in groups:
        values = [setting.get("value") for setting in group.blocks("parameter") if setting.get("name") == parameter]
        if values:
            if str(values[-1]).lower() not in ON:
                yield fail(f"the parameter group sets {parameter} to {values[-1]}", at=attribute)
        else:
            yield from _by_version(parameter, on_since, group.get("family"), attribute)
    if not groups and name:
        yield from _by_version(parameter, on_since, name, attribute)
    elif not groups:
        version = resource.get("engine_version") if on_since else None
        yield from _by_version(parameter, on_since, version, "engine_version" if version else None)


def _by_version(parameter: str, on_since: str | None, version: str | None, at: str | None) -> Iterator[Verdict]:
    """Nothing sets the parameter. `version` is an engine version, or a family (`postgres16`)."""
    if on_since is None:
        yield fail(f"nothing sets {parameter}, which is off by default", at=at)
        return
    found = re.search(r"(\d+(?:\.\d+)*)[^/]*$", version or "")
    if found is None:
        yield unknown(
            "engine_version is not set, and the default of the service's version decides", "set engine_version"
        )
        return
    have, need = _parts(found[1]), _parts(on_since)
    if have < need[: len(have)] or have >= need:
        if have < need:
            yield fail(f"nothing sets {parameter}, which is off by default before version {on_since}", at=at)
    else:
        yield unknown(f"version {found[1]} may be older or newer than {on_since}", "give the full version", at=at)


def _parts(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]
