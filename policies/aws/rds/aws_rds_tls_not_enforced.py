"""Whether a database refuses connections without TLS, by its parameter or option group or its version's default."""

import re
from collections.abc import Iterator

from alexandria_scan.sdk import Block, Parameters, Resource, Verdict, fail, not_applicable, unknown

GROUPS = {
    "aws_rds_cluster": ("aws_rds_cluster_parameter_group", "db_cluster_parameter_group_name"),
    "aws_db_instance": ("aws_db_parameter_group", "parameter_group_name"),
}
OPTIONS = ("aws_db_option_group", "option_group_name")
ON = {"1", "on", "true"}


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    engine = param.engines.get(_engine(resource), {})
    if "option" in engine:
        yield from _by_option(resource, engine["option"], engine["setting"])
    elif engine:
        yield from _by_parameter(resource, engine["parameter"], engine["on_since"])
    else:
        yield not_applicable()


def _engine(resource: Resource) -> str | None:
    """Its own, or that of the instance that it is a replica of."""
    if resource.known("engine") and resource.get("engine") is None:
        sources = resource.referenced("aws_db_instance", "replicate_source_db")
        engine: str | None = sources[0].get("engine") if sources else None
    else:
        engine = resource.get("engine")
    return engine


def _by_parameter(resource: Resource, parameter: str, on_since: str | None) -> Iterator[Verdict]:
    group_type, attribute = GROUPS[resource.type]
    groups = resource.referenced(group_type, attribute)
    for group in groups:
        values = [setting.get("value") for setting in group.blocks("parameter") if setting.get("name") == parameter]
        if values:
            if str(values[-1]).lower() not in ON:
                yield fail(f"the parameter group sets {parameter} to {values[-1]}", at=attribute)
        else:
            yield from _by_version(parameter, on_since, group.get("family"), attribute)
    if groups:
        return
    # A default group cannot be changed and has its family in its name.
    if resource.get(attribute):
        yield from _by_version(parameter, on_since, resource.get(attribute), attribute)
    else:
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


def _by_option(resource: Resource, name: str, setting: str) -> Iterator[Verdict]:
    """An option encrypts the one port that there is; SSL opens a second one and leaves the first in clear."""
    group_type, attribute = OPTIONS
    options = [option for group in resource.referenced(group_type, attribute) for option in group.blocks("option")]
    names = [option.get("option_name") for option in options]
    if name in names:
        value = _setting(options[names.index(name)], setting)
        if str(value).upper() != "REQUIRED":
            yield fail(f"the option {name} leaves {setting} at {value or 'REQUESTED, its default'}", at=attribute)
    elif "SSL" in names:
        yield unknown(
            "the option SSL adds a port for TLS beside that in clear, which only security groups can close",
            f"require {name} in place of SSL, or accept it for ports that are closed",
            at=attribute,
        )
    else:
        yield fail(f"no option group has the option {name} or SSL", at=attribute)


def _setting(option: Block, name: str) -> str | None:
    values = [setting.get("value") for setting in option.blocks("option_settings") if setting.get("name") == name]
    return values[-1] if values else None
