"""The policies and standards in force: the built-in ones and the user's, cut down to what was asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from alexandria_scan import bundled
from alexandria_scan.compliance.result import PolicyInfo
from alexandria_scan.compliance.standards import Standard, load_standards, runs_for
from alexandria_scan.config import Config, place_in
from alexandria_scan.nearest import which_policy
from alexandria_scan.policy.content import Content, cache_file
from alexandria_scan.policy.defaults import load_defaults
from alexandria_scan.policy.engine import Engine
from alexandria_scan.policy.load import load_policies
from alexandria_scan.policy.manifest import Policy
from alexandria_scan.policy.results import Result
from alexandria_scan.usage import UsageError

if TYPE_CHECKING:
    from alexandria_scan.compliance.features import Features
    from alexandria_scan.compliance.ladder import Level

T = TypeVar("T")
_CHECKOV = ("CKV_", "CKV2_")


class Selection(msgspec.Struct, frozen=True):
    """Which policies to run: the user's own folders, ids, standards. `python` allows policies with code."""

    folders: tuple[Path, ...] = ()
    only: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    python: bool = True


class Catalogue(msgspec.Struct, dict=True):
    """Policies and standards that are in force. `known` are the ids of all policies, also of those that do not run;
    `disabled` of these are switched off by the configuration file. `offered` are all standards, `asked` those of which
    only the policies run."""

    policies: list[Policy]
    standards: list[Standard]
    engine: Engine
    known: frozenset[str]
    contents: tuple[Content, ...] = ()
    disabled: frozenset[str] = frozenset()
    offered: tuple[Standard, ...] = ()
    asked: tuple[str, ...] = ()

    def state(self) -> list[object]:
        """What tells these policies from others: their files. Raises OSError."""
        return [content.state(number == 0) for number, content in enumerate(self.contents)]

    @cached_property
    def features(self) -> Features:
        """What proves the features that modules claim. Raises PolicyError."""
        from alexandria_scan.compliance.features import Features, load_features  # few modules claim any

        return self._made("features", Features, lambda ours: load_features(ours, self.known))

    @cached_property
    def ladder(self) -> dict[str, Level]:
        """The levels of maturity. Raises PolicyError."""
        from alexandria_scan.compliance.ladder import Level, load_ladder  # few modules claim one
        from alexandria_scan.compliance.maturity_measures import MEASURES

        return self._made("ladder", dict[str, Level], lambda ours: load_ladder(ours, MEASURES, self.known))

    def _made(self, name: str, type_: type[T], load: Callable[[Path], T]) -> T:
        """What is loaded from the folder of the built-in policies, or was in a run before."""
        ours = self.contents[0]
        found = ours.made(name, type_, lambda: load(ours.folder))
        ours.keep()
        return found

    def infos(self) -> dict[str, PolicyInfo]:
        """What reports need of each policy, by id."""
        return {
            one.id: PolicyInfo(one.title, one.severity, one.target, one.why, one.fix, one.references, one.equivalents)
            for one in self.policies
        }

    def runs_as_for(self, policy: str, standards: tuple[str, ...]) -> bool:
        """Whether a policy runs in every way in which it does where these standards are asked for."""
        if standards == self.asked:
            return True
        theirs = [one for one in self.offered if (one.id in standards if standards else one.default)]
        known = [one for one in self.policies if one.id == policy]
        wanted = runs_for(known, theirs, only_controls=bool(standards))
        return all(any(run.covers(one) for run in self.engine.runs) for one in wanted)

    def unwaivable(self, config: Config) -> Callable[[Result], str]:
        """A function that says why a result may not be waived, or "" if it may."""
        policies = {policy.id: policy for policy in self.policies}
        standards = [standard for standard in self.standards if not standard.waivable]
        where = config.file.as_posix() if config.file is not None else ""

        def refusal(result: Result) -> str:
            policy = policies.get(result.policy)
            if policy is not None and not policy.waivable:
                return f"{policy.id} may not be waived, as {policy.file} says"
            if any(fnmatchcase(result.policy, pattern) for pattern in config.unwaivable):
                return f"{result.policy} may not be waived, as {where} says"
            for standard in standards:
                if any(control.startswith(f"{standard.id}/") for control in result.controls):
                    return f"nothing that {standard.title} asks for may be waived"
            return ""

        return refusal


def load_catalogue(selection: Selection, config: Config, with_checkov: bool = False) -> Catalogue:
    """Everything that is to be run. Raises PolicyError and UsageError.

    Beside Checkov, the configuration may give severities to its checks, and disable them.
    """
    own = (*config.policies, *selection.folders)
    ours = _built_in()
    folders = [ours, *(Content(folder, cache_file(folder)) for folder in own)]
    policies = _adjusted(_load(folders, selection.python), config, with_checkov)
    if not policies:
        raise UsageError("There is no policy to run.", "Check the folders given with --policies.")
    asked = selection.standards or config.standards
    offered = load_standards(folders, policies.values())
    standards = _chosen(
        offered,
        asked,
        lambda: "" if selection.standards else place_in(config, "standards"),
    )
    wanted = _chosen_policies(policies, selection.only)
    wanted = [policy for policy in wanted if policy.id not in config.disable]
    runs = runs_for(wanted, standards, only_controls=bool(asked))
    defaults = load_defaults(folders)
    for content in folders:
        content.keep()
    running = {run.policy.id for run in runs}
    wanted = [policy for policy in wanted if policy.id in running]
    return Catalogue(
        wanted,
        standards,
        Engine(runs, defaults),
        frozenset(policies),
        tuple(folders),
        frozenset(config.disable),
        tuple(offered),
        tuple(standard.id for standard in standards) if asked else (),
    )


def _built_in() -> Content:
    folder = bundled.folder("policies")
    return Content(folder, cache_file(folder), built_in=True)


def _load(contents: Iterable[Content], python: bool) -> dict[str, Policy]:
    """The policies by id. Code in the built-in ones is ours; with `python` false, code in the user's is refused."""
    ours, *own = contents
    built_in = load_policies(ours.folder, "policies", check=False, content=ours)
    found = {policy.id: policy for policy in built_in}
    for content in own:
        shown = content.folder.as_posix()
        loaded = load_policies(content.folder, shown, python, content=content)
        if not loaded:
            raise UsageError(f"There is no policy in {shown}.", "A policy is a YAML file; see WRITING.md.")
        for policy in loaded:
            found[policy.id] = policy
    return found


def _adjusted(policies: dict[str, Policy], config: Config, with_checkov: bool) -> dict[str, Policy]:
    """With the severities and parameters of the configuration file."""
    named = [(key, id_) for key in ("severity", "parameters", "disable") for id_ in getattr(config, key)]
    for key, id_ in named:
        theirs = with_checkov and id_.startswith(_CHECKOV) and id_ not in config.parameters
        if id_ not in policies and not theirs:
            raise UsageError(f"{place_in(config, key, id_)}there is no policy {id_!r}.", which_policy(id_, policies))
    for pattern in config.unwaivable:
        if not any(fnmatchcase(id_, pattern) for id_ in policies):
            where = place_in(config, "unwaivable", pattern)
            raise UsageError(f"{where}unwaivable names no policy: {pattern!r}.", which_policy(pattern, policies))
    adjusted = dict(policies)
    for id_, severity in config.severity.items():
        if id_ not in policies:
            continue
        adjusted[id_] = msgspec.structs.replace(adjusted[id_], severity=severity)
    for id_, values in config.parameters.items():
        known = {parameter.name: parameter for parameter in adjusted[id_].parameters}
        for name, value in values.items():
            if name not in known:
                names = ", ".join(known) or "none"
                where = place_in(config, "parameters", id_, name)
                raise UsageError(f"{where}policy {id_} has no parameter {name!r}.", f"Its parameters: {names}.")
            wanted, given = _kind(known[name].default), _kind(value)
            if wanted != given and known[name].default is not None:
                where = place_in(config, "parameters", id_, name)
                raise UsageError(
                    f"{where}parameter {name!r} of policy {id_} is {wanted}, not {given}.",
                    f"Its default: {json.dumps(known[name].default, default=str)}.",
                )
            known[name] = msgspec.structs.replace(known[name], default=value, by_environment={})
        adjusted[id_] = msgspec.structs.replace(adjusted[id_], parameters=tuple(known.values()))
    return adjusted


def _kind(value: Any) -> str:
    """What a parameter's value is, in the words of a configuration file."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    words = {"str": "a text", "list": "a list", "dict": "a mapping"}
    return words.get(type(value).__name__, "nothing")


def _chosen(standards: list[Standard], names: tuple[str, ...], where: Callable[[], str]) -> list[Standard]:
    if not names:
        return [standard for standard in standards if standard.default]
    found = []
    for name in names:
        matches = [standard for standard in standards if name in (standard.name, standard.id)]
        if not matches:
            known = ", ".join(standard.id for standard in standards)
            raise UsageError(f"{where()}There is no standard {name!r}.", f"Known standards: {known}.")
        found += matches
    return found


def _chosen_policies(policies: dict[str, Policy], only: tuple[str, ...]) -> list[Policy]:
    for id_ in only:
        if id_ not in policies:
            raise UsageError(f"There is no policy {id_!r}.", which_policy(id_, policies))
    return [policy for id_, policy in sorted(policies.items()) if not only or id_ in only]


def policy_list(own: Sequence[Path] = ()) -> Iterable[tuple[Policy, tuple[str, ...]]]:
    """Every policy with the controls that it proves, over all standards."""
    folders = [_built_in(), *map(Content, own)]
    policies = list(_load(folders, True).values())
    controls: dict[str, list[str]] = {}
    for standard in load_standards(folders, policies):
        for control in standard.controls:
            for proof in control.proofs:
                controls.setdefault(proof.policy, []).append(f"{standard.id}/{control.id}")
    return [(policy, tuple(controls.get(policy.id, ()))) for policy in policies]
