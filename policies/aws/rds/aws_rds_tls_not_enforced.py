"""Whether a database refuses connections without TLS: by its parameter or option group or its version's default, and at
every proxy in front of it."""

import re
from collections.abc import Iterator
from typing import Any

from alexandria_scan.sdk import (
    Block,
    Other,
    Parameters,
    Resource,
    UnknownValue,
    Verdict,
    fail,
    not_applicable,
    unknown,
)

GROUPS = {
    "aws_rds_cluster": ("aws_rds_cluster_parameter_group", "db_cluster_parameter_group_name"),
    "aws_db_instance": ("aws_db_parameter_group", "parameter_group_name"),
}
SOURCE = "replicate_source_db"
OPTIONS = ("aws_db_option_group", "option_group_name")
TARGETS = {
    "aws_rds_cluster": ("db_cluster_identifier", "cluster_identifier"),
    "aws_db_instance": ("db_instance_identifier", "identifier"),
}
"""By what the target of a proxy names the database, and what the database calls that."""
ON = {"1", "on", "true"}


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    said = [*_settled(_by_itself(resource, param)), *_settled(_by_proxies(resource))]
    fails = [verdict for verdict in said if verdict.verdict == "fail"]
    if fails:
        message = "; ".join(dict.fromkeys(verdict.message for verdict in fails))
        yield Verdict("fail", message, fails[0].path, place=fails[0].place)
    yield from said


def _settled(verdicts: Iterator[Verdict]) -> Iterator[Verdict]:
    """With what cannot be read as a verdict, so that it does not hide what can."""
    try:
        yield from verdicts
    except UnknownValue as missing:
        yield Verdict("unknown", path=missing.path, reasons=missing.reasons)


def _by_itself(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    _, attribute = GROUPS[resource.type]
    if not _is_replica(resource) or resource.is_set(attribute):
        yield from _by_engine(resource, param)
        return
    try:
        elsewhere = _source_is_elsewhere(resource)
    except UnknownValue as missing:
        for verdict in _settled(_by_engine(resource, param)):
            open_ = verdict.verdict != "not_applicable"
            yield Verdict("unknown", path=(SOURCE,), reasons=missing.reasons) if open_ else verdict
        return
    if elsewhere:
        yield from _by_engine(resource, param)
    else:
        yield not_applicable()


def _is_replica(resource: Resource) -> bool:
    return resource.type == "aws_db_instance" and resource.is_set(SOURCE)


def _source_is_elsewhere(resource: Resource) -> bool:
    """Whether a replica has its source in another region: there it has the default group, and not its source's.

    Only an ARN names one there. Within a region an ARN is needed as well, beside db_subnet_group_name.
    """
    try:
        parts = str(resource.get(SOURCE)).split(":")
        source_region = parts[3] if parts[0] == "arn" and len(parts) > 3 else None
    except UnknownValue as missing:
        if not any(reason.subject.endswith("arn") for reason in missing.reasons):
            if any(reason.subject.endswith((".identifier", ".id")) for reason in missing.reasons):
                return False
            raise
        return _regions_differ(resource, resource.referenced("aws_db_instance", SOURCE)[0])
    return source_region is not None and source_region != resource.meta("region")


def _regions_differ(resource: Resource, source: Other) -> bool:
    """A region that is not known is the same as one that is not known for the same reason."""
    said: list[Any] = []
    for one in (resource, source):
        try:
            said.append(one.meta("region"))
        except UnknownValue as missing:
            said.append(missing)
    own, other = said
    if isinstance(own, UnknownValue) and isinstance(other, UnknownValue) and own.reasons == other.reasons:
        return False
    for one in said:
        if isinstance(one, UnknownValue):
            raise one
    return bool(own != other)


def _by_engine(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    name = _engine(resource)
    engine = param.engines.get(name, {})
    if name is None:
        yield unknown("which engine it has is not in the code", "set engine")
    elif "option" in engine:
        yield from _by_option(resource, engine["option"], engine["setting"])
    elif engine:
        yield from _by_parameter(resource, engine["parameter"], engine["on_since"])
    else:
        yield not_applicable()


def _engine(resource: Resource) -> str | None:
    """Its own, or that of the instance that it is a replica of. None where a snapshot decides."""
    engine: str | None = _own_or_sources(resource, "engine")
    return engine


def _own_or_sources(resource: Resource, name: str) -> Any:
    own = resource.get(name)
    if own is not None or not _is_replica(resource):
        return own
    sources = resource.referenced("aws_db_instance", SOURCE)
    return sources[0].get(name) if sources else None


def _by_proxies(resource: Resource) -> Iterator[Verdict]:
    """Clients connect to the proxy, whatever the database behind it asks of the proxy."""
    for target, found in _targets(resource):
        meant = _is_target(resource, target, found)
        if meant is False:
            continue
        try:
            proxies = resource.referenced("aws_db_proxy", "db_proxy_name", of=target)
        except UnknownValue as missing:
            yield Verdict("unknown", reasons=missing.reasons, place=target.place("db_proxy_name"))
            continue
        for proxy in proxies:
            yield from _by_proxy(proxy, bool(meant and resource.exists_with(target)), target)


def _by_proxy(proxy: Other, certain: bool, target: Other) -> Iterator[Verdict]:
    place = proxy.place("require_tls")
    try:
        required = proxy.get("require_tls")
    except UnknownValue as missing:
        yield Verdict("unknown", reasons=missing.reasons, place=place)
        return
    if required is not True and certain:
        yield fail(f"{proxy.address} in front of it does not require TLS", place=place)
    elif required is not True:
        yield unknown(
            f"whether {target.address} puts {proxy.address}, which does not require TLS, in front of it is not known",
            "set require_tls",
            place=place,
        )


def _targets(resource: Resource) -> list[tuple[Other, list[str] | None]]:
    """The targets of proxies that may be this database, and the addresses that they name, None where not known."""
    targets, named, open_ = resource.once(_all_targets)
    numbers = {*named.get(resource.address, ()), *open_[resource.type]}
    return [(targets[number][0], targets[number][1].get(resource.type)) for number in sorted(numbers)]


def _all_targets(
    resource: Resource,
) -> tuple[list[tuple[Other, dict[str, list[str]]]], dict[str, list[int]], dict[str, list[int]]]:
    """Every target with what it names of each type; the numbers of those that name an address; and by type of those of
    which it is not known what they name."""
    targets: list[tuple[Other, dict[str, list[str]]]] = []
    named: dict[str, list[int]] = {}
    open_: dict[str, list[int]] = {type_: [] for type_ in TARGETS}
    for number, target in enumerate(resource.possible("aws_db_proxy_target")):
        found: dict[str, list[str]] = {}
        for type_, (named_by, _) in TARGETS.items():
            try:
                found[type_] = [other.address for other in resource.referenced(type_, named_by, of=target)]
            except UnknownValue:
                open_[type_].append(number)
            for address in found.get(type_, ()):
                named.setdefault(address, []).append(number)
        targets.append((target, found))
    return targets, named, open_


def _is_target(resource: Resource, target: Other, found: list[str] | None) -> bool | None:
    """Whether the proxy's target is this database, None if that is not known."""
    named_by, own = TARGETS[resource.type]
    if found is None:
        # A name that the service will choose cannot be written anywhere.
        given = resource.is_set(own) if resource.known(own) else True
        return None if given and not (resource.known(own) and target.known(named_by)) else False
    if resource.address in found:
        return True if len(found) == 1 else None
    return False


def _by_parameter(resource: Resource, parameter: str, on_since: str | None) -> Iterator[Verdict]:
    group_type, attribute = GROUPS[resource.type]
    groups = resource.referenced(group_type, attribute)
    for group in groups:
        values = [
            setting.get("value")
            for setting in group.blocks("parameter")
            if str(setting.get("name")).lower() == parameter
        ]
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
        version = _own_or_sources(resource, "engine_version") if on_since else None
        own = "engine_version" if version and resource.is_set("engine_version") else None
        at = own or (SOURCE if _is_replica(resource) else None)
        yield from _by_version(parameter, on_since, version, at)


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
