"""Loads folders of policies: each manifest validated and its expressions compiled."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from alexandria_scan.evaluate.children import free_names
from alexandria_scan.nearest import nearest
from alexandria_scan.policy.content import Content
from alexandria_scan.policy.manifest import (
    ENVIRONMENTS,
    TARGETS,
    Code,
    Condition,
    Message,
    Parameter,
    Policy,
    PolicyError,
    Rule,
    Text,
)
from alexandria_scan.policy.results import SEVERITIES
from alexandria_scan.syntax.tree import ExpressionError

if TYPE_CHECKING:
    from alexandria_scan.policy.yaml_file import YamlFile

_KEYS = (
    "title", "severity", *TARGETS, "filter", "parameters", "enforce", "why", "fix", "references", "equivalents",
    "secret", "waivable",
)  # fmt: skip
_RULE_KEYS = ("condition", "error_message", "attribute")
_PARAMETER_KEYS = ("description", "default", *ENVIRONMENTS)
NOT_POLICIES = frozenset(["standards", "defaults", "maturity", "claims", "schemas", "fixtures"])

_NAMES = ("attrs", "meta", "param", "provider_version")  # what a condition and a message can begin with


def load_policies(
    folder: Path,
    shown: str | None = None,
    python: bool = True,
    check: bool = True,
    content: Content | None = None,
) -> list[Policy]:
    """Every policy below the folder, sorted by id. Raises PolicyError.

    `shown` is the folder's name in messages, `content` its files where they were listed already. With `python` false,
    a policy with code is refused. The built-in policies need no `check` at every start: the tests have done it.
    """
    base = shown if shown is not None else folder.as_posix()
    if not folder.is_dir():
        raise PolicyError(base, 0, "there is no such folder", "Policies are in YAML files in a folder of their own.")
    content = content or Content(folder)
    policies = content.made(f"policies in {base}", list[Policy], lambda: _all(content, base, check))
    if not python:
        for policy in policies:
            if policy.python is not None:
                said = f"{policy.python.path.name} beside it is Python, and loading code is refused"
                raise PolicyError(policy.file, 0, said, "Leave --no-python-policies out to allow it.")
    return policies


def _all(content: Content, base: str, check: bool) -> list[Policy]:
    found: dict[str, Policy] = {}
    for name in content.yaml_names():
        if name.partition("/")[0] in NOT_POLICIES:
            continue
        policy = _load_policy(content, name, f"{base}/{name}", check)
        if policy.id in found:
            raise PolicyError(
                policy.file,
                0,
                f"the id {policy.id!r} is already that of {found[policy.id].file}",
                "Rename one of the files.",
            )
        found[policy.id] = policy
    return [found[id_] for id_ in sorted(found)]


def _load_policy(content: Content, name: str, shown: str, check: bool) -> Policy:
    """One manifest. Raises PolicyError. Without `check` its expressions are read when they are first needed."""
    file = content.yaml(name, shown)
    data = file.mapping()
    file.known_keys(data, _KEYS)
    severity = file.text_at(data, "severity", required=True)
    if severity not in SEVERITIES:
        raise file.error(f"severity must be one of {', '.join(SEVERITIES)}, not {severity!r}", "severity")
    id_ = name.rpartition("/")[2].removesuffix(".yaml")
    code = file.path.with_suffix(".py") if content.holds(name.removesuffix(".yaml") + ".py") else None
    rules = _rules(file, data, check)
    if bool(rules) == (code is not None):
        what = "both 'enforce' and a Python file" if rules else f"neither 'enforce' nor {id_}.py beside it"
        raise file.error(f"the manifest has {what}; it needs one of the two")
    return Policy(
        id=id_,
        title=file.text_at(data, "title", required=True),
        severity=severity,
        targets=_targets(file, data),
        filter=_condition(file, data["filter"], check, "filter") if "filter" in data else None,
        rules=rules,
        parameters=_parameters(file, data),
        file=shown,
        why=file.text_at(data, "why"),
        fix=file.text_at(data, "fix"),
        references=tuple(file.texts_at(data, "references")),
        equivalents=_equivalents(file, data),
        secret=data.get("secret") is True,
        waivable=file.flag_at(data, "waivable", True),
        python=Code(code, shown, built_in=not check) if code is not None else None,
    )


def _targets(file: YamlFile, data: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for kind in TARGETS:
        if kind in data:
            found += [(kind, pattern) for pattern in file.texts_at(data, kind)]
    if not found:
        raise file.error(f"no target; one of {', '.join(TARGETS)} says what the policy judges")
    return tuple(found)


def _rules(file: YamlFile, data: dict[str, Any], check: bool) -> tuple[Rule, ...]:
    entries = data.get("enforce", [])
    if not isinstance(entries, list):
        raise file.error("'enforce' must be a list of conditions", "enforce")
    rules = []
    for index, entry in enumerate(entries):
        if not isinstance(entry, dict):
            raise file.error("an entry of 'enforce' has 'condition' and 'error_message'", "enforce", index)
        file.known_keys(entry, _RULE_KEYS, "enforce", index)
        if "condition" not in entry:
            raise file.error("'condition' is missing", "enforce", index)
        message = file.text_at(entry, "error_message", "enforce", index, required=True)
        template = Message(message, file.shown)
        if check:
            _check(file, template, "enforce", index, "error_message")
        path = file.text_at(entry, "attribute", "enforce", index)
        condition = _condition(file, entry["condition"], check, "enforce", index, "condition")
        rules.append(Rule(condition, template, _path(path) if path else None))
    return tuple(rules)


def _path(text: str) -> tuple[str | int, ...]:
    return tuple(int(part) if part.isdigit() else part for part in text.replace("[", ".").replace("]", "").split("."))


def _condition(file: YamlFile, value: Any, check: bool, *path: str | int) -> Condition:
    if isinstance(value, bool):
        value = "true" if value else "false"
    if not isinstance(value, str):
        raise file.error("a condition is a Terraform expression, written as text", *path)
    condition = Condition(value, file.shown)
    if check:
        _check(file, condition, *path)
    return condition


def _check(file: YamlFile, text: Text, *path: str | int) -> None:
    """Refuses a text that is no expression, or that has a name in it which nothing would have when it is asked for."""
    try:
        unknown = next((one.name for one in free_names(text.node) if one.name not in _NAMES), None)
    except ExpressionError as error:
        raise file.error(_said(error), *path) from None
    if unknown is not None:
        close = nearest(unknown, _NAMES)
        hint = f"; did you mean {close!r}?" if close else f"; known names: {', '.join(_NAMES)}"
        raise file.error(f"unknown name {unknown!r}{hint}", *path)


def _said(error: ExpressionError) -> str:
    problem = error.problem
    return f"not a valid expression: {problem.summary}{'. ' + problem.detail if problem.detail else ''}"


def _parameters(file: YamlFile, data: dict[str, Any]) -> tuple[Parameter, ...]:
    if "parameters" not in data:
        return ()
    found = []
    for name, entry in file.mapping("parameters").items():
        if not isinstance(entry, dict) or "default" not in entry:
            raise file.error(f"parameter {name!r} needs a 'default'", "parameters", name)
        file.known_keys(entry, _PARAMETER_KEYS, "parameters", name)
        values = {environment: entry[environment] for environment in ENVIRONMENTS if environment in entry}
        found.append(Parameter(name, entry["default"], values, str(entry.get("description", ""))))
    return tuple(found)


def _equivalents(file: YamlFile, data: dict[str, Any]) -> dict[str, list[str]]:
    if "equivalents" not in data:
        return {}
    return {tool: file.texts_at(data["equivalents"], tool, "equivalents") for tool in file.mapping("equivalents")}
