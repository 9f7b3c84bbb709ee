"""Two trees of modules compared: modules are matched by their path below the tree's top."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from alexandria_scan.compliance.difference.addresses import changed_addresses
from alexandria_scan.compliance.difference.change import Change, change_order
from alexandria_scan.compliance.difference.code import changed_code
from alexandria_scan.compliance.difference.inputs import changed_inputs
from alexandria_scan.compliance.difference.module_tree import ModuleTree, is_unchanged
from alexandria_scan.compliance.difference.outputs import changed_outputs
from alexandria_scan.compliance.difference.requirements import changed_requirements
from alexandria_scan.compliance.difference.result import Bump, ModuleDifference
from alexandria_scan.compliance.difference.versions import bump_made, called_for, is_enough
from alexandria_scan.evaluate.garbage import Garbage
from alexandria_scan.graph.semantic_version import Version


class Versions(msgspec.Struct, frozen=True):
    """The versions of a module before and after, None where they are not known, and where they stand."""

    old: Version | None = None
    new: Version | None = None
    source: str = ""


def compare(
    old: ModuleTree, new: ModuleTree, versions: dict[str, Versions], garbage: Garbage | None = None
) -> list[ModuleDifference]:
    """Every module of either tree, sorted by path. `versions` has each of them. Whoever compares many trees, one after
    the other, gives the same `garbage` for all of them."""
    garbage = garbage or Garbage()
    found = []
    for path in sorted(old.modules.keys() | new.modules.keys()):
        if path in old.modules and path in new.modules:
            changes = []
            if not is_unchanged(old, new, path):
                changes = _changes_between(old, new, path)
                garbage.left_by_one()  # of both trees: neither is open any more
            found.append(difference_of(path, "changed" if changes else "same", changes, versions[path]))
        elif path in old.modules:
            gone = Change("major", "module_removed", path, "is removed", old.start(path))
            found.append(difference_of(path, "removed", [gone], versions[path]))
        else:
            came = Change("minor", "module_added", path, "is new", None, new.start(path))
            found.append(difference_of(path, "added", [came], versions[path]))
    return found


def _changes_between(old: ModuleTree, new: ModuleTree, path: str) -> list[Change]:
    with old.opened(path) as before, new.opened(path) as after:
        if before is None or after is None:
            return []
        found = (
            *changed_inputs(before, after),
            *changed_outputs(before, after),
            *changed_requirements(before, after),
            *changed_addresses(before, after),
            *changed_code(before, after),
        )
    whole = path not in old.partial, path not in new.partial
    told = dict.fromkeys(_as_far_as_read(one, *whole) for one in found)
    return sorted((replace(one, old=old.place(one.old), new=new.place(one.new)) for one in told), key=change_order)


def _as_far_as_read(change: Change, old_whole: bool, new_whole: bool) -> Change:
    """What stands on one side only may stand in what could not be read of the other."""
    if change.new is None and not new_whole:
        return replace(change, effect="unknown", message="is not in what could be read of the new version")
    if change.old is None and not old_whole:
        return replace(change, effect="unknown", message="is not in what could be read of the old version")
    return change


def difference_of(path: str, status: str, changes: list[Change], versions: Versions) -> ModuleDifference:
    """The changes of one module with the bump that they call for."""
    called = called_for(changes, versions.old)
    if versions.old is None or versions.new is None:
        made, enough = "", called == "none" or status == "added"
    else:
        made = bump_made(versions.old, versions.new)
        enough = is_enough(made, called)
    before, after = (str(one) if one is not None else "" for one in (versions.old, versions.new))
    return ModuleDifference(path, status, tuple(changes), Bump(called, made, before, after, versions.source, enough))
