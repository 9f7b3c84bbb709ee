"""Writes our policies as custom checks for Checkov: a small file a policy, and a list of what is not carried over."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from alexandria_scan.policy.manifest import Policy
from alexandria_scan.usage import UsageError

LIST = "NOT_EXPORTED.txt"
SHARED = "alexandria_scan_checks"
"""The module of which the checks in a folder are made. Checkov puts the folder in its path, and loads it, too."""
_CARRIED = ("resource", "data")
_MADE = "Written by `alexandria-scan policies export --checkov`."
_FILE = '''\
"""{docstring}

{made} Needs alexandria-scan in the environment of Checkov.
"""

{imports}from {shared} import custom_checks

checks = custom_checks(
    {id!r},
    {title!r},
    {severity!r},
    resource={resource!r},
    data={data!r},{folders}
)
'''
_SHARED = f'''\
"""Asks alexandria-scan; where Checkov cannot import it, every check in this folder fails and says so.

{_MADE}
"""

try:
    from alexandria_scan.inside_checkov import custom_checks
except ImportError as error:
    import sys

    from checkov.common.models.enums import CheckCategories, CheckResult
    from checkov.terraform.checks.data.base_check import BaseDataCheck
    from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck

    REASON = f"Not checked: {{error}}. alexandria-scan has to be in the environment of Checkov, {{sys.prefix}}."

    class Unasked:
        def scan_resource_conf(self, conf):
            self.details = [REASON]
            return CheckResult.FAILED

        scan_data_conf = scan_resource_conf

    class UnaskedResource(Unasked, BaseResourceCheck):
        pass

    class UnaskedData(Unasked, BaseDataCheck):
        pass

    def custom_checks(policy, title, severity, resource, data, folders=()):
        kinds = ((UnaskedResource, resource), (UnaskedData, data))
        return [kind(title, policy, [CheckCategories.CONVENTION], types) for kind, types in kinds if types]
'''
_HEAD = """\
The checks in this folder need alexandria-scan in the environment of Checkov: `pip install` it there. Without it each
of them fails, with "Not checked" among its details. Checkov has no better way to say so: of a check that it cannot
load, or that ends with an error, it writes a line to its log, and ends with status 0 all the same.

What `checkov --external-checks-dir` does not say of the policies in this folder:

- unknown: Checkov does not report a check without a result. alexandria-scan says which value is missing.
- what policies judge that is no resource and no data source: Checkov has no checks on folders, or none that could ask
  for it. These are:

"""


class Exported(NamedTuple):
    """`left` names the policies that are not carried over, or not in every part, each with the reason."""

    policies: list[str]
    left: dict[str, str]


def export(policies: Iterable[Policy], folders: Iterable[Path], to: Path) -> Exported:
    """Writes the checks into a folder. `folders` hold the user's own policies. Raises UsageError if it cannot."""
    exported: list[str] = []
    left: dict[str, str] = {}
    texts = {"__init__.py": "", f"{SHARED}.py": _SHARED}
    own = [os.path.relpath(folder.resolve(), to.resolve()) for folder in folders]
    for policy in policies:
        targets = {kind: [pattern for own, pattern in policy.targets if own == kind] for kind in _CARRIED}
        others = sorted({kind for kind, _ in policy.targets} - set(_CARRIED))
        if others:
            left[policy.id] = f"judges {' and '.join(others)}" + (" as well" if any(targets.values()) else "")
        if any(targets.values()):
            exported.append(policy.id)
            texts[f"{policy.id}.py"] = _text(policy, targets, own)
    texts[LIST] = _HEAD + "".join(f"{id_}: {reason}\n" for id_, reason in left.items())
    try:
        to.mkdir(parents=True, exist_ok=True)
        for path in to.glob("*.py"):
            if path.name not in texts and _MADE in path.read_text(encoding="utf-8", errors="replace"):
                path.unlink()  # the check of a policy that is no more
        for name, text in texts.items():
            (to / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{to} cannot be written: {error.strerror or error}.", "Give another folder.") from None
    return Exported(exported, left)


def _text(policy: Policy, targets: dict[str, list[str]], own: list[str]) -> str:
    paths = ", ".join(f"str(Path(__file__).parent / {Path(folder).as_posix()!r})" for folder in own)
    return _FILE.format(
        made=_MADE,
        shared=SHARED,
        docstring=policy.title.replace("\\", "\\\\").replace('"', "'"),
        imports="from pathlib import Path\n\n" if own else "",
        id=policy.id,
        title=policy.title,
        severity=policy.severity,
        folders=f"\n    folders=[{paths}]," if own else "",
        **targets,
    )
