"""Plan JSON as `terraform show -json` and `tofu show -json` write it, formats 0.1 to 1.x.

Only the keys that a scan needs are decoded. The values of a resource stay text until somebody asks, so that a plan
takes little more memory than its own size.
"""

from __future__ import annotations

import codecs
from typing import Any, NoReturn

import msgspec
from msgspec import Raw, Struct

NO_TEXT = Raw(b"")
MAKE_PLAN = "terraform plan -out=tfplan && terraform show -json tfplan > plan.json"
SHOW = "terraform show -json"
_CHUNK = 1 << 20
_LINE = 4096  # bytes in which a line of a log says how severe it is


class Change(Struct):
    """`after` is what will be; `after_unknown` and `after_sensitive` are trees of true in the same shape."""

    actions: list[str] = []
    after: Raw = NO_TEXT
    after_unknown: Raw = NO_TEXT
    after_sensitive: Raw = NO_TEXT


class ResourceChange(Struct):
    address: str = ""
    module_address: str | None = None
    mode: str = "managed"
    type: str = ""
    name: str = ""
    index: Any = None
    deposed: str | None = None
    provider_name: str | None = None
    change: Change = msgspec.field(default_factory=Change)

    def leaves_something(self) -> bool:
        """False if the object will be gone, or no longer managed, after the change."""
        actions = set(self.change.actions)
        return not self.deposed and not (actions and actions <= {"delete", "forget"})


class StateResource(Struct):
    """A resource in `planned_values` or `prior_state`: unknown values are left out of `values`."""

    address: str = ""
    mode: str = "managed"
    type: str = ""
    name: str = ""
    index: Any = None
    provider_name: str | None = None
    values: Raw = NO_TEXT
    sensitive_values: Raw = NO_TEXT


class StateModule(Struct):
    resources: list[StateResource] | None = None
    child_modules: list[StateModule] | None = None

    def all_resources(self) -> list[StateResource]:
        found, waiting = [], [self]
        while waiting:
            module = waiting.pop()
            found += module.resources or []
            waiting += reversed(module.child_modules or [])
        return found


class StateValues(Struct):
    root_module: StateModule | None = None


class PriorState(Struct):
    values: StateValues | None = None


class ConfigResource(Struct):
    mode: str = "managed"
    type: str = ""
    name: str = ""
    provider_config_key: str | None = None
    expressions: Raw = NO_TEXT
    count_expression: Any = None
    for_each_expression: Any = None


class ConfigOutput(Struct):
    expression: Any = None


class ConfigCall(Struct):
    source: str | None = None
    expressions: dict[str, Any] | None = None
    count_expression: Any = None
    for_each_expression: Any = None
    module: ConfigModule | None = None


class ConfigVariable(Struct):
    default: Any = None


class ConfigModule(Struct):
    resources: list[ConfigResource] | None = None
    module_calls: dict[str, ConfigCall] | None = None
    outputs: dict[str, ConfigOutput] | None = None
    variables: dict[str, ConfigVariable] | None = None


class ProviderConfig(Struct):
    expressions: dict[str, Any] | None = None
    version_constraint: str | None = None


class Configuration(Struct):
    provider_config: dict[str, ProviderConfig] | None = None
    root_module: ConfigModule | None = None


class PlanVariable(Struct):
    value: Any = None


class CheckAddress(Struct):
    to_display: str = ""


class CheckProblem(Struct):
    message: str = ""


class CheckInstance(Struct):
    address: CheckAddress = msgspec.field(default_factory=CheckAddress)
    status: str = ""
    problems: list[CheckProblem] | None = None


class Check(Struct):
    address: CheckAddress = msgspec.field(default_factory=CheckAddress)
    status: str = ""
    instances: list[CheckInstance] | None = None


class Plan(Struct):
    """The keys of a plan, and those by which other documents are told from one."""

    format_version: str = ""
    terraform_version: str = ""
    variables: dict[str, PlanVariable] | None = None
    planned_values: StateValues | None = None
    resource_changes: list[ResourceChange] | None = None
    deferred_changes: list[Raw] | None = None
    prior_state: PriorState | None = None
    configuration: Configuration | None = None
    checks: list[Check] | None = None
    errored: bool | None = None

    def is_evaluated(self) -> bool:
        """Whether `alexandria-scan evaluate` wrote it: providers and data sources said nothing to it."""
        return self.terraform_version.startswith("alexandria-scan ")


class _Keys(Struct):
    """Which keys a document has."""

    format_version: Raw = NO_TEXT
    planned_values: Raw = NO_TEXT
    resource_changes: Raw = NO_TEXT
    values: Raw = NO_TEXT
    lineage: Raw = NO_TEXT
    serial: Raw = NO_TEXT
    resources: Raw = NO_TEXT
    provider_schemas: Raw = NO_TEXT
    encrypted_data: Raw = NO_TEXT
    terraform: Raw = NO_TEXT
    resource: Raw = NO_TEXT
    variable: Raw = NO_TEXT
    module: Raw = NO_TEXT


def decode_plan(data: bytes) -> Plan:
    """The plan in `data`. Raises ValueError with a sentence that says what it is instead, and what to do."""
    data = _as_utf8(data)
    try:
        plan = msgspec.json.decode(data, type=Plan)
    except (msgspec.MsgspecError, RecursionError) as error:
        _refuse(data, error)
    if plan.resource_changes is None and plan.planned_values is None:
        _refuse(data, None)
    major = plan.format_version.partition(".")[0]
    if major not in ("0", "1", ""):
        raise ValueError(f"the plan has format version {plan.format_version}; this scanner reads 0.1 to 1.x")
    return plan


def _as_utf8(data: bytes) -> bytes:
    """The text as UTF-8: a shell that redirects output may have written UTF-16."""
    if data.startswith(b"\x1f\x8b"):
        raise ValueError("this is compressed: unpack it with gunzip, or pipe it: gunzip -c FILE | alexandria-scan -")
    if data.startswith(b"PK\x03\x04"):
        raise ValueError("this is a plan in Terraform's own format: run terraform show -json PLANFILE > plan.json")
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16").encode()
        if data.startswith(codecs.BOM_UTF8):
            data = data[3:]
        if not data.isascii():
            _check_utf8(data)
    except UnicodeDecodeError as error:
        raise ValueError(f"this is not JSON: it is not UTF-8 text (byte {error.start})") from None
    if not data or data.isspace():
        raise ValueError(f"this is empty. A plan in JSON is made by: {MAKE_PLAN}")
    return data


def _check_utf8(data: bytes) -> None:
    """Raises UnicodeDecodeError. In pieces: a whole text in memory could take four times its size."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(data)
    for start in range(0, len(data), _CHUNK):
        decoder.decode(view[start : start + _CHUNK], final=start + _CHUNK >= len(data))


def _refuse(data: bytes, error: Exception | None) -> NoReturn:
    """Raises the ValueError that says what is wrong with a document that is no plan."""
    if b'"@level"' in data[:_LINE].lstrip().partition(b"\n")[0]:
        raise ValueError(f"this is the log that terraform plan -json prints, not a plan: run {MAKE_PLAN}")
    if data.lstrip()[:1] not in (b"{", b"["):
        raise ValueError(f"this is not JSON. A plan in JSON is made by: {MAKE_PLAN}")
    try:
        keys = msgspec.json.decode(data, type=_Keys)
    except msgspec.ValidationError:
        raise ValueError(f"this is JSON, but not a plan. A plan is made by: {MAKE_PLAN}") from None
    except msgspec.DecodeError as fault:
        raise ValueError(_fault(fault)) from None
    except RecursionError:
        raise ValueError("this JSON is nested too deeply to be a plan") from None
    raise ValueError(_other_document(keys, error))


def _fault(error: Exception) -> str:
    text = str(error)
    if "truncated" in text:
        return f"the JSON ends too early: the file is not complete. Write it again with {SHOW}"
    return f"this is not correct JSON: {text.removeprefix('JSON is malformed: ')}. Write it again with {SHOW}"


def _other_document(keys: _Keys, error: Exception | None) -> str:
    def has(*names: str) -> bool:
        return any(getattr(keys, name) is not NO_TEXT for name in names)

    if has("planned_values", "resource_changes"):
        return f"the plan is not as terraform show -json writes it: {error}"
    if has("values", "lineage", "serial"):
        return f"this is a state, not a plan: run {MAKE_PLAN}"
    if has("encrypted_data"):
        return "this is encrypted: run tofu show -json PLANFILE > plan.json where the key is configured"
    if has("provider_schemas"):
        return f"these are provider schemas, not a plan: run {MAKE_PLAN}"
    if has("format_version"):
        return f"this has neither planned values nor resource changes, so it is no plan: run {MAKE_PLAN}"
    if has("terraform", "resource", "variable", "module"):
        return "this is Terraform configuration, not a plan: name it *.tf.json and scan its folder"
    return f"this is JSON, but not a plan. A plan is made by: {MAKE_PLAN}"
